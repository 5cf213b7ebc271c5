namespace ActorPmu.Scenarios.Workloads;

/// <summary>What a workload file says of a trace's tasks, by patterns of their names.</summary>
internal sealed class TaskRules
{
    private readonly List<(string Pattern, TaskBehaviour Behaviour)> _behaviours = [];
    private readonly List<(string Pattern, string Cgroup)> _members = [];
    private readonly WorkloadReader.Rates _rates;

    public TaskRules(YamlSource source, WorkloadReader.Rates rates, Fields top)
    {
        _rates = rates;
        foreach ((YamlScalar pattern, YamlItem value) in Entries(source, top, "tasks", "{ \"idle*\": idle }"))
        {
            _behaviours.Add((pattern.Text, value switch
            {
                YamlScalar { Text: "idle" } => new TaskBehaviour(true, default),
                YamlMap => new TaskBehaviour(false, rates.Work(value)),
                _ => throw source.Error(value, $"a task is idle or has rates of its own, not {value.Kind}", "write idle, or { cycles: 2000 }"),
            }));
        }

        List<string> cgroups = [];
        foreach ((YamlScalar path, YamlItem value) in Entries(source, top, "cgroups", "{ /a: [ \"bench*\" ] }"))
        {
            cgroups.Add(CgroupPath(source, path));
            foreach (YamlItem pattern in Fields.List(source, value, path.Text))
            {
                _members.Add((Fields.Text(source, pattern, "task"), cgroups[^1]));
            }
        }

        Cgroups = cgroups;
    }

    /// <summary>Cgroups that are there whatever the trace says.</summary>
    public IReadOnlyList<string> Cgroups { get; }

    /// <summary>The first rule that fits a name decides.</summary>
    public TaskBehaviour Of(string comm)
    {
        int rule = _behaviours.FindIndex(b => Glob.Matches(b.Pattern, comm));
        TaskBehaviour behaviour = rule >= 0 ? _behaviours[rule].Behaviour : new TaskBehaviour(false, _rates.Default);
        int member = _members.FindIndex(m => Glob.Matches(m.Pattern, comm));
        return member >= 0 ? behaviour with { Cgroup = _members[member].Cgroup } : behaviour;
    }

    public static string CgroupPath(YamlSource source, YamlItem item)
    {
        string path = Fields.Text(source, item, "cgroup");
        return path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal)
            ? path
            : throw source.Error(item, $"\"{path}\" is no path of a cgroup", "write it from the root, like /a or /a/b");
    }

    private static IReadOnlyList<(YamlScalar Key, YamlItem Value)> Entries(YamlSource source, Fields top, string key, string example) =>
        top.Optional(key) switch
        {
            null or { IsEmpty: true } => [],
            YamlMap map => map.Entries,
            { } other => throw source.Error(other, $"{key} is a map, not {other.Kind}", $"write {key}: {example}"),
        };
}
