using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A finding with its files.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Scenarios">In how many made-up scenarios its cause was seen.</param>
/// <param name="ScenarioPath">The scenario file; null when it could not be written.</param>
/// <param name="ReplayPath">The replay file; null when it could not be written.</param>
public sealed record ExplainedFinding(HuntFinding Finding, int Scenarios, string? ScenarioPath, string? ReplayPath);

/// <summary>All that is told of a hunt.</summary>
public sealed record HuntReport
{
    /// <summary>The design's name.</summary>
    public required string Design { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Schedules for each scenario.</summary>
    public long SchedulesEach { get; init; }

    /// <summary>What came of it.</summary>
    public required HuntFolding Folding { get; init; }

    /// <summary>The findings.</summary>
    public IReadOnlyList<ExplainedFinding> Findings { get; init; } = [];

    /// <summary>Scenario files of runs that failed by a bug: each with what a design of the user's own did wrong, or null for a bug of the model.</summary>
    public IReadOnlyList<(string Path, string? Fault)> Crashes { get; init; } = [];

    /// <summary>What ended it: <c>scenarios 100</c>, <c>60 s</c>, <c>interruption</c>.</summary>
    public required string BoundedBy { get; init; }

    /// <summary>Whether somebody asked for the end.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The time that it took; null to leave it out.</summary>
    public TimeSpan? Elapsed { get; init; }
}
