using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Reporting;

/// <summary>A folder of scenarios: a line for each, and what all of them together cover.</summary>
public static class FolderReport
{
    /// <summary>Writes it as text.</summary>
    /// <param name="design">The design's name.</param>
    /// <param name="reports">One for each scenario.</param>
    /// <param name="scenarios">How many scenarios there were to explore.</param>
    /// <param name="sum">What they cover.</param>
    /// <param name="everything">Whether what was taken is shown, too.</param>
    public static string Text(string design, IReadOnlyList<ExploreReport> reports, int scenarios, CoverageSheet sum, bool everything)
    {
        ArgumentNullException.ThrowIfNull(reports);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"design    {design}\n\n");
        int width = reports.Select(r => r.Scenario.Name.Length).DefaultIfEmpty().Max();
        foreach (ExploreReport report in reports)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{report.Scenario.Name.PadRight(width)}  {Plural.Of(report.Result.Schedules, "schedule")}  {Verdict(report)}\n");
        }

        text.Append('\n').Append(CoverageText.Write(sum, everything));
        text.Append(
            CultureInfo.InvariantCulture,
            $"result: {reports.Count:#,0} of {Plural.Of(scenarios, "scenario")}, {Plural.Of(reports.Sum(r => r.Result.Schedules), "schedule")}, {reports.Count(r => r.Result.Violations.Count > 0):#,0} with violations, {reports.Count(r => Emptiness.Never(r).Count > 0):#,0} empty\n");
        return text.ToString();
    }

    /// <summary>Writes it as JSON, schema <c>actorpmu-coverage/1</c>.</summary>
    /// <param name="design">The design's name.</param>
    /// <param name="reports">One for each scenario.</param>
    /// <param name="sum">What they cover.</param>
    public static string Json(string design, IReadOnlyList<ExploreReport> reports, CoverageSheet sum)
    {
        ArgumentNullException.ThrowIfNull(reports);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "actorpmu-coverage/1");
            json.WriteString("design", design);
            json.WriteStartArray("scenarios");
            foreach (ExploreReport report in reports)
            {
                json.WriteStartObject();
                json.WriteString("name", report.Scenario.Name);
                json.WriteNumber("schedules", report.Result.Schedules);
                json.WriteNumber("violations", report.Result.Violations.Count);
                json.WriteBoolean("empty", Emptiness.Never(report).Count > 0);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            CoverageText.WriteJson(json, sum);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static string Verdict(ExploreReport report) =>
        report.Result.Violations.Count > 0
            ? string.Join(", ", report.Result.Violations.Select(v => Properties.Name(v.Violation.Property)).Distinct(StringComparer.Ordinal))
            : Emptiness.Never(report) is { Count: > 0 } never ? $"empty (never: {string.Join(", ", never)})"
            : "no violation";
}
