namespace ActorPmu.Mutation.Tests.Planting;

/// <summary>One line of the sources, written wrongly on purpose.</summary>
/// <param name="Name">What the table calls it; unique.</param>
/// <param name="File">The source file, from <c>src</c>, with slashes.</param>
/// <param name="Line">The line's text, without its indentation and whole.</param>
/// <param name="Becomes">What stands there instead.</param>
/// <param name="Wrong">What goes wrong, in a sentence.</param>
public sealed record Fault(string Name, string File, string Line, string Becomes, string Wrong)
{
    /// <summary>A line above it, whole; the first <see cref="Line"/> below that is meant. Null when there is one in the file.</summary>
    public string? Below { get; init; }

    /// <summary>The design in whose runs it is to be found.</summary>
    public required string Design { get; init; }

    /// <summary>The project that is built with the fault.</summary>
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Plants the fault.</summary>
    /// <param name="text">The file's text.</param>
    /// <returns>The text with the fault.</returns>
    /// <exception cref="InvalidOperationException">The line is not there, or not once.</exception>
    public string PlantIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        int from = 0;
        if (Below is not null)
        {
            from = Places(lines, Below, 0) is [int above] ? above + 1 : throw Misplaced(Below);
        }

        int at = Places(lines, Line, from) switch
        {
            [int only] => only,
            [int first, ..] when Below is not null => first,
            _ => throw Misplaced(Line),
        };
        string line = lines[at];
        lines[at] = line[..^line.TrimStart().Length] + Becomes;
        return string.Join('\n', lines);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static List<int> Places(string[] lines, string wanted, int from) =>
        [.. Enumerable.Range(from, lines.Length - from).Where(i => lines[i].Trim() == wanted)];

    private InvalidOperationException Misplaced(string wanted) =>
        new($"{Name}: src/{File} does not have this line once: {wanted} (move the fault along with the code, or replace it)");
}
