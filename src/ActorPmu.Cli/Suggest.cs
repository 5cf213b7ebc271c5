namespace ActorPmu.Cli;

/// <summary>Finds the name that somebody may have meant.</summary>
internal static class Suggest
{
    private const int DistanceMax = 3;

    /// <summary>Ends a message: the nearest name, or all of them.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="known">What there is.</param>
    public static string For(string name, IReadOnlyList<string> known)
    {
        string? best = null;
        int bestDistance = DistanceMax + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance < bestDistance && distance < Math.Max(name.Length, candidate.Length))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best is not null ? $"did you mean \"{best}\"?" : $"there are {string.Join(", ", known)}";
    }

    // Edits that turn one into the other (Levenshtein, 1966).
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
