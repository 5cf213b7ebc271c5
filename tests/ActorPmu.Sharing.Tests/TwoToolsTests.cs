using ActorPmu.Scenarios;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Two tools that count the same on one processor.</summary>
public sealed class TwoToolsTests
{
    private const uint Cycles = 0x3c;

    [Fact]
    public void Two_events_of_one_class_use_two_counters_without_sharing() => Assert.Equal(2, CountersFor(new NoSharing()));

    [Fact]
    public void Two_events_of_one_class_use_one_counter_under_v6() => Assert.Equal(1, CountersFor(new V6()));

    private static int CountersFor(ISharingDesign design)
    {
        PerfEventAttr cycles = new() { Config = Cycles };
        Script first = Tool("A");
        Script second = Tool("B");
        MachineSpec spec = new()
        {
            CpuCount = 1,
            Profile = Profiles.Find("skl-ht")!,
            Work = new Work(new Occurrences(Cycles, 1)),
            Tasks =
            [
                new TaskSpec("first", 0, () => first),
                new TaskSpec("second", 0, () => second),
            ],
        };
        Machine machine = new(spec, design);
        RunEnd end = machine.World.Run(new FirstChooser(), 10_000);
        Assert.Empty(machine.Violations);
        Assert.Equal(RunEnd.Finished, end);
        Assert.All(first.Results.Concat(second.Results), r => Assert.Equal(Errno.Ok, r.Error));
        Assert.Empty(machine.Allocator.Live);
        return machine.Costs.CountersMax;

        Script Tool(string name) => new(
            new OpenOp(name, cycles) { TargetTask = null, Cpu = 0 },
            new YieldOp(),
            new WorkOp(10),
            new YieldOp(),
            new ReadOp(name),
            new CloseOp(name));
    }

    private sealed class FirstChooser : IChooser
    {
        public int Pick(World world, ReadOnlySpan<int> enabled) => 0;

        public int Choose(ActorId by, int optionCount, string what) => 0;
    }
}
