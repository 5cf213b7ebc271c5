using System.Globalization;
using System.Text;

namespace ActorPmu.Scenarios.Conform;

/// <summary>A report as text for a terminal: a table of the cases, the mismatching steps of each that differs, and totals.</summary>
public static class ConformReportText
{
    /// <summary>Renders a report. Lines end with a line feed on every system.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The text.</returns>
    public static string Render(ConformReport report)
    {
        var text = new StringBuilder();
        Table(text, report);
        foreach (CaseResult result in report.Results)
        {
            Details(text, result);
        }

        Entries(text, report.Stale, "stale accepted differences: these agree now, take them off the list");
        Entries(text, report.NotRun, "accepted differences of cases that are not in this run");
        Totals(text, report);
        return text.ToString();
    }

    private static void Table(StringBuilder text, ConformReport report)
    {
        int width = report.Results.Select(r => r.Id.Length).Append("case".Length).Max();
        text.Append(CultureInfo.InvariantCulture, $"{"case".PadRight(width)}  steps  result\n");
        foreach (CaseResult result in report.Results)
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.Id.PadRight(width)}  {result.Steps,5}  {Word(result.Outcome)}\n");
        }
    }

    private static string Word(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Agrees => "agrees",
        CaseOutcome.Accepted a => $"accepted: {string.Join("; ", a.Differences.Select(d => d.Entry.Reason).Distinct())}",
        CaseOutcome.Differs d => FormattableString.Invariant($"differs in {d.Mismatches.Count} {(d.Mismatches.Count == 1 ? "field" : "fields")}, first at step {d.Mismatches[0].Step}"),
        CaseOutcome.Unsupported u => FormattableString.Invariant($"unsupported at step {u.Step}: {u.Why}"),
        CaseOutcome.Internal i => i.Step < 0 ? "internal error before the first step" : FormattableString.Invariant($"internal error at step {i.Step}"),
        CaseOutcome.Unreadable => "unreadable",
        _ => throw new InvalidOperationException($"outcome {outcome.GetType().Name} has no word"),
    };

    private static void Details(StringBuilder text, CaseResult result)
    {
        switch (result.Outcome)
        {
            case CaseOutcome.Differs differs:
                Heading(text, result);
                Mismatches(text, differs.Mismatches);
                break;
            case CaseOutcome.Unsupported unsupported:
                Heading(text, result);
                Mismatches(text, unsupported.Mismatches);
                text.Append(CultureInfo.InvariantCulture, $"  step {unsupported.Step}: {unsupported.Op}\n    unsupported: {unsupported.Why}\n");
                break;
            case CaseOutcome.Internal broken:
                Heading(text, result);
                text.Append(broken.Step < 0 ? "  before the first step\n" : FormattableString.Invariant($"  step {broken.Step}: {broken.Op}\n"));
                text.Append("    ").Append(broken.Error.ReplaceLineEndings("\n    ")).Append('\n');
                break;
            case CaseOutcome.Unreadable unreadable:
                Heading(text, result);
                text.Append("  ").Append(unreadable.Problem).Append('\n');
                break;
        }
    }

    private static void Heading(StringBuilder text, CaseResult result) => text.Append('\n').Append(result.Id).Append('\n');

    private static void Mismatches(StringBuilder text, IReadOnlyList<Mismatch> mismatches)
    {
        int field = mismatches.Select(m => m.Field.Length).DefaultIfEmpty().Max();
        int expected = mismatches.Select(m => m.Expected.Length).DefaultIfEmpty().Max();
        int step = -1;
        foreach (Mismatch mismatch in mismatches)
        {
            if (mismatch.Step != step)
            {
                text.Append(CultureInfo.InvariantCulture, $"  step {mismatch.Step} (line {mismatch.Line}): {mismatch.Op}\n");
                step = mismatch.Step;
            }

            text.Append(CultureInfo.InvariantCulture, $"    {mismatch.Field.PadRight(field)}  expected {mismatch.Expected.PadRight(expected)}  got {mismatch.Got}\n");
        }
    }

    private static void Entries(StringBuilder text, IReadOnlyList<AcceptedDifference> entries, string heading)
    {
        if (entries.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(heading).Append('\n');
        foreach (AcceptedDifference entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"  line {entry.Line}: {entry}: {entry.Reason}\n");
        }
    }

    private static void Totals(StringBuilder text, ConformReport report)
    {
        text.Append(CultureInfo.InvariantCulture, $"\ndesign {report.Design}, {report.Results.Count} {(report.Results.Count == 1 ? "case" : "cases")}: ");
        text.Append(CultureInfo.InvariantCulture, $"{report.Count<CaseOutcome.Agrees>()} {(report.Count<CaseOutcome.Agrees>() == 1 ? "agrees" : "agree")}, {report.Count<CaseOutcome.Accepted>()} accepted, ");
        text.Append(CultureInfo.InvariantCulture, $"{report.Count<CaseOutcome.Differs>()} {(report.Count<CaseOutcome.Differs>() == 1 ? "differs" : "differ")}, {report.Count<CaseOutcome.Unsupported>()} unsupported, ");
        text.Append(CultureInfo.InvariantCulture, $"{report.Count<CaseOutcome.Internal>()} internal {(report.Count<CaseOutcome.Internal>() == 1 ? "error" : "errors")}, {report.Count<CaseOutcome.Unreadable>()} unreadable");
        text.Append(report.Stale.Count == 0 ? "\n" : FormattableString.Invariant($"; {report.Stale.Count} stale\n"));
    }
}
