using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>Reads a scenario file from top to bottom.</summary>
internal sealed class ScenarioReader(YamlSource source)
{
    private const int TasksMax = 48;

    private static readonly string[] TopKeys = ["machine", "cgroups", "work", "kernel-work", "tasks", "inject", "expect"];

    private static readonly string[] MachineKeys =
    [
        "cpus", "profile", "rt", "watchdog", "mux-fires", "mux-interval", "alloc-failures", "fine-grained", "memory", "kernel", "mended", "tick", "tick-units",
        "move", "unit", "syscall", "paranoid", "privileged", "max-sample-rate",
    ];

    private static readonly string[] TaskKeys = ["name", "cpu", "cgroup", "forked", "work", "repeat", "script"];

    public Scenario Read()
    {
        YamlItem tree = Tree();
        FileKind.Check(source, tree, FileKind.Scenario);
        Fields top = new(source, tree, "a scenario", TopKeys);
        MachineSpec spec = Machine(new Fields(source, top.Required("machine", "{ cpus: 1, profile: skl-ht }"), "a machine", MachineKeys));
        ScenarioNames names = new(source, spec.Profile, spec.CpuCount);
        List<CgroupSpec> cgroups = [.. top.List("cgroups").Select(item => Cgroup(names, item))];
        List<(string Name, Fields Fields)> heads = TaskHeads(top, names);
        StepReader steps = new(names);
        List<ScriptTask> scripts = [.. heads.Select(h => new ScriptTask(h.Name, Script(h.Fields, steps)))];
        FdChecker fds = new(source, scripts);
        fds.Check();
        spec = spec with
        {
            Cgroups = cgroups,
            Work = top.Optional("work") is { } work ? Work(names, work) : default,
            KernelWork = top.Optional("kernel-work") is { } kernelWork ? Work(names, kernelWork) : default,
            Tasks = [.. heads.Select((h, i) => Task(names, h.Name, h.Fields, scripts[i]))],
            Injections = [.. top.List("inject").Select(item => Inject(names, fds, item))],
        };
        return new Scenario(source.File, source.Text, source.LeadingComment(), spec, scripts, Expect(names, scripts, top.List("expect")));
    }

    // Its lines are none of YAML's before a number of events is chosen.
    private YamlItem Tree()
    {
        try
        {
            return source.Tree();
        }
        catch (InputError) when (CostProgram.IsOne(source.Text))
        {
            throw source.Error(0, 0, "this is a program of costs and no scenario", "a row of kind cost in a matrix names it");
        }
    }

    private MachineSpec Machine(Fields f)
    {
        const int CpusMax = 64;
        bool fine = f.Flag("fine-grained");
        if (!fine && f.Optional("memory") is { } unused)
        {
            throw source.Error(
                unused, "memory says what others see between accesses, and without fine-grained: true nobody comes in between",
                "add fine-grained: true, or leave memory out");
        }

        MachineSpec unless = new() { Profile = new ProfileReader(source).NamedOrOwn(f.Required("profile", "skl-ht")) };
        return unless with
        {
            CpuCount = (int)f.Number("cpus", unless.CpuCount, 1, CpusMax),
            PreemptRt = f.Flag("rt"),
            Watchdog = f.Flag("watchdog"),
            MuxFires = (int)f.Number("mux-fires", unless.MuxFires, 0, int.MaxValue),
            MuxIntervalNs = f.TimeNs("mux-interval", unless.MuxIntervalNs),
            AllocationFailures = (int)f.Number("alloc-failures", 0, 0, int.MaxValue),
            FineGrained = fine,
            Memory = f.Optional("memory") is { } memory ? Memory(memory) : unless.Memory,
            KernelVersion = f.Optional("kernel") is { } version ? Version(version) : unless.KernelVersion,
            Mended = f.Words("mended", LinuxFaultNames.All, "fault of Linux").Aggregate(LinuxFaults.None, (all, m) => all | LinuxFaultNames.Get(m.Word)),
            TickNs = f.TimeNs("tick", unless.TickNs),
            TickUnits = (int)f.Number("tick-units", unless.TickUnits, 0, int.MaxValue),
            MoveNs = f.TimeNs("move", unless.MoveNs),
            UnitNs = f.TimeNs("unit", unless.UnitNs),
            SyscallNs = f.TimeNs("syscall", unless.SyscallNs),
            PerfEventParanoid = (int)f.Number("paranoid", unless.PerfEventParanoid, -1, 4),
            Privileged = f.Flag("privileged", unless.Privileged),
            MaxSampleRate = f.Unsigned("max-sample-rate", unless.MaxSampleRate),
        };
    }

    private MemoryModel Memory(YamlItem item) => Fields.OneOf(source, item, "memory", ["weak", "tso", "sc"]) switch
    {
        "weak" => MemoryModel.Weak,
        "tso" => MemoryModel.TotalStoreOrder,
        _ => MemoryModel.SequentiallyConsistent,
    };

    private int Version(YamlItem item)
    {
        string[] parts = Fields.Text(source, item, "kernel").TrimStart('v').Split('.');
        return parts.Length == 2 && IsNumber(parts[0], out int major) && IsNumber(parts[1], out int minor) && minor < 100
            ? (major * 100) + minor
            : throw source.Error(item, $"kernel is a version, not {item.Kind}", "write it like kernel: \"5.3\"");
    }

    private static bool IsNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    // A cgroup's name is its path; the parents stand before their children.
    private CgroupSpec Cgroup(ScenarioNames names, YamlItem item)
    {
        string path = Fields.Text(source, item, "cgroup");
        int slash = path.LastIndexOf('/');
        if (path == "root" || slash == 0 || slash == path.Length - 1)
        {
            throw source.Error(item, $"\"{path}\" cannot be a cgroup", "write a path below the root, like a or a/b");
        }

        if (names.Cgroups.Contains(path))
        {
            throw source.Error(item, $"cgroup {path} is here twice", "keep one of the two");
        }

        string? parent = slash < 0 ? null : path[..slash];
        if (parent is not null && !names.Cgroups.Contains(parent))
        {
            throw source.Error(item, $"there is no cgroup \"{parent}\" before this one", $"write [ {parent}, {path} ]");
        }

        names.Cgroups.Add(path);
        return new CgroupSpec(path, parent);
    }

    private List<(string Name, Fields Fields)> TaskHeads(Fields top, ScenarioNames names)
    {
        YamlItem list = top.Required("tasks", "[ { name: tool, script: [ … ] } ]");
        List<(string, Fields)> heads = [];
        IReadOnlyList<YamlItem> items = Fields.List(source, list, "tasks");
        if (items.Count is 0 or > TasksMax)
        {
            // Before the names are compared, each with all others.
            throw items.Count == 0
                ? source.Error(list, "there are no tasks", "write at least one")
                : source.Error(items[TasksMax], FormattableString.Invariant($"there are {items.Count} tasks"), FormattableString.Invariant($"a machine has room for {TasksMax}"));
        }

        foreach (YamlItem item in items)
        {
            Fields fields = new(source, item, "a task", TaskKeys);
            YamlItem at = fields.Required("name", "tool");
            string name = Fields.Text(source, at, "name");
            if (ScenarioNames.NotATask.Contains(name))
            {
                throw source.Error(at, $"\"{name}\" cannot be a task", "choose another name");
            }

            if (names.Tasks.Contains(name))
            {
                throw source.Error(at, $"there are two tasks called {name}", "give one of them another name");
            }

            names.Tasks.Add(name);
            if (fields.Flag("forked"))
            {
                names.ForkedTasks.Add(name);
            }

            heads.Add((name, fields));
        }

        return heads;
    }

    // Each step has an object of its own, repeated or not.
    private List<ScriptStep> Script(Fields task, StepReader steps)
    {
        const int RepeatMax = 10_000;
        int repeat = (int)task.Number("repeat", 1, 1, RepeatMax);
        IReadOnlyList<YamlItem> items = Fields.List(source, task.Required("script", "[ … ]"), "script");
        return [.. Enumerable.Range(0, repeat).SelectMany(_ => items.Select(steps.Read))];
    }

    private TaskSpec Task(ScenarioNames names, string name, Fields f, ScriptTask script) =>
        new(name, f.Optional("cpu") is { } cpu ? names.Cpu(cpu, "cpu") : 0, () => new ScriptProgram(script.Steps))
        {
            Cgroup = f.Optional("cgroup") is { } cgroup && names.Cgroup(cgroup, "cgroup") is var path && path != "root" ? path : null,
            Forked = f.Flag("forked"),
            Work = f.Optional("work") is { } work ? Work(names, work) : null,
        };

    private Work Work(ScenarioNames names, YamlItem item)
    {
        YamlMap map = item as YamlMap
            ?? throw source.Error(item, $"work is a map of events and numbers, not {item.Kind}", "write work: { cycles: 1 }");
        List<Occurrences> steps = [];
        foreach ((YamlScalar key, YamlItem value) in map.Entries)
        {
            steps.Add(new Occurrences(names.Code(key), (int)Fields.Number(source, value, key.Text, 0, 1_000_000_000)));
        }

        return new Work([.. steps]);
    }

    private Injection Inject(ScenarioNames names, FdChecker fds, YamlItem item)
    {
        const int TimesMax = 1_000;
        Fields outer = new(source, item, "an injection", ["tick", "mux", "pmi"]);
        if (((YamlMap)outer.Item).Entries is not [(YamlScalar kind, YamlItem value)])
        {
            throw source.Error(item, "an injection is one interrupt", "write { tick: { cpu: 0, times: 1 } }");
        }

        string[] keys = kind.Text == "pmi" ? ["cpu", "times", "task", "reads"] : ["cpu", "times"];
        Fields f = new(source, value, $"a {kind.Text}", keys);
        int cpu = names.Cpu(f.Required("cpu", "0"), "cpu");
        int times = (int)f.Number("times", 1, 1, TimesMax);
        if (kind.Text != "pmi")
        {
            return new Injection(kind.Text == "tick" ? InjectionKind.Tick : InjectionKind.MuxTimer, cpu, times);
        }

        string task = names.Task(f.Required("task", "tool"), "task");
        YamlItem fd = f.Required("reads", "A");
        return new Injection(InjectionKind.Pmi, cpu, times) { Task = task, Event = fds.Opened(task, fd, "reads") };
    }

    private Expectations Expect(ScenarioNames names, List<ScriptTask> scripts, IReadOnlyList<YamlItem> items)
    {
        Expectations all = new();
        foreach (YamlItem item in items)
        {
            Fields f = new(source, item, "an expectation", ["count", "sharing", "sometimes", "ignore"]);
            if (f.Optional("count") is { } count)
            {
                all = all with { Counts = [.. all.Counts, Count(names, scripts, count)] };
            }

            if (f.Optional("sharing") is { } sharing)
            {
                string word = Fields.OneOf(source, sharing, "sharing", ["sometimes", "never"]);
                all = all with { Sharing = word == "never" ? SharingExpectation.Never : SharingExpectation.Sometimes };
            }

            foreach ((string word, _) in f.Words("sometimes", Happenings.All, "happening"))
            {
                all = word == Happenings.Sharing
                    ? all with { Sharing = SharingExpectation.Sometimes }
                    : all with { Sometimes = [.. all.Sometimes.Where(s => s != word), word] };
            }

            string[] known = [.. Properties.All.Select(p => p.Name)];
            SortedSet<Property> ignored = [.. all.Ignored, .. f.Words("ignore", known, "property").Select(w => Properties.Find(w.Word)!.Value)];
            all = all with { Ignored = ignored };
        }

        return all;
    }

    private CountAtEnd Count(ScenarioNames names, List<ScriptTask> scripts, YamlItem item)
    {
        Fields f = new(source, item, "a count", ["task", "fd", "at-end"]);
        string task = names.Task(f.Required("task", "tool"), "task");
        YamlItem fdItem = f.Required("fd", "A");
        string fd = Fields.Text(source, fdItem, "fd");
        if (!scripts.Find(s => s.Name == task)!.Steps.Any(s => s.Op is ReadOp))
        {
            throw source.Error(fdItem, $"task {task} reads nothing", $"add - read: {fd} to its script");
        }

        return new CountAtEnd(task, fd, ExpectReader.Range(source, f.Required("at-end", "10")), item.Line);
    }
}
