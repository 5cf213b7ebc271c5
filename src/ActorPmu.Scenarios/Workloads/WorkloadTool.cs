using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>What a tool's events are on.</summary>
public enum ToolTarget
{
    /// <summary>Each CPU (<c>perf stat -a</c>).</summary>
    Cpus,

    /// <summary>A cgroup, on each CPU (<c>perf stat -a -G</c>).</summary>
    Cgroup,

    /// <summary>A task (<c>perf stat -p</c>).</summary>
    Task,
}

/// <summary>An event that a tool counts.</summary>
/// <param name="Name">Its name, with modifiers, as written.</param>
/// <param name="Attr">What is asked of the kernel.</param>
public sealed record ToolEvent(string Name, PerfEventAttr Attr);

/// <summary>A tool that counts events while a workload runs, as <c>perf stat</c> does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What its events are on.</param>
/// <param name="TargetNames">The machine's names of the tasks, or of the one cgroup; empty for CPUs.</param>
/// <param name="Events">Its events, at least one.</param>
public sealed record WorkloadTool(string Name, ToolTarget Target, IReadOnlyList<string> TargetNames, IReadOnlyList<ToolEvent> Events)
{
    /// <summary>The target as written, for reports: <c>cpus</c>, <c>cgroup a</c>, <c>task bench</c>.</summary>
    public required string On { get; init; }

    /// <summary>Whether what a task forks is counted too.</summary>
    public bool Inherit { get; init; }

    /// <summary>Whether all events are one group.</summary>
    public bool Group { get; init; }
}
