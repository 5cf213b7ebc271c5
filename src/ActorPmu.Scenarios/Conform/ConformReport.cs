namespace ActorPmu.Scenarios.Conform;

/// <summary>What came out of a run of recorded cases.</summary>
/// <param name="Design">The design that was run.</param>
/// <param name="Results">The cases in ordinal order of their paths.</param>
/// <param name="Stale">Accepted differences whose case was run with their design to its end and does not differ there: to be taken off the list.</param>
/// <param name="NotRun">Accepted differences of this design or of all whose case is not among the cases of this run.</param>
public sealed record ConformReport(
    string Design, IReadOnlyList<CaseResult> Results, IReadOnlyList<AcceptedDifference> Stale, IReadOnlyList<AcceptedDifference> NotRun)
{
    /// <summary>Whether every case agrees or is accepted, and no accepted difference is stale.</summary>
    public bool Passed => Stale.Count == 0 && Results.All(r => r.Outcome is CaseOutcome.Agrees or CaseOutcome.Accepted);

    /// <summary>How many cases came out in one way.</summary>
    /// <typeparam name="T">The way.</typeparam>
    /// <returns>0 or more.</returns>
    public int Count<T>()
        where T : CaseOutcome =>
        Results.Count(r => r.Outcome is T);
}
