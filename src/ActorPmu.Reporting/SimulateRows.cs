using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Reporting;

/// <summary>What the reports of a simulation have in common.</summary>
internal static class SimulateRows
{
    /// <summary>The costs in the order of reports.</summary>
    public static IReadOnlyList<(string Name, Func<SimulationCosts, long> Of)> Costs { get; } =
    [
        ("context switches", c => c.Switches),
        ("pmu->add calls", c => c.PmuAdds),
        ("pmu->del calls", c => c.PmuDels),
        ("pmu->read calls", c => c.PmuReads),
        ("IPIs", c => c.Ipis),
        ("rotations", c => c.Rotations),
        ("counters used at most", c => c.CountersMax),
        ("allocations", c => c.Allocations),
    ];
}
