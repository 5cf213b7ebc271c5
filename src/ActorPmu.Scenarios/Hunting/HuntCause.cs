using System.Text.RegularExpressions;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>What makes two findings one: the property and what is wrong, without names and numbers; then where, and between which messages.</summary>
public static partial class HuntCause
{
    /// <summary>Property and what is wrong, the names of a scenario's tasks, events and cgroups replaced and numbers left out.</summary>
    /// <param name="violation">What was found.</param>
    /// <param name="scenario">Where it was found.</param>
    public static string Of(Violation violation, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(violation);
        ArgumentNullException.ThrowIfNull(scenario);
        return Properties.Name(violation.Property) + ": " + Plain(violation.What, scenario);
    }

    /// <summary>Where a run broke it: the kernel's function, and the kinds of the two messages that race.</summary>
    /// <param name="recording">The run, made short.</param>
    /// <param name="scenario">What was run.</param>
    public static string Where(RunRecording recording, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(scenario);
        RecordedStep? last = recording.Steps.LastOrDefault(s => s.Choice.Kind == ChoiceKind.Deliver);
        CpuStack? stack = recording.Stacks.FirstOrDefault(s => last is { To.Kind: ActorKind.Cpu } && s.Cpu == last.To.Index)
            ?? (recording.Stacks is [var first, ..] ? first : null);
        string function = stack?.Lines.Select(l => l.TrimStart(' ', '?')).FirstOrDefault(IsTelling) ?? "the end";
        return recording.LastRace is { } race
            ? $"{function}; {Kind(recording, race.Earlier, scenario)} before {Kind(recording, race.Later, scenario)}"
            : function;
    }

    // Not the context, nor the lock that the function takes or gives back.
    private static bool IsTelling(string line) =>
        line[0] != '<' && !line.StartsWith("raw_spin_", StringComparison.Ordinal) && !line.StartsWith("mutex_", StringComparison.Ordinal);

    private static string Kind(RunRecording recording, long step, Scenario scenario) =>
        recording.Steps.FirstOrDefault(s => s.Step == step && s.Choice.Kind == ChoiceKind.Deliver) is { } found
            ? Plain(found.What.Split(" by ")[0], scenario)
            : "start";

    private static string Plain(string text, Scenario scenario)
    {
        HashSet<string> events = new(
            scenario.Tasks.SelectMany(t => t.Steps).Select(s => s.Op).OfType<OpenOp>().Select(o => o.Name), StringComparer.Ordinal);
        HashSet<string> tasks = new(scenario.Tasks.Select(t => t.Name), StringComparer.Ordinal);
        HashSet<string> cgroups = new(scenario.Spec.Cgroups.Select(c => c.Name), StringComparer.Ordinal);
        string named = Word().Replace(
            text, m => events.Contains(m.Value) ? "event" : tasks.Contains(m.Value) ? "task" : cgroups.Contains(m.Value) ? "cgroup" : m.Value);
        string same = Modes().Replace(named.Replace("event@task", "event", StringComparison.Ordinal), "modes");
        return Repeated().Replace(Numbers().Replace(same, ""), "$1");
    }

    [GeneratedRegex(@"(?<![\w/-])[A-Za-z]\w*(/[A-Za-z]\w*)*(?![\w-])")]
    private static partial Regex Word();

    // Codes of events are hexadecimal.
    [GeneratedRegex(@"\b[a-f]?[0-9][0-9a-f]*\b|-?[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b(User|Kernel|Hypervisor|Guest|Host)(, (User|Kernel|Hypervisor|Guest|Host))*\b")]
    private static partial Regex Modes();

    [GeneratedRegex(@"\b(\w+)(?:,? and \1| \1)+\b")]
    private static partial Regex Repeated();
}
