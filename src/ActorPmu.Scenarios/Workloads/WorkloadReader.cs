using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;
using ActorPmu.Scenarios.Traces;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>Reads a workload file from top to bottom.</summary>
internal sealed class WorkloadReader(YamlSource source)
{
    private const int CpusMax = 64;
    private const int ToolsMax = 40;
    private const int RateMax = 1_000_000;
    private const long LengthMaxNs = 3_600L * 1_000_000_000;

    private static readonly string[] TopKeys =
        ["machine", "trace", "synthetic", "duration", "rates", "tasks", "cgroups", "tools"];

    private static readonly string[] MachineKeys = ["cpus", "profile", "watchdog", "mux-interval", "tick", "kernel"];
    private static readonly string[] ToolKeys = ["name", "events", "on", "inherit", "group"];
    private static readonly string[] SyntheticKeys = ["name", "cpu", "run", "sleep", "start", "count", "cgroup", "rates"];

    public Workload Read()
    {
        YamlItem tree = source.Tree();
        FileKind.Check(source, tree, FileKind.Workload);
        Fields top = new(source, tree, "a workload", TopKeys);
        Fields machine = new(source, top.Required("machine", "{ profile: skl-ht }"), "a machine", MachineKeys);
        HardwareProfile profile = new ProfileReader(source).NamedOrOwn(machine.Required("profile", "skl-ht"));
        ScenarioNames names = new(source, profile, CpusMax);
        Rates rates = new(source, names, top.Required("rates", "{ cycles: 2000, instructions: 1500 }"));
        RecordedWorkload recorded;
        (string, SchedTrace)? trace = null;
        switch (top.Optional("trace"), top.Optional("synthetic"))
        {
            case ({ } at, null):
                trace = ReadTrace(at);
                recorded = FromTrace(top, rates, trace.Value.Item2);
                break;
            case (null, { } at):
                recorded = Synthetic(top, rates, at);
                break;
            default:
                throw source.Error(
                    top.Optional("synthetic") ?? top.Item, "a workload has a trace or synthetic tasks, one of the two",
                    "write trace: FILE, or synthetic: [ … ]");
        }

        MachineSpec spec = Machine(machine, profile, top, recorded);
        ToolReader tools = new(source, names, rates, recorded, spec.MaxSampleRate);
        List<WorkloadTool> all = [];
        IReadOnlyList<YamlItem> items = top.List("tools");
        if (items.Count is 0 or > ToolsMax)
        {
            throw source.Error(
                top.Optional("tools") ?? top.Item, items.Count == 0 ? "nobody counts anything" : "these are too many tools",
                FormattableString.Invariant($"write 1 to {ToolsMax} tools, like tools: [ {{ name: perf, events: [ cycles ], on: cpus }} ]"));
        }

        foreach (YamlItem item in items)
        {
            all.Add(tools.Read(new Fields(source, item, "a tool", ToolKeys), all));
        }

        return new Workload(source.File, source.LeadingComment(), spec, recorded, all) { Trace = trace };
    }

    private MachineSpec Machine(Fields f, HardwareProfile profile, Fields top, RecordedWorkload recorded)
    {
        long cpus = f.Number("cpus", recorded.CpuCount, 1, CpusMax);
        if (cpus < recorded.CpuCount || recorded.CpuCount > CpusMax)
        {
            throw source.Error(
                f.Optional("cpus") ?? top.Optional("trace") ?? top.Item,
                FormattableString.Invariant($"something runs on CPU {recorded.CpuCount - 1}"),
                recorded.CpuCount > CpusMax
                    ? FormattableString.Invariant($"choose one with at most {CpusMax} CPUs")
                    : FormattableString.Invariant($"write cpus: {recorded.CpuCount}, or leave it out"));
        }

        MachineSpec unless = new() { Profile = profile };
        return unless with
        {
            CpuCount = (int)cpus,
            Watchdog = f.Flag("watchdog"),
            MuxIntervalNs = AtLeastOne(f, "mux-interval", unless.MuxIntervalNs),
            TickNs = f.TimeNs("tick", unless.TickNs),
            KernelVersion = (int)f.Number("kernel", unless.KernelVersion, 400, 999),
            SyscallNs = 0,
            UnitNs = 1_000,
        };
    }

    private long AtLeastOne(Fields f, string key, long unlessSaid)
    {
        long ns = f.TimeNs(key, unlessSaid);
        return ns > 0 ? ns : throw source.Error(f.Optional(key)!, $"{key} is 0", $"write {key}: 4ms, or leave it out");
    }

    private (string, SchedTrace) ReadTrace(YamlItem at)
    {
        string name = Fields.Text(source, at, "trace");
        string path = Path.Combine(Path.GetDirectoryName(source.File) ?? "", name);
        try
        {
            return (path, SchedTrace.ReadFile(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw source.Error(at, $"the trace {path} cannot be read", "name a file, relative to this one");
        }
    }

    private RecordedWorkload FromTrace(Fields top, Rates rates, SchedTrace trace)
    {
        if (top.Optional("duration") is { } duration)
        {
            throw source.Error(duration, "a trace lasts as long as it lasts", "leave duration out");
        }

        TaskRules rules = new(source, rates, top);
        return TraceRecording.Make(trace, task => rules.Of(task.Comm), rules.Cgroups);
    }

    private RecordedWorkload Synthetic(Fields top, Rates rates, YamlItem at)
    {
        foreach (string key in (string[])["tasks", "cgroups"])
        {
            if (top.Optional(key) is { } item)
            {
                throw source.Error(item, $"{key} says what the tasks of a trace are", "write cgroup: and rates: at the synthetic task");
            }
        }

        YamlItem duration = top.Required("duration", "100ms");
        long lengthNs = Fields.TimeNs(source, duration, "duration");
        if (lengthNs is 0 or > LengthMaxNs)
        {
            throw source.Error(duration, "duration is out of range", "write a time from 1ns to 3600s");
        }

        List<SyntheticTask> tasks = [];
        foreach (YamlItem item in Fields.List(source, at, "synthetic"))
        {
            Fields f = new(source, item, "a synthetic task", SyntheticKeys);
            string name = f.Text("name", "busy");
            if (tasks.Exists(t => t.Name == name) || name.Contains(':', StringComparison.Ordinal))
            {
                throw source.Error(f.Required("name", ""), $"\"{name}\" cannot be another task", "choose a name of its own, without a colon");
            }

            tasks.Add(new SyntheticTask(
                name,
                (int)f.Number("cpu", 0, 0, CpusMax - 1),
                f.Has("run") ? AtLeastOne(f, "run", 1) : throw source.Error(item, "a synthetic task needs \"run\"", "write run: 1ms"),
                f.TimeNs("sleep", 0))
            {
                StartNs = f.TimeNs("start", 0),
                Count = (int)f.Number("count", 1, 1, 10_000),
                Cgroup = f.Optional("cgroup") is { } cgroup ? TaskRules.CgroupPath(source, cgroup) : null,
                Work = f.Optional("rates") is { } own ? rates.Work(own) : rates.Default,
            });
        }

        return SyntheticRecording.Make(tasks, lengthNs);
    }

    /// <summary>Occurrences per microsecond of user time.</summary>
    internal sealed class Rates
    {
        private readonly YamlSource _source;
        private readonly ScenarioNames _names;
        private readonly SortedSet<uint> _codes = [];

        public Rates(YamlSource source, ScenarioNames names, YamlItem item)
        {
            (_source, _names) = (source, names);
            Default = Work(item);
        }

        public Work Default { get; }

        /// <summary>Whether some task makes an event of that code happen.</summary>
        public bool Has(uint code) => _codes.Contains(code);

        public Work Work(YamlItem item)
        {
            YamlMap map = item as YamlMap
                ?? throw _source.Error(item, $"rates is a map of events and numbers, not {item.Kind}", "write { cycles: 2000 }");
            List<Occurrences> steps = [];
            foreach ((YamlScalar key, YamlItem value) in map.Entries)
            {
                uint code = _names.Code(key);
                _codes.Add(code);
                steps.Add(new Occurrences(code, (int)Fields.Number(_source, value, key.Text, 0, RateMax)));
            }

            return new Work([.. steps]);
        }
    }
}
