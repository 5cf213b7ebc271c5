using ActorPmu.Sharing;

namespace ActorPmu.Scenarios;

/// <summary>What to say about a design's name that is followed by choices which the design does not have.</summary>
public static class DesignNames
{
    /// <summary>The nearest name with its design's choices, or those choices.</summary>
    /// <param name="name">A name that no design has.</param>
    /// <returns>What to do; null when the name has no plus sign, or what stands before it is no design of the tool.</returns>
    public static string? Advice(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] words = name.Split('+');
        if (words.Length < 2 || Designs.Find(words[0]) is null)
        {
            return null;
        }

        IReadOnlyList<string> choices = Designs.ChoicesOf(words[0]);
        if (choices.Count == 0)
        {
            return $"{words[0]} has no choices: leave out {name[words[0].Length..]}";
        }

        string listed = choices.Count == 1 ? choices[0] : $"{string.Join(", ", choices.SkipLast(1))} and {choices[^1]}";
        string[] wrong = [.. words.Skip(1).Where(w => !choices.Contains(w))];
        if (wrong.Length == 0)
        {
            return $"{words.GroupBy(w => w).First(g => g.Count() > 1).Key} is there twice";
        }

        string[] nearest = [.. words.Select((w, i) => i == 0 || choices.Contains(w) ? w : KnownNames.Nearest(w, choices) ?? "")];
        return nearest.Contains("")
            ? $"{words[0]} has no choice \"{wrong[0]}\", but {listed}, as in {words[0]}+{choices[0]}"
            : $"did you mean \"{string.Join('+', nearest.Distinct())}\"? {words[0]} has the choices {listed}";
    }
}
