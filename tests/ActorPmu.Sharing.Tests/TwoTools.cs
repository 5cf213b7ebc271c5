using ActorPmu.Scenarios;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>The smallest machine on which sharing pays: two tools on one processor, each counts cycles there.</summary>
internal static class TwoTools
{
    public const uint Cycles = 0x3c;

    /// <summary>The machine's specification: open, yield, work, yield, read, close, twice.</summary>
    public static MachineSpec Spec()
    {
        PerfEventAttr cycles = new() { Config = Cycles };
        TaskOp[] first = Tool("A");
        TaskOp[] second = Tool("B");
        return new MachineSpec
        {
            CpuCount = 1,
            Profile = Profiles.Find("skl-ht")!,
            Work = new Work(new Occurrences(Cycles, 1)),
            Tasks =
            [
                new TaskSpec("first", 0, () => new Script(first)),
                new TaskSpec("second", 0, () => new Script(second)),
            ],
        };

        TaskOp[] Tool(string name) =>
        [
            new OpenOp(name, cycles) { TargetTask = null, Cpu = 0 },
            new YieldOp(),
            new WorkOp(10),
            new YieldOp(),
            new ReadOp(name),
            new CloseOp(name),
        ];
    }

    /// <summary>The same with one tool on each of two processors, the second looking at the first's task, and two ticks.</summary>
    public static MachineSpec AcrossProcessors()
    {
        PerfEventAttr cycles = new() { Config = Cycles };
        TaskOp[] first = [new OpenOp("A", cycles), new WorkOp(10), new ReadOp("A"), new YieldOp(), new CloseOp("A")];
        TaskOp[] second =
        [
            new OpenOp("B", cycles) { TargetTask = "first" },
            new ReadOp("B"),
            new IoctlOp("B", IoctlCommand.Disable),
            new IoctlOp("B", IoctlCommand.Enable),
            new CloseOp("B"),
        ];
        return new MachineSpec
        {
            CpuCount = 2,
            Profile = Profiles.Find("skl-ht")!,
            Work = new Work(new Occurrences(Cycles, 1)),
            Tasks =
            [
                new TaskSpec("first", 0, () => new Script(first)),
                new TaskSpec("second", 1, () => new Script(second)),
            ],
            Injections = [new Injection(InjectionKind.Tick, 0, 2)],
        };
    }
}
