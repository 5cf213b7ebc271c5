namespace ActorPmu.Scenarios.Conform;

/// <summary>The tasks, events and cgroups that the steps so far have given names to.</summary>
internal sealed class CaseNames
{
    private readonly List<string> tasks = [ConformCase.SelfTask];
    private readonly List<string> events = [];
    private readonly List<string> cgroups = [ConformCase.RootCgroup];

    public string NewTask(JsonFields args) => New(args, "name", tasks, ["self", "any"]);

    public string NewCgroup(JsonFields args) => New(args, "name", cgroups, ["root", "none", "badfd", "notcgroup"]);

    /// <summary>An event's name; it may be opened again.</summary>
    public string NewEvent(JsonFields args) => New(args, "ev", events, ["none", "notperf"]);

    public string Task(JsonFields args, string arg) => args.Has(arg) ? RequiredTask(args, arg) : ConformCase.SelfTask;

    public string RequiredTask(JsonFields args, string arg) => Known(args, args.Required(arg), args.Text(arg), "task", tasks);

    public string Event(JsonFields args) => Event(args, args.Required("ev"), args.Text("ev"));

    public string Event(JsonFields args, JsonItem at, string name) => Known(args, at, name, "event", events);

    public string Cgroup(JsonFields args, string arg) => Cgroup(args, args.Required(arg), args.Text(arg));

    public string Cgroup(JsonFields args, JsonItem at, string name) => Known(args, at, name, "cgroup", cgroups);

    public string Task(JsonFields args, JsonItem at, string name) => Known(args, at, name, "task", tasks);

    private static string New(JsonFields args, string arg, List<string> given, string[] reserved)
    {
        string name = args.Text(arg);
        if (name.Length == 0 || reserved.Contains(name) || name.Contains(':', StringComparison.Ordinal))
        {
            throw args.Error(args.Required(arg).At, $"\"{name}\" cannot be a name", "choose another name");
        }

        if (!given.Contains(name))
        {
            given.Add(name);
        }

        return name;
    }

    private static string Known(JsonFields args, JsonItem at, string name, string what, List<string> given) =>
        given.Contains(name)
            ? name
            : throw args.Error(at.At, $"no {what} \"{name}\" before this step", KnownNames.Advice(name, given));
}
