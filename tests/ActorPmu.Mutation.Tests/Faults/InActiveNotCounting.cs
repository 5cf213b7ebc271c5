using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults in <c>active-not-counting</c>.</summary>
internal static class InActiveNotCounting
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "nc-no-election-at-removal", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx) => Reelect(core, e, ctx, joins: false);",
            "public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;",
            "A master that leaves its context stays master.")
        { Design = "active-not-counting" },
        new(
            "nc-state-after-sched-out", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "public EventState StateAfterSchedOut(PerfEvent e) => Of(e).OnPmu ? EventState.Enabled : EventState.Inactive;",
            "public EventState StateAfterSchedOut(PerfEvent e) => Of(e).OnPmu ? EventState.Active : EventState.Inactive;",
            "A master that others keep on the PMU stays ACTIVE when it is scheduled out.")
        { Design = "active-not-counting" },
        new(
            "nc-counting-after-del", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "dup.Counting = false;",
            "",
            "An event that is off the PMU goes on taking shares.")
        { Design = "active-not-counting" },
        new(
            "nc-old-number-kept", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "Of(old).Active = 0;",
            "",
            "A master that has handed its counter over keeps its number of sharers.")
        { Design = "active-not-counting" },
        new(
            "nc-no-share-at-handover", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "Of(f).TakeShare();",
            "",
            "When a counter changes hands, what was counted since the last read is lost.")
        { Design = "active-not-counting" },
        new(
            "nc-number-not-counted", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "master.Active++;",
            "",
            "A master does not learn of those who join.")
        { Design = "active-not-counting" },
        new(
            "nc-incompatible-fellow", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "&& AttrRules.Compatible(e, other, comparison) && MayLead(Of(other).Master));",
            "&& MayLead(Of(other).Master));",
            "Events follow each other whatever they count.")
        { Design = "active-not-counting" },
        new(
            "nc-share-of-others", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "dup.Base = core.LocalCount(dup.Master);",
            "dup.Base = 0;",
            "An event that joins gets all that its master has ever counted.")
        { Design = "active-not-counting" },
        new(
            "nc-read-without-share", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "dup.TakeShare();",
            "",
            "A read leaves the event's count as it was.")
        { Design = "active-not-counting", Below = "public async KernelTask Read(PerfCore core, PerfEvent e)" },
        new(
            "nc-let-go-forgotten", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "LetGo(dup.Master);",
            "",
            "A master that has left the PMU is taken to be on it.")
        { Design = "active-not-counting" },
        new(
            "nc-swap-of-nothing", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "(Of(a).OwnCount, Of(b).OwnCount) = (Of(b).OwnCount, Of(a).OwnCount);",
            "",
            "Counts stay behind when two contexts are swapped.")
        { Design = "active-not-counting" },
        new(
            "nc-pmu-stays-off", "ActorPmu.Sharing/ActiveNotCounting.cs",
            "core.PerfPmuEnable(ctx.Kind);",
            "",
            "The PMU is not enabled again after a counter has changed hands.")
        { Design = "active-not-counting" },
    ];
}
