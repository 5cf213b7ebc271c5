namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads a case file: the frame of it; the steps are <see cref="StepReader"/>'s, the answers <see cref="ExpectationReader"/>'s.</summary>
internal static class ConformCaseReader
{
    private static readonly string[] CaseFields =
        ["name", "about", "tags", "recorded", "second_kernel", "dropped", "unit", "kernels", "tolerance", "steps"];

    private static readonly string[] StepFields = ["op", "args", "expect"];

    public static ConformCase Read(string file, string folder, ReadOnlySpan<byte> utf8)
    {
        JsonFields top = JsonFields.Of(file, JsonItemParser.Parse(file, utf8), "field of a case");
        top.RejectUnknown(CaseFields);
        JsonFields? recorded = top.Optional("recorded") is { } item ? JsonFields.Of(file, item, "field of recorded") : null;
        long? unit = top.OptionalNumber("unit", 1) ?? recorded?.OptionalNumber("unit", 1);
        IReadOnlyList<string> kernels = Kernels(top);
        ConformTolerance? tolerance = Tolerance(top);
        return new ConformCase(folder, Name(top, file), top.Text("about"), Steps(top, new ExpectationReader(kernels, tolerance), unit))
        {
            File = file,
            Tags = Texts(top, "tags"),
            RecordedOn = recorded?.Text("kernel"),
            Kernels = kernels,
            UnitInstructions = unit,
            MuxIntervalMs = recorded?.OptionalNumber("mux_interval_ms", 1),
            Tolerance = tolerance,
            Dropped = Dropped(top),
            SecondKernel = Second(top),
        };
    }

    private static string Name(JsonFields top, string file)
    {
        string name = top.Text("name");
        string expected = Path.GetFileNameWithoutExtension(file);
        return name == expected
            ? name
            : throw top.Error(top.Required("name").At, $"the case \"{name}\" is in a file of another name", $"name it \"{expected}\" or rename the file");
    }

    private static IReadOnlyList<string> Kernels(JsonFields top)
    {
        IReadOnlyList<string> kernels = Texts(top, "kernels");
        return !top.Has("kernels") || kernels.Contains(ConformCase.PlainVariant)
            ? kernels
            : throw top.Error(top.Required("kernels").At, "\"kernels\" does not have \"plain\"", "add the recordings of the kernel as it is");
    }

    private static ConformTolerance? Tolerance(JsonFields top)
    {
        if (!top.Has("tolerance"))
        {
            return null;
        }

        string sentence = top.Text("tolerance");
        return ConformTolerance.From(sentence)
            ?? throw top.Error(top.Required("tolerance").At, $"cannot read the tolerance \"{sentence}\"", $"write it in the form \"{ConformTolerance.Form}\"");
    }

    private static List<RecordedStep> Steps(JsonFields top, ExpectationReader expectations, long? unit)
    {
        var reader = new StepReader(unit is not null);
        var steps = new List<RecordedStep>();
        foreach (JsonItem item in top.ListOf(top.Required("steps"), "steps"))
        {
            JsonFields fields = JsonFields.Of(top.File, item, "field of a step");
            fields.RejectUnknown(StepFields);
            string op = fields.Text("op");
            JsonFields args = JsonFields.Of(top.File, fields.Required("args"), $"arg of {op}");
            ConformStep step = reader.Read(op, fields.Required("op").At, args);
            JsonFields expect = JsonFields.Of(top.File, fields.Required("expect"), $"expect field of {op}");
            steps.Add(new RecordedStep(steps.Count, item.At.Line, op + args.OneLine(), step)
            {
                Expectations = expectations.Read(op, expect),
            });
        }

        return steps;
    }

    private static IReadOnlyList<string> Texts(JsonFields top, string name) =>
        top.Optional(name) is { } value ? [.. top.ListOf(value, name).Select(t => top.TextOf(t, name))] : [];

    private static List<DroppedField> Dropped(JsonFields top)
    {
        var dropped = new List<DroppedField>();
        foreach (JsonFields fields in Objects(top, top.Optional("dropped"), "dropped", ["step", "field", "seen"]))
        {
            JsonItem seen = fields.Required("seen");
            dropped.Add(new DroppedField(
                (int)fields.Number("step", 0, int.MaxValue), fields.Text("field"), [.. fields.ListOf(seen, "seen").Select(s => fields.TextOf(s, "seen"))]));
        }

        return dropped;
    }

    private static SecondKernel? Second(JsonFields top)
    {
        if (top.Optional("second_kernel") is not { } item)
        {
            return null;
        }

        JsonFields second = JsonFields.Of(top.File, item, "field of second_kernel");
        second.RejectUnknown(["kernel", "agrees", "differs"]);
        var differs = new List<(int Step, string Field)>();
        foreach (JsonFields fields in Objects(second, second.Optional("differs"), "differs", ["step", "field", "there"]))
        {
            differs.Add(((int)fields.Number("step", 0, int.MaxValue), fields.Text("field")));
        }

        return new SecondKernel(second.Text("kernel"), second.BitOf(second.Required("agrees"), "agrees"), differs);
    }

    private static IEnumerable<JsonFields> Objects(JsonFields owner, JsonItem? list, string name, string[] known)
    {
        foreach (JsonItem item in list is null ? [] : owner.ListOf(list, name))
        {
            JsonFields fields = JsonFields.Of(owner.File, item, $"field of {name}");
            fields.RejectUnknown(known);
            yield return fields;
        }
    }
}
