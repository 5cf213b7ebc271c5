using System.Globalization;

namespace ActorPmu.Scenarios;

/// <summary>Smaller drafts. Each edit takes a place and returns null behind the last one; where nothing is to be had it returns the draft itself.</summary>
/// <remarks>What refers to a part goes with it; whether the rest makes sense is for the reader to say.</remarks>
internal static class DraftEdits
{
    private const string Any = "any";

    public static ScenarioDraft? WithoutTask(ScenarioDraft draft, int at)
    {
        // The last one first: helpers stand behind.
        int index = draft.Tasks.Count - 1 - at;
        if (index < 0)
        {
            return null;
        }

        string name = draft.Tasks[index].Name;
        ScenarioDraft rest = draft with { Tasks = [.. draft.Tasks.Where(t => t.Name != name)] };
        return Settle(rest with { Tasks = [.. rest.Tasks.Select(t => t with { Steps = [.. t.Steps.Where(s => !Names(s, name))] })] });
    }

    public static ScenarioDraft WithoutSteps(ScenarioDraft draft, int from, int count)
    {
        int at = 0;
        List<DraftTask> tasks = [];
        foreach (DraftTask task in draft.Tasks)
        {
            List<DraftStep> steps = [];
            foreach (DraftStep step in task.Steps)
            {
                if (at < from || at >= from + count)
                {
                    steps.Add(step);
                }

                at++;
            }

            tasks.Add(task with { Steps = steps });
        }

        return Settle(draft with { Tasks = tasks });
    }

    public static ScenarioDraft? WithoutInjection(ScenarioDraft draft, int at) =>
        at >= draft.Injections.Count ? null : draft with { Injections = Without(draft.Injections, at) };

    public static ScenarioDraft? WithoutExpectation(ScenarioDraft draft, int at) =>
        at >= draft.Expect.Count ? null : draft with { Expect = Without(draft.Expect, at) };

    public static ScenarioDraft? WithoutIgnored(ScenarioDraft draft, int at) =>
        at >= draft.Ignore.Count ? null : draft with { Ignore = Without(draft.Ignore, at) };

    public static ScenarioDraft? WithoutMachineKey(ScenarioDraft draft, int at) =>
        at >= draft.Machine.Count ? null
        : draft.Machine[at].Key is "cpus" or "profile" or "mended" ? draft
        : draft with { Machine = Without(draft.Machine, at) };

    public static ScenarioDraft? WithFewerCpus(ScenarioDraft draft, int at)
    {
        int index = IndexOf(draft.Machine, "cpus");
        if (at > 0 || index < 0 || !int.TryParse(draft.Machine[index].Value, CultureInfo.InvariantCulture, out int cpus))
        {
            return null;
        }

        return cpus == 1 ? draft : draft with { Machine = With(draft.Machine, index, Number("cpus", cpus - 1)) };
    }

    public static ScenarioDraft? WithoutCgroup(ScenarioDraft draft, int at) =>
        at >= draft.Cgroups.Count ? null : draft with { Cgroups = Without(draft.Cgroups, draft.Cgroups.Count - 1 - at) };

    public static ScenarioDraft? InRootCgroup(ScenarioDraft draft, int at) =>
        at >= draft.Tasks.Count ? null : draft with { Tasks = With(draft.Tasks, at, draft.Tasks[at] with { Cgroup = null }) };

    public static ScenarioDraft? OnFirstCpu(ScenarioDraft draft, int at) =>
        at >= draft.Tasks.Count ? null : draft with { Tasks = With(draft.Tasks, at, draft.Tasks[at] with { Cpu = 0 }) };

    public static ScenarioDraft? WithoutWork(ScenarioDraft draft, int at) =>
        at >= draft.Work.Count ? null : draft with { Work = Without(draft.Work, at) };

    /// <summary>A task that is there from the start, instead of being forked.</summary>
    public static ScenarioDraft? NotForked(ScenarioDraft draft, int at)
    {
        if (at >= draft.Tasks.Count)
        {
            return null;
        }

        DraftTask task = draft.Tasks[at];
        return !task.Forked ? draft : draft with
        {
            Tasks =
            [
                .. With(draft.Tasks, at, task with { Forked = false })
                    .Select(t => t with { Steps = [.. t.Steps.Where(s => s.Name != "fork" || s.Value("child") != task.Name)] }),
            ],
        };
    }

    /// <summary>A task's operations at the end of those of the task before it, or in front of them.</summary>
    public static ScenarioDraft? WithTasksInOne(ScenarioDraft draft, int at)
    {
        int index = (at / 2) + 1;
        if (index >= draft.Tasks.Count)
        {
            return null;
        }

        (DraftTask before, DraftTask task) = (draft.Tasks[index - 1], draft.Tasks[index]);
        if (task.Forked || before.Forked)
        {
            return draft;
        }

        DraftTask one = before with { Steps = at % 2 == 0 ? [.. before.Steps, .. task.Steps] : [.. task.Steps, .. before.Steps] };
        return Settle(draft with { Tasks = Without(With(draft.Tasks, index - 1, one), index) });
    }

    public static ScenarioDraft? WithoutField(ScenarioDraft draft, int at) => EditField(draft, at, (step, field) => null);

    /// <summary>A number halved, then less by one; a place 0; an event of the first class.</summary>
    public static ScenarioDraft? WithSmallerValue(ScenarioDraft draft, int at)
    {
        const int Ways = 3;
        if (at / Ways >= draft.Work.Count)
        {
            return EditField(draft, (at / Ways) - draft.Work.Count, (step, field) => Smaller(draft, field, at % Ways));
        }

        DraftField work = draft.Work[at / Ways];
        return draft with { Work = With(draft.Work, at / Ways, Smaller(draft, work, at % Ways)) };
    }

    /// <summary>Descriptors called A, B, C in the order in which they are opened, tasks by their order.</summary>
    public static ScenarioDraft Renamed(ScenarioDraft draft)
    {
        string[] taskNames = ["tool", "other", "third", "fourth"];
        List<(string Old, string New)> fds = [.. Opened(draft).Distinct().Select((old, i) => (old, i < 26 ? ((char)('A' + i)).ToString() : old))];
        List<(string Old, string New)> tasks = [.. draft.Tasks.Select((t, i) => (t.Name, i < taskNames.Length ? taskNames[i] : t.Name))];
        DraftStep Rename(DraftStep step) => step with
        {
            Fields =
            [
                .. step.Fields.Select(f => f.Key switch
                {
                    "fd" or "group" or "reads" => f with { Value = New(fds, f.Value) },
                    "task" or "child" => f with { Value = New(tasks, f.Value) },
                    _ => f,
                }),
            ],
        };
        return draft with
        {
            Tasks = [.. draft.Tasks.Select(t => t with { Name = New(tasks, t.Name), Steps = [.. t.Steps.Select(Rename)] })],
            Injections = [.. draft.Injections.Select(Rename)],
            Expect = [.. draft.Expect.Select(Rename)],
        };
    }

    private static string New(List<(string Old, string New)> names, string old) =>
        names.Find(n => n.Old == old) is { New: { } name } ? name : old;

    private static DraftField Smaller(ScenarioDraft draft, DraftField field, int way)
    {
        if (field.Key == "event")
        {
            return way == 0 && draft.Work.Count > 0 ? field with { Value = draft.Work[0].Key } : field;
        }

        if (!long.TryParse(field.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return field;
        }

        long smaller = way switch { 0 => field.Key is "cpu" ? 0 : 1, 1 => value / 2, _ => value - 1 };
        return smaller < 0 || smaller >= value ? field : field with { Value = ScenarioShrinker.Number(smaller) };
    }

    private static ScenarioDraft? EditField(ScenarioDraft draft, int at, Func<DraftStep, DraftField, DraftField?> edit)
    {
        for (int t = 0; t < draft.Tasks.Count; t++)
        {
            DraftTask task = draft.Tasks[t];
            for (int s = 0; s < task.Steps.Count; s++)
            {
                DraftStep step = task.Steps[s];
                if (at < step.Fields.Count)
                {
                    DraftStep edited = step with { Fields = Edited(step, at, edit) };
                    return draft with { Tasks = With(draft.Tasks, t, task with { Steps = With(task.Steps, s, edited) }) };
                }

                at -= step.Fields.Count;
            }
        }

        for (int i = 0; i < draft.Injections.Count; i++)
        {
            if (at < draft.Injections[i].Fields.Count)
            {
                return draft with
                {
                    Injections = With(draft.Injections, i, draft.Injections[i] with { Fields = Edited(draft.Injections[i], at, edit) }),
                };
            }

            at -= draft.Injections[i].Fields.Count;
        }

        return null;
    }

    private static List<DraftField> Edited(DraftStep step, int at, Func<DraftStep, DraftField, DraftField?> edit) =>
        edit(step, step.Fields[at]) is { } field ? With(step.Fields, at, field) : Without(step.Fields, at);

    // Descriptors that nobody opens any more, children that nobody forks, and what reads them.
    private static ScenarioDraft Settle(ScenarioDraft draft)
    {
        List<string> opened = Opened(draft);
        List<DraftTask> tasks = [.. draft.Tasks.Select(t => t with { Steps = [.. t.Steps.Where(s => IsOpen(s, opened)).Select(s => Ungrouped(s, opened))] })];
        string[] forked = [.. tasks.SelectMany(t => t.Steps).Where(s => s.Name == "fork").Select(s => s.Value("child")!)];
        DraftTask? orphan = tasks.Find(t => t.Forked && !forked.Contains(t.Name));
        ScenarioDraft settled = draft with
        {
            Tasks = tasks,
            Injections = [.. draft.Injections.Where(i => i.Value("reads") is not { } fd || opened.Contains(fd)).Where(i => i.Value("task") is not { } name || tasks.Exists(t => t.Name == name))],
            Expect = [.. draft.Expect.Where(e => e.Value("fd") is not { } fd || opened.Contains(fd)).Where(e => e.Value("task") is not { } name || tasks.Exists(t => t.Name == name))],
        };
        return orphan is null ? settled : WithoutTask(settled, settled.Tasks.Count - 1 - tasks.IndexOf(orphan))!;
    }

    private static List<string> Opened(ScenarioDraft draft) =>
        [.. draft.Tasks.SelectMany(t => t.Steps).Where(s => s.Name == "open").Select(s => s.Value("fd") ?? "")];

    private static bool IsOpen(DraftStep step, List<string> opened) =>
        step.Name == "open" || step.Value("fd") is not { } fd || opened.Contains(fd);

    private static DraftStep Ungrouped(DraftStep step, List<string> opened) =>
        step.Name == "open" && step.Value("group") is { } leader && !opened.Contains(leader)
            ? step with { Fields = [.. step.Fields.Where(f => f.Key != "group")] }
            : step;

    private static bool Names(DraftStep step, string task) =>
        step.Value("child") == task || (step.Value("task") == task && task != Any);

    private static DraftField Number(string key, int value) => new(key, value.ToString(CultureInfo.InvariantCulture));

    private static int IndexOf(IReadOnlyList<DraftField> fields, string key)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, int at) => [.. list.Where((_, i) => i != at)];

    private static List<T> With<T>(IReadOnlyList<T> list, int at, T item) => [.. list.Select((old, i) => i == at ? item : old)];
}
