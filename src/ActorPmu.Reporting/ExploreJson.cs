using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Reporting;

/// <summary>An exploration as JSON, schema <c>actorpmu-result/1</c>. Fields are only ever added.</summary>
public static class ExploreJson
{
    private const string Schema = "actorpmu-result/1";

    /// <summary>Writes an exploration.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(ExploreReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteHead(json, report);
            WriteResult(json, report);
            json.WriteStartArray("violations");
            foreach (FoundViolation found in report.Result.Violations)
            {
                WriteViolation(json, found, report.Violations.FirstOrDefault(v => ReferenceEquals(v.Found, found)));
            }

            json.WriteEndArray();
            if (report.Small is { } file)
            {
                json.WriteStartObject("smallScenario");
                json.WriteString("file", file.Path);
                if (file.Small is { } small)
                {
                    json.WriteNumber("operations", small.Operations);
                    json.WriteNumber("operationsBefore", small.OperationsBefore);
                }

                json.WriteEndObject();
            }

            if (report.TellsCoverage && report.Result.Coverage is { } sheet)
            {
                CoverageText.WriteJson(json, sheet);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void WriteHead(Utf8JsonWriter json, ExploreReport report)
    {
        json.WriteString("schema", Schema);
        json.WriteString("scenario", report.Scenario.Name);
        json.WriteString("file", report.Scenario.File);
        json.WriteString("design", report.Design);
        json.WriteBoolean("preemptRt", report.PreemptRt);
        json.WriteString("strategy", report.Strategy);
        if (report.StrategyReason is { } reason)
        {
            json.WriteString("strategyReason", reason);
        }

        json.WriteNumber("seed", report.Seed);
        json.WriteNumber("schedulesMax", report.Options.SchedulesMax);
        json.WriteNumber("stepsMax", report.Options.StepsMax);
    }

    private static void WriteResult(Utf8JsonWriter json, ExploreReport report)
    {
        ExplorationResult result = report.Result;
        json.WriteNumber("schedules", result.Schedules);
        if (report.Strategy == "dpor")
        {
            json.WriteNumber("givenUp", result.Abandoned);
            json.WriteNumber("startedOver", result.StartedOver);
        }

        if (report.Options.Pct is { } pct)
        {
            json.WriteNumber("depth", pct.Depth);
            json.WriteNumber("length", pct.Length);
            json.WriteNumber("width", result.Width);
            if (result.Width > 0)
            {
                json.WriteNumber("chanceAtLeast", PctStrategy.Guarantee(result.Width, pct.Length, pct.Depth));
            }
        }

        if (result.DelaysCovered is { } delays)
        {
            json.WriteNumber("delaysCovered", delays);
        }

        json.WriteNumber("traces", result.Traces.Count);
        json.WriteString("digest", result.Digest.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteNumber("steps", result.StepsTotal);
        json.WriteNumber("stepsLongest", result.StepsLongest);
        json.WriteNumber("deadlocks", result.Deadlocks);
        json.WriteNumber("sharedSchedules", result.SharedSchedules);
        json.WriteNumber("muxBoundSchedules", result.MuxBoundSchedules);
        json.WriteStartArray("never");
        foreach (string name in Emptiness.Never(report))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteBoolean("empty", Emptiness.Never(report).Count > 0);
        IReadOnlyList<string> bounds = Bounds.Of(result, report.Options);
        json.WriteBoolean("complete", bounds.Count == 0);
        json.WriteStartArray("boundedBy");
        foreach (string bound in bounds)
        {
            json.WriteStringValue(bound);
        }

        json.WriteEndArray();
        if (report.Elapsed is { } elapsed)
        {
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        }
    }

    internal static void WriteViolation(Utf8JsonWriter json, FoundViolation found, ExplainedViolation? explained)
    {
        json.WriteStartObject();
        json.WriteString("property", Properties.Name(found.Violation.Property));
        json.WriteString("what", found.Violation.What);
        json.WriteString("signature", found.Violation.Signature);
        json.WriteNumber("schedule", found.Schedule);
        json.WriteNumber("schedules", found.Schedules);
        json.WriteNumber("step", found.Violation.Step);
        if (explained is not null)
        {
            json.WriteNumber("stepsShrunk", explained.Recording.StepCount);
            json.WriteNumber("stepsBefore", explained.StepsBefore);
            if (explained.Recording.ShownRace is { } race)
            {
                json.WriteStartObject("race");
                json.WriteNumber("earlier", race.Earlier);
                json.WriteNumber("later", race.Later);
                json.WriteString("at", race.Receiver.ToString());
                WriteStrings(json, "both", explained.Recording.Explanation?.Both ?? []);
                WriteStrings(json, "byEarlier", explained.Recording.Explanation?.ByEarlier ?? []);
                WriteStrings(json, "byLater", explained.Recording.Explanation?.ByLater ?? []);
                json.WriteEndObject();
            }

            WriteExplanation(json, explained.Recording.Explanation);

            json.WriteString("replay", explained.ReplayPath);
        }

        json.WriteStartArray("evidence");
        foreach (string line in found.Violation.Evidence)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteExplanation(Utf8JsonWriter json, Explanation? why)
    {
        if (why is null)
        {
            return;
        }

        json.WriteStartObject("cause");
        json.WriteString("kind", why.Cause.ToString().ToLowerInvariant());
        if (why.Cause == Cause.Answer)
        {
            json.WriteNumber("step", why.AnswerStep);
            json.WriteString("question", why.Question);
        }

        json.WriteNumber("pairsTried", why.PairsTried);
        json.WriteNumber("othersTried", why.OthersTried);
        json.WriteNumber("othersBroken", why.OthersBroken);
        json.WriteEndObject();
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
