namespace ActorPmu.Scenarios;

/// <summary>What one operation cost.</summary>
public sealed record CostSample
{
    /// <summary>Objects allocated.</summary>
    public long Allocations { get; init; }

    /// <summary>Bytes allocated.</summary>
    public long Bytes { get; init; }

    /// <summary>Messages delivered: steps.</summary>
    public long Steps { get; init; }

    /// <summary>Inter-processor interrupts.</summary>
    public long Ipis { get; init; }

    /// <summary>Events scheduled in: each event counts as often as it is moved.</summary>
    public long Moves { get; init; }

    /// <summary>The longest that a <c>ctx->lock</c> was held, steps.</summary>
    public long LockHold { get; init; }

    /// <summary>Steps, and looks at events, of the dearest call of <c>event_pmu_add()</c>.</summary>
    public long AddCall { get; init; }

    /// <summary>The same of <c>event_pmu_del()</c>.</summary>
    public long DelCall { get; init; }

    /// <summary>The same of <c>event_pmu_read()</c>.</summary>
    public long ReadCall { get; init; }

    /// <summary>Calls that set sharing up or tear it down, and do something.</summary>
    public long SetupCalls { get; init; }

    /// <summary>Steps, and looks at events, of all these calls.</summary>
    public long SetupWork { get; init; }

    /// <summary>The most counters in use on one PMU so far.</summary>
    public long Counters { get; init; }
}

/// <summary>What can be measured.</summary>
public static class CostMeasures
{
    private static readonly (string Name, string About, Func<CostSample, long> Of)[] Known =
    [
        ("allocations", "objects allocated", s => s.Allocations),
        ("bytes", "bytes allocated", s => s.Bytes),
        ("steps", "messages delivered", s => s.Steps),
        ("ipis", "inter-processor interrupts", s => s.Ipis),
        ("moves", "events scheduled in", s => s.Moves),
        ("lock-hold", "the longest that a ctx->lock was held, in steps", s => s.LockHold),
        ("add-call", "steps and looks at events of the dearest event_pmu_add()", s => s.AddCall),
        ("del-call", "steps and looks at events of the dearest event_pmu_del()", s => s.DelCall),
        ("read-call", "steps and looks at events of the dearest event_pmu_read()", s => s.ReadCall),
        ("setup-calls", "calls that set sharing up or tear it down", s => s.SetupCalls),
        ("setup-work", "steps and looks at events to set sharing up or tear it down", s => s.SetupWork),
        ("counters", "the most counters in use on one PMU", s => s.Counters),
    ];

    /// <summary>All measures: name, one sentence, and where it is in a sample.</summary>
    public static IReadOnlyList<(string Name, string About, Func<CostSample, long> Of)> All => Known;

    /// <summary>Where the measure of that name is.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    public static Func<CostSample, long> Of(string name) => Array.Find(Known, m => m.Name == name).Of
        ?? throw new ArgumentException($"no measure is called {name}", nameof(name));
}
