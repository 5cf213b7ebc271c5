namespace ActorPmu.Explorer;

/// <summary>A broken promise of ours came up in a run: not a violation of the design, but a bug of the model.</summary>
public sealed class RunCrashException : Exception
{
    /// <summary>Wraps what a run threw.</summary>
    /// <param name="schedule">The schedule's number.</param>
    /// <param name="choices">What had been chosen until then.</param>
    /// <param name="cause">What was thrown.</param>
    public RunCrashException(long schedule, IReadOnlyList<Choice> choices, Exception cause)
        : base($"schedule {schedule} failed after {choices?.Count} choices: {cause?.Message}", cause)
    {
        Schedule = schedule;
        Choices = choices ?? [];
    }

    /// <summary>The schedule's number, from 0.</summary>
    public long Schedule { get; }

    /// <summary>What had been chosen when it was thrown.</summary>
    public IReadOnlyList<Choice> Choices { get; }
}
