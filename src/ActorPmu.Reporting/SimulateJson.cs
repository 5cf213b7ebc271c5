using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Reporting;

/// <summary>A simulated workload as one JSON object.</summary>
public static class SimulateJson
{
    /// <summary>Writes the object.</summary>
    /// <param name="workload">What was run.</param>
    /// <param name="results">Its runs.</param>
    /// <returns>Indented JSON that ends with <c>\n</c>. What is not known is null; times are ns.</returns>
    public static string Write(Workload workload, IReadOnlyList<SimulationResult> results)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(results);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions
        {
            Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteStartObject();
            json.WriteString("workload", workload.File);
            json.WriteString("profile", workload.Spec.Profile.Name);
            json.WriteNumber("cpus", workload.Spec.CpuCount);
            json.WriteNumber("length_ns", workload.Recorded.LengthNs);
            json.WriteStartArray("runs");
            foreach (SimulationResult result in results)
            {
                WriteRun(json, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void WriteRun(Utf8JsonWriter json, SimulationResult result)
    {
        json.WriteStartObject();
        json.WriteString("design", result.Design);
        json.WriteNumber("simulated_ns", result.SimulatedNs);
        json.WriteNumber("steps", result.Steps);
        json.WriteNumber("moves", result.Moves);
        json.WriteBoolean("bounded", result.Bounded);
        json.WriteStartArray("events");
        foreach (EventMeasure e in result.Events)
        {
            WriteEvent(json, e);
        }

        json.WriteEndArray();
        json.WriteStartObject("costs");
        foreach ((string name, Func<SimulationCosts, long> of) in SimulateRows.Costs)
        {
            json.WriteNumber(name, of(result.Costs));
        }

        json.WriteEndObject();
        json.WriteStartArray("broken");
        foreach (BrokenProperty broken in result.Broken)
        {
            json.WriteStartObject();
            json.WriteString("property", Properties.Name(broken.First.Property));
            json.WriteNumber("count", broken.Count);
            json.WriteNumber("first_step", broken.First.Step);
            json.WriteString("what", broken.First.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, EventMeasure e)
    {
        json.WriteStartObject();
        json.WriteString("tool", e.Tool);
        json.WriteString("on", e.On);
        json.WriteString("event", e.Event);
        json.WriteNumber("count", e.Count);
        WriteNumberOrNull(json, "true_count", e.TrueCount);
        json.WriteNumber("enabled_ns", e.EnabledNs);
        json.WriteNumber("running_ns", e.RunningNs);
        WriteNumberOrNull(json, "running_percent", e.RunningPercent);
        WriteNumberOrNull(json, "estimate", e.Counted ? e.Estimate : null);
        WriteNumberOrNull(json, "error_percent", e.ErrorPercent is double.PositiveInfinity ? null : e.ErrorPercent);
        if (e.Samples is { } samples)
        {
            json.WriteNumber("samples", samples);
        }

        if (e.OpenError != Errno.Ok)
        {
            json.WriteString("open_error", e.OpenError.ToString());
        }

        json.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
