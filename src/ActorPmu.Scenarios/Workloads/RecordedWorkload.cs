using System.Collections.Immutable;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>What runs under the tools of a workload: a schedule and the machine parts that it names.</summary>
public sealed record RecordedWorkload
{
    /// <summary>Tasks and moves; no watchers yet.</summary>
    public required Recording Recording { get; init; }

    /// <summary>The cgroups that it names by path, parents first.</summary>
    public required IReadOnlyList<CgroupSpec> Cgroups { get; init; }

    /// <summary>How many CPUs it needs: the highest number and one.</summary>
    public required int CpuCount { get; init; }

    /// <summary>How long it lasts, ns.</summary>
    public required long LengthNs { get; init; }

    /// <summary>What of a trace did not fit and how often, in plain words; empty for a trace without contradictions.</summary>
    public IReadOnlyList<Misfit> Misfits { get; init; } = [];

    /// <summary>The name in the machine of each task, by its name in the trace or workload; several tasks may share one.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<string>> TasksByComm { get; init; }
}

/// <summary>Something in a trace that contradicts itself, and what was made of it.</summary>
/// <param name="What">In one sentence.</param>
/// <param name="Count">How often, 1 or more.</param>
public sealed record Misfit(string What, int Count);
