using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>What ought to have happened in some schedule and did not: without it a green result says little.</summary>
public static class Emptiness
{
    /// <summary>What never happened: sharing, unless the scenario forbids it or the design has no hooks, and what the scenario expects. In order of name.</summary>
    /// <param name="report">What was explored.</param>
    public static IReadOnlyList<string> Never(ExploreReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        SortedSet<string> never = new(StringComparer.Ordinal);
        if (report.DesignShares && report.Result.SharedSchedules == 0 && report.Scenario.Expectations.Sharing != SharingExpectation.Never)
        {
            never.Add(Happenings.Sharing);
        }

        foreach (string name in report.Scenario.Expectations.Sometimes)
        {
            if (report.Result.Coverage is not { } sheet || sheet.Count(CoverageTables.Sometimes, name) == 0)
            {
                never.Add(name);
            }
        }

        return [.. never];
    }

    /// <summary>Whether something that the scenario itself asks for never happened in a search that ran its course.</summary>
    /// <param name="report">What was explored.</param>
    public static bool BreaksExpectation(ExploreReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return !report.Result.Interrupted && report.Result.Violations.Count == 0
            && Never(report).Any(n => n != Happenings.Sharing || report.Scenario.Expectations.Sharing == SharingExpectation.Sometimes);
    }
}
