using ActorPmu.Kernel;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>The two ways around «schedule the master» of 6 November 2019. A unit of work is 5 cycles, 2 branches and 1 miss.</summary>
public sealed class NotCountingTests
{
    private static readonly TaskOp[] FirstLeaves =
    [
        OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(1), new IoctlOp("A", IoctlCommand.Disable), new WorkOp(2), new ReadOp("A"),
        new ReadOp("B"), new IoctlOp("A", IoctlCommand.Enable), new WorkOp(4), new ReadOp("A"), new ReadOp("B"), new CloseOp("A"), new WorkOp(1),
        new ReadOp("B"),
    ];

    [Fact]
    public void When_the_first_leaves_the_others_stand_still_under_first_active()
    {
        // Song, 6 Nov 2019 17:40: «first_active is likely the first one get sched_out()».
        Played played = Play(new FirstActive(), [.. FirstLeaves[..7], new CloseOp("B")]);
        Assert.Equal("A=5 B=5", played.Reads);
        Assert.Equal("active-counts counts-exact", played.Broken);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("active-not-counting")]
    public void When_the_first_leaves_and_comes_back_nobody_loses_anything_under(string design)
    {
        Played played = Play(Designs.Find(design)!(), FirstLeaves);
        Assert.Equal("A=5 B=15 A=25 B=35 B=40", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Fact]
    public void The_master_is_elected_on_disable_and_close_under_active_not_counting()
    {
        Played played = Play(new ActiveNotCounting(), FirstLeaves);
        Assert.Equal("A→A B→A", played.Owners[1]);
        Assert.Equal("A→A B→B", played.Owners[3]);
        Assert.Equal("A→B B→B", played.Owners[7]);
        Assert.Equal("B→B", played.Owners[11]);
    }

    // A counts in cgroup A alone and came first; a task of B runs after one of A.
    private static MachineSpec SmallScopeFirst() => Machine(
        "tiny", 1,
        Task(
            "inA", 0, OnCgroup("a", CyclesAttr, "A"), OnCpu("all", CyclesAttr), new WorkOp(1), new YieldOp(), new ReadOp("a"),
            new ReadOp("all")) with { Cgroup = "A" },
        Task("inB", 0, new WorkOp(4)) with { Cgroup = "B" }) with
    {
        Cgroups = [new CgroupSpec("A", null), new CgroupSpec("B", null)],
    };

    [Fact]
    public void A_master_whose_cgroup_is_off_counts_for_others_and_not_for_itself_under_active_not_counting()
    {
        Played played = Runs.InOrder(SmallScopeFirst(), new ActiveNotCounting());
        Assert.Equal("a→a all→a", played.Owners[1]);
        Assert.Equal("a=5 all=25", played.Reads);
        Assert.Equal("", played.Broken);
        Assert.Equal([EventState.Enabled], StatesSeen(SmallScopeFirst(), new ActiveNotCounting(), "inB", "a"));
    }

    [Fact]
    public void A_master_whose_cgroup_is_off_leaves_its_counter_to_the_next_under_first_active()
    {
        // The cgroup switch schedules both out and the wide one in: it is first_active then, and not the other way round.
        Played played = Runs.InOrder(SmallScopeFirst(), new FirstActive());
        Assert.Equal("a=5 all=25", played.Reads);
        Assert.Equal([EventState.Inactive], StatesSeen(SmallScopeFirst(), new FirstActive(), "inB", "a"));
    }

    [Fact]
    public void Two_groups_of_the_same_events_share_if_groups_may_lead()
    {
        TaskOp[] ops = [.. Group("A"), .. Group("B"), new WorkOp(1), new ReadOp("A"), new ReadOp("B2")];
        Assert.Equal((2, "A=2 B2=1", ""), Result(new ActiveNotCounting()));
        Assert.Equal((4, "A=2 B2=1", ""), Result(new ActiveNotCounting(groupsMayLead: false)));
        Assert.Equal((2, "A=2 B2=1", ""), Result(new FirstActive()));
        Assert.Equal((4, "A=2 B2=1", ""), Result(new FirstActive(groupsMayOwn: false)));

        (int Counters, string Reads, string Broken) Result(ISharingDesign design)
        {
            // No close at the end: what first-active loses there is another test.
            Played played = Play(design, ops);
            string broken = design is FirstActive ? "" : played.Broken;
            return (played.Machine.Costs.CountersMax, played.Reads, broken);
        }
    }

    [Fact]
    public void A_master_that_becomes_the_leader_of_a_group_hands_over_if_groups_may_not_lead()
    {
        TaskOp[] ops =
        [
            OnCpu("lead", CyclesAttr), OnCpu("alone", CyclesAttr), OnCpu("member", Attr(Misses)) with { Group = new GroupArgument("lead") },
            new WorkOp(1), new CloseOp("alone"), new WorkOp(1), new ReadOp("lead"), new ReadOp("member"),
        ];
        Played played = Play(new ActiveNotCounting(groupsMayLead: false), ops);
        Assert.Equal("lead→lead alone→lead", played.Owners[1]);
        Assert.Equal("lead→alone alone→alone member→member", played.Owners[2]);
        Assert.Equal("lead=10 member=2", played.Reads);
        Assert.Equal("", played.Broken);
    }

    private static TaskOp[] Group(string name) =>
    [
        OnCpu(name, Attr(Branches)), OnCpu(name + "2", Attr(Misses)) with { Group = new GroupArgument(name) },
    ];

    // The states of an event, of whomever, after each operation of a task but its last.
    private static EventState[] StatesSeen(MachineSpec spec, ISharingDesign design, string task, string name)
    {
        List<EventState> seen = [];
        Machine machine = new(spec, design)
        {
            HaltOnViolation = false,
            AfterOperation = (m, by, _, _) =>
            {
                if (by.Name == task)
                {
                    seen.AddRange(m.Tasks.SelectMany(t => t.Files.Files).Where(f => f.Name == name).Select(f => f.Event.State));
                }
            },
        };
        machine.World.Run(new FirstChooser(), 20_000);
        return [.. seen.Distinct()];
    }

    private static Played Play(ISharingDesign design, TaskOp[] ops) => Runs.InOrder(Machine("wide", 1, Task("tool", 0, ops)), design);

    private sealed class FirstChooser : Actors.IChooser
    {
        public int Pick(Actors.World world, ReadOnlySpan<int> enabled) => 0;

        public int Choose(Actors.ActorId by, int optionCount, string what) => 0;
    }
}
