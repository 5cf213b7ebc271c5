using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A violation with the run that shows it.</summary>
/// <param name="Found">What was found, and how often.</param>
/// <param name="Recording">The run to be read: shrunk, unless that was not wanted.</param>
/// <param name="StepsBefore">The steps of the run as found.</param>
/// <param name="ReplayPath">The replay file that was written, or null for none.</param>
public sealed record ExplainedViolation(FoundViolation Found, RunRecording Recording, long StepsBefore, string? ReplayPath);

/// <summary>What came of making a scenario small.</summary>
/// <param name="Small">The small one; null when random schedules did not show the violation again.</param>
/// <param name="Path">Its file; null when there is none.</param>
public sealed record SmallScenarioFile(SmallScenario? Small, string? Path);

/// <summary>All that is told of an exploration.</summary>
public sealed record ExploreReport
{
    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The design's name.</summary>
    public required string Design { get; init; }

    /// <summary>Whether the kernel was PREEMPT_RT.</summary>
    public bool PreemptRt { get; init; }

    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>Why that strategy was picked; null when it was asked for.</summary>
    public string? StrategyReason { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>How it was run.</summary>
    public required ExploreOptions Options { get; init; }

    /// <summary>What came of it.</summary>
    public required ExplorationResult Result { get; init; }

    /// <summary>Whether the design has hooks of its own: that nothing is shared says nothing of the kernel as it is.</summary>
    public bool DesignShares { get; init; }

    /// <summary>Whether coverage was asked for and is to be told.</summary>
    public bool TellsCoverage { get; init; }

    /// <summary>Violations with their runs, in the order of <see cref="ExplorationResult.Violations"/>; one for a run that breaks several properties.</summary>
    public IReadOnlyList<ExplainedViolation> Violations { get; init; } = [];

    /// <summary>The scenario of the first violation made small, and its file; null when nobody asked, or there is no violation.</summary>
    public SmallScenarioFile? Small { get; init; }

    /// <summary>The time that it took; null to leave it out, so that the report is the same each time.</summary>
    public TimeSpan? Elapsed { get; init; }
}
