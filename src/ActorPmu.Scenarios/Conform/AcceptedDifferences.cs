namespace ActorPmu.Scenarios.Conform;

/// <summary>A difference from the recordings that is known and wanted.</summary>
/// <param name="Case">A case's name, or folder and name: <c>cases_hw/hw_7_events</c>.</param>
/// <param name="Design">The design it holds for; null: all.</param>
/// <param name="Step">Index of the step, 0 for the first; null: all.</param>
/// <param name="Field">The field of <c>expect</c>, or <see cref="UnsupportedField"/>; null: all.</param>
/// <param name="Reason">Why it is wanted.</param>
/// <param name="Line">Where it stands in its file, 1 for the first line.</param>
public sealed record AcceptedDifference(string Case, string? Design, int? Step, string? Field, string Reason, int Line)
{
    /// <summary>Stands for a step that the target has no counterpart of.</summary>
    public const string UnsupportedField = "unsupported";

    /// <summary>Whether this entry is about a case run with a design.</summary>
    /// <param name="folder">The case's folder.</param>
    /// <param name="name">The case's name.</param>
    /// <param name="design">The design.</param>
    /// <returns>True when both fit.</returns>
    public bool IsAbout(string folder, string name, string design) =>
        (Case == name || Case == $"{folder}/{name}") && (Design is null || Design == design);

    /// <summary>Whether a mismatch of that case is this one.</summary>
    /// <param name="mismatch">The mismatch.</param>
    /// <returns>True when step and field fit.</returns>
    public bool Covers(Mismatch mismatch) =>
        (Step is null || Step == mismatch.Step) && (Field is null || Field == mismatch.Field);

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Case}{(Design is null ? "" : $", design {Design}")}{(Step is null ? "" : $", step {Step}")}{(Field is null ? "" : $", {Field}")}");
}

/// <summary>A file of accepted differences: a JSON list of objects with <c>case</c>, <c>reason</c>, and perhaps <c>design</c>, <c>step</c>, <c>field</c>.</summary>
/// <param name="File">The file; empty when there is none.</param>
/// <param name="Entries">The entries in the order of the file.</param>
public sealed record AcceptedDifferences(string File, IReadOnlyList<AcceptedDifference> Entries)
{
    private static readonly string[] EntryFields = ["case", "design", "step", "field", "reason"];

    /// <summary>No difference is accepted.</summary>
    public static AcceptedDifferences None { get; } = new("", []);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its entries.</returns>
    /// <exception cref="ConformInputException">The file cannot be read, has another form, lacks a reason, or says the same twice.</exception>
    public static AcceptedDifferences Load(string path)
    {
        JsonItem top = JsonItemParser.Parse(path, ConformFiles.ReadAllBytes(path));
        if (top is not JsonArrayItem list)
        {
            throw new ConformInputException(path, top.At.Line, top.At.Column, $"accepted differences are {top.Kind}", "write a list of objects with case and reason");
        }

        var entries = new List<AcceptedDifference>();
        foreach (JsonItem item in list.Items)
        {
            JsonFields fields = JsonFields.Of(path, item, "field of an accepted difference");
            AcceptedDifference entry = Entry(fields);
            if (entries.Find(e => e with { Reason = "", Line = 0 } == entry with { Reason = "", Line = 0 }) is { } first)
            {
                throw fields.Error(item.At, $"{entry} is accepted twice", FormattableString.Invariant($"keep this one or the one of line {first.Line}"));
            }

            entries.Add(entry);
        }

        return new AcceptedDifferences(path, entries);
    }

    private static AcceptedDifference Entry(JsonFields fields)
    {
        fields.RejectUnknown(EntryFields);
        return new AcceptedDifference(
            NonEmpty(fields, "case"),
            fields.Has("design") ? NonEmpty(fields, "design") : null,
            (int?)fields.OptionalNumber("step", 0, int.MaxValue),
            fields.Has("field") ? Field(fields) : null,
            NonEmpty(fields, "reason"),
            fields.Item.At.Line);
    }

    private static string Field(JsonFields fields)
    {
        string field = fields.Text("field");
        return ExpectationReader.AllFields.Contains(field) || field == AcceptedDifference.UnsupportedField
            ? field
            : throw fields.Error(
                fields.Required("field").At,
                $"unknown expect field \"{field}\"",
                KnownNames.Advice(field, [.. ExpectationReader.AllFields, AcceptedDifference.UnsupportedField]));
    }

    private static string NonEmpty(JsonFields fields, string name)
    {
        string text = fields.Text(name);
        return !string.IsNullOrWhiteSpace(text) ? text : throw fields.Error(fields.Required(name).At, $"\"{name}\" is empty", $"say the {name}");
    }
}
