using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The patch as posted: an array of four slots in each context, each with a hidden, «virtual» master event.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v6] perf: Sharing PMU counters across compatible events», 19 Sep 2019 05:23 UTC. Function by function:
/// <c>perf_event_can_share</c>, <c>perf_event_compatible</c>, <c>perf_event_setup_dup</c>, <c>perf_event_remove_dup</c>,
/// <c>event_pmu_add</c>, <c>event_sync_dup_count</c>, <c>event_pmu_del</c>, <c>event_pmu_read</c>. Its faults are part of it.
/// </remarks>
public sealed class V6 : ISharingDesign
{
    private const int MaxPerfEventDupPerCtx = 4;

    /// <inheritdoc/>
    public string Name => "v6";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v6], 19 Sep 2019";

    /// <inheritdoc/>
    public string Claim => "compatible events of one context share one counter; add, del and read are O(1)";

    /// <inheritdoc/>
    /// <remarks>The patch deletes the cgroup block of <c>__perf_install_in_context()</c>.</remarks>
    public bool ChecksCgroupAtInstall => false;

    /// <inheritdoc/>
    /// <remarks>«schedule out all events to set up dup properly».</remarks>
    public EventTypes SchedOutBeforeAdd(PerfEvent e) => EventTypes.All;

    /// <inheritdoc/>
    /// <remarks>In <c>perf_event_open()</c> and <c>inherit_event()</c>: a second event, whether or not anything will match.</remarks>
    public async KernelTask Allocated(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        DupEvent dup = new();
        e.DesignData = dup;
        if (CanShare(e))
        {
            dup.TmpMaster = await core.AllocHidden(e, Gfp.Kernel);
        }
    }

    /// <inheritdoc/>
    public KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (Of(e).TmpMaster is { } master)
        {
            core.AttachHidden(master, ctx);
        }

        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        SetupDup(e, ctx);
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = Of(e);
        if (dup.DupId == -1)
        {
            return KernelTask.Done;
        }

        Slot slot = SlotsOf(ctx)[dup.DupId];
        if (--slot.TotalEventCount == 0)
        {
            dup.TmpMaster = slot.Master;
            slot.Master = null;
        }

        dup.DupId = -1;
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        DupEvent dup = Of(e);

        // no sharing, just do event->pmu->add()
        if (dup.DupId == -1)
        {
            return await core.PmuAdd(e);
        }

        Slot slot = SlotsOf(ctx)[dup.DupId];
        if (slot.ActiveEventCount == 0 && !await core.PmuAdd(slot.Master!))
        {
            return false;
        }

        slot.ActiveEventCount++;
        await core.PmuRead(slot.Master!);
        dup.BaseCount = slot.Master!.Count;
        dup.BaseChildCount = slot.Master.ChildCount;
        return true;
    }

    /// <inheritdoc/>
    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        DupEvent dup = Of(e);
        if (dup.DupId == -1)
        {
            await core.PmuDel(e);
            return;
        }

        Slot slot = SlotsOf(ctx)[dup.DupId];
        await SyncDupCount(core, e, dup, slot);
        if (--slot.ActiveEventCount == 0)
        {
            await core.PmuDel(slot.Master!);
        }
    }

    /// <inheritdoc/>
    public KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        DupEvent dup = Of(e);
        return dup.DupId == -1 ? core.PmuRead(e) : SyncDupCount(core, e, dup, SlotsOf(e.Ctx!)[dup.DupId]);
    }

    /// <inheritdoc/>
    /// <remarks>«if event->tmp_master is not used by ctx->dup_events, free it».</remarks>
    public KernelTask Settled(PerfCore core, PerfEvent e) => FreeTmpMaster(core, e);

    /// <inheritdoc/>
    public KernelTask Freeing(PerfCore core, PerfEvent e) => FreeTmpMaster(core, e);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e)
    {
        DupEvent dup = Of(e);
        return dup.DupId == -1 ? e : SlotsOf(e.Ctx!)[dup.DupId].Master;
    }

    /// <summary>The patch's <c>perf_event_can_share()</c>.</summary>
    private static bool CanShare(PerfEvent e)
    {
        const ulong PerfSampleIdentifier = 1UL << 16;

        // only do sharing for hardware events; limit sharing to counting events, but let PERF_SAMPLE_IDENTIFIER in
        return !e.Pmu.IsSoftware && (e.Attr.SampleType & ~PerfSampleIdentifier) == 0;
    }

    /// <summary>The patch's <c>perf_event_compatible()</c>: four fields of the attributes.</summary>
    private static bool Compatible(PerfEvent a, PerfEvent b) =>
        a.Attr.Type == b.Attr.Type && a.Attr.Config == b.Attr.Config
        && a.Attr.Config1 == b.Attr.Config1 && a.Attr.Config2 == b.Attr.Config2;

    /// <summary>The patch's <c>perf_event_setup_dup()</c>.</summary>
    private static void SetupDup(PerfEvent e, PerfContext ctx)
    {
        if (!CanShare(e))
        {
            return;
        }

        DupEvent dup = Of(e);
        Slot[] slots = SlotsOf(ctx);
        int emptySlot = -1;

        // look for sharing with existing dup events
        for (int i = 0; i < MaxPerfEventDupPerCtx; i++)
        {
            if (slots[i].Master is not { } master)
            {
                emptySlot = emptySlot == -1 ? i : emptySlot;
                continue;
            }

            if (Compatible(e, master))
            {
                dup.DupId = i;
                slots[i].TotalEventCount++;
                return;
            }
        }

        // perf_event_alloc() failed, or no available dup_event
        if (dup.TmpMaster is null || emptySlot == -1)
        {
            return;
        }

        // look for dup with other events
        int match = 0;
        foreach (PerfEvent other in ctx.EventList)
        {
            if (ReferenceEquals(other, e) || Of(other).DupId != -1 || !CanShare(other) || !Compatible(e, other))
            {
                continue;
            }

            Of(other).DupId = emptySlot;
            match++;
        }

        if (match > 0)
        {
            slots[emptySlot].Master = dup.TmpMaster;
            slots[emptySlot].TotalEventCount = match + 1;
            dup.DupId = emptySlot;
            dup.TmpMaster = null;
        }
    }

    /// <summary>The patch's <c>event_sync_dup_count()</c>.</summary>
    private static async KernelTask SyncDupCount(PerfCore core, PerfEvent e, DupEvent dup, Slot slot)
    {
        await core.PmuRead(slot.Master!);
        long newCount = slot.Master!.Count;
        long newChildCount = slot.Master.ChildCount;
        e.Count += newCount - dup.BaseCount;
        e.ChildCount += newChildCount - dup.BaseChildCount;
        dup.BaseCount = newCount;
        dup.BaseChildCount = newChildCount;
    }

    /// <summary>The patch's <c>perf_event_free_tmp_master()</c>.</summary>
    private static async KernelTask FreeTmpMaster(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        DupEvent dup = Of(e);
        if (dup.TmpMaster is { } master)
        {
            dup.TmpMaster = null;
            await core.FreeHidden(master);
        }
    }

    private static DupEvent Of(PerfEvent e) => (DupEvent)(e.DesignData ??= new DupEvent());

    private static Slot[] SlotsOf(PerfContext ctx) => (Slot[])(ctx.DesignData ??= NewSlots());

    private static Slot[] NewSlots() => [new(), new(), new(), new()];

    // What the patch adds to struct perf_event.
    private sealed class DupEvent
    {
        public PerfEvent? TmpMaster { get; set; }

        public int DupId { get; set; } = -1;

        public long BaseCount { get; set; }

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
