using ActorPmu.Explorer;

namespace ActorPmu.Akka.Live;

/// <summary>What came of live runs.</summary>
public sealed record LiveResult
{
    /// <summary>Runs ended.</summary>
    public long Runs { get; init; }

    /// <summary>Deliveries of all runs together.</summary>
    public long Steps { get; init; }

    /// <summary>Deliveries of the longest run.</summary>
    public long StepsLongest { get; init; }

    /// <summary>Different traces: runs that differ in more than the order of independent deliveries.</summary>
    public long Traces { get; init; }

    /// <summary>Runs that the step bound cut.</summary>
    public long StepBoundHits { get; init; }

    /// <summary>Runs that ended with nobody able to go on.</summary>
    public long Deadlocks { get; init; }

    /// <summary>Runs in which two events shared a counter.</summary>
    public long SharedRuns { get; init; }

    /// <summary>Violations folded by signature, in order of the first run that showed each; each with what the deterministic world must choose to make that run.</summary>
    public IReadOnlyList<FoundViolation> Violations { get; init; } = [];

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether somebody asked for the end.</summary>
    public bool Interrupted { get; init; }
}
