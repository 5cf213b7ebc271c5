using System.Globalization;
using System.Text;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Reporting;

/// <summary>A simulated workload as text, in the manner of <c>perf stat</c>: the designs side by side.</summary>
public static class SimulateText
{
    private const string Gap = "  ";

    /// <summary>Writes the tables.</summary>
    /// <param name="workload">What was run.</param>
    /// <param name="results">Its runs, one for each design; at least one.</param>
    /// <returns>Lines that end with <c>\n</c>; the same bytes for the same results.</returns>
    public static string Write(Workload workload, IReadOnlyList<SimulationResult> results)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(results);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\n Simulated {workload.File}: {Seconds(workload.Recorded.LengthNs)} s on {workload.Spec.CpuCount} CPU{(workload.Spec.CpuCount == 1 ? "" : "s")} of {workload.Spec.Profile.Name}{(workload.Spec.Watchdog ? ", with the NMI watchdog" : "")}\n");
        for (int i = 0; i < results[0].Events.Count;)
        {
            int end = i;
            while (end < results[0].Events.Count && results[0].Events[end].Tool == results[0].Events[i].Tool)
            {
                end++;
            }

            text.Append('\n');
            AppendTool(text, results, i, end);
            i = end;
        }

        text.Append('\n');
        AppendCosts(text, results);
        foreach (SimulationResult result in results)
        {
            AppendBroken(text, result);
        }

        return text.ToString();
    }

    private static void AppendTool(StringBuilder text, IReadOnlyList<SimulationResult> results, int first, int end)
    {
        EventMeasure head = results[0].Events[first];
        TextTable table = new($" {head.Tool} on {head.On}", "true count", "event");
        foreach (SimulationResult result in results)
        {
            table.AddGroup(result.Design, "count", "enabled ms", "running ms", "", "estimate", "error");
        }

        for (int i = first; i < end; i++)
        {
            table.AddRow(TrueCounts(results, i), results[0].Events[i].Event);
            foreach (SimulationResult result in results)
            {
                table.AddCells(Cells(result.Events[i]));
            }
        }

        table.AppendTo(text, leftAligned: 1);
        for (int i = first; i < end; i++)
        {
            if (results[0].Events[i].Samples is not null)
            {
                // As perf report heads its list.
                string samples = string.Join(", ", results.Select(r => $"{Count(r.Events[i].Samples!.Value)} ({r.Design})"));
                text.Append(CultureInfo.InvariantCulture, $"  # Samples of event '{results[0].Events[i].Event}': {samples}\n");
            }
        }
    }

    // The truth is the machine's and not the design's; where a design opened other events, each has its own.
    private static string TrueCounts(IReadOnlyList<SimulationResult> results, int i) =>
        string.Join(" / ", results.Select(r => r.Events[i].TrueCount is { } n ? Count(n) : "-").Distinct());

    private static string[] Cells(EventMeasure e) =>
    [
        e.OpenError != Errno.Ok ? $"<{e.OpenError}>" : Count(e.Count),
        Milliseconds(e.EnabledNs),
        Milliseconds(e.RunningNs),
        e.RunningPercent is { } share ? string.Create(CultureInfo.InvariantCulture, $"({share,6:0.00}%)") : "",
        e.Counted ? Count(e.Estimate) : "<not counted>",
        Error(e),
    ];

    private static string Error(EventMeasure e) => e.ErrorPercent switch
    {
        null => "-",
        double.PositiveInfinity => "inf",
        0 => "0.00%",
        { } error => string.Create(CultureInfo.InvariantCulture, $"{error:+0.00;-0.00;+0.00}%"),
    };

    private static void AppendCosts(StringBuilder text, IReadOnlyList<SimulationResult> results)
    {
        TextTable table = new("", "cost");
        foreach (SimulationResult result in results)
        {
            table.AddGroup("", result.Design);
        }

        foreach ((string name, Func<SimulationCosts, long> of) in SimulateRows.Costs)
        {
            table.AddRow(name);
            foreach (SimulationResult result in results)
            {
                table.AddCells([Count(of(result.Costs))]);
            }
        }

        table.AppendTo(text, leftAligned: 0);
    }

    private static void AppendBroken(StringBuilder text, SimulationResult result)
    {
        if (result.Bounded)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n {result.Design}: bounded by {Plural.Of(result.Steps, "step")}, at {Seconds(result.SimulatedNs)} s\n");
        }

        foreach (BrokenProperty broken in result.Broken)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n {result.Design} breaks {Properties.Name(broken.First.Property)} {Plural.Of(broken.Count, "time")}, first in step {Count(broken.First.Step)}:\n   {broken.First.What}\n");
        }
    }

    private static string Count(long n) => n.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(long ns) => (ns / 1e6).ToString("#,0.000", CultureInfo.InvariantCulture);

    private static string Seconds(long ns) => (ns / 1e9).ToString("0.000000000", CultureInfo.InvariantCulture);

    /// <summary>Columns as wide as what is in them: some on the left for all, and a group for each design.</summary>
    private sealed class TextTable(string title, params string[] left)
    {
        private readonly List<(string Head, string[] Columns)> _groups = [];
        private readonly List<List<string>> _rows = [];

        public void AddGroup(string head, params string[] columns) => _groups.Add((head, columns));

        public void AddRow(params string[] cells) => _rows.Add([.. cells]);

        public void AddCells(string[] cells) => _rows[^1].AddRange(cells);

        public void AppendTo(StringBuilder text, int leftAligned)
        {
            List<string> heads = [.. left, .. _groups.SelectMany(g => g.Columns)];
            int[] widths = [.. heads.Select((h, c) => _rows.Append(heads).Max(row => row[c].Length))];
            AppendTitles(text, widths);
            foreach (List<string> row in _rows.Prepend(heads))
            {
                StringBuilder line = new();
                for (int c = 0; c < row.Count; c++)
                {
                    line.Append(Gap).Append(BeginsGroup(c) ? "| " : "");
                    line.Append(c == leftAligned ? row[c].PadRight(widths[c]) : row[c].PadLeft(widths[c]));
                }

                text.Append(line.ToString().TrimEnd()).Append('\n');
            }
        }

        private void AppendTitles(StringBuilder text, int[] widths)
        {
            StringBuilder line = new(title);
            int at = 0;
            int column = 0;
            for (int g = -1; g < _groups.Count; g++)
            {
                if (g >= 0 && _groups[g].Head.Length > 0)
                {
                    line.Append(' ', Math.Max(1, at + Gap.Length - line.Length)).Append("| ").Append(_groups[g].Head);
                }

                int columns = g < 0 ? left.Length : _groups[g].Columns.Length;
                for (int c = 0; c < columns; c++, column++)
                {
                    at += Gap.Length + (BeginsGroup(column) ? 2 : 0) + widths[column];
                }
            }

            if (line.Length > 0)
            {
                text.Append(line).Append('\n');
            }
        }

        private bool BeginsGroup(int column)
        {
            int at = left.Length;
            foreach ((string head, string[] columns) in _groups)
            {
                if (column == at && head.Length > 0)
                {
                    return true;
                }

                at += columns.Length;
            }

            return false;
        }
    }
}
