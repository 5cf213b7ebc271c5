using System.Globalization;
using System.Text;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Reporting;

/// <summary>A simulated workload as separated values: a line for each event of each tool under each design, then one for each cost.</summary>
public static class SimulateCsv
{
    private static readonly string[] Columns =
    [
        "design", "tool", "on", "event", "count", "true count", "enabled ns", "running ns", "running %", "estimate", "error %", "open error", "samples",
    ];

    /// <summary>Writes the lines, with a first line of column names.</summary>
    /// <param name="results">The runs.</param>
    /// <param name="separator">What stands between two values; values that contain it are quoted.</param>
    /// <returns>Lines that end with <c>\n</c>. What is not known is empty; a cost has no tool, and its value in the column of counts.</returns>
    public static string Write(IReadOnlyList<SimulationResult> results, string separator)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentException.ThrowIfNullOrEmpty(separator);
        StringBuilder text = new();
        Append(text, separator, Columns);
        foreach (SimulationResult result in results)
        {
            foreach (EventMeasure e in result.Events)
            {
                Append(
                    text, separator, result.Design, e.Tool, e.On, e.Event, Number(e.Count), Number(e.TrueCount), Number(e.EnabledNs),
                    Number(e.RunningNs), Percent(e.RunningPercent), e.Counted ? Number(e.Estimate) : "", Percent(e.ErrorPercent),
                    e.OpenError == Errno.Ok ? "" : e.OpenError.ToString(), Number(e.Samples));
            }
        }

        foreach (SimulationResult result in results)
        {
            foreach ((string name, Func<SimulationCosts, long> of) in SimulateRows.Costs)
            {
                Append(text, separator, result.Design, "", "", name, Number(of(result.Costs)), "", "", "", "", "", "", "", "");
            }
        }

        return text.ToString();
    }

    private static string Number(long? n) => n?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double? p) => p?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    private static void Append(StringBuilder text, string separator, params string[] values) =>
        text.AppendJoin(separator, values.Select(v => Quoted(v, separator))).Append('\n');

    private static string Quoted(string value, string separator) =>
        value.Contains(separator, StringComparison.Ordinal) || value.Contains('"', StringComparison.Ordinal)
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
}
