using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A run as a table in kernel words. What every kernel path does all the time (an uncontended lock, an allocation that works, an answer) is left out.</summary>
internal static partial class StepTable
{
    private const string Indent = "  ";

    /// <summary>Writes the table.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="recording">The run.</param>
    /// <param name="scenario">Its scenario, for the names of tasks.</param>
    /// <param name="everything">Whether to leave nothing out.</param>
    public static void Append(StringBuilder text, RunRecording recording, Scenario scenario, bool everything)
    {
        List<(string Number, string On, string What, string Changed)> rows = [("#", "on", "step", "changed")];
        int left = 0;
        for (int i = 0; i < recording.Steps.Count; i++)
        {
            RecordedStep step = recording.Steps[i];
            string? what = everything || i == recording.Steps.Count - 1 ? Plain(step) : Shown(recording, i);
            if (what is null && step.Changes.Count == 0 && !IsRacing(recording, step))
            {
                left++;
                continue;
            }

            rows.Add((
                step.Choice.Kind == ChoiceKind.Deliver ? step.Step.ToString(CultureInfo.InvariantCulture) : "",
                Named(On(step), recording, scenario),
                Named(what ?? Plain(step), recording, scenario),
                string.Join("; ", everything ? step.Fields.Select(f => f.Text) : step.Changes)));
        }

        int number = rows.Max(r => r.Number.Length);
        int on = rows.Max(r => r.On.Length);
        int what2 = rows.Max(r => r.What.Length);
        foreach ((string n, string o, string w, string c) in rows)
        {
            string line = $"{Indent}{n.PadLeft(number)}  {o.PadRight(on)}  {w.PadRight(what2)}  {c}";
            text.Append(line.TrimEnd()).Append('\n');
        }

        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Indent}({Plural.Of(left, "step")} of locks, allocations and answers left out; -v shows them)\n");
        }
    }

    /// <summary>Task and event numbers as the scenario's names.</summary>
    public static string Named(string what, RunRecording recording, Scenario scenario)
    {
        string withEvents = EventNumber().Replace(what, m =>
        {
            int id = int.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture);
            string? name = recording.EventNames.FirstOrDefault(e => e.Id == id).Name;
            return m.Groups["before"].Value + (name ?? m.Groups["id"].Value);
        });
        return TaskNumber().Replace(withEvents, m =>
        {
            int index = int.Parse(m.Groups["index"].Value, CultureInfo.InvariantCulture);
            return index < scenario.Spec.Tasks.Count ? scenario.Spec.Tasks[index].Name : m.Value;
        });
    }

    /// <summary>What a step does, with the scenario's names.</summary>
    public static string TextOf(RecordedStep step, RunRecording recording, Scenario scenario) => Named(Plain(step), recording, scenario);

    /// <summary>Whether a short report has nothing to say of a step: locks that were free, allocations that worked, answers, and no change.</summary>
    public static bool IsQuiet(RunRecording recording, int at) =>
        at < recording.Steps.Count - 1 && recording.Steps[at].Changes.Count == 0 && !IsRacing(recording, recording.Steps[at]) && Shown(recording, at) is null;

    private static bool IsRacing(RunRecording recording, RecordedStep step) =>
        step.Choice.Kind == ChoiceKind.Deliver && recording.ShownRace is { } race && (step.Step == race.Earlier || step.Step == race.Later);

    private static string On(RecordedStep step) => step.To.ToString();

    private static string Plain(RecordedStep step) =>
        step.Choice.Kind == ChoiceKind.Inside ? Answered(step)
        : step.To.Kind == ActorKind.Cpu && step.From.Kind is ActorKind.Cpu or ActorKind.Task or ActorKind.Environment ? step.What
        : step.To.Kind == ActorKind.Cpu ? $"{step.From}: {step.What}"
        : step.What;

    private static string Answered(RecordedStep step) =>
        step.Choice.OptionCount == 2
            ? $"{step.What}: {(step.Choice.Option == 0 ? "no" : "yes")}"
            : string.Create(CultureInfo.InvariantCulture, $"{step.What}: {step.Choice.Option} of {step.Choice.OptionCount}");

    private static string? Shown(RunRecording recording, int at)
    {
        RecordedStep step = recording.Steps[at];
        if (step.Choice.Kind == ChoiceKind.Inside)
        {
            return Answered(step);
        }

        string what = step.What;
        if (Starts(what, "raw_spin_lock by"))
        {
            return Contended(recording, at) is { } holder ? $"{what}: waited for {holder}" : null;
        }

        bool folded = Starts(what, "raw_spin") || Starts(what, "mutex_") || Starts(what, "kmalloc") || Starts(what, "kfree")
            || Starts(what, "continue") || Starts(what, "retire") || Starts(what, "csd_unlock: 0") || Starts(what, "begin")
            || Starts(what, "pmu->start_txn") || Starts(what, "pmu->commit_txn") || Starts(what, "pmu->pmu_")
            || Starts(what, "forget") || (Starts(what, "pmu: ") && what.Length > 5 && (char.IsDigit(what[5]) || what[5] == '-'));
        bool told = Starts(what, "mutex_lock contended") || what.EndsWith("NULL", StringComparison.Ordinal) || what.EndsWith("overflow", StringComparison.Ordinal);
        return folded && !told ? null : Plain(step);
    }

    // Somebody else gave the lock back after this acquire was sent.
    private static string? Contended(RunRecording recording, int at)
    {
        RecordedStep acquire = recording.Steps[at];
        for (int i = at - 1; i >= 0 && recording.Steps[i].Step > acquire.CausedBy; i--)
        {
            RecordedStep other = recording.Steps[i];
            if (other.To == acquire.To && other.From != acquire.From && Starts(other.What, "raw_spin_unlock by"))
            {
                return other.What["raw_spin_unlock by ".Length..];
            }
        }

        return null;
    }

    private static bool Starts(string what, string with) => what.StartsWith(with, StringComparison.Ordinal);

    [GeneratedRegex(@"(?<before>pmu->(?:add|del|read) |__perf_install_in_context\(|event_function\(|__perf_event_read\(|perf_pending_event\(|^period |^forget )(?<id>\d+)")]
    private static partial Regex EventNumber();

    [GeneratedRegex(@"\btask/(?<index>\d+)")]
    private static partial Regex TaskNumber();
}
