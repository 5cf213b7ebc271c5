using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults in <c>handover</c>.</summary>
internal static class InHandover
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "ho-incompatible-class", "ActorPmu.Sharing/Handover.cs",
            "head = !ReferenceEquals(other, e) && Of(other).Head.Value is { } found && Compatible(e, found) ? found : null;",
            "head = !ReferenceEquals(other, e) && Of(other).Head.Value is { } found ? found : null;",
            "An event joins the first class there is, whatever it counts.")
        { Design = "handover" },
        new(
            "ho-new-head-knows-nobody", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(Of(next).Owner, self.Owner.Value);",
            "",
            "The head that follows one that leaves does not learn who owns the counter.")
        { Design = "handover" },
        new(
            "ho-followers-of-gone-head", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(Of(other).Head, next);",
            ";",
            "The others go on asking a head that has left.")
        { Design = "handover" },
        new(
            "ho-stale-total", "ActorPmu.Sharing/Handover.cs",
            "await core.PmuRead(owner);",
            "",
            "An event that joins starts from the owner's count of the last read, and gets what was counted before it came.")
        { Design = "handover", Below = "public virtual async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-offset-of-owner", "ActorPmu.Sharing/Handover.cs",
            "self.Offset = owner.Count + owning.Offset - e.Count;",
            "self.Offset = owner.Count - e.Count;",
            "An event that joins takes the owner's count for the class's total.")
        { Design = "handover" },
        new(
            "ho-owner-not-said", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(Of(head).Owner, e);",
            "",
            "The class does not learn who has taken a counter.")
        { Design = "handover", Below = "public virtual async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-no-sync-at-del", "ActorPmu.Sharing/Handover.cs",
            "await Sync(core, e, owner);",
            "",
            "An event is scheduled out without what was counted since the last read.")
        { Design = "handover", Below = "public virtual async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-no-read-at-del", "ActorPmu.Sharing/Handover.cs",
            "await core.PmuRead(owner);",
            "",
            "An event is scheduled out with what the owner had at the last read.")
        { Design = "handover", Below = "public virtual async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-joined-after-del", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(self.Joined, false);",
            "",
            "An event that is off the PMU goes on following the owner.")
        { Design = "handover", Below = "public virtual async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-linked-after-del", "ActorPmu.Sharing/Handover.cs",
            "Unlink(self);",
            "",
            "An event that is off the PMU may be the heir.")
        { Design = "handover", Below = "public virtual async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ho-owner-while-leaving", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(head.Owner, null);",
            "",
            "While the counter changes hands, an NMI asks the owner that leaves.")
        { Design = "handover", Below = "private async KernelTask Leave(PerfCore core, Sharer self, Sharer head)" },
        new(
            "ho-heir-not-synced", "ActorPmu.Sharing/Handover.cs",
            "await Sync(core, heir.Event, self.Event);",
            "",
            "The heir goes on from its own count, which is not up to date.")
        { Design = "handover" },
        new(
            "ho-heir-not-said", "ActorPmu.Sharing/Handover.cs",
            "await core.WriteOnce(head.Owner, heir.Event);",
            "",
            "The class does not learn who has got the counter.")
        { Design = "handover" },
        new(
            "ho-read-without-sync", "ActorPmu.Sharing/Handover.cs",
            "await Sync(core, e, owner);",
            "",
            "A read leaves a follower's count as it was.")
        { Design = "handover", Below = "public virtual async KernelTask Read(PerfCore core, PerfEvent e)" },
        new(
            "ho-read-when-off", "ActorPmu.Sharing/Handover.cs",
            "else if (await core.ReadOnce(self.Joined) && await core.ReadOnce(Of(head).Owner) is { } owner)",
            "else if (await core.ReadOnce(Of(head).Owner) is { } owner)",
            "An event that is off the PMU is brought up to date with the owner.")
        { Design = "handover" },
        new(
            "ho-apart-reversed", "ActorPmu.Sharing/Handover.cs",
            "protected static long CountsApart(PerfEvent e, PerfEvent owner) => Of(owner).Offset - Of(e).Offset;",
            "protected static long CountsApart(PerfEvent e, PerfEvent owner) => Of(e).Offset - Of(owner).Offset;",
            "A follower's count is as far off on the other side.")
        { Design = "handover" },
        new(
            "ho-bias-not-added", "ActorPmu.Sharing/Handover.cs",
            "return e.Count + Of(e).Bias.Value;",
            "return e.Count;",
            "A count is what has been counted since ever, resets or not.")
        { Design = "handover" },
        new(
            "ho-reset-of-reset", "ActorPmu.Sharing/Handover.cs",
            "Of(e).Bias.Value = -e.Count;",
            "Of(e).Bias.Value -= e.Count;",
            "A second reset takes off what the first one did.")
        { Design = "handover" },
        new(
            "ho-swap-of-one", "ActorPmu.Sharing/Handover.cs",
            "Of(b).Bias.Value = ofA - b.Count;",
            "Of(b).Bias.Value = ofA - a.Count;",
            "One of two events that change counts gets the wrong one.")
        { Design = "handover" },
        new(
            "ho-samplers-share", "ActorPmu.Sharing/Handover.cs",
            "private static bool CanShare(PerfEvent e) => !e.Pmu.IsSoftware && !e.Attr.IsSampling;",
            "private static bool CanShare(PerfEvent e) => !e.Pmu.IsSoftware;",
            "Events that sample share a counter.")
        { Design = "handover" },
        new(
            "ho-no-rmb-at-count", "ActorPmu.Sharing/Handover.cs",
            "core.SmpRmb();",
            "",
            "A reader that has seen the event off its processor may not see what it counted there.")
        { Design = "handover" },
        new(
            "ho-no-wmb-at-del", "ActorPmu.Sharing/Handover.cs",
            "core.SmpWmb();",
            "",
            "Another processor may see the event off its processor before it sees what it counted there.")
        { Design = "handover" },
    ];
}
