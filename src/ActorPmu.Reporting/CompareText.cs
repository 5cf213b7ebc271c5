using System.Globalization;
using System.Text;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A comparison as text. Lines end with <c>\n</c>; the same bytes for the same results.</summary>
public static class CompareText
{
    private const int ColumnWidth = 3;
    private const int LineMax = 160;

    /// <summary>Writes the table: claims as rows, designs as columns, whose names stand above in steps.</summary>
    /// <param name="report">What to tell.</param>
    public static string WriteTable(CompareReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder text = new();
        int idWidth = report.Claims.Max(c => c.Id.Length);
        int cellsWidth = report.Designs.Count * ColumnWidth;
        int textWidth = Math.Min(report.Claims.Max(c => c.Text.Length), LineMax - idWidth - cellsWidth - 4 - SourceWidth(report));
        string indent = new(' ', idWidth + 2 + textWidth + 2);
        for (int d = 0; d < report.Designs.Count; d++)
        {
            // Each name begins above its column; the columns to its left have begun already.
            text.Append(indent);
            for (int before = 0; before < d; before++)
            {
                text.Append("│".PadRight(ColumnWidth));
            }

            text.Append(report.Designs[d]).Append('\n');
        }

        for (int c = 0; c < report.Claims.Count; c++)
        {
            AppendRow(text, report, c, idWidth, textWidth);
        }

        AppendLegend(text, report);
        CompareCostText.AppendColumns(text, report);
        return text.ToString();
    }

    /// <summary>A measured quantity in one line: values, and how they grow.</summary>
    /// <param name="series">The quantity.</param>
    public static string Describe(CostSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        CostQuantity q = series.Quantity;
        string values = string.Join(", ", series.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Value} at n = {v.N}")));
        string missing = series.NotReachedAt is { } n ? string.Create(CultureInfo.InvariantCulture, $"; not reached at n = {n}") : "";
        return $"{q.Measure} of {q.Operation} in {q.Program.Name}{(q.PerEvent ? ", for each further event" : "")}: {values}{(series.Growth is { } g ? "; " + CompareCostText.Formula(g) : "")}{missing}";
    }

    /// <summary>Writes one cell: what was run, and what came of it.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="everything">Whether runs are shown with every step.</param>
    public static string WriteCell(CompareCell cell, bool everything = false)
    {
        ArgumentNullException.ThrowIfNull(cell);
        StringBuilder text = new();
        text.Append("claim     ").Append(cell.Claim.Id).Append("  ").Append(cell.Claim.Text).Append('\n');
        text.Append("raised    ").Append(Source(cell.Claim)).Append('\n');
        text.Append("design    ").Append(cell.Design).Append('\n');
        if (cell.Claim.Note is { } note)
        {
            text.Append("note      ").Append(note).Append('\n');
        }

        foreach (ExploreReport run in cell.Runs)
        {
            text.Append('\n').Append(ExploreText.Write(run, everything));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{cell.Word}: {cell.Why}\n");
        if (cell.ReplayPath is { } path)
        {
            text.Append("replay: actorpmu replay ").Append(path).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, CompareReport report, int row, int idWidth, int textWidth)
    {
        Claim claim = report.Claims[row];
        List<string> lines = Wrap(claim.Text, textWidth);
        for (int i = 0; i < lines.Count; i++)
        {
            StringBuilder line = new();
            line.Append((i == 0 ? claim.Id : "").PadRight(idWidth + 2)).Append(lines[i].PadRight(textWidth + 2));
            for (int d = 0; d < report.Designs.Count; d++)
            {
                line.Append((i == 0 ? Mark(report.Cell(row, d)) : "").PadRight(ColumnWidth));
            }

            line.Append(i == 0 ? Source(claim) : "");
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }

    private static void AppendLegend(StringBuilder text, CompareReport report)
    {
        MatrixBounds bounds = report.Matrix.Bounds;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n✓ in every schedule, as measured, or seen to happen   b bounded: nothing found in {Plural.Of(bounds.SchedulesMax, "schedule")} of each scenario\n");
        text.Append("- bounded, and vacuous: no two events shared   ✗ broken");
        text.Append(Count(report, Verdict.Failed) > 0 ? "   ! failed" : "").Append(Count(report, Verdict.NotReached) > 0 ? "   · not reached\n" : "\n");
        string file = report.Matrix.File == Matrix.OfTheTool ? "" : $" --matrix {report.Matrix.File}";
        text.Append(CultureInfo.InvariantCulture, $"a cell: actorpmu compare{file} --design DESIGN --claim CLAIM\n");
        foreach (IGrouping<string, CompareCell> folder in report.Cells.Where(c => c.ReplayPath is not null)
            .GroupBy(c => Path.GetDirectoryName(c.ReplayPath)!.Replace('\\', '/'), StringComparer.Ordinal))
        {
            text.Append(folder.Count() == 1
                ? $"replay of the broken cell: actorpmu replay {folder.First().ReplayPath}\n"
                : string.Create(CultureInfo.InvariantCulture, $"replays of the {folder.Count()} broken cells: actorpmu replay {folder.Key}/CLAIM-DESIGN.replay\n"));
        }

        foreach (CompareCell failed in report.Cells.Where(c => c.Verdict == Verdict.Failed))
        {
            text.Append(CultureInfo.InvariantCulture, $"failed: {failed.Design}, {failed.Claim.Id}: {failed.Why}\n");
        }

        AppendCounts(text, report);
    }

    private static void AppendCounts(StringBuilder text, CompareReport report)
    {
        string Beside(Verdict verdict, string word) =>
            Count(report, verdict) is var count and > 0 ? string.Create(CultureInfo.InvariantCulture, $", {count} {word}") : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"result: {report.Cells.Count} {(report.Cells.Count == 1 ? "cell" : "cells")}: {Plural.Of(Count(report, Verdict.Holds), "holds", "hold")}, {Count(report, Verdict.Bounded)} bounded, {Count(report, Verdict.Broken)} broken{Beside(Verdict.Failed, "failed")}{Beside(Verdict.NotReached, "not reached")}; {Plural.Of(report.Cells.Sum(c => c.Schedules), "schedule")}\n");
    }

    private static int Count(CompareReport report, Verdict verdict) => report.Cells.Count(c => c.Verdict == verdict);

    private static string Mark(CompareCell cell) => cell.Verdict switch
    {
        Verdict.Holds => "✓",
        Verdict.Bounded => cell.IsVacuous ? "-" : "b",
        Verdict.Broken => "✗",
        Verdict.NotReached => "·",
        _ => "!",
    };

    private static string Source(Claim claim) => string.Create(CultureInfo.InvariantCulture, $"{claim.By}, {claim.Date:yyyy-MM-dd}");

    private static int SourceWidth(CompareReport report) => report.Claims.Max(c => Source(c).Length);

    private static List<string> Wrap(string sentence, int width)
    {
        List<string> lines = [""];
        foreach (string word in sentence.Split(' '))
        {
            string longer = lines[^1].Length == 0 ? word : lines[^1] + " " + word;
            if (longer.Length > width && lines[^1].Length > 0)
            {
                lines.Add(word);
            }
            else
            {
                lines[^1] = longer;
            }
        }

        return lines;
    }
}
