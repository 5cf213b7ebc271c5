using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>What v6 and the ways to mend its allocation have in common: each class of compatible events has a hidden, «virtual» master.</summary>
/// <remarks>
/// Source: Song Liu, [PATCH v6], 19 Sep 2019. Function by function: <c>perf_event_can_share</c>, <c>perf_event_compatible</c>,
/// <c>perf_event_setup_dup</c>, <c>perf_event_remove_dup</c>, <c>event_pmu_add</c>, <c>event_sync_dup_count</c>, <c>event_pmu_del</c>,
/// <c>event_pmu_read</c>. Who implements it says when a master is allocated; its last sharer carries it out of the context to be freed in
/// process context, because neither version of the kernel may free an event under <c>ctx->lock</c>.
/// </remarks>
internal interface IVirtualMasters : ISharingDesign
{
    /// <summary>How two events are compared.</summary>
    AttrComparison Comparison { get; }

    /// <summary>Which events may share.</summary>
    SharingTest Test { get; }

    /// <summary>How many classes of a context may share.</summary>
    int ClassesMax => int.MaxValue;

    /// <summary>A master for a class that has just been found, or null: then it is not shared.</summary>
    /// <remarks><c>perf_event_setup_dup()</c>; <c>ctx->lock</c> held, interrupts off. Unless said otherwise it is what the event has brought with it.</remarks>
    async KernelTask<PerfEvent?> MasterFor(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = Of(e);
        PerfEvent? master = dup.TmpMaster.Value;
        await core.Store(dup.TmpMaster, null);
        return master;
    }

    /// <inheritdoc/>
    /// <remarks>The patch deletes the cgroup block of <c>__perf_install_in_context()</c>.</remarks>
    bool ISharingDesign.ChecksCgroupAtInstall => false;

    /// <inheritdoc/>
    /// <remarks>«schedule out all events to set up dup properly».</remarks>
    EventTypes ISharingDesign.SchedOutBeforeAdd(PerfEvent e) => EventTypes.All;

    /// <inheritdoc/>
    KernelTask ISharingDesign.Added(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    /// <remarks>The patch's <c>perf_event_remove_dup()</c>.</remarks>
    async KernelTask ISharingDesign.Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = Of(e);
        if (dup.Slot is { } slot)
        {
            if (--slot.TotalEventCount == 0)
            {
                await core.Store(dup.TmpMaster, slot.Master);
                slot.Master = null;
            }

            dup.Slot = null;
        }
    }

    /// <inheritdoc/>
    async KernelTask<bool> ISharingDesign.Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = Of(e);

        // no sharing, just do event->pmu->add()
        if (dup.Slot is not { } slot)
        {
            return await core.PmuAdd(e);
        }

        if (slot.ActiveEventCount == 0 && !await core.PmuAdd(slot.Master!))
        {
            return false;
        }

        slot.ActiveEventCount++;
        await core.PmuRead(slot.Master!);
        await core.Store(dup.BaseCount, core.LocalCount(slot.Master!));
        dup.BaseChildCount = slot.Master!.ChildCount;
        return true;
    }

    /// <inheritdoc/>
    async KernelTask ISharingDesign.Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = Of(e);
        if (dup.Slot is not { } slot)
        {
            await core.PmuDel(e);
            return;
        }

        await SyncDupCount(core, e, dup, slot);
        if (--slot.ActiveEventCount == 0)
        {
            await core.PmuDel(slot.Master!);
        }
    }

    /// <inheritdoc/>
    KernelTask ISharingDesign.Read(PerfCore core, PerfEvent e)
    {
        DupEvent dup = Of(e);
        return dup.Slot is { } slot ? SyncDupCount(core, e, dup, slot) : core.PmuRead(e);
    }

    /// <inheritdoc/>
    /// <remarks>«if event->tmp_master is not used by ctx->dup_events, free it».</remarks>
    KernelTask ISharingDesign.Settled(PerfCore core, PerfEvent e) => FreeTmpMaster(core, e);

    /// <inheritdoc/>
    KernelTask ISharingDesign.Freeing(PerfCore core, PerfEvent e) => FreeTmpMaster(core, e);

    /// <inheritdoc/>
    PerfEvent? ISharingDesign.CounterOwner(PerfEvent e) => Of(e).Slot is { } slot ? slot.Master : e;

    /// <summary>The <c>find_new_sharing()</c> of 6 Nov 2019: whether the event would found a class, and so needs a master.</summary>
    /// <param name="e">An event that is not on the context's lists.</param>
    /// <param name="ctx">The context; its lock is held.</param>
    bool FindNewSharing(PerfEvent e, PerfContext ctx) =>
        AttrRules.CanShare(e, Test) && FindSlot(e, ctx) is null && FindEmptySlot(ctx) is not null && Partners(e, ctx).Count > 0;

    /// <summary>Gives the event a master to bring into the context: <c>event->tmp_master</c>.</summary>
    async KernelTask AllocTmpMaster(PerfCore core, PerfEvent e, Gfp flags)
    {
        if (AttrRules.CanShare(e, Test))
        {
            await core.Store(Of(e).TmpMaster, await core.AllocHidden(e, flags));
        }
    }

    /// <summary>The same as soon as the context is known.</summary>
    async KernelTask AllocTmpMaster(PerfCore core, PerfEvent e, PerfContext ctx, Gfp flags)
    {
        if (Of(e).TmpMaster.Value is null)
        {
            await AllocTmpMaster(core, e, flags);
            AttachTmpMaster(core, e, ctx);
        }
    }

    /// <summary>The master that the event brings gets its context, and a reference to it.</summary>
    void AttachTmpMaster(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (Of(e).TmpMaster.Value is { } master)
        {
            core.AttachHidden(master, ctx);
        }
    }

    // The patch's perf_event_setup_dup().
    private async KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (!AttrRules.CanShare(e, Test))
        {
            return;
        }

        // look for sharing with existing dup events
        if (FindSlot(e, ctx) is { } slot)
        {
            Of(e).Slot = slot;
            slot.TotalEventCount++;
            return;
        }

        // look for dup with other events
        List<PerfEvent> partners = Partners(e, ctx);
        if (partners.Count == 0 || FindEmptySlot(ctx) is not { } empty || await MasterFor(core, e, ctx) is not { } master)
        {
            return;
        }

        empty.Master = master;
        empty.TotalEventCount = partners.Count + 1;
        Of(e).Slot = empty;
        foreach (PerfEvent partner in partners)
        {
            Of(partner).Slot = empty;
        }
    }

    // The patch's event_sync_dup_count(). Nothing orders it against an NMI: the base is a plain u64, stored after the count has been added to.
    private static async KernelTask SyncDupCount(PerfCore core, PerfEvent e, DupEvent dup, Slot slot)
    {
        await core.PmuRead(slot.Master!);
        long newCount = await core.ReadOnce(slot.Master!.CountField);
        long newChildCount = slot.Master.ChildCount;
        await core.LocalAdd(e.CountField, newCount - await core.ReadOnce(dup.BaseCount));
        e.ChildCount += newChildCount - dup.BaseChildCount;
        await core.Store(dup.BaseCount, newCount);
        dup.BaseChildCount = newChildCount;
    }

    // The patch's perf_event_free_tmp_master(): no lock, and freed before it is forgotten.
    private static async KernelTask FreeTmpMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = Of(e);
        if (await core.ReadOnce(dup.TmpMaster) is { } master)
        {
            await core.FreeHidden(master);
            await core.Store(dup.TmpMaster, null);
        }
    }

    private Slot? FindSlot(PerfEvent e, PerfContext ctx) =>
        SlotsOf(ctx).Find(s => s.Master is { } master && AttrRules.Compatible(e, master, Comparison));

    private Slot? FindEmptySlot(PerfContext ctx)
    {
        List<Slot> slots = SlotsOf(ctx);
        Slot? empty = slots.Find(s => s.Master is null);
        if (empty is null && slots.Count < ClassesMax)
        {
            empty = new Slot();
            slots.Add(empty);
        }

        return empty;
    }

    private List<PerfEvent> Partners(PerfEvent e, PerfContext ctx) => ctx.EventList.FindAll(
        other => !ReferenceEquals(other, e) && Of(other).Slot is null && AttrRules.CanShare(other, Test)
            && AttrRules.Compatible(e, other, Comparison));

    private static DupEvent Of(PerfEvent e) => (DupEvent)(e.DesignData ??= new DupEvent(e));

    private static List<Slot> SlotsOf(PerfContext ctx) => (List<Slot>)(ctx.DesignData ??= new List<Slot>());

    // What the patch adds to struct perf_event.
    private sealed class DupEvent(PerfEvent self)
    {
        public Published<PerfEvent?> TmpMaster { get; } = new("tmp_master", null, self.Name);

        public Slot? Slot { get; set; }

        public Published<long> BaseCount { get; } = new("dup_base_count", 0, self.Name);

        public long BaseChildCount { get; set; }
    }

    /// <summary><c>struct perf_event_dup</c>.</summary>
    private sealed class Slot
    {
        public PerfEvent? Master { get; set; }

        public int TotalEventCount { get; set; }

        public int ActiveEventCount { get; set; }
    }
}
