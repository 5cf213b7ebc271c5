using ActorPmu.Scenarios;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Small machines on which sharing can go wrong, one for each part of the kernel that touches it.</summary>
internal static class Scripts
{
    public const uint Cycles = 0x3c;
    public const uint Instructions = 0xc0;
    public const uint Branches = 0xc4;
    public const uint Misses = 0x412e;
    public const uint Buses = 0x13c;

    public static readonly PerfEventAttr CyclesAttr = new() { Config = Cycles };

    private static readonly Work EveryKind = new(
        new Occurrences(Cycles, 5), new Occurrences(Instructions, 3), new Occurrences(Branches, 2), new Occurrences(Misses, 1),
        new Occurrences(Buses, 1));

    /// <summary>Name, machine. Nothing is wrong with any of them without sharing.</summary>
    public static IReadOnlyList<(string Name, MachineSpec Spec)> All { get; } =
    [
        ("two tools", TwoTools.Spec()),
        ("across processors", TwoTools.AcrossProcessors()),
        ("rotation", Rotation()),
        ("cgroups", Cgroups()),
        ("groups", Groups()),
        ("fork", Fork()),
        ("modes", Modes()),
        ("context migration", ContextMigration()),
        ("one class", OneClass()),
        ("sampling", Sampling()),
        ("sampling beside counting", SamplingBesideCounting()),
        ("throttled beside counting", ThrottledBesideCounting()),
        ("frequencies", Frequencies()),
    ];

    /// <summary>The machine of that name; «interrupted reads» is one more, on which the kernel itself is at fault.</summary>
    public static MachineSpec Find(string name) => name == "interrupted reads" ? InterruptedReads() : All.First(s => s.Name == name).Spec;

    public static TaskSpec Task(string name, int cpu, params TaskOp[] ops) => new(name, cpu, () => new Script(ops));

    public static MachineSpec Machine(string profile, int cpus, params TaskSpec[] tasks) => new()
    {
        CpuCount = cpus,
        Profile = Profiles.Find(profile)!,
        Work = EveryKind,
        Tasks = tasks,
    };

    public static OpenOp OnCpu(string name, PerfEventAttr attr, int cpu = 0) => new(name, attr) { TargetTask = null, Cpu = cpu };

    public static OpenOp OnCgroup(string name, PerfEventAttr attr, string cgroup, int cpu = 0) =>
        new(name, attr) { TargetTask = null, Cpu = cpu, Cgroup = cgroup, PidCgroup = true };

    public static PerfEventAttr Attr(uint code) => new() { Config = code };

    // Two samples are allowed from one tick to the next; the third would come soon.
    private static MachineSpec ThrottledBesideCounting() => Machine(
        "tiny", 2,
        Task(
            "tool", 0,
            OnCpu("C", Attr(Instructions)), OnCpu("S", Attr(Instructions) with { SamplePeriod = 6 }), new WorkOp(10), new WorkOp(5),
            new ReadOp("C"), new ReadOp("S"), new IoctlOp("S", IoctlCommand.Period, 9), new WorkOp(10), new ReadOp("S"), new ReadOp("C")),
        Task("other", 1, OnCpu("D", CyclesAttr), new ReadOp("D"), new CloseOp("D"))) with
    {
        MaxSampleRate = 500,
        Injections = [new Injection(InjectionKind.Tick, 0, 2)],
    };

    private static MachineSpec Frequencies() => Machine(
        "skl-ht", 2,
        Task(
            "tool", 0,
            OnCpu("F", Attr(Branches) with { SamplePeriod = 1_000, Freq = true }), OnCpu("C", Attr(Branches)), new WorkOp(10),
            new ReadOp("F"), new IoctlOp("F", IoctlCommand.Period, 300), new WorkOp(10), new ReadOp("F"), new ReadOp("C")),
        Task(
            "other", 1,
            OnCpu("G", Attr(Branches) with { SamplePeriod = 500, Freq = true }), new IoctlOp("G", IoctlCommand.Disable),
            new IoctlOp("G", IoctlCommand.Enable), new ReadOp("G"))) with
    {
        MaxSampleRate = 1_000,
        Injections = [new Injection(InjectionKind.Tick, 0, 3)],
    };

    // Five events of one class and two others on three counters, one of which takes cycles alone.
    private static MachineSpec Rotation() => Machine(
        "tiny", 1,
        Task(
            "first", 0,
            OnCpu("A", Attr(Instructions)), OnCpu("B", Attr(Branches)), OnCpu("C", Attr(Misses)), new WorkOp(3), new YieldOp(),
            new WorkOp(3), new ReadOp("A"), new CloseOp("A"), new WorkOp(2), new ReadOp("B"), new ReadOp("C")),
        Task(
            "second", 0,
            OnCpu("D", Attr(Instructions)), new YieldOp(), OnCpu("E", Attr(Branches)), new WorkOp(3), new ReadOp("D"),
            new IoctlOp("D", IoctlCommand.Disable), new WorkOp(1), new IoctlOp("D", IoctlCommand.Enable), new WorkOp(2), new ReadOp("D"),
            new ReadOp("E"))) with
    {
        MuxFires = 3,
        Injections = [new Injection(InjectionKind.Tick, 0, 2)],
    };

    private static MachineSpec Cgroups() => Machine(
        "tiny", 1,
        Task(
            "inA", 0,
            OnCgroup("a", CyclesAttr, "A"), new WorkOp(2), OnCpu("all", CyclesAttr), new WorkOp(2), new ReadOp("a"), new YieldOp(),
            new WorkOp(2), new IoctlOp("all", IoctlCommand.Disable), new WorkOp(1), new ReadOp("a"),
            new IoctlOp("all", IoctlCommand.Enable), new WorkOp(1), new CloseOp("all"), new WorkOp(1), new ReadOp("a")) with { Cgroup = "A" },
        Task(
            "inB", 0,
            OnCgroup("b", CyclesAttr, "B"), OnCgroup("ab", CyclesAttr, "A"), new WorkOp(2), new YieldOp(), new WorkOp(1), new ReadOp("b"),
            OnCgroup("top", CyclesAttr, "root"), new WorkOp(2), new ReadOp("b"), new ReadOp("ab"), new ReadOp("top")) with { Cgroup = "B" }) with
    {
        Cgroups = [new CgroupSpec("A", null), new CgroupSpec("B", null)],
        Injections = [new Injection(InjectionKind.Tick, 0, 3)],
    };

    private static MachineSpec Groups() => Machine(
        "tiny", 1,
        Task(
            "first", 0,
            OnCpu("lead", CyclesAttr), OnCpu("member", Attr(Instructions)) with { Group = new GroupArgument("lead") }, new WorkOp(2),
            new ReadOp("lead"), new YieldOp(), new WorkOp(1), new CloseOp("lead"), new WorkOp(1), new ReadOp("member")),
        Task(
            "second", 0,
            OnCpu("C", CyclesAttr), new WorkOp(2), OnCpu("I", Attr(Instructions)), new WorkOp(1), new YieldOp(), new ReadOp("C"),
            OnCpu("late", Attr(Branches)) with { Group = new GroupArgument("C") }, new WorkOp(2), new ReadOp("C"), new ReadOp("I"))) with
    {
        MuxFires = 2,
        Injections = [new Injection(InjectionKind.Tick, 0, 2)],
    };

    private static MachineSpec Fork()
    {
        PerfEventAttr inherited = CyclesAttr with { Inherit = true, InheritStat = true };
        return Machine(
            "skl-ht", 2,
            Task(
                "parent", 0,
                new OpenOp("P", inherited), new OpenOp("Q", inherited), new WorkOp(2), new ForkOp("child"), new WorkOp(2), new YieldOp(),
                new WorkOp(2), new ReadOp("P"), new CloseOp("P"), new WorkOp(1), new ReadOp("Q")),
            Task("child", 0, new WorkOp(3), new YieldOp(), new WorkOp(2)) with { Forked = true },
            Task("other", 1, new OpenOp("R", CyclesAttr) { TargetTask = "parent" }, new ReadOp("R"), new WorkOp(1), new ReadOp("R"))) with
        {
            Injections = [new Injection(InjectionKind.Tick, 0, 2)],
        };
    }

    // Cycles in user mode, in the kernel, and in both are three different things.
    private static MachineSpec Modes() => Machine(
        "tiny", 1,
        Task(
            "first", 0,
            OnCpu("u", CyclesAttr with { ExcludeKernel = true }), new WorkOp(2), new WorkOp(1, Privilege.Kernel), new YieldOp(),
            new ReadOp("u"), new WorkOp(1), new ReadOp("u")),
        Task(
            "second", 0,
            OnCpu("k", CyclesAttr with { ExcludeUser = true }), new WorkOp(1, Privilege.Kernel), new WorkOp(1), OnCpu("both", CyclesAttr),
            new WorkOp(1), new ReadOp("k"), new ReadOp("both"))) with
    {
        MuxFires = 2,
        Injections = [new Injection(InjectionKind.Tick, 0, 1)],
    };

    private static MachineSpec ContextMigration() => Machine(
        "skl-ht", 2,
        Task(
            "first", 0,
            OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(2), new ReadOp("A"), new MigrateContextOp(0, 1), new WorkOp(2),
            new ReadOp("A"), new ReadOp("B")),
        Task("second", 1, OnCpu("C", CyclesAttr, 1), new WorkOp(2), new ReadOp("C"), new WorkOp(2), new ReadOp("C")));

    // Four events of one class at once.
    private static MachineSpec OneClass() => Machine(
        "wide", 1,
        Task(
            "tool", 0,
            OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), OnCpu("D", CyclesAttr), new WorkOp(1),
            new ReadOp("A"), new ReadOp("D")));

    // An event that samples is forgotten by the PMUs of all processors when it is freed.
    private static MachineSpec Sampling()
    {
        OpenOp open = OnCpu("A", CyclesAttr with { SamplePeriod = 7 });
        CloseOp close = new("A");
        return Machine(
            "tiny", 2,
            Task(
                "first", 0, open, new WorkOp(2), close, open, close, open, close, open, close, open, close, OnCpu("B", CyclesAttr), new WorkOp(2),
                new IoctlOp("B", IoctlCommand.Disable), new IoctlOp("B", IoctlCommand.Enable), new WorkOp(1), new ReadOp("B")),
            Task("second", 1, OnCpu("C", CyclesAttr, 1), new WorkOp(2), new ReadOp("C")));
    }

    // A sampling event whose sample type is 0: only its period tells it from a counting one.
    private static MachineSpec SamplingBesideCounting() => Machine(
        "tiny", 1,
        Task(
            "tool", 0,
            OnCpu("S", CyclesAttr with { SamplePeriod = 7 }), OnCpu("A", CyclesAttr), new WorkOp(10), new ReadOp("A"), new ReadOp("S")));

    private static MachineSpec InterruptedReads() => Machine(
        "tiny", 1,
        Task(
            "tool", 0,
            OnCpu("A", CyclesAttr), new WorkOp(1), new ReadOp("A"), new IoctlOp("A", IoctlCommand.Disable),
            new IoctlOp("A", IoctlCommand.Enable), new WorkOp(1), new ReadOp("A"), new IoctlOp("A", IoctlCommand.Disable),
            new ReadOp("A"))) with
    {
        Injections = [new Injection(InjectionKind.Pmi, 0, 4) { Task = "tool", Event = "A" }],
    };
}
