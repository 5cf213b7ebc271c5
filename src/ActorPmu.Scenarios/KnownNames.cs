namespace ActorPmu.Scenarios;

/// <summary>What to say about a name that is none of the known ones.</summary>
public static class KnownNames
{
    private const int ListedMax = 24;

    // Nothing known is as long, and comparing takes time and memory by the length.
    private const int NameMax = 128;

    /// <summary><c>ReadFormats</c> → <c>read-formats</c>.</summary>
    internal static string Hyphenated(string word) =>
        string.Concat(word.Select((c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    /// <summary>"did you mean …" when a known name is near, else the known names.</summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="known">What there is.</param>
    public static string Advice(string name, IEnumerable<string> known)
    {
        var all = known.ToList();
        if (all.Count == 0)
        {
            return "there is none";
        }

        if (Nearest(name, all) is { } near)
        {
            return $"did you mean \"{near}\"?";
        }

        string more = all.Count > ListedMax ? ", …" : "";
        return $"known: {string.Join(", ", all.Take(ListedMax))}{more}";
    }

    /// <summary>The known name with the fewest typing errors, if they are few for its length; else one that the given name is a whole word of. The first of equals.</summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="known">What there is.</param>
    /// <returns>The name, or null when none is near.</returns>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        if (name.Length > NameMax)
        {
            return null;
        }

        string? best = null;
        int bestErrors = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int errors = TypingErrors(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (errors < bestErrors)
            {
                (best, bestErrors) = (candidate, errors);
            }
        }

        // As period is of sample-period.
        return best ?? known.FirstOrDefault(candidate => candidate.Split('-').Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int TypingErrors(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
