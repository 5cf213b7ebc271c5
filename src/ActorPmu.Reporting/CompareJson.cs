using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A comparison as one JSON object.</summary>
public static class CompareJson
{
    /// <summary>Writes the object.</summary>
    /// <param name="report">What to tell.</param>
    /// <returns>Indented JSON that ends with <c>\n</c>; the same bytes for the same results.</returns>
    public static string Write(CompareReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions
        {
            Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "actorpmu-compare/1");
            json.WriteString("matrix", report.Matrix.File);
            WriteStrings(json, "designs", report.Designs);
            json.WriteStartArray("claims");
            foreach (Claim claim in report.Claims)
            {
                WriteClaim(json, claim);
            }

            json.WriteEndArray();
            json.WriteStartArray("cells");
            foreach (CompareCell cell in report.Cells)
            {
                WriteCell(json, cell);
            }

            json.WriteEndArray();
            json.WriteStartArray("costs");
            foreach (CostSeries series in report.Costs)
            {
                json.WriteStartObject();
                WriteSeries(json, series);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void WriteClaim(Utf8JsonWriter json, Claim claim)
    {
        json.WriteStartObject();
        json.WriteString("id", claim.Id);
        json.WriteString("claim", claim.Text);
        json.WriteString("by", claim.By);
        json.WriteString("date", claim.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("kind", claim.Kind);
        json.WriteString("note", claim.Note);
        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, CompareCell cell)
    {
        json.WriteStartObject();
        json.WriteString("claim", cell.Claim.Id);
        json.WriteString("design", cell.Design);
        json.WriteString("verdict", cell.Word);
        json.WriteString("why", cell.Why);
        json.WriteString("replay", cell.ReplayPath);
        json.WriteNumber("schedules", cell.Schedules);
        json.WriteNumber("shared_schedules", cell.SharedSchedules);
        json.WriteStartArray("runs");
        foreach (ExploreReport run in cell.Runs)
        {
            json.WriteStartObject();
            json.WriteString("scenario", run.Scenario.Name);
            json.WriteBoolean("preempt_rt", run.PreemptRt);
            json.WriteString("strategy", run.Strategy);
            json.WriteNumber("schedules", run.Result.Schedules);
            json.WriteNumber("traces", run.Result.Traces.Count);
            json.WriteNumber("steps", run.Result.StepsTotal);
            json.WriteBoolean("complete", run.Result.IsComplete);
            WriteStrings(json, "bounds", Bounds.Of(run.Result, run.Options));
            json.WriteString("digest", run.Result.Digest.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (cell.Series is { } series)
        {
            json.WriteStartObject("cost");
            WriteSeries(json, series);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter json, CostSeries series)
    {
        json.WriteString("design", series.Design);
        json.WriteString("head", series.Quantity.Head);
        json.WriteString("program", series.Quantity.Program.Name);
        json.WriteString("operation", series.Quantity.Operation);
        json.WriteString("measure", series.Quantity.Measure);
        json.WriteString("per", series.Quantity.PerEvent ? "event" : "operation");
        json.WriteStartArray("values");
        foreach ((int n, long value) in series.Values)
        {
            json.WriteStartObject();
            json.WriteNumber("n", n);
            json.WriteNumber("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("growth", series.Growth is { } growth ? Growth.OrderNames[(int)growth.Order] : null);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
