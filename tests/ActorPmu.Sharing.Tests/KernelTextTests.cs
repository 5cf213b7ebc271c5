using ActorPmu.Kernel;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>What kernel/events/core.c of v5.3.1 does where one would not expect it, without sharing. A unit of work is 5 cycles and 2 branches.</summary>
public sealed class KernelTextTests
{
    private static readonly PerfEventAttr GroupRead = CyclesAttr with { ReadFormat = ReadFormat.Group | ReadFormat.Id };

    private static readonly PerfEventAttr ContextSwitches = new() { Type = PerfType.Software, Config = (ulong)SoftwareEvent.ContextSwitches };

    private static OpenOp Sibling(string name, string leader, int cpu = 0) =>
        OnCpu(name, GroupRead with { Config = Branches }, cpu) with { Group = new GroupArgument(leader) };

    private static IReadOnlyList<OpResult> Results(MachineSpec spec, out Machine machine)
    {
        List<OpResult> results = [];
        machine = new(spec, new NoSharing()) { HaltOnViolation = false, AfterOperation = (_, _, _, result) => results.Add(result) };
        machine.CheckEnd(machine.World.Run(new PatientChooser(1), 20_000));
        return results;
    }

    // 6.12.100 answers 72 where three events were, and 6.18.44 no longer (recorded: close_leader_promotes).
    [Theory]
    [InlineData(503, 40, "S=20")]
    [InlineData(612, 40, "S=20")]
    [InlineData(618, 24, "S=20")]
    public void A_sibling_whose_leader_is_closed_reads_as_many_bytes_as_its_group_had(int kernel, int bytes, string reads)
    {
        MachineSpec spec = Machine(
            "skl-ht", 1,
            Task("tool", 0, OnCpu("L", GroupRead), Sibling("S", "L"), new WorkOp(5), new CloseOp("L"), new WorkOp(5), new ReadOp("S"))) with
        {
            KernelVersion = kernel,
        };
        ReadRecord read = Results(spec, out _)[^1].Read!;
        Assert.Equal((bytes, reads), (read.Bytes, string.Join(' ', read.Entries.Select(e => $"{e.Name}={e.Value}"))));
    }

    [Theory]
    [InlineData(503, Errno.ENOSPC)]
    [InlineData(618, Errno.Ok)]
    public void A_sibling_whose_leader_is_closed_needs_a_buffer_for_the_whole_group(int kernel, Errno expected)
    {
        MachineSpec spec = Machine(
            "skl-ht", 1, Task("tool", 0, OnCpu("L", GroupRead), Sibling("S", "L"), new CloseOp("L"), new ReadOp("S", 24))) with
        {
            KernelVersion = kernel,
        };
        Assert.Equal(expected, Results(spec, out _)[^1].Error);
    }

    // Recorded on 6.12.100: exec_remove_leader.
    [Theory]
    [InlineData(612, 40, "L=25 ?=0")]
    [InlineData(618, 24, "L=25")]
    public void A_leader_that_exec_took_from_its_group_goes_on_saying_how_many_there_were(int kernel, int bytes, string reads)
    {
        MachineSpec spec = Machine(
            "skl-ht", 1,
            Task(
                "tool", 0, new OpenOp("L", GroupRead with { RemoveOnExec = true }),
                new OpenOp("S", GroupRead with { Config = Branches }) { Group = new GroupArgument("L") }, new WorkOp(5), new ExecOp(),
                new ReadOp("L"))) with
        {
            KernelVersion = kernel,
        };
        ReadRecord read = Results(spec, out _)[^1].Read!;
        Assert.Equal((bytes, reads), (read.Bytes, string.Join(' ', read.Entries.Select(e => $"{e.Name}={e.Value}"))));
    }

    // «perf/core: Fix group leader use-after-free after sibling detach», Aditya Chillara, 30 Jun 2026: the sibling's group_leader stays.
    [Fact]
    public void A_group_operation_on_a_sibling_whose_processor_went_uses_its_leader_after_the_leader_is_freed()
    {
        TaskOp[] before = [OnCpu("L", GroupRead, 1), Sibling("S", "L", 1), new OfflineOp(1)];
        _ = Results(Machine("skl-ht", 2, Task("tool", 0, [.. before, Enable("S")])), out Machine leaderIsThere);
        Assert.Empty(leaderIsThere.Violations);
        foreach (TaskOp use in new TaskOp[] { Enable("S"), new ReadOp("S") })
        {
            _ = Results(Machine("skl-ht", 2, Task("tool", 0, [.. before, new CloseOp("L"), use])), out Machine machine);
            Violation found = Assert.Single(machine.Violations);
            Assert.Equal(Property.NoLeak, found.Property);
            Assert.StartsWith("use after free of L in perf_", found.What, StringComparison.Ordinal);
        }
    }

    private static IoctlOp Enable(string fd) => new(fd, IoctlCommand.Enable, Group: true);

    // in_software_context() asks for the leader's context. What is in its group says something else once it has been installed anew, alone.
    [Fact]
    public void A_software_event_joins_a_software_leader_that_lives_among_hardware_events()
    {
        MachineSpec spec = Machine(
            "skl-ht", 3,
            Task(
                "tool", 0, OnCpu("L", CyclesAttr, 1), OnCpu("S", ContextSwitches, 1) with { Group = new GroupArgument("L") },
                new CloseOp("L"), new MigrateContextOp(1, 2), OnCpu("T", ContextSwitches, 2) with { Group = new GroupArgument("S") }));
        Assert.All(Results(spec, out _), r => Assert.Equal(Errno.Ok, r.Error));
    }

    // copy_process(): perf_event_init_task() comes long before cgroup_post_fork(), which takes the parent's cgroup as it is then.
    [Fact]
    public void A_child_is_in_the_cgroup_that_its_parent_is_in_when_fork_ends()
    {
        MachineSpec spec = Machine(
            "skl-ht", 2,
            Task("parent", 0, new OpenOp("E", CyclesAttr with { Inherit = true }), new ForkOp("child"), new WorkOp(1)),
            Task("child", 0, new WorkOp(1)) with { Forked = true },
            Task("mover", 1, new MoveCgroupOp("parent", "B"))) with
        {
            Cgroups = [new CgroupSpec("B", null)],
        };
        int inB = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            Machine machine = new(spec, new NoSharing())
            {
                HaltOnViolation = false,
                AfterOperation = (m, task, op, _) =>
                {
                    if (op is ForkOp)
                    {
                        Assert.Same(task.Cgroup, m.Task("child")!.Cgroup);
                        inB += task.Cgroup.Name == "B" ? 1 : 0;
                    }
                },
            };
            _ = machine.World.Run(new SeededChooser(seed), 20_000);
        }

        Assert.InRange(inB, 1, 200);
    }

    [Fact]
    public void A_task_that_is_not_there_cannot_be_moved_to_another_cgroup()
    {
        MachineSpec spec = Machine(
            "skl-ht", 1,
            Task("tool", 0, new MoveCgroupOp("child", "B"), new ForkOp("child")),
            Task("child", 0, new WorkOp(1)) with { Forked = true }) with
        {
            Cgroups = [new CgroupSpec("B", null)],
        };
        Assert.Equal(Errno.ESRCH, Results(spec, out _)[0].Error);
    }

    // perf_cgroup_attach() asks for no state: the interrupt finds out that the task does not run.
    [Fact]
    public void Moving_a_sleeping_task_to_another_cgroup_interrupts_its_processor()
    {
        MachineSpec spec = Machine(
            "skl-ht", 2, Task("sleeper", 1, new BlockOp()), Task("tool", 0, new WorkOp(1), new MoveCgroupOp("sleeper", "B"), new WakeOp("sleeper"))) with
        {
            Cgroups = [new CgroupSpec("B", null)],
        };
        int asleep = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Machine machine = new(spec, new NoSharing());
            machine.AfterOperation = (m, _, op, _) =>
            {
                if (op is MoveCgroupOp && m.Task("sleeper")!.State == TaskState.Sleeping)
                {
                    asleep++;
                    Assert.Equal(1, m.Costs.Ipis);
                }
            };
            _ = machine.World.Run(new SeededChooser(seed), 20_000);
        }

        Assert.InRange(asleep, 1, 20);
    }

    // task_clock_event_read() adds what has gone by since the context's time was brought up to date; perf_event_read_local() does not do that.
    [Fact]
    public void A_local_read_of_task_clock_is_of_now()
    {
        PerfEventAttr taskClock = new() { Type = PerfType.Software, Config = (ulong)SoftwareEvent.TaskClock };
        MachineSpec spec = Machine(
            "skl-ht", 1, Task("tool", 0, new OpenOp("T", taskClock), new WorkOp(3), new ReadLocalOp("T"), new WorkOp(2), new ReadOp("T")));
        IReadOnlyList<OpResult> results = Results(spec, out _);
        Assert.Equal((3_000L, 5_000L), (results[2].Read!.Value, results[4].Read!.Value));
    }
}
