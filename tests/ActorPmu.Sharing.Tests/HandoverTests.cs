using ActorPmu.Kernel;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>The design that hands the counter over. A unit of work is 5 cycles, 3 instructions, 2 branches, and 1 of each other kind.</summary>
public sealed class HandoverTests
{
    private static readonly TaskOp[] ThreeOfACpu =
    [
        OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), new WorkOp(1), new CloseOp("A"), new WorkOp(1),
        new ReadOp("B"), new IoctlOp("C", IoctlCommand.Disable), new WorkOp(1), new ReadOp("B"), new IoctlOp("C", IoctlCommand.Enable),
        new WorkOp(1), new ReadOp("B"), new ReadOp("C"),
    ];

    // ---- who owns ----

    [Fact]
    public void An_owner_that_leaves_is_followed_by_the_one_that_joined_last()
    {
        Played played = InOrder("wide", new Handover(), ThreeOfACpu);
        Assert.Equal("A→A B→A", played.Owners[1]);
        Assert.Equal("A→A B→A C→A", played.Owners[2]);
        Assert.Equal("B→C C→C", played.Owners[4]);
        Assert.Equal("B→B C→C", played.Owners[7]);
        Assert.Equal("B→B C→B", played.Owners[10]);
        Assert.Equal("B=10 B=15 B=20 C=15", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("skl-ht")]
    [InlineData("zen")]
    [InlineData("n1")]
    public void Closing_and_disabling_owners_takes_nobody_off_the_PMU_on(string profile)
    {
        TaskOp[] ops = [OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), new WorkOp(1)];
        MachineCosts before = InOrder(profile, new Handover(), [.. ops, new BlockOp()]).Machine.Costs;
        Played after = InOrder(profile, new Handover(), [.. ops, new CloseOp("A"), new IoctlOp("C", IoctlCommand.Disable), new BlockOp()]);
        Assert.Equal(before.PmuAdds, after.Machine.Costs.PmuAdds);
        Assert.Equal(before.PmuDels, after.Machine.Costs.PmuDels);
        Assert.Equal(before.PmuHandOvers + 2, after.Machine.Costs.PmuHandOvers);
        Assert.Equal(1, after.Machine.Costs.CountersMax);
    }

    [Fact]
    public void A_schedule_out_of_many_hands_over_once()
    {
        PerfEventAttr ofATask = CyclesAttr;
        TaskOp[] opens = [.. Enumerable.Range(0, 20).Select(i => new OpenOp($"E{i}", ofATask))];
        MachineCosts stays = InOrder("skl-ht", new Handover(), [.. opens, new WorkOp(1)]).Machine.Costs;
        MachineCosts sleeps = InOrder("skl-ht", new Handover(), [.. opens, new SleepOp(1), new WorkOp(1)]).Machine.Costs;
        Assert.Equal(stays.PmuHandOvers + 1, sleeps.PmuHandOvers);
        Assert.Equal(stays.PmuDels + 1, sleeps.PmuDels);
        Assert.Equal(stays.SchedOuts + 20, sleeps.SchedOuts);
    }

    [Fact]
    public void An_event_whose_class_counts_goes_on_although_the_one_before_it_found_no_counter()
    {
        // tiny has two general counters; bus cycles take the second. With none left, branches end the walk over flexible groups for v6.
        TaskOp[] ops =
        [
            OnCpu("A", Attr(Instructions)), OnCpu("P", Attr(Buses)), OnCpu("X", Attr(Branches)), OnCpu("B", Attr(Instructions)), new WorkOp(10),
            new ReadOp("A"), new ReadOp("X"), new ReadOp("B"),
        ];
        MachineSpec withoutRotation = Scripts.Machine("tiny", 1, Scripts.Task("tool", 0, ops)) with { MuxFires = 0 };
        Assert.Equal("A=30 X=0 B=30", Runs.InOrder(withoutRotation, new Handover()).Reads);
        Assert.Equal("A=30 X=0 B=0", Runs.InOrder(withoutRotation, new V6()).Reads);
    }

    [Fact]
    public void A_reset_and_a_close_of_the_owner_leave_the_counts_of_the_others_alone()
    {
        Played played = InOrder(
            "skl-ht", new Handover(),
            [
                OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(2), new IoctlOp("A", IoctlCommand.Reset), new WorkOp(1), new ReadOp("A"),
                new ReadOp("B"), new IoctlOp("B", IoctlCommand.Reset), new CloseOp("A"), new WorkOp(1), new ReadOp("B"),
            ]);
        Assert.Equal("A=5 B=15 B=5", played.Reads);
        Assert.Equal("", played.Broken);
    }

    // ---- over everything ----

    public static TheoryData<string, bool> Machines()
    {
        TheoryData<string, bool> machines = [];
        foreach ((string name, _) in All)
        {
            machines.Add(name, false);
            machines.Add(name, true);
        }

        return machines;
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Nothing_is_wrong_on(string machine, bool fineGrained) =>
        Assert.Null(Runs.FirstBroken(
            Scripts.Find(machine) with { FineGrained = fineGrained, Memory = MemoryModel.TotalStoreOrder }, () => new Handover(), 100));

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.TotalStoreOrder)]
    [InlineData(MemoryModel.SequentiallyConsistent)]
    public void A_reader_on_another_processor_is_never_behind_what_it_has_been_told_with(MemoryModel model) =>
        Assert.Null(Runs.FirstBroken(Elsewhere(model), () => new Handover(), 4_000));

    [Fact]
    public void An_NMI_that_lands_anywhere_in_a_hand_over_finds_a_count_that_was() =>
        Assert.Null(Runs.FirstBroken(Interrupted(), () => new Handover(), 2_000));

    // ---- what would be found ----

    [Fact]
    public void Comparing_four_fields_is_found() => Finds<BrokenHandovers.ComparesFourFields>(Property.SlaveInScope, Find("modes"));

    [Fact]
    public void Adding_what_is_missing_is_found() => Finds<BrokenHandovers.AddsWhatIsMissing>(Property.CountsExact, Interrupted(), schedules: 2_000);

    [Fact]
    public void An_owner_that_takes_its_counter_along_is_found() => Finds<BrokenHandovers.TakesItsCounterAlong>(Property.ActiveCounts, Find("two tools"));

    [Fact]
    public void A_follower_that_is_read_without_the_counter_is_found() => Finds<BrokenHandovers.ReadsNoCounterForFollowers>(Property.CountsExact, Resets());

    [Fact]
    public void A_reset_of_the_count_itself_is_found() => Finds<BrokenHandovers.ResetsTheCountItself>(Property.CountsExact, Resets());

    [Fact]
    public void A_swap_of_the_counts_themselves_is_found() => Finds<BrokenHandovers.SwapsTheCountsThemselves>(Property.CountsExact, Swaps());

    [Fact]
    public void A_class_without_a_head_is_found() => Finds<BrokenHandovers.LeavesNoHead>(Property.OneMaster, Find("one class"));

    [Fact]
    public void A_read_of_a_counter_that_is_being_left_is_found() => Finds<BrokenHandovers.ReadsWhileItLeaves>(Property.CountersOwned, Interrupted());

    [Fact]
    public void A_count_without_its_barrier_is_found() =>
        Finds<BrokenHandovers.CountsWithoutABarrier>(Property.CountsExact, Elsewhere(MemoryModel.Weak), schedules: 8_000);

    [Fact]
    public void Where_a_fault_is_found_the_design_without_it_is_right()
    {
        foreach (MachineSpec spec in new[] { Find("modes"), Find("two tools"), Find("one class"), Resets(), Swaps() })
        {
            Assert.Null(Runs.FirstBroken(spec, () => new Handover(), 300));
        }
    }

    private static void Finds<TDesign>(Property property, MachineSpec spec, int schedules = 600)
        where TDesign : ISharingDesign, new() =>
        Assert.NotNull(Runs.FirstBroken(property, spec, () => new TDesign(), schedules));

    private static Played InOrder(string profile, ISharingDesign design, TaskOp[] ops) =>
        Runs.InOrder(Scripts.Machine(profile, 1, Scripts.Task("tool", 0, ops)), design);

    private static MachineSpec Resets() => Scripts.Machine(
        "skl-ht", 2,
        Scripts.Task(
            "tool", 0, OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(2), new IoctlOp("A", IoctlCommand.Reset), new WorkOp(1),
            new ReadOp("A"), new ReadOp("B"), new CloseOp("A"), new WorkOp(1), new ReadOp("B")),
        Scripts.Task("other", 1, OnCpu("C", CyclesAttr), new IoctlOp("C", IoctlCommand.Reset), new ReadOp("C"), new CloseOp("C")));

    private static MachineSpec Swaps()
    {
        PerfEventAttr inherited = CyclesAttr with { Inherit = true, InheritStat = true };
        return Scripts.Machine(
            "skl-ht", 1,
            Scripts.Task(
                "parent", 0, new OpenOp("A", inherited), new WorkOp(1), new OpenOp("B", inherited), new ForkOp("child"), new WorkOp(2), new YieldOp(),
                new WorkOp(2), new YieldOp(), new ReadOp("A"), new ReadOp("B")),
            Scripts.Task("child", 0, new WorkOp(1), new YieldOp(), new WorkOp(1)) with { Forked = true });
    }

    private static MachineSpec Elsewhere(MemoryModel model) => Scripts.Machine(
        "skl-ht", 2,
        Scripts.Task("worker", 0, new OpenOp("W", CyclesAttr), new WorkOp(1), new YieldOp(), new WorkOp(1), new YieldOp(), new WorkOp(1)),
        Scripts.Task("other", 0, new YieldOp(), new YieldOp()),
        Scripts.Task(
            "reader", 1, new OpenOp("A", CyclesAttr) { TargetTask = "worker" }, new ReadOp("A"), new ReadOp("A"))) with
    {
        FineGrained = true,
        Memory = model,
    };

    // An NMI reads a follower, a heir and an owner by turns, whenever it likes.
    private static MachineSpec Interrupted() => Scripts.Machine(
        "skl-ht", 1,
        Scripts.Task(
            "tool", 0, OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), new WorkOp(1), new ReadOp("B"),
            new IoctlOp("A", IoctlCommand.Disable), new WorkOp(1), new CloseOp("C"), new WorkOp(1), new IoctlOp("A", IoctlCommand.Enable),
            new ReadOp("B"), new ReadOp("A"))) with
    {
        FineGrained = true,
        Injections =
        [
            new Injection(InjectionKind.Pmi, 0, 2) { Task = "tool", Event = "B" }, new Injection(InjectionKind.Pmi, 0, 1) { Task = "tool", Event = "A" },
        ],
    };
}
