using System.Globalization;
using System.Text;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A hunt as text. Lines end with <c>\n</c>; the same bytes for the same results.</summary>
public static class HuntText
{
    /// <summary>Writes a hunt.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(HuntReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        HuntFolding folding = report.Folding;
        StringBuilder text = new();
        text.Append("design    ").Append(report.Design).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"hunt      seed {report.Seed}, {Plural.Of(report.SchedulesEach, "schedule")} for each scenario\n");
        foreach (ExplainedFinding found in report.Findings)
        {
            text.Append('\n');
            Append(text, found);
        }

        foreach ((string path, string? fault) in report.Crashes)
        {
            text.Append(fault is null ? "\nMODEL FAILS in " : "\nDESIGN FAILS in ").Append(path).Append('\n');
            if (fault is not null)
            {
                text.Append("  ").Append(fault).Append('\n');
            }
        }

        string time = report.Elapsed is { } t ? string.Create(CultureInfo.InvariantCulture, $", {t.TotalSeconds:0.0} s") : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nsharing: in {folding.Shared:#,0} of {Plural.Of(folding.Schedules, "schedule")}; dropped because Linux itself breaks the same: {folding.LinuxItself:#,0}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"result: {(report.Findings.Count == 0 ? "no finding" : Plural.Of(report.Findings.Count, "finding"))}, {Plural.Of(folding.Scenarios, "scenario")}, {Plural.Of(folding.Schedules, "schedule")}, {Plural.Of(folding.Steps, "step")}{time}; bounded by {report.BoundedBy}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, ExplainedFinding found)
    {
        HuntFinding finding = found.Finding;
        BrokenScenario smallest = finding.Smallest;
        Violation violation = finding.Recording.Violations.FirstOrDefault(v => v.Signature == smallest.Found.Violation.Signature)
            ?? smallest.Found.Violation;
        text.Append(
            CultureInfo.InvariantCulture,
            $"FINDING {Properties.Name(violation.Property)}  scenario {finding.Number:#,0}, {Plural.Of(smallest.Draft.Operations, "operation")} (shrunk from {finding.Operations:#,0}), {Plural.Of(finding.Recording.StepCount, "step")}; its cause in {Plural.Of(found.Scenarios, "scenario")}\n");
        text.Append("  ").Append(violation.What).Append('\n');
        foreach (Violation beside in finding.Recording.Violations.Where(v => v.Signature != violation.Signature))
        {
            text.Append("  and ").Append(Properties.Name(beside.Property)).Append(": ").Append(beside.What).Append('\n');
        }

        text.Append("  in ").Append(finding.Where).Append('\n');
        foreach (string line in DraftText.Write(smallest.Draft).TrimEnd('\n').Split('\n'))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        if (found.ScenarioPath is { } scenario)
        {
            text.Append("  scenario: ").Append(scenario).Append('\n');
        }

        if (found.ReplayPath is { } replay)
        {
            text.Append("  replay: actorpmu replay ").Append(replay).Append('\n');
        }
    }
}
