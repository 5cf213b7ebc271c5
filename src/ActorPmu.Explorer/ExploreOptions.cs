namespace ActorPmu.Explorer;

/// <summary>How an exploration is run.</summary>
public sealed record ExploreOptions
{
    /// <summary>Makes the strategy of one worker.</summary>
    public required Func<IStrategy> Strategy { get; init; }

    /// <summary>The bound on schedules, 1 or more.</summary>
    public long SchedulesMax { get; init; } = 10_000;

    /// <summary>The bound on the steps of one schedule, 1 or more.</summary>
    public long StepsMax { get; init; } = 20_000;

    /// <summary>The bound on delays, for a strategy that has one; null for none.</summary>
    public int? DelaysMax { get; init; }

    /// <summary>What <c>pct</c> was told of depth and length; null for other strategies.</summary>
    public StrategySettings? Pct { get; init; }

    /// <summary>The bound on time, seconds; null for none. Whoever runs the search keeps it.</summary>
    public double? SecondsMax { get; init; }

    /// <summary>Whether to go on after a violation.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Whether to watch what the runs cover; they take longer then.</summary>
    public bool Covers { get; init; }

    /// <summary>The number of schedules between two reports of progress, 1 or more.</summary>
    public int ProgressEvery { get; init; } = 64;
}

/// <summary>How far an exploration, or one worker's part of it, has come.</summary>
/// <param name="Schedules">Schedules run.</param>
/// <param name="Steps">Steps run.</param>
/// <param name="Traces">Different traces seen.</param>
/// <param name="Violations">Different violations seen.</param>
public readonly record struct ExploreProgress(long Schedules, long Steps, int Traces, int Violations)
{
    /// <summary>Runs that the strategy gave up on the way.</summary>
    public long Abandoned { get; init; }

    /// <summary>Steps of the longest schedule.</summary>
    public long StepsLongest { get; init; }

    /// <summary>Traces that were met once.</summary>
    public int TracesSeenOnce { get; init; }

    /// <summary>Parts of the search that are done, and all that there are; 0 of 0 where it has no parts.</summary>
    public (int Done, int All) Jobs { get; init; }
}
