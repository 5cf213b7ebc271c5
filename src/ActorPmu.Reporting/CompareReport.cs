using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>What a cell says.</summary>
public enum Verdict
{
    /// <summary>It holds: in every schedule that there is, or as measured, or seen to happen.</summary>
    Holds,

    /// <summary>Nothing was found within the bound.</summary>
    Bounded,

    /// <summary>It does not hold; a replay file shows it.</summary>
    Broken,

    /// <summary>The design, or the model, failed with an exception: a bug of one of the two, and no result.</summary>
    Failed,

    /// <summary>Nobody got there: the comparison was interrupted.</summary>
    NotReached,
}

/// <summary>A claim put to a design.</summary>
public sealed record CompareCell
{
    /// <summary>The claim.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The design's name.</summary>
    public required string Design { get; init; }

    /// <summary>The outcome.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, in one line.</summary>
    public required string Why { get; init; }

    /// <summary>Whether it failed by a bug of a design of the user's own.</summary>
    public bool IsFaultOfDesign { get; init; }

    /// <summary>The replay file; null when nothing is to be shown.</summary>
    public string? ReplayPath { get; init; }

    /// <summary>What was run, for a claim that is explored; as far as it went.</summary>
    public IReadOnlyList<ExploreReport> Runs { get; init; } = [];

    /// <summary>What was measured, for a claim on a cost.</summary>
    public CostSeries? Series { get; init; }

    /// <summary>Schedules of all of them.</summary>
    public long Schedules => Runs.Sum(r => r.Result.Schedules);

    /// <summary>Those in which two events shared a counter.</summary>
    public long SharedSchedules => Runs.Sum(r => r.Result.SharedSchedules);

    /// <summary>Whether nothing was found where events were to share, and none did: that says little.</summary>
    public bool IsVacuous => Verdict == Verdict.Bounded && SharedSchedules == 0
        && Runs.Any(r => r.Scenario.Expectations.Sharing == SharingExpectation.Sometimes);

    /// <summary>The verdict's name in reports.</summary>
    public string Word => Verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Bounded => IsVacuous ? "vacuous" : "bounded",
        Verdict.Broken => "broken",
        Verdict.NotReached => "not reached",
        _ => "failed",
    };
}

/// <summary>Designs × claims.</summary>
/// <param name="Matrix">The claims and how they were run.</param>
/// <param name="Designs">The columns: the designs' names.</param>
/// <param name="Claims">The rows.</param>
/// <param name="Cells">Row by row.</param>
/// <param name="Costs">Measured quantities, design by design.</param>
public sealed record CompareReport(
    Matrix Matrix, IReadOnlyList<string> Designs, IReadOnlyList<Claim> Claims, IReadOnlyList<CompareCell> Cells,
    IReadOnlyList<CostSeries> Costs)
{
    /// <summary>The cell of a row and a column, both from 0.</summary>
    /// <param name="claim">The row.</param>
    /// <param name="design">The column.</param>
    public CompareCell Cell(int claim, int design) => Cells[(claim * Designs.Count) + design];
}
