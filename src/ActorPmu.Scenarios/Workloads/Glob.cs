namespace ActorPmu.Scenarios.Workloads;

/// <summary>Patterns for names: <c>*</c> is any text, <c>?</c> any character.</summary>
internal static class Glob
{
    public static bool Matches(string pattern, string name)
    {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.Length;)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).IndexOfAnyExcept('*') < 0;
    }
}
