using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A scenario that looks at some properties only, as text of its own: what is replayed later is what was run.</summary>
public static class NarrowedScenario
{
    /// <summary>The scenario with everything but <paramref name="properties"/> ignored, beside what it ignores by itself.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="properties">What to look at.</param>
    public static Scenario Of(Scenario scenario, IReadOnlySet<Property> properties)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(properties);
        string[] ignored = [.. Properties.All.Where(p => !properties.Contains(p.Property)).Select(p => p.Name)];
        if (ignored.Length == 0)
        {
            return scenario;
        }

        string expectation = $"- ignore: [{string.Join(", ", ignored)}]";
        List<string> lines = [.. scenario.Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')];
        int expect = lines.FindIndex(l => l.StartsWith("expect:", StringComparison.Ordinal));
        if (expect < 0)
        {
            lines.Add("expect:");
            lines.Add("  " + expectation);
        }
        else if (lines[expect].Split('#')[0].TrimEnd() is "expect:")
        {
            // The list's own indentation is that of its first item.
            string first = lines.Skip(expect + 1).FirstOrDefault(l => l.TrimStart().StartsWith('-')) ?? "  -";
            lines.Insert(expect + 1, first[..(first.Length - first.TrimStart().Length)] + expectation);
        }
        else
        {
            // A list in brackets takes the item in front.
            int bracket = lines[expect].IndexOf('[', StringComparison.Ordinal);
            lines[expect] = bracket < 0
                ? throw new InputError(scenario.File, expect + 1, 1, "expect: is no list", "write it as a list, an item in each line")
                : lines[expect].Insert(bracket + 1, $"{{ {expectation[2..]} }}, ");
        }

        return Scenario.Parse(string.Join('\n', lines) + "\n", scenario.File);
    }
}
