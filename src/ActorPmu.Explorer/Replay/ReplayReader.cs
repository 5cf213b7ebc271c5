using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Reads replay files strictly: a field that is not known is a warning, everything else that is odd an error with its place.</summary>
public static class ReplayReader
{
    private const string SchemaFamily = "actorpmu-replay/";

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="warning">Told about fields that are not known, with their places; null to pass over them.</param>
    /// <exception cref="ReplayInputException">It is no replay file, or one of another major version.</exception>
    public static ReplayFile Read(string text, string file, Action<string>? warning = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Source source = new(bytes, file, warning);
        Utf8JsonReader json = new(bytes, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            Draft draft = new();
            source.Next(ref json);
            source.Expect(ref json, JsonTokenType.StartObject, "a replay file is one JSON object");
            ReadTop(ref json, source, draft);
            if (json.Read())
            {
                throw source.Error(ref json, "something follows the closing brace");
            }

            return draft.Finish(source);
        }
        catch (JsonException e)
        {
            throw new ReplayInputException(
                file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, $"this is no JSON: {FirstSentence(e.Message)}; {WhatToDo(text)}");
        }
    }

    private static string WhatToDo(string text) => text.TrimStart().StartsWith('{')
        ? "take the file as it was written"
        : "a replay file begins with {; explore, run and hunt write them";

    private static void ReadTop(ref Utf8JsonReader json, Source source, Draft draft)
    {
        SortedSet<string> seen = new(StringComparer.Ordinal);
        while (source.NextField(ref json, seen) is { } field)
        {
            switch (field)
            {
                case "schema":
                    CheckSchema(ref json, source);
                    draft.HasSchema = true;
                    break;
                case "tool":
                    draft.Tool = source.Text(ref json, field);
                    break;
                case "scenario":
                    ReadScenario(ref json, source, draft);
                    break;
                case "design":
                    draft.Design = source.Text(ref json, field);
                    draft.DesignAt = source.Place(ref json);
                    break;
                case "preemptRt":
                    draft.PreemptRt = source.Flag(ref json, field);
                    break;
                case "seed":
                    draft.Seed = source.Unsigned(ref json, field);
                    break;
                case "strategy":
                    draft.Strategy = source.Text(ref json, field);
                    break;
                case "stepsMax":
                    draft.StepsMax = source.Number(ref json, field, 1);
                    break;
                case "steps":
                    draft.Steps = ReadSteps(ref json, source);
                    break;
                case "expect":
                    draft.Expect = ReadExpect(ref json, source);
                    break;
                default:
                    source.Unknown(ref json, field);
                    break;
            }
        }
    }

    private static void CheckSchema(ref Utf8JsonReader json, Source source)
    {
        string schema = source.Text(ref json, "schema");
        if (schema == ReplayFile.Schema)
        {
            return;
        }

        bool other = schema.StartsWith(SchemaFamily, StringComparison.Ordinal);
        throw source.Error(ref json, other
            ? $"the file has format {schema} and this version reads {ReplayFile.Schema}; take the version that wrote it"
            : $"\"{schema}\" is no replay file; the schema of one is \"{ReplayFile.Schema}\"");
    }

    private static void ReadScenario(ref Utf8JsonReader json, Source source, Draft draft)
    {
        source.Next(ref json);
        source.Expect(ref json, JsonTokenType.StartObject, "scenario is an object");
        SortedSet<string> seen = new(StringComparer.Ordinal);
        while (source.NextField(ref json, seen) is { } field)
        {
            switch (field)
            {
                case "name":
                    draft.ScenarioName = source.Text(ref json, field);
                    break;
                case "path":
                    draft.ScenarioPath = source.Text(ref json, field);
                    break;
                case "sha256":
                    draft.ScenarioSha256 = source.Text(ref json, field);
                    break;
                case "text":
                    draft.ScenarioText = ReadLines(ref json, source, draft.ScenarioLinesAt);
                    break;
                default:
                    source.Unknown(ref json, $"scenario.{field}");
                    break;
            }
        }
    }

    private static string ReadLines(ref Utf8JsonReader json, Source source, List<(int Line, int Column)> places)
    {
        source.Next(ref json);
        source.Expect(ref json, JsonTokenType.StartArray, "scenario.text is a list of lines");
        List<string> lines = [];
        while (true)
        {
            source.Next(ref json);
            if (json.TokenType == JsonTokenType.EndArray)
            {
                return string.Join('\n', lines);
            }

            source.Expect(ref json, JsonTokenType.String, "a line of the scenario is a string");
            lines.Add(source.StringOf(ref json));
            places.Add(source.Place(ref json));
        }
    }

    private static List<ReplayStep> ReadSteps(ref Utf8JsonReader json, Source source)
    {
        ulong chain = StableHash.FnvBasis;
        bool edited = false;
        source.Next(ref json);
        source.Expect(ref json, JsonTokenType.StartArray, "steps is a list");
        List<ReplayStep> steps = [];
        while (true)
        {
            source.Next(ref json);
            if (json.TokenType == JsonTokenType.EndArray)
            {
                return steps;
            }

            source.Expect(ref json, JsonTokenType.StartObject, "a step is an object");
            int at = (int)json.TokenStartIndex;
            steps.Add(ReadStep(ref json, source, steps.Count));
            chain = StableHash.Fnv1a(chain, steps[^1].Label);
            if (chain != steps[^1].Fingerprint && !edited)
            {
                edited = true;
                source.Warn(at, "the fingerprint does not belong to the labels up to here: the file has been edited");
            }
        }
    }

    private static ReplayStep ReadStep(ref Utf8JsonReader json, Source source, int number)
    {
        int at = (int)json.TokenStartIndex;
        ChoiceKind? kind = null;
        long option = -1;
        long of = -1;
        string? label = null;
        ulong fingerprint = 0;
        SortedSet<string> seen = new(StringComparer.Ordinal);
        while (source.NextField(ref json, seen) is { } field)
        {
            switch (field)
            {
                case "pick" or "choose":
                    if (kind is not null)
                    {
                        throw source.Error(ref json, "a step has either pick or choose");
                    }

                    kind = field == "pick" ? ChoiceKind.Deliver : ChoiceKind.Inside;
                    option = source.Number(ref json, field, 0);
                    break;
                case "of":
                    of = source.Number(ref json, field, 1);
                    break;
                case "step":
                    label = source.Text(ref json, field);
                    break;
                case "fp":
                    fingerprint = source.Hex(ref json, field);
                    break;
                default:
                    source.Unknown(ref json, $"steps[{number}].{field}");
                    break;
            }
        }

        if (kind is not { } known || of < 0 || label is null)
        {
            throw source.ErrorAt(at, "a step needs pick or choose, of, and step");
        }

        if (option >= of || of > int.MaxValue)
        {
            throw source.ErrorAt(at, $"a step picks {option} of {of}: the first is 0");
        }

        return new ReplayStep(new Choice(known, (int)option, (int)of), label, fingerprint);
    }

    private static ReplayExpectation ReadExpect(ref Utf8JsonReader json, Source source)
    {
        source.Next(ref json);
        source.Expect(ref json, JsonTokenType.StartObject, "expect is an object");
        int at = (int)json.TokenStartIndex;
        string? property = null;
        long step = -1;
        string? what = null;
        SortedSet<string> seen = new(StringComparer.Ordinal);
        while (source.NextField(ref json, seen) is { } field)
        {
            switch (field)
            {
                case "property":
                    property = source.Text(ref json, field);
                    if (Properties.Find(property) is null)
                    {
                        throw source.Error(ref json, $"there is no property \"{property}\"; actorpmu list properties tells those that there are");
                    }

                    break;
                case "step":
                    step = source.Number(ref json, field, 0);
                    break;
                case "what":
                    what = source.Text(ref json, field);
                    break;
                default:
                    source.Unknown(ref json, $"expect.{field}");
                    break;
            }
        }

        return property is not null && step >= 0 && what is not null
            ? new ReplayExpectation(property, step, what)
            : throw source.ErrorAt(at, "expect needs property, step and what");
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed class Draft
    {
        public bool HasSchema { get; set; }

        public string? Tool { get; set; }

        public string? ScenarioName { get; set; }

        public string? ScenarioPath { get; set; }

        public string? ScenarioText { get; set; }

        public string? ScenarioSha256 { get; set; }

        public string? Design { get; set; }

        public (int Line, int Column) DesignAt { get; set; }

        public List<(int Line, int Column)> ScenarioLinesAt { get; } = [];

        public bool? PreemptRt { get; set; }

        public ulong Seed { get; set; }

        public string? Strategy { get; set; }

        public long StepsMax { get; set; } = 20_000;

        public List<ReplayStep>? Steps { get; set; }

        public ReplayExpectation? Expect { get; set; }

        public ReplayFile Finish(Source source) => new()
        {
            Tool = Tool ?? "",
            ScenarioName = Need(ScenarioName, "scenario.name", source),
            ScenarioPath = ScenarioPath ?? ScenarioName!,
            ScenarioText = Need(ScenarioText, "scenario.text", source),
            ScenarioSha256 = Need(ScenarioSha256, "scenario.sha256", source),
            Design = Need(Design, "design", source),
            PreemptRt = PreemptRt,
            Seed = Seed,
            Strategy = Strategy ?? "",
            StepsMax = StepsMax,
            Steps = HasSchema ? Need(Steps, "steps", source) : throw source.ErrorAt(0, $"there is no \"schema\": \"{ReplayFile.Schema}\""),
            Expect = Expect,
            Places = new ReplayPlaces(source.File, DesignAt, ScenarioLinesAt),
        };

        private static T Need<T>(T? value, string name, Source source)
            where T : class => value ?? throw source.ErrorAt(0, $"the field {name} is missing");
    }

    private sealed class Source(byte[] bytes, string file, Action<string>? warning)
    {
        public string File => file;

        public (int Line, int Column) Place(ref Utf8JsonReader json) => Place((int)json.TokenStartIndex);

        public void Next(ref Utf8JsonReader json)
        {
            if (!json.Read())
            {
                throw ErrorAt(bytes.Length, "the file ends too early");
            }
        }

        public string? NextField(ref Utf8JsonReader json, SortedSet<string> seen)
        {
            Next(ref json);
            if (json.TokenType == JsonTokenType.EndObject)
            {
                return null;
            }

            string name = StringOf(ref json);
            return seen.Add(name) ? name : throw Error(ref json, $"the field {name} is there twice");
        }

        public void Expect(ref Utf8JsonReader json, JsonTokenType type, string problem)
        {
            if (json.TokenType != type)
            {
                throw Error(ref json, problem);
            }
        }

        public string Text(ref Utf8JsonReader json, string field)
        {
            Next(ref json);
            Expect(ref json, JsonTokenType.String, $"{field} is a string");
            return StringOf(ref json);
        }

        // Bytes that are no UTF-8, or half of a pair of \u escapes.
        public string StringOf(ref Utf8JsonReader json)
        {
            try
            {
                return json.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw Error(ref json, "this text has characters that there are not");
            }
        }

        public bool Flag(ref Utf8JsonReader json, string field)
        {
            Next(ref json);
            return json.TokenType switch
            {
                JsonTokenType.True => true,
                JsonTokenType.False => false,
                _ => throw Error(ref json, $"{field} is true or false"),
            };
        }

        public long Number(ref Utf8JsonReader json, string field, long min)
        {
            Next(ref json);
            return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long value) && value >= min
                ? value
                : throw Error(ref json, $"{field} is a whole number, {min} or more");
        }

        public ulong Unsigned(ref Utf8JsonReader json, string field)
        {
            Next(ref json);
            return json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out ulong value)
                ? value
                : throw Error(ref json, $"{field} is a whole number, 0 or more");
        }

        public ulong Hex(ref Utf8JsonReader json, string field)
        {
            string text = Text(ref json, field);
            return text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
                ? value
                : throw Error(ref json, $"{field} has 16 hexadecimal digits");
        }

        public void Unknown(ref Utf8JsonReader json, string field)
        {
            Warn((int)json.TokenStartIndex, $"the field {field} is not known and has no effect");
            json.Skip();
        }

        public void Warn(int at, string what)
        {
            (int line, int column) = Place(at);
            warning?.Invoke(FormattableString.Invariant($"{file}:{line}:{column}: warning: {what}"));
        }

        public ReplayInputException Error(ref Utf8JsonReader json, string problem) => ErrorAt((int)json.TokenStartIndex, problem);

        public ReplayInputException ErrorAt(int at, string problem)
        {
            (int line, int column) = Place(at);
            return new ReplayInputException(file, line, column, problem);
        }

        private (int Line, int Column) Place(int at)
        {
            ReadOnlySpan<byte> before = bytes.AsSpan(0, Math.Min(at, bytes.Length));
            int lastBreak = before.LastIndexOf((byte)'\n');
            return (before.Count((byte)'\n') + 1, before.Length - lastBreak);
        }
    }
}
