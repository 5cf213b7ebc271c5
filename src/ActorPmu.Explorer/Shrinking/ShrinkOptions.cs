namespace ActorPmu.Explorer;

/// <summary>How hard a shrinker tries.</summary>
public sealed record ShrinkOptions
{
    /// <summary>The bound on runs, 1 or more.</summary>
    public int RunsMax { get; init; } = 3_000;

    /// <summary>Random schedules tried for each candidate that plain replay does not confirm, 0 or more.</summary>
    public int Reschedules { get; init; } = 20;

    /// <summary>The bound on the steps of a run.</summary>
    public long StepsMax { get; init; } = 20_000;

    /// <summary>The seed of the random schedules.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What came of shrinking.</summary>
/// <param name="Choices">The shortest run found, to be replayed.</param>
/// <param name="Steps">Its deliveries.</param>
/// <param name="StepsBefore">The deliveries of the run that was given.</param>
/// <param name="Preemptions">Deliveries that broke into what the last one had set off.</param>
/// <param name="Runs">Runs made.</param>
public sealed record ShrinkResult(IReadOnlyList<Choice> Choices, long Steps, long StepsBefore, int Preemptions, int Runs);
