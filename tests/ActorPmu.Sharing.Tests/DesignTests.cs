using ActorPmu.Kernel;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>What the designs of the thread do to counts, counters and memory. A unit of work is 5 cycles and 3 instructions.</summary>
public sealed class DesignTests
{
    private static readonly PerfEventAttr UserCycles = CyclesAttr with { ExcludeKernel = true };
    private static readonly PerfEventAttr KernelCycles = CyclesAttr with { ExcludeUser = true };

    // ---- v6: the faults that the review names ----

    [Fact]
    public void Opening_cycles_k_beside_a_running_cycles_u_changes_what_the_first_reader_sees_under_v6()
    {
        TaskOp[] ops =
        [
            OnCpu("u", UserCycles), new WorkOp(10), new ReadOp("u"), OnCpu("k", KernelCycles), new WorkOp(10),
            new WorkOp(1, Privilege.Kernel), new ReadOp("u"), new ReadOp("k"),
        ];

        // «Slightly scared by this one»: the four fields do not hold exclude_user and exclude_kernel. The counter is that of k's tmp_master.
        Assert.Equal("u=50 u=55 k=5", Reads(new V6(), ops));
        Assert.Equal("u=50 u=100 k=5", Reads(new NoSharing(), ops));
        Assert.Equal("u=50 u=100 k=5", Reads(new LargestScope(), ops));
    }

    [Fact]
    public void The_fifth_class_is_not_shared_under_v6()
    {
        uint[] classes = [Cycles, Instructions, Branches, Misses, Buses];
        TaskOp[] twoOfEach =
        [
            .. classes.Select(c => OnCpu($"A{c:x}", Attr(c))), .. classes.Select(c => OnCpu($"B{c:x}", Attr(c))), new WorkOp(1),
        ];
        Assert.Equal(10, CountersMax(new NoSharing(), twoOfEach));
        Assert.Equal(6, CountersMax(new V6(), twoOfEach));
        Assert.Equal(5, CountersMax(new LargestScope(), twoOfEach));
    }

    [Fact]
    public void Every_counting_event_costs_two_allocations_under_v6_and_one_under_real_master()
    {
        TaskOp[] one = [OnCpu("A", CyclesAttr), new WorkOp(1), new ReadOp("A")];
        Assert.Equal(1, Allocations(new NoSharing(), one));
        Assert.Equal(2, Allocations(new V6(), one));
        Assert.Equal(1, Allocations(new RealMaster(), one));
        Assert.Equal(1, Allocations(new LargestScope(), one));
    }

    [Fact]
    public void An_event_that_samples_without_a_sample_type_shares_under_v6_and_not_where_is_sampling_event_is_asked()
    {
        PerfEventAttr sampling = CyclesAttr with { SamplePeriod = 1_000 };
        TaskOp[] ops = [OnCpu("A", sampling), OnCpu("B", sampling), new WorkOp(1), new ReadOp("A")];
        Assert.Equal(1, CountersMax(new V6(), ops));
        Assert.Equal(1, CountersMax(new LargestScope(test: SharingTest.SampleType), ops));
        Assert.Equal(2, CountersMax(new LargestScope(), ops));
        Assert.Equal(2, CountersMax(new RealMaster(), ops));
    }

    // ---- the master goes, or is switched off ----

    private static readonly TaskOp[] CloseOfTheFirst =
    [
        OnCpu("A", CyclesAttr), new WorkOp(1), OnCpu("B", CyclesAttr), new WorkOp(2), new ReadOp("A"), new ReadOp("B"), new CloseOp("A"),
        new WorkOp(3), new ReadOp("B"),
    ];

    [Fact]
    public void Closing_the_master_while_a_slave_counts_loses_counts_under_real_master()
    {
        Played played = Play(new RealMaster(), CloseOfTheFirst);
        Assert.Equal("A=15 B=10 B=10", played.Reads);
        Assert.Equal("active-counts counts-exact no-leak one-master", played.Broken);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("v6")]
    [InlineData("largest-scope")]
    public void Closing_the_first_event_while_the_second_counts_loses_nothing_under(string design)
    {
        Played played = Play(Designs.Find(design)!(), CloseOfTheFirst);
        Assert.Equal("A=15 B=10 B=25", played.Reads);
        Assert.Equal("", played.Broken);
    }

    private static readonly TaskOp[] DisableOfTheFirst =
    [
        OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(1), new IoctlOp("A", IoctlCommand.Disable), new WorkOp(2), new ReadOp("A"),
        new ReadOp("B"), new IoctlOp("A", IoctlCommand.Enable), new WorkOp(4), new ReadOp("A"), new ReadOp("B"), new CloseOp("B"),
    ];

    [Fact]
    public void Disabling_the_master_stops_its_slaves_until_it_is_enabled_again_under_real_master()
    {
        Played played = Play(new RealMaster(), DisableOfTheFirst);
        Assert.Equal("A=5 B=5 A=25 B=25", played.Reads);
        Assert.Equal("active-counts counts-exact", played.Broken);
    }

    [Fact]
    public void Disabling_the_master_elects_another_and_enabling_it_does_not_give_it_back_under_largest_scope()
    {
        Played played = Play(new LargestScope(), DisableOfTheFirst);
        Assert.Equal("A=5 B=15 A=25 B=35", played.Reads);
        Assert.Equal("", played.Broken);
        Assert.Equal("A→A B→A", played.Owners[1]);
        Assert.Equal("A→A B→B", played.Owners[3]);
        Assert.Equal("A→B B→B", played.Owners[7]);
    }

    [Fact]
    public void A_counter_changes_hands_with_one_del_and_one_add_and_nothing_else_is_rescheduled_under_largest_scope()
    {
        TaskOp[] open = [OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), new WorkOp(1)];
        TaskOp[] close = [new CloseOp("C"), new CloseOp("B"), new CloseOp("A")];
        MachineCosts before = Play(new LargestScope(), [.. open, .. close]).Machine.Costs;
        MachineCosts after = Play(new LargestScope(), [.. open, new IoctlOp("A", IoctlCommand.Disable), .. close]).Machine.Costs;
        Assert.Equal((1, 1), (after.PmuAdds - before.PmuAdds, after.PmuDels - before.PmuDels));
        Assert.Equal((0, 0), (after.SchedIns - before.SchedIns, after.SchedOuts - before.SchedOuts));
    }

    // ---- scope ----

    // A task of cgroup A counts itself there, then everything; a task of cgroup B runs in between.
    private static MachineSpec SmallScopeFirst() => Machine(
        "tiny", 1,
        Task(
            "inA", 0, OnCgroup("a", CyclesAttr, "A"), OnCpu("all", CyclesAttr), new WorkOp(1), new ReadOp("a"), new ReadOp("all"),
            new YieldOp(), new ReadOp("a"), new ReadOp("all"), new CloseOp("all")) with { Cgroup = "A" },
        Task("inB", 0, new WorkOp(4)) with { Cgroup = "B" }) with
    {
        Cgroups = [new CgroupSpec("A", null), new CgroupSpec("B", null)],
    };

    [Fact]
    public void A_master_whose_cgroup_is_off_starves_its_slaves_under_real_master()
    {
        // Song, 5 Nov 2019 17:11: «what shall we do if the master event is not running?»
        Played played = Runs.InOrder(SmallScopeFirst(), new RealMaster());
        Assert.Equal("a=5 all=5 a=5 all=5", played.Reads);
        Assert.Equal("active-counts counts-exact slave-in-scope", played.Broken);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("v6")]
    [InlineData("largest-scope")]
    public void An_event_of_every_cgroup_counts_on_while_that_of_one_cgroup_is_off_under(string design)
    {
        Played played = Runs.InOrder(SmallScopeFirst(), Designs.Find(design)!());
        Assert.Equal("a=5 all=5 a=5 all=25", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Fact]
    public void The_event_nearest_to_the_root_takes_over_when_it_is_opened_under_largest_scope()
    {
        Played played = Runs.InOrder(SmallScopeFirst(), new LargestScope());
        Assert.Equal("a→a", played.Owners[0]);
        Assert.Equal("a→all all→all", played.Owners[1]);
    }

    [Fact]
    public void A_cgroup_below_another_follows_it_and_one_beside_it_does_not_under_largest_scope()
    {
        MachineSpec spec = Machine(
            "wide", 1,
            Task(
                "tool", 0, OnCgroup("a", CyclesAttr, "A"), OnCgroup("ab", CyclesAttr, "AB"), OnCgroup("c", CyclesAttr, "C"),
                OnCgroup("abc", CyclesAttr, "ABC"), new WorkOp(2), new ReadOp("a"), new ReadOp("abc"), new ReadOp("c"))
            with { Cgroup = "ABC" }) with
        {
            Cgroups =
            [
                new CgroupSpec("A", null), new CgroupSpec("AB", "A"), new CgroupSpec("ABC", "AB"), new CgroupSpec("C", null),
            ],
        };
        Played played = Runs.InOrder(spec, new LargestScope());
        Assert.Equal("a→a ab→a c→c abc→a", played.Owners[3]);
        Assert.Equal("a=10 abc=10 c=0", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Fact]
    public void In_a_task_an_event_of_every_processor_is_master_of_one_of_a_single_processor_under_largest_scope()
    {
        TaskOp[] ops =
        [
            new OpenOp("here", CyclesAttr) { Cpu = 0 }, new OpenOp("anywhere", CyclesAttr), new WorkOp(1), new MigrateOp("self", 1), new WorkOp(2),
            new ReadOp("here"), new ReadOp("anywhere"),
        ];
        Played played = Runs.InOrder(Machine("tiny", 2, Task("tool", 0, ops)), new LargestScope());
        Assert.Equal("here→anywhere anywhere→anywhere", played.Owners[1]);
        Assert.Equal("here=5 anywhere=15", played.Reads);
        Assert.Equal("", played.Broken);
    }

    // ---- groups, rotation, fork ----

    [Fact]
    public void A_group_member_is_never_master_under_largest_scope()
    {
        TaskOp[] ops =
        [
            OnCpu("lead", CyclesAttr), OnCpu("alone", CyclesAttr), OnCpu("member", Attr(Instructions)) with { Group = new GroupArgument("lead") },
            new WorkOp(1), new CloseOp("alone"), new WorkOp(1), new ReadOp("lead"), new ReadOp("member"),
        ];
        Played played = Play(new LargestScope(), ops);
        Assert.Equal("lead→lead alone→lead", played.Owners[1]);
        Assert.Equal("lead→alone alone→alone member→member", played.Owners[2]);
        Assert.Equal("lead→lead member→member", played.Owners[4]);
        Assert.Equal("lead=10 member=6", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Fact]
    public void Two_groups_of_the_same_events_do_not_share_under_largest_scope_and_do_under_v6()
    {
        // What «disallow group events to be master» costs.
        TaskOp[] ops = [.. Group("A"), .. Group("B"), new WorkOp(1)];
        Assert.Equal(4, CountersMax(new LargestScope(), ops));
        Assert.Equal(2, CountersMax(new V6(), ops));

        static TaskOp[] Group(string name) =>
        [
            OnCpu(name, Attr(Branches)), OnCpu(name + "2", Attr(Misses)) with { Group = new GroupArgument(name) },
        ];
    }

    // Two counters for branches, misses and instructions; the first rotation leaves B and x on the PMU, and A, the oldest, is last in the row.
    private static MachineSpec RotatedMaster() => Machine(
        "tiny", 1,
        Task(
            "tool", 0, OnCpu("A", Attr(Branches)), OnCpu("B", Attr(Branches)), OnCpu("x", Attr(Misses)), new WorkOp(1),
            OnCpu("y", Attr(Instructions)), new WorkOp(2), new ReadOp("A"), new ReadOp("B"), new CloseOp("B"))) with
    {
        MuxFires = 1,
    };

    [Theory]
    [InlineData("v6")]
    [InlineData("largest-scope")]
    public void A_slave_whose_master_has_been_rotated_out_counts_on_alone_under(string design)
    {
        // Peter, 6 Nov 2019 20:44: «if we do add() on a slave, add the master if it wasn't add()'ed yet».
        Played played = Runs.InOrder(RotatedMaster(), Designs.Find(design)!());
        Assert.Equal("A=2 B=6", played.Reads);
        Assert.Equal("", played.Broken);
    }

    [Fact]
    public void A_slave_whose_master_has_been_rotated_out_starves_under_real_master()
    {
        Played played = Runs.InOrder(RotatedMaster(), new RealMaster());
        Assert.Equal("A=2 B=2", played.Reads);
        Assert.Equal("active-counts counts-exact", played.Broken);
    }

    [Theory]
    [InlineData("v6")]
    [InlineData("largest-scope")]
    public void Inherited_events_share_in_the_childs_context_too_under(string design)
    {
        PerfEventAttr inherited = CyclesAttr with { Inherit = true };
        MachineSpec spec = Machine(
            "tiny", 1,
            Task(
                "parent", 0, new OpenOp("A", inherited), new OpenOp("B", inherited), new WorkOp(1), new ForkOp("child"), new YieldOp(),
                new WorkOp(1), new ReadOp("A"), new ReadOp("B")),
            Task("child", 0, new WorkOp(3)) with { Forked = true });
        Played played = Runs.InOrder(spec, Designs.Find(design)!());
        Assert.Equal("A=25 B=25", played.Reads);
        Assert.Equal("", played.Broken);
        Assert.Equal(1, played.Machine.Costs.CountersMax);
    }

    // ---- the options that the thread leaves open ----

    [Fact]
    public void Tools_that_differ_in_disabled_alone_do_not_share_if_whole_attributes_are_compared()
    {
        // Song, 4 Mar 2020, of memcmp: it misses sharing.
        TaskOp[] ops =
        [
            OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr with { Disabled = true }), new IoctlOp("B", IoctlCommand.Enable), new WorkOp(1),
        ];
        Assert.Equal(2, CountersMax(new LargestScope(), ops));
        Assert.Equal(1, CountersMax(new LargestScope(AttrComparison.FourFields), ops));
    }

    [Fact]
    public void To_the_letter_the_sketch_of_31_October_sees_no_running_counter()
    {
        TaskOp[] ops = [OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(2), new ReadOp("A"), new ReadOp("B")];
        Assert.Equal("A=0 B=0", Reads(new RealMaster(toTheLetter: true), ops));
        Assert.Equal("A=10 B=10", Reads(new RealMaster(), ops));
    }

    // ---- what Peter says of the alternatives ----

    [Fact]
    public void Allocation_under_ctx_lock_breaks_RT_and_only_RT()
    {
        // Peter, 6 Nov 2019 08:56: «ctx->lock is a raw_spinlock_t and allocator locks are spinlock_t».
        MachineSpec spec = Machine("tiny", 1, Task("tool", 0, OnCpu("A", CyclesAttr), new WorkOp(1), new ReadOp("A")));
        BrokenDesigns.AllocatesUnderLock atomic = new(Gfp.Atomic);
        Assert.Equal("", Runs.InOrder(spec, atomic).Broken);
        Played rt = Runs.InOrder(spec with { PreemptRt = true }, atomic);
        Assert.Equal("lock-rules", rt.Broken);
        Assert.StartsWith("[ BUG: Invalid wait context ]", rt.Machine.Violations[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public void GFP_KERNEL_under_ctx_lock_breaks_either_kernel()
    {
        MachineSpec spec = Machine("tiny", 1, Task("tool", 0, OnCpu("A", CyclesAttr), new WorkOp(1)));
        foreach (bool rt in (bool[])[false, true])
        {
            Played played = Runs.InOrder(spec with { PreemptRt = rt }, new BrokenDesigns.AllocatesUnderLock(Gfp.Kernel));
            Assert.StartsWith(
                "BUG: sleeping function called from invalid context: kmalloc(perf_event, GFP_KERNEL)", played.Machine.Violations[0].What,
                StringComparison.Ordinal);
        }
    }

    private static Played Play(ISharingDesign design, TaskOp[] ops) => Runs.InOrder(Machine("wide", 1, Task("tool", 0, ops)), design);

    private static string Reads(ISharingDesign design, TaskOp[] ops) => Play(design, ops).Reads;

    private static int CountersMax(ISharingDesign design, TaskOp[] ops) => Play(design, ops).Machine.Costs.CountersMax;

    private static int Allocations(ISharingDesign design, TaskOp[] ops) => Play(design, ops).Machine.Allocator.Granted;
}
