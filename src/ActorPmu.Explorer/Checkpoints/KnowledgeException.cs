using System.Globalization;

namespace ActorPmu.Explorer;

/// <summary>What a search knew in another process makes no sense.</summary>
/// <param name="line">Which line of it, from 0.</param>
/// <param name="problem">What is wrong.</param>
public sealed class KnowledgeException(int line, string problem) : FormatException(problem)
{
    /// <summary>Which line of it, from 0.</summary>
    public int Line { get; } = line;

    /// <summary>Reads a number, −1 or more.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static int Number(string word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= -1 ? number
        : throw new FormatException($"\"{word}\" is no number here");
}
