using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>What software events and events of cgroups say is held against the scheduler's own book.</summary>
public sealed class SoftwareTruthTests
{
    private const int Schedules = 200;

    private static PerfEventAttr Software(SoftwareEvent what) => new() { Type = PerfType.Software, Config = (ulong)what };

    [Fact]
    public void A_move_to_another_processor_is_counted_once_by_the_task_that_moves_and_by_the_processor_where_it_arrives()
    {
        MachineSpec spec = Scripts.Machine(
            "skl-ht", 2,
            Scripts.Task(
                "tool", 0,
                new OpenOp("own", Software(SoftwareEvent.CpuMigrations)), Scripts.OnCpu("from", Software(SoftwareEvent.CpuMigrations)),
                Scripts.OnCpu("to", Software(SoftwareEvent.CpuMigrations), 1),
                new OpenOp("user", Software(SoftwareEvent.CpuMigrations) with { ExcludeKernel = true }), new MigrateOp("tool", 1),
                new ReadOp("own"), new ReadOp("from"), new ReadOp("to"), new ReadOp("user")));
        Assert.Equal("own=1 from=0 to=1 user=0", Runs.InOrder(spec, new NoSharing()).Reads);
        Assert.Null(Runs.FirstBroken(spec, () => new NoSharing(), Schedules));
    }

    [Fact]
    public void Software_events_are_right_in_every_order_of_two_tasks_that_take_turns()
    {
        MachineSpec spec = Scripts.Machine(
            "skl-ht", 2,
            Scripts.Task(
                "tool", 0,
                new OpenOp("switches", Software(SoftwareEvent.ContextSwitches)), new OpenOp("task", Software(SoftwareEvent.TaskClock)),
                Scripts.OnCpu("clock", Software(SoftwareEvent.CpuClock)), new WorkOp(1), new YieldOp(), new IoctlOp("task", IoctlCommand.Disable), new WorkOp(1),
                new IoctlOp("switches", IoctlCommand.Reset), new IoctlOp("task", IoctlCommand.Enable), new YieldOp(), new WorkOp(2), new ReadOp("switches"),
                new ReadOp("task"), new ReadOp("clock")),
            Scripts.Task("other", 0, new WorkOp(1), new YieldOp(), new WorkOp(1)),
            Scripts.Task("third", 1, Scripts.OnCpu("all", Software(SoftwareEvent.ContextSwitches)), new WorkOp(1), new ReadOp("all")));
        Assert.Null(Runs.FirstBroken(spec, () => new NoSharing(), Schedules));
        Assert.Equal("switches=1 task=3000 all=5 clock=6000", Runs.InOrder(spec, new NoSharing()).Reads);
    }

    [Fact]
    public void An_event_of_a_cgroup_has_the_time_of_the_tasks_in_it_and_below()
    {
        MachineSpec spec = Scripts.Machine(
            "skl-ht", 2,
            Scripts.Task(
                "low", 0, Scripts.OnCgroup("A", Scripts.CyclesAttr, "A"), Scripts.OnCgroup("B", Scripts.CyclesAttr, "B"), new WorkOp(1), new YieldOp(), new WorkOp(1),
                new IoctlOp("A", IoctlCommand.Disable), new WorkOp(1), new YieldOp(), new IoctlOp("A", IoctlCommand.Enable), new WorkOp(1)) with { Cgroup = "B" },
            Scripts.Task("high", 0, new WorkOp(1), new YieldOp(), new WorkOp(1)) with { Cgroup = "A" },
            Scripts.Task("outside", 0, new WorkOp(1), new YieldOp(), new WorkOp(1)),
            Scripts.Task("mover", 1, new MoveCgroupOp("low", "A"))) with
        {
            Cgroups = [new CgroupSpec("A", null), new CgroupSpec("B", "A")],
            Mended = LinuxFaults.All,
        };
        Assert.Null(Runs.FirstBroken(spec, () => new NoSharing(), Schedules));
    }
}
