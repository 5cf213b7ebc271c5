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
public readonly record struct ExploreProgress(long Schedules, long Steps, int Traces, int Violations);
