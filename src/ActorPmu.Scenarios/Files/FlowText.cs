namespace ActorPmu.Scenarios;

/// <summary>Parts of a YAML file in one line, with braces and brackets.</summary>
internal static class FlowText
{
    private static readonly System.Buffers.SearchValues<char> Indicators = System.Buffers.SearchValues.Create(",[]{}");

    /// <summary>Writes an item.</summary>
    /// <param name="item">The item.</param>
    public static string Of(YamlItem item) => item switch
    {
        YamlList list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        YamlMap map => $"{{ {string.Join(", ", map.Entries.Select(e => e.Value.IsEmpty ? Of(e.Key) : $"{Of(e.Key)}: {Of(e.Value)}"))} }}",
        YamlScalar { Plain: true } scalar when !scalar.Text.ContainsAny(Indicators) => scalar.Text,
        YamlScalar scalar => Quoted(scalar.Text),
        _ => throw new InvalidOperationException($"no such item: {item.Kind}"),
    };

    /// <summary>Writes a word in quotes.</summary>
    /// <param name="text">The word.</param>
    public static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
