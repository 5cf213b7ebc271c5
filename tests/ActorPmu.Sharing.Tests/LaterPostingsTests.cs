using ActorPmu.Kernel;
using static ActorPmu.Sharing.Tests.Scripts;

namespace ActorPmu.Sharing.Tests;

/// <summary>What v9 to v13 do when a master comes, goes or is switched off. A unit of work is 5 cycles.</summary>
public sealed class LaterPostingsTests
{
    private static readonly PerfEventAttr Off = CyclesAttr with { Disabled = true };

    private static readonly TaskOp[] MasterCloses =
    [
        OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), OnCpu("C", CyclesAttr), new WorkOp(1), new CloseOp("A"), new WorkOp(2), new ReadOp("B"),
        new ReadOp("C"), new CloseOp("B"), new CloseOp("C"),
    ];

    [Theory]
    [InlineData("v9", "A→C B→A C→A", "B→C C→C")]
    [InlineData("v10", "A→A B→A C→A", "B→C C→C")]
    [InlineData("v11", "A→A B→A C→A", "B→C C→C")]
    [InlineData("v12", "A→A B→A C→A", "B→C C→C")]
    [InlineData("v13", "A→A B→A C→A", "B→C C→C")]
    public void The_newest_follower_of_a_master_that_is_closed_takes_over(string design, string before, string after)
    {
        Played played = Runs.InOrder(Machine("wide", 1, Task("tool", 0, MasterCloses)), Designs.Find(design)!());
        Assert.Equal(design == "v9" ? "A→A B→A C→A" : before, played.Owners[2]);
        Assert.Equal(after, played.Owners[4]);
        Assert.Equal("B=15 C=15", played.Reads);
    }

    [Theory]
    [InlineData("v9", "counters-owned")]
    [InlineData("v10", "counters-owned")]
    [InlineData("v11", "counters-owned no-warning")]
    [InlineData("v12", "counters-owned no-warning")]
    [InlineData("v13", "counters-owned no-warning")]
    public void A_master_that_is_closed_while_others_count_breaks(string design, string broken) =>
        Assert.Equal(broken, Runs.InOrder(Machine("wide", 1, Task("tool", 0, MasterCloses)), Designs.Find(design)!()).Broken);

    private static readonly TaskOp[] MasterIsDisabled =
    [
        OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(1), new IoctlOp("A", IoctlCommand.Disable), new WorkOp(2), new ReadOp("B"),
        OnCpu("I", Attr(Instructions)), new WorkOp(1), new ReadOp("A"), new IoctlOp("A", IoctlCommand.Disable), new CloseOp("B"),
    ];

    [Theory]
    [InlineData("v9", "B=15 A=5", "A→A B→B")]
    [InlineData("v10", "B=15 A=10", "A→A B→A")]
    [InlineData("v11", "B=5 A=10", "A→A B→A")]
    [InlineData("v12", "B=15 A=5", "A→A B→B")]
    [InlineData("v13", "B=15 A=5", "A→A B→B")]
    public void A_master_that_is_disabled_hands_over_under_v9_v12_and_v13_alone(string design, string reads, string owners)
    {
        Played played = Runs.InOrder(Machine("wide", 1, Task("tool", 0, MasterIsDisabled)), Designs.Find(design)!());
        Assert.Equal(owners, played.Owners[3]);
        Assert.Equal(reads, played.Reads);
    }

    [Theory]
    [InlineData("v9", "A→A B→B")]
    [InlineData("v10", "A→A B→A")]
    [InlineData("v11", "A→A B→A")]
    [InlineData("v12", "A→A B→B")]
    [InlineData("v13", "A→A B→B")]
    public void An_event_that_is_off_leads_under_v10_and_v11_alone(string design, string owners)
    {
        TaskOp[] ops = [OnCpu("A", Off), OnCpu("B", Off), new IoctlOp("B", IoctlCommand.Enable), new WorkOp(1), new CloseOp("B")];
        Assert.Equal(owners, Runs.InOrder(Machine("wide", 1, Task("tool", 0, ops)), Designs.Find(design)!()).Owners[2]);
    }

    [Theory]
    [InlineData("v9", "B=5 A=5")]
    [InlineData("v11", "B=5 A=5")]
    [InlineData("v12", "B=15 A=5")]
    [InlineData("v13", "B=15 A=5")]
    public void A_reset_of_the_master_leaves_the_follower_alone_from_v12_on(string design, string reads)
    {
        TaskOp[] ops =
        [
            OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(2), new IoctlOp("A", IoctlCommand.Reset), new WorkOp(1), new ReadOp("B"),
            new ReadOp("A"), new CloseOp("B"),
        ];
        Assert.Equal(reads, Runs.InOrder(Machine("wide", 1, Task("tool", 0, ops)), Designs.Find(design)!()).Reads);
    }

    // An NMI somewhere between the opens and the close.
    private static MachineSpec InterruptedReads(string read) => Machine(
        "wide", 1,
        Task(
            "tool", 0,
            OnCpu("A", CyclesAttr), OnCpu("B", CyclesAttr), new WorkOp(1), new ReadOp("B"), new WorkOp(1), new ReadOp("B"), new ReadOp("A"),
            new CloseOp("B"), new CloseOp("A"))) with
    {
        FineGrained = true,
        Injections = [new Injection(InjectionKind.Pmi, 0, 2) { Task = "tool", Event = read }],
    };

    [Theory]
    [InlineData("v9", true)]
    [InlineData("v10", true)]
    [InlineData("v11", false)]
    [InlineData("v12", false)]
    [InlineData("v13", false)]
    public void An_NMI_in_the_middle_of_a_sync_takes_the_same_share_once_more_until_v11(string design, bool breaks) =>
        // Peter Zijlstra, 28 Feb 2020: event_sync_dup_count() is «trivially not NMI-safe».
        Assert.Equal(breaks, Runs.FirstBroken(Property.CountsExact, InterruptedReads("B"), Designs.Find(design)!, 1_500) is not null);
}
