using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Kernel;

namespace ActorPmu.Reporting;

/// <summary>A hunt as JSON, schema <c>actorpmu-hunt/1</c>. Fields are only ever added.</summary>
public static class HuntJson
{
    private const string Schema = "actorpmu-hunt/1";

    /// <summary>Writes a hunt.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(HuntReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("design", report.Design);
            json.WriteNumber("seed", report.Seed);
            json.WriteNumber("schedulesEach", report.SchedulesEach);
            json.WriteNumber("scenarios", report.Folding.Scenarios);
            json.WriteNumber("schedules", report.Folding.Schedules);
            json.WriteNumber("steps", report.Folding.Steps);
            json.WriteNumber("sharedSchedules", report.Folding.Shared);
            json.WriteNumber("linuxItself", report.Folding.LinuxItself);
            json.WriteString("boundedBy", report.BoundedBy);
            if (report.Elapsed is { } elapsed)
            {
                json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            }

            json.WriteStartArray("findings");
            foreach (ExplainedFinding found in report.Findings)
            {
                WriteFinding(json, found);
            }

            json.WriteEndArray();
            json.WriteStartArray("crashes");
            foreach ((string path, _) in report.Crashes)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void WriteFinding(Utf8JsonWriter json, ExplainedFinding found)
    {
        json.WriteStartObject();
        json.WriteString("property", Properties.Name(found.Finding.Smallest.Found.Violation.Property));
        json.WriteString("what", found.Finding.Smallest.Found.Violation.What);
        json.WriteString("cause", found.Finding.Cause);
        json.WriteString("where", found.Finding.Where);
        json.WriteNumber("firstScenario", found.Finding.Number);
        json.WriteNumber("scenarios", found.Scenarios);
        json.WriteNumber("operations", found.Finding.Smallest.Draft.Operations);
        json.WriteNumber("operationsBefore", found.Finding.Operations);
        json.WriteNumber("stepsShrunk", found.Finding.Recording.StepCount);
        json.WriteString("scenario", found.ScenarioPath);
        json.WriteString("replay", found.ReplayPath);
        json.WriteEndObject();
    }
}
