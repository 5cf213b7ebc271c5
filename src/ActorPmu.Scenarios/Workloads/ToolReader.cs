using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>Reads the tools of a workload file.</summary>
internal sealed class ToolReader(YamlSource source, ScenarioNames names, WorkloadReader.Rates rates, RecordedWorkload recorded, ulong maxSampleRate)
{
    private const ulong SampleIdentifier = 1UL << 16;

    // What perf record asks for.
    private const ulong SampleIpTidTime = 1 | 2 | 4;
    private const ulong SamplePeriodBit = 1UL << 8;

    private static readonly string[] EventKeys = ["event", "sample-period", "freq"];

    public WorkloadTool Read(Fields f, IReadOnlyList<WorkloadTool> before)
    {
        YamlItem at = f.Required("name", "perf");
        string name = Fields.Text(source, at, "name");
        if (before.Any(tool => tool.Name == name) || name.Contains(':', StringComparison.Ordinal))
        {
            throw source.Error(at, $"\"{name}\" cannot be another tool", "choose a name of its own, without a colon");
        }

        YamlItem on = f.Required("on", "cpus");
        (ToolTarget target, IReadOnlyList<string> targets) = Target(on);
        YamlItem events = f.Required("events", "[ cycles, instructions ]");
        List<ToolEvent> counted = [.. Fields.List(source, events, "events").Select(Event)];
        if (counted.Count == 0)
        {
            throw source.Error(events, $"{name} counts nothing", "write events: [ cycles ]");
        }

        if (f.Optional("inherit") is { } inherit && target != ToolTarget.Task)
        {
            throw source.Error(inherit, "only a task has children", "leave inherit out, or write on: task NAME");
        }

        return new WorkloadTool(name, target, targets, counted)
        {
            On = Fields.Text(source, on, "on"),
            Inherit = f.Flag("inherit"),
            Group = f.Flag("group"),
        };
    }

    private (ToolTarget, IReadOnlyList<string>) Target(YamlItem on)
    {
        string[] words = Fields.Text(source, on, "on").Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["cpus"] => (ToolTarget.Cpus, []),
            ["cgroup", var path] => (ToolTarget.Cgroup, [Cgroup(on, path)]),
            ["task", var pattern] => (ToolTarget.Task, Tasks(on, pattern)),
            _ => throw source.Error(on, $"nothing can be counted on {on.Kind}", "write cpus, cgroup PATH or task NAME"),
        };
    }

    private string Cgroup(YamlItem at, string path)
    {
        IReadOnlyList<string> matches = CgroupTree.Matches(recorded.Cgroups, path);
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw source.Error(
                at, $"there is no cgroup \"{path}\"", KnownNames.Advice(path, ["/", .. recorded.Cgroups.Select(c => c.Name)])),
            _ => throw source.Error(at, $"\"{path}\" may mean several cgroups", $"write one of {string.Join(", ", matches)}"),
        };
    }

    private List<string> Tasks(YamlItem at, string pattern)
    {
        HashSet<string> forked = [.. recorded.Recording.Tasks.Where(t => t.Forked).Select(t => t.Name)];
        List<string> tasks = [];
        SortedSet<string> there = new(StringComparer.Ordinal);
        foreach ((string comm, System.Collections.Immutable.ImmutableArray<string> all) in recorded.TasksByComm)
        {
            foreach (string task in all)
            {
                if (!forked.Contains(task))
                {
                    there.Add(comm);
                    if (Glob.Matches(pattern, comm) || pattern == task)
                    {
                        tasks.Add(task);
                    }
                }
            }
        }

        return tasks.Count > 0
            ? tasks
            : throw source.Error(
                at, $"no task called \"{pattern}\" is there at the start",
                recorded.TasksByComm.Keys.Any(comm => Glob.Matches(pattern, comm))
                    ? "it is forked later: name its parent, with inherit: true"
                    : KnownNames.Advice(pattern, there));
    }

    // A name counts; { event: NAME, sample-period: N } or { event: NAME, freq: HZ } samples too.
    private ToolEvent Event(YamlItem item)
    {
        if (item is not YamlMap)
        {
            return Counted(item);
        }

        Fields f = new(source, item, "an event", EventKeys);
        ToolEvent counted = Counted(f.Required("event", "cycles"));
        bool isClock = counted.Attr is { Type: PerfType.Software, Config: (ulong)SoftwareEvent.CpuClock or (ulong)SoftwareEvent.TaskClock };
        if (isClock && (f.Optional("sample-period") ?? f.Optional("freq")) is { } never)
        {
            throw source.Error(never, $"{counted.Name} never overflows here", "sample a hardware event, or context-switches");
        }

        if (f.Has("freq") && f.Optional("sample-period") is { } both)
        {
            throw source.Error(both, "sample-period and freq are the same field of the attr", "keep one of the two");
        }

        long period = f.Number("sample-period", 0, 1, long.MaxValue);
        long frequency = f.Number("freq", 0, 1, (long)maxSampleRate);
        return period + frequency == 0 ? counted : counted with
        {
            Attr = counted.Attr with
            {
                SamplePeriod = (ulong)(period + frequency),
                Freq = frequency > 0,
                SampleType = SampleIpTidTime | (frequency > 0 ? SamplePeriodBit : 0) | SampleIdentifier,
            },
        };
    }

    private ToolEvent Counted(YamlItem item)
    {
        string text = Fields.Text(source, item, "event");
        string[] parts = text.Split(':', 2);
        string modifiers = parts.Length > 1 ? parts[1] : "";
        if (parts.Length > 1 && (modifiers.Length == 0 || modifiers.AsSpan().IndexOfAnyExcept('u', 'k') >= 0))
        {
            throw source.Error(item, $"no modifier is called \"{modifiers}\"", "write :u for user mode, :k for kernel mode");
        }

        (PerfType type, ulong config) = names.Event(item, parts[0], null);
        if (type is not (PerfType.Software or PerfType.Hardware or PerfType.Raw))
        {
            throw source.Error(item, $"a tool does not count {parts[0]}", "write a hardware event or a software event");
        }

        if (type != PerfType.Software && !rates.Has((uint)config))
        {
            throw source.Error(item, $"nothing makes {parts[0]} happen", $"give it a rate: rates: {{ {parts[0]}: … }}");
        }

        return new ToolEvent(text, new PerfEventAttr
        {
            Type = type,
            Config = config,
            ReadFormat = ReadFormat.TotalTimeEnabled | ReadFormat.TotalTimeRunning,
            SampleType = SampleIdentifier,
            ExcludeKernel = modifiers == "u",
            ExcludeUser = modifiers == "k",
        });
    }
}
