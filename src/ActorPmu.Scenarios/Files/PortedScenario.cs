using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A scenario on another machine than its file says, as text of its own: what is replayed later is what was run.</summary>
public static class PortedScenario
{
    /// <summary>The scenario with another profile, or with other grain.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="profile">The profile; null for the scenario's own.</param>
    /// <param name="fineGrained">Whether others come in between accesses without a lock; null for what the scenario says.</param>
    /// <param name="memory">What they see of it: <c>weak</c>, <c>tso</c> or <c>sc</c>; null for what the scenario says.</param>
    /// <returns>A scenario of the same name and file; its expectations are unchanged, though they may have been meant for the other counters.</returns>
    /// <exception cref="InputError">
    /// The profile has not the events, PMUs or processors that the scenario names; the scenario writes out a profile of its own; or it is to have a
    /// memory, and is not fine-grained.
    /// </exception>
    public static Scenario Of(Scenario scenario, ProfileChoice? profile, bool? fineGrained = null, string? memory = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Scenario ported = scenario;
        if (profile is not null && profile.InScenario != scenario.Spec.Profile.Name)
        {
            ported = Parse(scenario, WithProfile(new YamlSource(scenario.Text, scenario.File), profile));
            CheckProcessors(ported);
        }

        if (fineGrained is { } grain && grain != ported.Spec.FineGrained)
        {
            string text = grain ? ported.Text : Without("memory", new YamlSource(ported.Text, ported.File));
            ported = Parse(scenario, With("fine-grained", grain ? "true" : "false", new YamlSource(text, ported.File)));
        }

        if (memory is null)
        {
            return ported;
        }

        YamlSource source = new(ported.Text, ported.File);
        return ported.Spec.FineGrained
            ? Parse(scenario, With("memory", memory, source))
            : throw source.Error(
                Machine(source), "the scenario is not fine-grained, and memory says what others see between accesses",
                "ask for fine-grained, too (--fine-grained true), or leave memory out");
    }

    /// <summary>Those of some scenarios that can be run so.</summary>
    /// <param name="scenarios">The scenarios.</param>
    /// <param name="profile">As in <see cref="Of"/>.</param>
    /// <param name="fineGrained">As in <see cref="Of"/>.</param>
    /// <param name="memory">As in <see cref="Of"/>.</param>
    /// <param name="leftOut">Receives why each of the others cannot.</param>
    public static IReadOnlyList<Scenario> Those(
        IEnumerable<Scenario> scenarios, ProfileChoice? profile, bool? fineGrained, string? memory, ICollection<InputError> leftOut)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        ArgumentNullException.ThrowIfNull(leftOut);
        List<Scenario> can = [];
        foreach (Scenario scenario in scenarios)
        {
            try
            {
                can.Add(Of(scenario, profile, fineGrained, memory));
            }
            catch (InputError cannot)
            {
                leftOut.Add(cannot);
            }
        }

        return can;
    }

    private static Scenario Parse(Scenario original, string text) => Scenario.Parse(text, original.File);

    private static string WithProfile(YamlSource source, ProfileChoice profile)
    {
        YamlItem item = Entry(Machine(source), "profile")!.Value.Value;
        return item is YamlScalar own
            ? Replaced(source, own, profile.InScenario)
            : throw source.Error(item, $"the scenario writes out a profile of its own, and cannot be run on {profile.Name}", $"write profile: {profile.Name} in a copy of it");
    }

    private static string With(string key, string word, YamlSource source)
    {
        YamlMap machine = Machine(source);
        if (Entry(machine, key) is { } said)
        {
            // A flag may stand alone: that is yes.
            return said.Value is YamlScalar { IsEmpty: false } value ? Replaced(source, value, word) : Replaced(source, said.Key, $"{key}: {word}");
        }

        // In front of the first key: in braces on its line, else on a line of its own.
        YamlScalar first = machine.Entries[0].Key;
        (List<string> lines, int at) = LinesTo(source, first);
        bool braces = lines[machine.Line - 1][machine.Column - 1] == '{';
        string indent = new(' ', first.Column - 1);
        lines[first.Line - 1] = lines[first.Line - 1].Insert(at, $"{key}: {word}{(braces ? ", " : "\n" + indent)}");
        return string.Join('\n', lines);
    }

    // With the comma behind it, or before it where it is the last; a line of its own goes as a whole.
    private static string Without(string key, YamlSource source)
    {
        if (Entry(Machine(source), key) is not { } said)
        {
            return source.Text;
        }

        (List<string> lines, int from) = LinesTo(source, said.Key);
        string line = lines[said.Key.Line - 1];
        int to = said.Value is YamlScalar { IsEmpty: false } value ? EndOf(value, line) : from + key.Length;
        string rest = line[to..];
        if (string.IsNullOrWhiteSpace(line[..from]) && (rest.Length == 0 || rest.TrimStart().StartsWith('#')))
        {
            lines.RemoveAt(said.Key.Line - 1);
            return string.Join('\n', lines);
        }

        lines[said.Key.Line - 1] = rest.StartsWith(',') ? line[..from] + rest[1..].TrimStart() : line[..from].TrimEnd(' ', ',') + rest;
        return string.Join('\n', lines);
    }

    private static YamlMap Machine(YamlSource source) => (YamlMap)Entry((YamlMap)source.Tree(), "machine")!.Value.Value;

    private static (YamlScalar Key, YamlItem Value)? Entry(YamlMap map, string key)
    {
        foreach ((YamlScalar Key, YamlItem Value) entry in map.Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }

        return null;
    }

    private static string Replaced(YamlSource source, YamlScalar old, string text)
    {
        (List<string> lines, int at) = LinesTo(source, old);
        string line = lines[old.Line - 1];
        lines[old.Line - 1] = line[..at] + text + line[EndOf(old, line)..];
        return string.Join('\n', lines);
    }

    private static int EndOf(YamlScalar scalar, string line)
    {
        int at = scalar.Column - 1;
        return scalar.Plain ? at + scalar.Text.Length : line.IndexOf(line[at], at + 1) + 1;
    }

    private static (List<string> Lines, int At) LinesTo(YamlSource source, YamlItem item) =>
        ([.. source.Text.ReplaceLineEndings("\n").Split('\n')], item.Column - 1);

    // A profile may have PMUs of some processors only.
    private static void CheckProcessors(Scenario scenario)
    {
        HardwareProfile profile = scenario.Spec.Profile;
        for (int cpu = 0; cpu < scenario.Spec.CpuCount; cpu++)
        {
            if (!profile.Pmus.Any(p => p.Cpus.Count == 0 || p.Cpus.Contains(cpu)))
            {
                YamlSource source = new(scenario.Text, scenario.File);
                YamlMap machine = Machine(source);
                YamlItem at = Entry(machine, "cpus")?.Value ?? machine;
                throw source.Error(
                    at, FormattableString.Invariant($"profile {profile.Name} has no PMU on cpu {cpu}, and the scenario has {scenario.Spec.CpuCount} cpus"),
                    "choose another profile");
            }
        }
    }
}
