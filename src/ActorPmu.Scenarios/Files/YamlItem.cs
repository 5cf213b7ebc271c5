namespace ActorPmu.Scenarios;

/// <summary>A piece of a YAML file, with its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal abstract record YamlItem(int Line, int Column)
{
    /// <summary>What it is, in a user's words.</summary>
    public abstract string Kind { get; }

    /// <summary>Nothing stands where something could.</summary>
    public bool IsEmpty => this is YamlScalar { Text: "", Plain: true };
}

/// <summary>A word, number or sentence.</summary>
/// <param name="Text">Its text, unquoted.</param>
/// <param name="Plain">Whether it stands without quotes.</param>
internal sealed record YamlScalar(int Line, int Column, string Text, bool Plain) : YamlItem(Line, Column)
{
    public override string Kind => IsEmpty ? "nothing" : $"\"{Text}\"";
}

/// <summary>A list.</summary>
internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlItem> Items) : YamlItem(Line, Column)
{
    public override string Kind => "a list";
}

/// <summary>Keys with values, in the order of the file; no key twice.</summary>
internal sealed record YamlMap(int Line, int Column, IReadOnlyList<(YamlScalar Key, YamlItem Value)> Entries) : YamlItem(Line, Column)
{
    public override string Kind => "a map of keys and values";
}
