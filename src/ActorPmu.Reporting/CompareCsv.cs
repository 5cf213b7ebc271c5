using System.Globalization;
using System.Text;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A comparison as separated values: a line for each cell, then one for each value of each cost.</summary>
public static class CompareCsv
{
    /// <summary>Writes the lines, with a first line of column names.</summary>
    /// <param name="report">What to tell.</param>
    /// <param name="separator">What stands between two values; values that contain it are quoted.</param>
    /// <returns>Lines that end with <c>\n</c>. A cell has no n and no value, a cost no verdict.</returns>
    public static string Write(CompareReport report, string separator)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(separator);
        StringBuilder text = new();
        Append(text, separator, "design", "claim", "by", "date", "verdict", "schedules", "shared", "why", "replay", "n", "value", "growth");
        foreach (CompareCell cell in report.Cells)
        {
            Append(
                text, separator, cell.Design, cell.Claim.Id, cell.Claim.By, cell.Claim.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                cell.Word, Number(cell.Schedules), Number(cell.SharedSchedules), cell.Why, cell.ReplayPath ?? "", "", "",
                cell.Series?.Growth?.Short ?? "");
        }

        foreach (CostSeries series in report.Costs)
        {
            foreach ((int n, long value) in series.Values)
            {
                Append(
                    text, separator, series.Design, series.Quantity.Head, "", "", "", "", "", "", "", Number(n), Number(value),
                    series.Growth?.Short ?? "");
            }
        }

        return text.ToString();
    }

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string separator, params string[] values) =>
        text.AppendJoin(separator, values.Select(v => Quoted(v, separator))).Append('\n');

    private static string Quoted(string value, string separator) =>
        value.Contains(separator, StringComparison.Ordinal) || value.AsSpan().ContainsAny('"', '\n')
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
}
