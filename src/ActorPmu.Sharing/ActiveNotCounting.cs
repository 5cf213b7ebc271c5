using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>A master can be on the PMU for others without counting itself: a state between INACTIVE and ACTIVE.</summary>
/// <remarks>
/// Source: Song Liu, 6 Nov 2019 22:23 UTC: «Maybe an "add-but-don't-count" state would solve this, even with event groups? Say
/// PERF_EVENT_STATE_ACTIVE_NOT_COUNTING.» It answers Peter Zijlstra, 20:44: «if we do add() on a slave, add the master if it wasn't add()'ed
/// yet». It claims that with such a state any event is a fit master: rotated out, of a cgroup that is off, in a group that is not scheduled.
/// How the mail was read:
/// <list type="bullet">
/// <item>Master is the first of its class, whatever its scope; the others follow it. It is ACTIVE_NOT_COUNTING (here <see
/// cref="EventState.Enabled"/>, as v7 will call it) while somebody else needs its counter and it does not count itself: also when it is
/// scheduled out before the others, which <see cref="FirstActive"/> stumbles over.</item>
/// <item>The PMU counts into the master's <c>count</c>; every event, the master too, takes its own share out of that while it is ACTIVE.</item>
/// <item>«Re-elect master on IOC_DISABLE is good» (17:40), and when it leaves: the oldest of the others that is neither off nor in error. How a
/// counter changes hands is not said. Here: with the PMU disabled the old master is deleted, all take their share, the new one is added.</item>
/// <item>An error of a pinned master stays what it is while its counter counts for others.</item>
/// <item>«For group event use cases, I think only allowing non-group event to be the master would be a good start»: <c>groupsMayLead</c> off.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The default is Song's answer of 31 Oct to «slightly scared by this one».</param>
/// <param name="test">Which events may share. The default is the one that Peter asks for on 31 Oct.</param>
/// <param name="groupsMayLead">Whether an event of a group may be master.</param>
public sealed class ActiveNotCounting(
    AttrComparison comparison = AttrComparison.WholeAttr, SharingTest test = SharingTest.IsSamplingEvent, bool groupsMayLead = true) : ISharingDesign
{
    internal static DesignChoices Choices { get; } = new("active-not-counting", [DesignChoices.FourFields, DesignChoices.SingleMaster], said => new ActiveNotCounting(
        said(DesignChoices.FourFields) ? AttrComparison.FourFields : AttrComparison.WholeAttr, groupsMayLead: !said(DesignChoices.SingleMaster)));

    /// <inheritdoc/>
    public string Name { get; } = DesignChoices.Name(
        "active-not-counting", (comparison == AttrComparison.FourFields, DesignChoices.FourFields), (!groupsMayLead, DesignChoices.SingleMaster));

    /// <inheritdoc/>
    public string Source => "Song Liu, 6 Nov 2019 22:23 UTC";

    /// <inheritdoc/>
    public string Claim => "a state in which a master is on the PMU without counting makes any event a fit master, even with event groups";

    /// <inheritdoc/>
    public async KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);

        // perf_group_attach() comes later: the leader does not know its new sibling yet.
        if (!groupsMayLead && !e.IsLeader && ReferenceEquals(e.GroupLeader.Ctx, ctx))
        {
            await Reelect(core, e.GroupLeader, ctx, joins: e.GroupLeader.State >= EventState.Inactive);
        }

        Follow(e, ctx);
    }

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Follow(e, ctx);
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => Reelect(core, e, ctx, joins: false);

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx) => Reelect(core, e, ctx, joins: false);

    /// <inheritdoc/>
    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        return CanShare(e) ? await Join(core, e) : await core.PmuAdd(e);
    }

    /// <inheritdoc/>
    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (!CanShare(e))
        {
            await core.PmuDel(e);
            return;
        }

        Dup dup = Of(e);
        if (!dup.Counting)
        {
            return;
        }

        Dup master = Of(dup.Master);
        if (master.Active == 1)
        {
            await core.PmuDel(dup.Master);
            LetGo(dup.Master);
        }
        else
        {
            await core.PmuRead(dup.Master);
        }

        dup.TakeShare();
        dup.Counting = false;
        master.Active--;
    }

    /// <inheritdoc/>
    public EventState StateAfterSchedOut(PerfEvent e) => Of(e).OnPmu ? EventState.Enabled : EventState.Inactive;

    /// <inheritdoc/>
    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (!CanShare(e))
        {
            await core.PmuRead(e);
            return;
        }

        // An NMI may come while the counter changes hands: it then sees the count of before.
        Dup dup = Of(e);
        if (dup.Counting && Of(dup.Master).OnPmu)
        {
            await core.PmuRead(dup.Master);
            dup.TakeShare();
        }
    }

    /// <inheritdoc/>
    public long Count(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return CanShare(e) ? Of(e).OwnCount : e.Count;
    }

    /// <inheritdoc/>
    public void ResetCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (CanShare(e))
        {
            Of(e).OwnCount = 0;
        }
        else
        {
            e.Count = 0;
        }
    }

    /// <inheritdoc/>
    public void SwapCounts(PerfEvent a, PerfEvent b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (CanShare(a))
        {
            (Of(a).OwnCount, Of(b).OwnCount) = (Of(b).OwnCount, Of(a).OwnCount);
        }
        else
        {
            (a.Count, b.Count) = (b.Count, a.Count);
        }
    }

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => Of(e).Master;

    private bool CanShare(PerfEvent e) => AttrRules.CanShare(e, test);

    private bool MayLead(PerfEvent e) => groupsMayLead || (e.IsLeader && e.Siblings.Count == 0);

    // The master of the oldest event of the class that takes part, or the event itself.
    private void Follow(PerfEvent e, PerfContext ctx)
    {
        if (CanShare(e) && e.State >= EventState.Inactive)
        {
            PerfEvent? fellow = ctx.EventList.FindLast(
                other => !ReferenceEquals(other, e) && other.State >= EventState.Inactive && CanShare(other)
                    && AttrRules.Compatible(e, other, comparison) && MayLead(Of(other).Master));
            Of(e).Master = fellow is null ? e : Of(fellow).Master;
        }
    }

    /// <summary>The event leaves its class; if it was master, another one becomes it, and the event may follow that.</summary>
    private async KernelTask Reelect(PerfCore core, PerfEvent old, PerfContext ctx, bool joins)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        if (!ReferenceEquals(Of(old).Master, old))
        {
            Of(old).Master = joins ? Of(old).Master : old;
            return;
        }

        List<PerfEvent> followers = ctx.EventList.FindAll(other => !ReferenceEquals(other, old) && ReferenceEquals(Of(other).Master, old));
        if (followers.Count == 0)
        {
            return;
        }

        PerfEvent? next = followers.FindLast(f => f.State >= EventState.Inactive && MayLead(f));
        if (joins)
        {
            followers.Add(old);
        }

        await HandOver(core, ctx, old, followers, next);
    }

    // Whoever counts at this moment lets go of the old master before anybody takes the new one: the new one needs that counter.
    private static async KernelTask HandOver(PerfCore core, PerfContext ctx, PerfEvent old, List<PerfEvent> followers, PerfEvent? next)
    {
        List<PerfEvent> counting = followers.FindAll(f => Of(f).Counting);
        if (counting.Count > 0)
        {
            core.PerfPmuDisable(ctx.Kind);
            await core.PmuDel(old);
            Of(old).Active = 0;
            LetGo(old);
        }

        foreach (PerfEvent f in counting)
        {
            Of(f).TakeShare();
            Of(f).Counting = false;
        }

        followers.ForEach(f => Of(f).Master = next is null || f.State < EventState.Inactive ? f : next);
        foreach (PerfEvent f in counting)
        {
            bool joined = await Join(core, f);
            core.Machine.WarnOnOnce(!joined, "the new master does not get the counter of the old one");
        }

        if (counting.Count > 0)
        {
            core.PerfPmuEnable(ctx.Kind);
        }
    }

    /// <summary>Adds the master if nobody has, and begins to count along.</summary>
    private static async KernelTask<bool> Join(PerfCore core, PerfEvent e)
    {
        Dup dup = Of(e);
        Dup master = Of(dup.Master);
        if (!master.OnPmu)
        {
            if (!await core.PmuAdd(dup.Master))
            {
                return false;
            }

            master.OnPmu = true;
            if (dup.Master.State == EventState.Inactive)
            {
                PerfCore.PerfEventSetState(dup.Master, EventState.Enabled);
            }
        }
        else
        {
            await core.PmuRead(dup.Master);
        }

        master.Active++;
        dup.Base = core.LocalCount(dup.Master);
        dup.Counting = true;
        return true;
    }

    private static void LetGo(PerfEvent master)
    {
        Of(master).OnPmu = false;
        if (master.State == EventState.Enabled)
        {
            PerfCore.PerfEventSetState(master, EventState.Inactive);
        }
    }

    private static Dup Of(PerfEvent e) => (Dup)(e.DesignData ??= new Dup(e));

    // What the design adds to struct perf_event.
    private sealed class Dup(PerfEvent self)
    {
        /// <summary>Whose counter counts for the event; itself when it is master or alone.</summary>
        public PerfEvent Master { get; set; } = self;

        /// <summary>What the event has counted; its <c>count</c> is what the PMU counted for all who follow it.</summary>
        public long OwnCount { get; set; }

        /// <summary>The master's count when the event last took its share.</summary>
        public long Base { get; set; }

        /// <summary>Whether the event takes shares now: ACTIVE, and counting.</summary>
        public bool Counting { get; set; }

        /// <summary>As a master: how many take shares now.</summary>
        public int Active { get; set; }

        /// <summary>As a master: whether the PMU counts into it.</summary>
        public bool OnPmu { get; set; }

        public void TakeShare()
        {
            OwnCount += Master.Count - Base;
            Base = Master.Count;
        }
    }
}
