using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Explorer;

namespace ActorPmu.Reporting;

/// <summary>Live runs as JSON, schema <c>actorpmu-live/1</c>. Fields are only ever added.</summary>
public static class LiveJson
{
    private const string Schema = "actorpmu-live/1";

    /// <summary>Writes live runs.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(LiveReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        ExploreReport runs = report.Runs;
        ExplorationResult result = runs.Result;
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("scenario", runs.Scenario.Name);
            json.WriteString("file", runs.Scenario.File);
            json.WriteString("design", runs.Design);
            json.WriteBoolean("preemptRt", runs.PreemptRt);
            json.WriteNumber("seed", runs.Seed);
            json.WriteNumber("machines", report.Machines);
            json.WriteNumber("runs", result.Schedules);
            json.WriteNumber("deliveries", result.StepsTotal);
            json.WriteNumber("deliveriesPerSecond", Math.Round(report.DeliveriesPerSecond));
            json.WriteNumber("stepsLongest", result.StepsLongest);
            json.WriteNumber("traces", report.Traces);
            json.WriteNumber("deadlocks", result.Deadlocks);
            json.WriteNumber("sharedRuns", result.SharedSchedules);
            json.WriteString("boundedBy", report.BoundedBy);
            json.WriteNumber("seconds", Math.Round(report.Elapsed.TotalSeconds, 3));
            json.WriteStartArray("violations");
            foreach (FoundViolation found in result.Violations)
            {
                ExploreJson.WriteViolation(json, found, runs.Violations.FirstOrDefault(v => ReferenceEquals(v.Found, found)));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
