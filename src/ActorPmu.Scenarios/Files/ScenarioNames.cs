using System.Globalization;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>What the rest of a file may refer to: processors, tasks, cgroups, the events of the profile.</summary>
internal sealed class ScenarioNames(YamlSource source, HardwareProfile profile, int cpuCount)
{
    public static readonly string[] NotATask = ["self", "any", "nobody"];

    private static readonly (string Name, PerfType Type, ulong Config)[] Software =
    [
        ("cpu-clock", PerfType.Software, (ulong)SoftwareEvent.CpuClock),
        ("task-clock", PerfType.Software, (ulong)SoftwareEvent.TaskClock),
        ("page-faults", PerfType.Software, (ulong)SoftwareEvent.PageFaults),
        ("context-switches", PerfType.Software, (ulong)SoftwareEvent.ContextSwitches),
        ("cpu-migrations", PerfType.Software, (ulong)SoftwareEvent.CpuMigrations),
        ("dummy", PerfType.Software, (ulong)SoftwareEvent.Dummy),
        ("tracepoint", PerfType.Tracepoint, 0),
        ("breakpoint", PerfType.Breakpoint, 0),
        ("unknown-type", PerfType.Unknown, 0),
    ];

    public YamlSource Source => source;

    public HardwareProfile Profile => profile;

    public List<string> Tasks { get; } = [];

    public List<string> ForkedTasks { get; } = [];

    public List<string> Cgroups { get; } = [];

    /// <summary>The number of a processor of the machine.</summary>
    public int Cpu(YamlItem item, string what)
    {
        int cpu = (int)Fields.Number(source, item, what, 0, int.MaxValue);
        return cpu < cpuCount ? cpu : throw NoCpu(item, cpu);
    }

    public InputError NoCpu(YamlItem item, int cpu) => source.Error(
        item, FormattableString.Invariant($"the machine has no cpu {cpu}"),
        cpuCount == 1 ? "write 0, or give machine: { cpus: 2 }" : FormattableString.Invariant($"write 0 to {cpuCount - 1}"));

    public bool HasCpu(long cpu) => cpu >= -1 && cpu < cpuCount;

    public string Task(YamlItem item, string what) => Known(item, what, "task", Tasks);

    public string TaskOrSelf(YamlItem item, string what) => Known(item, what, "task", ["self", .. Tasks]);

    /// <summary>A cgroup's path; the root is <c>root</c>.</summary>
    public string Cgroup(YamlItem item, string what) => Known(item, what, "cgroup", ["root", .. Cgroups]);

    /// <summary>The code of a hardware event by name, <c>r003c</c> or <c>0x3c</c>.</summary>
    public uint Code(YamlScalar item)
    {
        if (RawCode(item.Text) is { } raw)
        {
            return (uint)raw;
        }

        return NamedCode(item.Text, null) ?? throw source.Error(
            item, $"profile {profile.Name} has no event \"{item.Text}\"", EventAdvice(item.Text, null, withSoftware: false));
    }

    /// <summary>Type and config of any event.</summary>
    public (PerfType Type, ulong Config) Event(YamlItem at, string name, string? pmu)
    {
        if (RawCode(name) is { } raw)
        {
            return (PerfType.Raw, raw);
        }

        if (NamedCode(name, pmu) is { } code)
        {
            return (PerfType.Hardware, code);
        }

        int software = Array.FindIndex(Software, s => s.Name == name);
        return software >= 0
            ? (Software[software].Type, Software[software].Config)
            : throw source.Error(at, $"profile {profile.Name} has no event \"{name}\"", EventAdvice(name, pmu, withSoftware: true));
    }

    private string Known(YamlItem item, string what, string kind, IReadOnlyList<string> known)
    {
        string name = Fields.Text(source, item, what);
        return known.Contains(name) ? name : throw source.Error(item, $"there is no {kind} \"{name}\"", KnownNames.Advice(name, known));
    }

    private string EventAdvice(string name, string? pmu, bool withSoftware)
    {
        IEnumerable<string> known = Pmus(pmu).SelectMany(p => p.Codes.Keys.Order(StringComparer.Ordinal)).Distinct();
        known = withSoftware ? known.Concat(Software.Select(s => s.Name)) : known;
        return KnownNames.Advice(name, known) + ", or a raw code like r003c";
    }

    private uint? NamedCode(string name, string? pmu)
    {
        foreach (PmuProfile p in Pmus(pmu))
        {
            if (p.Codes.TryGetValue(name, out uint code))
            {
                return code;
            }
        }

        return null;
    }

    private IEnumerable<PmuProfile> Pmus(string? name) => profile.Pmus.Where(p => name is null || p.Name == name);

    private static ulong? RawCode(string name)
    {
        int digits = name.StartsWith("0x", StringComparison.Ordinal) ? 2 : name.StartsWith('r') ? 1 : 0;
        return digits > 0
            && ulong.TryParse(name.AsSpan(digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong code)
            ? code
            : null;
    }
}
