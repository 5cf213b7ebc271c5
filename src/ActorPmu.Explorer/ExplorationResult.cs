using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>A violation with the first schedule that showed it.</summary>
/// <param name="Violation">What was found first.</param>
/// <param name="Schedule">The number of the schedule, from 0.</param>
/// <param name="Choices">What that schedule chose, up to the violation.</param>
/// <param name="Schedules">How many schedules showed a violation of this signature.</param>
public sealed record FoundViolation(Violation Violation, long Schedule, IReadOnlyList<Choice> Choices, long Schedules);

/// <summary>What came of an exploration, or of a range of its schedules.</summary>
public sealed record ExplorationResult
{
    /// <summary>The number of the first schedule of the range.</summary>
    public long First { get; init; }

    /// <summary>Schedules run.</summary>
    public long Schedules { get; init; }

    /// <summary>Runs that the strategy gave up on the way, because all that could follow had been run; not among the schedules.</summary>
    public long Abandoned { get; init; }

    /// <summary>How often a run showed that steps touch more than was known, and the search began again; those runs are not among the schedules.</summary>
    public long StartedOver { get; init; }

    /// <summary>Steps of all schedules together.</summary>
    public long StepsTotal { get; init; }

    /// <summary>Steps of the longest schedule.</summary>
    public long StepsLongest { get; init; }

    /// <summary>The fingerprints of the different traces, in order of first sight.</summary>
    public IReadOnlyList<ulong> Traces { get; init; } = [];

    /// <summary>The sum of the traces' fingerprints: equal for equal sets of traces, whoever found them and in what order.</summary>
    public ulong Digest { get; init; }

    /// <summary>Violations folded by signature, in order of the first schedule that showed each.</summary>
    public IReadOnlyList<FoundViolation> Violations { get; init; } = [];

    /// <summary>Schedules that the step bound cut.</summary>
    public long StepBoundHits { get; init; }

    /// <summary>Schedules that ended with nobody able to go on.</summary>
    public long Deadlocks { get; init; }

    /// <summary>Schedules in which two events shared a counter.</summary>
    public long SharedSchedules { get; init; }

    /// <summary>Schedules that the scenario's bound on the multiplexing timer cut.</summary>
    public long MuxBoundSchedules { get; init; }

    /// <summary>Whether each of <see cref="Traces"/> was met again, in their order.</summary>
    public IReadOnlyList<bool> Repeated { get; init; } = [];

    /// <summary>The greatest number of messages that were seen to be pairwise unordered by cause; 0 where nobody measured it.</summary>
    public int Width { get; init; }

    /// <summary>Every schedule with so many delays or fewer has been run; null where delays are not counted.</summary>
    public int? DelaysCovered { get; init; }

    /// <summary>Whether the bound on time ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>
    /// The share of schedules whose trace was met once: what the next schedule has, about, as its chance to show a trace that is new (0…1).
    /// </summary>
    /// <remarks>Source: Good, «The population frequencies of species», Biometrika 40, 1953, after Turing. For schedules picked by chance.</remarks>
    public double UnseenShare => Schedules == 0 ? 1 : (double)Repeated.Count(again => !again) / Schedules;

    /// <summary>Whether the range ended early at a violation.</summary>
    public bool StoppedAtViolation { get; init; }

    /// <summary>Whether somebody asked for the end.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether the strategy had nothing left to run.</summary>
    public bool Exhausted { get; init; }

    /// <summary>What was covered; null when nobody asked (<see cref="ExploreOptions.Covers"/>).</summary>
    public CoverageSheet? Coverage { get; init; }

    /// <summary>Whether every schedule that the scenario allows is covered.</summary>
    public bool IsComplete => Exhausted && StepBoundHits == 0;
}
