using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>What one event of one tool came to under one design, summed over its CPUs or tasks.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="On">What the tool's events are on.</param>
/// <param name="Event">The event's name.</param>
public sealed record EventMeasure(string Tool, string On, string Event)
{
    /// <summary>What the reads returned.</summary>
    public long Count { get; init; }

    /// <summary>What happened on its targets while it was enabled; null for a software event, which needs no counter.</summary>
    public long? TrueCount { get; init; }

    /// <summary>Time enabled, ns.</summary>
    public long EnabledNs { get; init; }

    /// <summary>Time on a counter, ns.</summary>
    public long RunningNs { get; init; }

    /// <summary>The counts, each scaled by time enabled / time running as <c>perf stat</c> scales it.</summary>
    public long Estimate { get; init; }

    /// <summary>How many samples were taken; null for an event that only counts.</summary>
    public long? Samples { get; init; }

    /// <summary>Why it could not be opened everywhere; <see cref="Errno.Ok"/> if it could.</summary>
    public Errno OpenError { get; init; }

    /// <summary>Whether it was on a counter at least once. If not, there is no estimate.</summary>
    public bool Counted => RunningNs > 0;

    /// <summary>Time running / time enabled in percent; null if it never was enabled.</summary>
    public double? RunningPercent => EnabledNs > 0 ? 100.0 * RunningNs / EnabledNs : null;

    /// <summary>How far the estimate is off, in percent of the truth; null where either is missing.</summary>
    public double? ErrorPercent =>
        TrueCount is not { } truth || !Counted ? null
        : Estimate == truth ? 0
        : truth == 0 ? double.PositiveInfinity
        : 100.0 * (Estimate - truth) / truth;
}

/// <summary>What the kernel had to do in one run.</summary>
/// <param name="Switches">Context switches.</param>
/// <param name="PmuAdds">Calls of <c>pmu->add</c>.</param>
/// <param name="PmuDels">Calls of <c>pmu->del</c>.</param>
/// <param name="PmuReads">Calls of <c>pmu->read</c>.</param>
/// <param name="Ipis">Inter-processor interrupts.</param>
/// <param name="Rotations">Rotations.</param>
/// <param name="CountersMax">The largest number of counters that one PMU had in use.</param>
/// <param name="Allocations">Objects allocated.</param>
public sealed record SimulationCosts(
    long Switches, long PmuAdds, long PmuDels, long PmuReads, long Ipis, long Rotations, int CountersMax, int Allocations);

/// <summary>One kind of broken property in a run.</summary>
/// <param name="First">Its first occurrence.</param>
/// <param name="Count">How often it occurred.</param>
public sealed record BrokenProperty(Violation First, int Count);

/// <summary>One run of a workload under one design.</summary>
public sealed record SimulationResult
{
    /// <summary>The design's name.</summary>
    public required string Design { get; init; }

    /// <summary>The events in the order of the file; the watchdog's are left out.</summary>
    public required IReadOnlyList<EventMeasure> Events { get; init; }

    /// <summary>Costs.</summary>
    public required SimulationCosts Costs { get; init; }

    /// <summary>Virtual time at the end, ns.</summary>
    public required long SimulatedNs { get; init; }

    /// <summary>Deliveries made.</summary>
    public required long Steps { get; init; }

    /// <summary>Moves of the schedule that were played.</summary>
    public required int Moves { get; init; }

    /// <summary>Properties that the run breaks, in the order of their first occurrence; each kind once.</summary>
    public IReadOnlyList<BrokenProperty> Broken { get; init; } = [];

    /// <summary>Whether the step bound, and not the end of the workload, ended the run.</summary>
    public bool Bounded { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Design">The design's name.</param>
/// <param name="SimulatedNs">Virtual time, ns.</param>
/// <param name="LengthNs">Virtual time at the end, ns.</param>
/// <param name="Steps">Deliveries made.</param>
public sealed record SimulationProgress(string Design, long SimulatedNs, long LengthNs, long Steps);
