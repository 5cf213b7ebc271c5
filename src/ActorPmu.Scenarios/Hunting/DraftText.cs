using System.Globalization;
using System.Text;

namespace ActorPmu.Scenarios;

/// <summary>Drafts as scenario files, and scenario files as drafts.</summary>
public static class DraftText
{
    /// <summary>Writes a draft. The same draft gives the same bytes; lines end with <c>\n</c>.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="story">The lines of the comment at the head, without their <c>#</c>; null for none.</param>
    public static string Write(ScenarioDraft draft, IReadOnlyList<string>? story = null)
    {
        ArgumentNullException.ThrowIfNull(draft);
        StringBuilder text = new();
        foreach (string line in story ?? [])
        {
            text.Append(line.Length == 0 ? "#" : "# ").Append(line).Append('\n');
        }

        text.Append("machine: ").Append(Map(draft.Machine)).Append('\n');
        if (draft.Cgroups.Count > 0)
        {
            text.Append("cgroups: [").AppendJoin(", ", draft.Cgroups).Append("]\n");
        }

        AppendWork(text, "work", draft.Work);
        AppendWork(text, "kernel-work", draft.KernelWork);
        text.Append("tasks:\n");
        foreach (DraftTask task in draft.Tasks)
        {
            Append(text, task);
        }

        AppendList(text, "inject", draft.Injections);
        List<DraftStep> expect = [.. draft.Expect];
        if (draft.Ignore.Count > 0)
        {
            string ignored = draft.Ignore.Count == 1 ? draft.Ignore[0] : $"[{string.Join(", ", draft.Ignore)}]";
            expect.Add(new DraftStep("ignore", [new DraftField("", ignored)]));
        }

        AppendList(text, "expect", expect);
        return text.ToString();
    }

    /// <summary>Takes a scenario apart. Its comments are left out.</summary>
    /// <param name="scenario">The scenario.</param>
    public static ScenarioDraft Read(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        YamlMap top = (YamlMap)new YamlSource(scenario.Text, scenario.File).Tree();
        List<DraftStep> expect = [];
        List<string> ignore = [];
        foreach (YamlItem item in Items(top, "expect"))
        {
            foreach ((YamlScalar key, YamlItem value) in ((YamlMap)item).Entries)
            {
                if (key.Text == "ignore")
                {
                    ignore.AddRange(value is YamlList list ? list.Items.Select(Flow) : [Flow(value)]);
                }
                else
                {
                    expect.Add(Step(key, value));
                }
            }
        }

        return new ScenarioDraft(
            FieldsOf(Find(top, "machine")), [.. Items(top, "cgroups").Select(Flow)], FieldsOf(Find(top, "work")),
            FieldsOf(Find(top, "kernel-work")), [.. Items(top, "tasks").Select(item => Task((YamlMap)item))],
            [.. Items(top, "inject").Select(Step)], expect, ignore);
    }

    private static void AppendWork(StringBuilder text, string key, IReadOnlyList<DraftField> work)
    {
        if (work.Count > 0)
        {
            text.Append(key).Append(": ").Append(Map(work)).Append('\n');
        }
    }

    private static void Append(StringBuilder text, DraftTask task)
    {
        text.Append("  - name: ").Append(task.Name).Append('\n');
        if (task.Cpu != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    cpu: {task.Cpu}\n");
        }

        if (task.Cgroup is { } cgroup)
        {
            text.Append("    cgroup: ").Append(cgroup).Append('\n');
        }

        if (task.Forked)
        {
            text.Append("    forked: true\n");
        }

        if (task.Work.Count > 0)
        {
            text.Append("    work: ").Append(Map(task.Work)).Append('\n');
        }

        text.Append("    script:");
        text.Append(task.Steps.Count == 0 ? " []\n" : "\n");
        foreach (DraftStep step in task.Steps)
        {
            text.Append("      - ").Append(Line(step)).Append('\n');
        }
    }

    private static void AppendList(StringBuilder text, string key, IReadOnlyList<DraftStep> items)
    {
        if (items.Count > 0)
        {
            text.Append(key).Append(":\n");
            foreach (DraftStep item in items)
            {
                text.Append("  - ").Append(Line(item)).Append('\n');
            }
        }
    }

    // An operation's first argument may stand alone.
    private static string Line(DraftStep step) => step.Fields switch
    {
        [] => step.Name,
        [{ Value: "" }] => $"{step.Name}: {Map(step.Fields)}",
        [var only] when only.Key.Length == 0 || (step.Name != "open" && only.Key == StepReader.FirstKey(step.Name)) => $"{step.Name}: {only.Value}",
        _ => $"{step.Name}: {Map(step.Fields)}",
    };

    private static string Map(IReadOnlyList<DraftField> fields) =>
        $"{{ {string.Join(", ", fields.Select(f => f.Value.Length == 0 ? f.Key : $"{f.Key}: {f.Value}"))} }}";

    private static YamlItem? Find(YamlMap map, string key) => map.Entries.FirstOrDefault(e => e.Key.Text == key).Value;

    private static IReadOnlyList<YamlItem> Items(YamlMap map, string key) => Find(map, key) is YamlList list ? list.Items : [];

    private static List<DraftField> FieldsOf(YamlItem? item) =>
        item is YamlMap map ? [.. map.Entries.Select(e => new DraftField(e.Key.Text, Flow(e.Value)))] : [];

    private static DraftTask Task(YamlMap map) => new(
        Flow(Find(map, "name")!),
        Find(map, "cpu") is { } cpu ? int.Parse(Flow(cpu), CultureInfo.InvariantCulture) : 0,
        Find(map, "cgroup") is { } cgroup ? Flow(cgroup) : null,
        Find(map, "forked") is { } forked && Flow(forked) is "" or "true",
        FieldsOf(Find(map, "work")),
        [.. Enumerable.Range(0, Find(map, "repeat") is { } repeat ? int.Parse(Flow(repeat), CultureInfo.InvariantCulture) : 1)
            .SelectMany(_ => Items(map, "script").Select(Step))]);

    private static DraftStep Step(YamlItem item) =>
        item is YamlMap { Entries: [var (key, value)] } ? Step(key, value) : new DraftStep(Flow(item), []);

    private static DraftStep Step(YamlScalar name, YamlItem value) => value switch
    {
        YamlMap map => new DraftStep(name.Text, FieldsOf(map)),
        { IsEmpty: true } => new DraftStep(name.Text, []),
        _ => new DraftStep(name.Text, [new DraftField(StepReader.FirstKey(name.Text) ?? "", Flow(value))]),
    };

    private static string Flow(YamlItem item) => FlowText.Of(item);
}
