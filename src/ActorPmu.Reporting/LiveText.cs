using System.Globalization;
using System.Text;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Reporting;

/// <summary>Live runs as text. Lines end with <c>\n</c>.</summary>
public static class LiveText
{
    /// <summary>Writes live runs.</summary>
    /// <param name="report">What to tell.</param>
    /// <param name="everything">Whether runs are shown with every step.</param>
    public static string Write(LiveReport report, bool everything = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        ExploreReport runs = report.Runs;
        ExplorationResult result = runs.Result;
        StringBuilder text = new();
        ExploreText.AppendHead(text, runs.Scenario, runs.Design, runs.PreemptRt);
        text.Append(CultureInfo.InvariantCulture, $"host      Akka, {Plural.Of(report.Machines, "machine")} at once\n");
        foreach (ExplainedViolation violation in runs.Violations)
        {
            text.Append('\n');
            ExploreText.AppendViolation(text, runs, violation, everything, "run");
        }

        text.Append('\n');
        foreach (FoundViolation more in result.Violations.Where(f => !ExploreText.IsTold(runs, f)))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"also: {Properties.Name(more.Violation.Property)}: {more.Violation.What} (run {more.Schedule:#,0}, in {Plural.Of(more.Schedules, "run")})\n");
        }

        AppendRow(text, "runs", result.Schedules, "");
        AppendRow(text, "deliveries", result.StepsTotal, string.Create(CultureInfo.InvariantCulture, $"{report.DeliveriesPerSecond:#,0}/s, longest run {result.StepsLongest:#,0}"));
        AppendRow(text, "traces", report.Traces, "");
        AppendRow(text, "sharing", result.SharedSchedules, $"{(result.SharedSchedules == 1 ? "run" : "runs")}{ExploreText.Vacuous(runs)}");
        AppendRow(text, "deadlocks", result.Deadlocks, "");
        AppendRow(text, "violations", result.Violations.Count, "");
        text.Append(
            CultureInfo.InvariantCulture,
            $"result: {(result.Violations.Count == 0 ? "no violation" : Plural.Of(result.Violations.Count, "violation"))} in {Plural.Of(result.Schedules, "run")}, {report.Elapsed.TotalSeconds:0.0} s; bounded by {report.BoundedBy}\n");
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string name, long value, string remark) =>
        text.Append(string.Create(CultureInfo.InvariantCulture, $"{name,-10}{value,14:#,0}  {remark}").TrimEnd()).Append('\n');
}
