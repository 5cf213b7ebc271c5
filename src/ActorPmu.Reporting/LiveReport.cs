namespace ActorPmu.Reporting;

/// <summary>All that is told of live runs.</summary>
public sealed record LiveReport
{
    /// <summary>Scenario, design, seed, and what was found; a schedule is a run here.</summary>
    public required ExploreReport Runs { get; init; }

    /// <summary>Different traces.</summary>
    public required long Traces { get; init; }

    /// <summary>Programs that ran at once.</summary>
    public required int Machines { get; init; }

    /// <summary>The time that the runs took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What ended them: <c>10 s</c>, <c>runs 1,000</c>, <c>interruption</c>.</summary>
    public required string BoundedBy { get; init; }

    /// <summary>Deliveries in a second.</summary>
    public double DeliveriesPerSecond => Runs.Result.StepsTotal / Math.Max(Elapsed.TotalSeconds, 1e-3);
}
