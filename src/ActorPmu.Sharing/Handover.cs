using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>Ours: whoever of a class is on the PMU may own the counter, and leaves it to another in place.</summary>
/// <remarks>
/// Source: nobody's mail; it is built from Peter Zijlstra's wishes of 31 Oct 2019 to 20 Apr 2020, and from <c>move_dup()</c> of the first posting.
/// README.md beside this file has the data, the invariants and why each transition keeps them. In short:
/// <list type="bullet">
/// <item>A class is the events of one context that count the same. One of them, the head, has room for the class's only word: who owns the counter.</item>
/// <item>For each event on the PMU, and the owner is one of them, <c>count + offset</c> is the same number as soon as its count is up to date. The
/// offset is constant from add to del. So a new owner changes no count, no offset and no pointer but the class's one.</item>
/// <item><c>event->count</c> only grows. A reset and a swap of counts change <c>bias</c>, which <c>perf_event_count()</c> adds.</item>
/// </list>
/// </remarks>
public class Handover : ISharingDesign
{
    /// <inheritdoc/>
    public string Name => "handover";

    /// <inheritdoc/>
    public string Source => "ours";

    /// <inheritdoc/>
    public string Claim => "any sharer may own the counter, and hands it over in place without losing a count: no master, no allocation, no search";

    // ---- classes: where the context's lists change ----

    /// <inheritdoc/>
    /// <remarks><c>list_add_event()</c>: the only search there is.</remarks>
    public async KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        if (!CanShare(e))
        {
            return;
        }

        PerfEvent? head = null;
        for (int i = 0; head is null && i < ctx.EventList.Count; i++)
        {
            PerfEvent other = ctx.EventList[i];
            head = !ReferenceEquals(other, e) && Of(other).Head.Value is { } found && Compatible(e, found) ? found : null;
        }

        await core.WriteOnce(Of(e).Head, head ?? e);
    }

    /// <inheritdoc/>
    /// <remarks><c>list_del_event()</c>: the event is off the PMU. If it was the head, another one of the class becomes it.</remarks>
    public virtual async KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        Sharer self = Of(e);
        if (self.Head.Value is not { } head)
        {
            return;
        }

        core.Machine.WarnOnOnce(self.Joined.Value, "a sharer leaves its context while it is on the PMU");
        PerfEvent? next = null;
        for (int i = 0; ReferenceEquals(head, e) && i < ctx.EventList.Count; i++)
        {
            PerfEvent other = ctx.EventList[i];
            if (!ReferenceEquals(other, e) && ReferenceEquals(Of(other).Head.Value, e))
            {
                // The new head knows the owner before anybody asks it; an NMI finds the same one here or there.
                if (next is null)
                {
                    next = other;
                    await core.WriteOnce(Of(next).Owner, self.Owner.Value);
                    core.Barrier();
                }

                await core.WriteOnce(Of(other).Head, next);
            }
        }

        await core.WriteOnce(self.Head, null);
        await core.WriteOnce(self.Owner, null);
    }

    // ---- event_pmu_add(), event_pmu_del(), event_pmu_read() ----

    /// <inheritdoc/>
    /// <remarks>Who takes no counter from anybody need not wait for the one that found none.</remarks>
    public bool NeedsNoCounter(PerfEvent leader)
    {
        ArgumentNullException.ThrowIfNull(leader);
        bool needsNone = FindsOwner(leader);
        for (int i = 0; needsNone && i < leader.Siblings.Count; i++)
        {
            needsNone = FindsOwner(leader.Siblings[i]);
        }

        return needsNone;
    }

    /// <inheritdoc/>
    public virtual async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        Sharer self = Of(e);
        if (self.Head.Value is not { } head)
        {
            return await core.PmuAdd(e);
        }

        PerfEvent? owner = Of(head).Owner.Value;
        if (owner is null)
        {
            if (!await core.PmuAdd(e))
            {
                return false;
            }

            self.Offset = 0;
            (self.Next, self.Prev) = (self, self);
            await core.WriteOnce(self.Joined, true);
            core.Barrier();
            await core.WriteOnce(Of(head).Owner, e);
            return true;
        }

        // The class's total as of now, on which nothing is counted before the PMU is on again.
        await core.PmuRead(owner);
        Sharer owning = Of(owner);
        self.Offset = owner.Count + owning.Offset - e.Count;
        LinkBefore(owning, self);
        core.Barrier();
        await core.WriteOnce(self.Joined, true);
        core.PerfEventUpdateUserpage(e);
        return true;
    }

    /// <inheritdoc/>
    public virtual async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        Sharer self = Of(e);
        if (self.Head.Value is not { } head)
        {
            await core.PmuDel(e);
        }
        else if (Of(head).Owner.Value is { } owner && !ReferenceEquals(owner, e))
        {
            await core.PmuRead(owner);
            await Sync(core, e, owner);
            await core.WriteOnce(self.Joined, false);
            Unlink(self);
            core.PerfEventUpdateUserpage(e);
        }
        else
        {
            await Leave(core, self, Of(head));
        }

        // event_sched_out() stores ->oncpu next, and perf_event_read() takes -1 for a count that is up to date.
        core.SmpWmb();
    }

    /// <summary>The owner leaves the PMU: to the one that joined last, who in a schedule-out is the last to leave.</summary>
    private async KernelTask Leave(PerfCore core, Sharer self, Sharer head)
    {
        Sharer heir = self.Prev!;

        // From here on an NMI finds nobody to ask, and takes counts as they are.
        await core.WriteOnce(head.Owner, null);
        core.Barrier();
        await core.WriteOnce(self.Joined, false);
        if (ReferenceEquals(heir, self))
        {
            (self.Next, self.Prev) = (null, null);
            await core.PmuDel(self.Event);
            return;
        }

        await core.PmuHandOver(self.Event, heir.Event);
        await Sync(core, heir.Event, self.Event);
        Unlink(self);
        core.Barrier();
        await core.WriteOnce(head.Owner, heir.Event);

        // Index, prev_count and the class's total are what they were: the pages of those who stay are right.
        core.PerfEventUpdateUserpage(self.Event);
    }

    /// <inheritdoc/>
    /// <remarks>Under <c>ctx->lock</c>, in an NMI, or with interrupts off on the processor where the event is: who changes owners is not at it.</remarks>
    public virtual async KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        Sharer self = Of(e);
        if (await core.ReadOnce(self.Head) is not { } head)
        {
            await core.PmuRead(e);
        }
        else if (await core.ReadOnce(self.Joined) && await core.ReadOnce(Of(head).Owner) is { } owner)
        {
            await core.PmuRead(owner);
            if (!ReferenceEquals(owner, e))
            {
                await Sync(core, e, owner);
            }
        }
    }

    /// <summary>Brings a follower's count up to date with the owner's: one word, which only grows, whoever comes in between.</summary>
    protected virtual async KernelTask Sync(PerfCore core, PerfEvent e, PerfEvent owner)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(owner);
        long now = await core.ReadOnce(owner.CountField) + CountsApart(e, owner);
        long count = await core.ReadOnce(e.CountField);
        while (count < now)
        {
            long found = await core.LocalCmpxchg(e.CountField, count, now);
            count = found == count ? now : found;
        }
    }

    /// <summary>How much further a follower's count is than the owner's when both are up to date. Constant while both are on the PMU.</summary>
    protected static long CountsApart(PerfEvent e, PerfEvent owner) => Of(owner).Offset - Of(e).Offset;

    // ---- perf_event_count(), reset, swap ----

    /// <inheritdoc/>
    public long Count(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Count + Of(e).Bias.Value;
    }

    /// <inheritdoc/>
    /// <remarks>Two words, one of which changes at a time: the count grows, and a reset or swap changes the bias. The loop pairs them.</remarks>
    public virtual async KernelTask<long> CountSeen(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(e);

        // Pairs with event_pmu_del(): who has seen the event off its processor sees what it counted there.
        core.SmpRmb();
        Sharer self = Of(e);
        while (true)
        {
            long bias = await core.LoadAcquire(self.Bias);
            long count = await core.LoadAcquire(e.CountField);
            if (bias == await core.ReadOnce(self.Bias))
            {
                return count + bias;
            }
        }
    }

    /// <inheritdoc/>
    public virtual void ResetCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Of(e).Bias.Value = -e.Count;
    }

    /// <inheritdoc/>
    public virtual void SwapCounts(PerfEvent a, PerfEvent b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (long ofA, long ofB) = (Count(a), Count(b));
        Of(a).Bias.Value = ofB - a.Count;
        Of(b).Bias.Value = ofA - b.Count;
    }

    // ---- pages of user space ----

    /// <inheritdoc/>
    public virtual PerfEvent PageCounter(PerfEvent e) => OwnerFor(e) ?? e;

    /// <inheritdoc/>
    /// <remarks>The owner's <c>count</c> and <c>prev_count</c> go on together; a follower's <c>count</c> may lag behind both.</remarks>
    public virtual long PageCount(PerfEvent e, long inDriver) =>
        (OwnerFor(e) is { } owner ? owner.Count + CountsApart(e, owner) : e.Count) + inDriver + Of(e).Bias.Value;

    /// <inheritdoc/>
    /// <remarks>Whoever follows has the owner's index and <c>prev_count</c> on its page.</remarks>
    public virtual IEnumerable<PerfEvent> PagesBeside(PerfEvent e)
    {
        if (ReferenceEquals(OwnerFor(e), e))
        {
            for (Sharer follower = Of(e).Next!; !ReferenceEquals(follower.Event, e); follower = follower.Next!)
            {
                yield return follower.Event;
            }
        }
    }

    private static PerfEvent? OwnerFor(PerfEvent e) => Of(e) is { Joined.Value: true, Head.Value: { } head } ? Of(head).Owner.Value : null;

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e)
    {
        Sharer self = Of(e);
        return self.Head.Value switch
        {
            // Nobody may ask a head that is gone; where somebody would, the properties are to see it.
            { Freed: true } gone => gone,
            { } head when self.Joined.Value => Of(head).Owner.Value,
            _ => e,
        };
    }

    // ---- which events ----

    /// <summary>Whether two events that may share count the same: what the hardware is told, and nothing else of the attr.</summary>
    /// <remarks>Kernel: <c>hwc->config</c>, <c>->extra_reg</c>, <c>->branch_reg</c> and the <c>exclude_*</c> bits that some PMUs keep elsewhere.</remarks>
    protected virtual bool Compatible(PerfEvent a, PerfEvent b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (PerfEventAttr x, PerfEventAttr y) = (a.Attr, b.Attr);
        return ReferenceEquals(a.Pmu, b.Pmu) && a.Hw.Selector == b.Hw.Selector && a.Hw.Long64 == b.Hw.Long64
            && x.Config1 == y.Config1 && x.Config2 == y.Config2 && x.PreciseIp == y.PreciseIp && x.BranchSampleType == y.BranchSampleType
            && x.ExcludeHv == y.ExcludeHv && x.ExcludeIdle == y.ExcludeIdle && x.ExcludeHost == y.ExcludeHost && x.ExcludeGuest == y.ExcludeGuest;
    }

    private static bool FindsOwner(PerfEvent e) => e.Pmu.IsSoftware || (Of(e).Head.Value is { } head && Of(head).Owner.Value is not null);

    private static bool CanShare(PerfEvent e) => !e.Pmu.IsSoftware && !e.Attr.IsSampling;

    // ---- the ring of those on the PMU ----

    private static void LinkBefore(Sharer owner, Sharer e)
    {
        (e.Prev, e.Next) = (owner.Prev, owner);
        owner.Prev!.Next = e;
        owner.Prev = e;
    }

    private static void Unlink(Sharer e)
    {
        e.Prev!.Next = e.Next;
        e.Next!.Prev = e.Prev;
        (e.Next, e.Prev) = (null, null);
    }

    private static Sharer Of(PerfEvent e) => (Sharer)(e.DesignData ??= new Sharer(e));

    // What the design adds to struct perf_event.
    private sealed class Sharer(PerfEvent e)
    {
        public PerfEvent Event { get; } = e;

        /// <summary>Who keeps the class's word; null for an event that does not share, or is in no context.</summary>
        public Published<PerfEvent?> Head { get; } = new("share_head", null, e);

        /// <summary>Of a head: whose <c>hw_perf_event</c> is on the PMU; null when none of the class is, and while it changes.</summary>
        public Published<PerfEvent?> Owner { get; } = new("share_owner", null, e);

        /// <summary>Whether the event is on the PMU, as owner or with it.</summary>
        public Published<bool> Joined { get; } = new("share_joined", false, e);

        /// <summary>What to add to <c>count</c> for a user. Changed by a reset and by a swap of contexts.</summary>
        public Published<long> Bias { get; } = new("count_bias", 0, e);

        /// <summary>While joined, constant: the class's total less this event's count, when that is up to date.</summary>
        public long Offset { get; set; }

        /// <summary>While joined: the ring of those on the PMU, in the order in which they joined.</summary>
        public Sharer? Next { get; set; }

        /// <summary>See <see cref="Next"/>.</summary>
        public Sharer? Prev { get; set; }
    }
}
