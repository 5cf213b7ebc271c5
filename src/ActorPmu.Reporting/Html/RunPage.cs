using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>One run as a page to look at: a sequence chart that is stepped through by keys. One file that loads nothing.</summary>
public static class RunPage
{
    private const string Prefix = "ActorPmu.Reporting.Html.";

    /// <summary>Writes the page.</summary>
    /// <param name="scenario">The scenario that was run.</param>
    /// <param name="design">The design's name.</param>
    /// <param name="recording">The run.</param>
    /// <param name="replayPath">Its replay file, or null.</param>
    public static string Write(Scenario scenario, string design, RunRecording recording, string? replayPath)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(recording);
        SortedDictionary<string, string> parts = new(StringComparer.Ordinal)
        {
            ["{{title}}"] = WebUtility.HtmlEncode($"{scenario.Name} with {design}"),
            ["{{css}}"] = Resource("run.css"),
            ["{{js}}"] = Resource("run.js"),
            ["{{rows}}"] = PlainRows(scenario, recording),
            ["{{data}}"] = Data(scenario, design, recording, replayPath),
        };

        // In one go: what is put in is not looked at again, whatever somebody has called a scenario.
        return Regex.Replace(Resource("run.html"), @"\{\{[a-z]+\}\}", part => parts[part.Value]);
    }

    // The default encoder escapes <, > and &: nothing in the data can end the script element.
    private static string Data(Scenario scenario, string design, RunRecording recording, string? replayPath)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("scenario", scenario.Name);
            json.WriteString("design", design);
            json.WriteString("replay", replayPath is null ? "" : $"actorpmu replay {replayPath}");
            WriteStrings(json, "violations", recording.Violations.Select(v => $"{Properties.Name(v.Property)}: {v.What}"));
            WriteStrings(json, "why", WhyText.Lines(recording, scenario));
            json.WriteStartArray("race");
            if (recording.ShownRace is { } race)
            {
                json.WriteNumberValue(race.Earlier);
                if (race.Undelivered is null)
                {
                    json.WriteNumberValue(race.Later);
                }
            }

            json.WriteEndArray();
            WriteLanes(json, scenario, recording);
            WriteSteps(json, scenario, recording);
            json.WriteStartArray("stacks");
            foreach (CpuStack stack in recording.Stacks)
            {
                json.WriteStartObject();
                json.WriteString("cpu", string.Create(CultureInfo.InvariantCulture, $"cpu/{stack.Cpu}"));
                WriteStrings(json, "lines", stack.Lines);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    // Processors, what they take turns at, their counters, and who asks: each kind together, in order of number.
    private static void WriteLanes(Utf8JsonWriter json, Scenario scenario, RunRecording recording)
    {
        ActorKind[] kinds = [ActorKind.Environment, ActorKind.Task, ActorKind.Cpu, ActorKind.Pmu, ActorKind.Context, ActorKind.Mutex, ActorKind.Allocator, ActorKind.Node];
        json.WriteStartArray("lanes");
        foreach (ActorId id in recording.Steps.SelectMany(s => (ActorId[])[s.From, s.To]).Distinct().OrderBy(a => Array.IndexOf(kinds, a.Kind)).ThenBy(a => a.Index))
        {
            json.WriteStartObject();
            json.WriteString("id", id.ToString());
            json.WriteString("name", StepTable.Named(id.ToString(), recording, scenario));
            json.WriteString("kind", id.Kind.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSteps(Utf8JsonWriter json, Scenario scenario, RunRecording recording)
    {
        SortedDictionary<string, string> levels = new(StringComparer.Ordinal);
        json.WriteStartArray("steps");
        for (int i = 0; i < recording.Steps.Count; i++)
        {
            RecordedStep step = recording.Steps[i];
            string level = LevelOf(step, levels);
            json.WriteStartObject();
            json.WriteNumber("n", step.Step);
            json.WriteBoolean("answer", step.Choice.Kind == ChoiceKind.Inside);
            json.WriteString("from", step.From.ToString());
            json.WriteString("to", step.To.ToString());
            json.WriteNumber("cause", step.CausedBy);
            json.WriteNumber("options", step.Choice.OptionCount);
            json.WriteString("level", level);
            json.WriteString("what", StepTable.TextOf(step, recording, scenario));
            json.WriteBoolean("quiet", StepTable.IsQuiet(recording, i));
            WriteStrings(json, "changed", step.Changes);
            WriteStrings(json, "details", step.Fields.Where(f => f.IsDetail).Select(f => f.Text));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // In which context a processor takes a step: the deeper one, if the step enters or leaves an interrupt.
    private static string LevelOf(RecordedStep step, SortedDictionary<string, string> levels)
    {
        string place = $"{step.To}.level";
        string before = levels.GetValueOrDefault(place, nameof(ContextLevel.Task));
        foreach (StateChange change in step.Fields.Where(f => f.Place == place))
        {
            levels[place] = change.After;
        }

        string after = levels.GetValueOrDefault(place, before);
        return Enum.Parse<ContextLevel>(before) > Enum.Parse<ContextLevel>(after) ? before : after;
    }

    private static string PlainRows(Scenario scenario, RunRecording recording)
    {
        StringBuilder rows = new();
        foreach (RecordedStep step in recording.Steps)
        {
            string[] cells =
            [
                step.Choice.Kind == ChoiceKind.Deliver ? step.Step.ToString(CultureInfo.InvariantCulture) : "",
                StepTable.Named(step.To.ToString(), recording, scenario), StepTable.TextOf(step, recording, scenario), string.Join("; ", step.Changes),
            ];
            rows.Append("<tr>").AppendJoin("", cells.Select(c => $"<td>{WebUtility.HtmlEncode(c)}</td>")).Append("</tr>\n");
        }

        return rows.ToString();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(RunPage).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"the assembly has no {name}");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
