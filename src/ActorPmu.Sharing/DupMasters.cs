using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>What v7 and v8 have in common: one of the events is <c>dup_master</c>, and may be ENABLED, on the PMU without counting itself.</summary>
/// <remarks>
/// Source: Song Liu, [PATCH v7], 15 Nov 2019, and [PATCH v8], 6 Dec 2019: <c>perf_event_setup_dup</c>, <c>perf_event_remove_dup</c>,
/// <c>perf_event_init_dup_master</c>, <c>perf_event_exit_dup_master</c>, <c>event_pmu_add</c>, <c>event_sync_dup_count</c>,
/// <c>event_pmu_del</c>, <c>event_pmu_read</c>. When they are called is what the two versions differ in. Nobody looks at the scope or the
/// group of a master, nor, when one goes, at the state of the next.
/// </remarks>
/// <param name="comparison">How two events are compared.</param>
internal sealed class DupMasters(AttrComparison comparison)
{
    /// <summary><c>perf_event_can_share()</c>: hardware events that do not sample.</summary>
    public static bool CanShare(PerfEvent e) => AttrRules.CanShare(e, SharingTest.IsSamplingEvent);

    /// <summary><c>event->dup_master</c>.</summary>
    public static PerfEvent? MasterOf(PerfEvent e) => Of(e).DupMaster;

    /// <summary><c>event->dup_master == event</c>.</summary>
    public static bool IsMaster(PerfEvent e) => ReferenceEquals(Of(e).DupMaster, e);

    /// <summary><c>perf_event_setup_dup()</c>: the newest compatible event becomes the master, or says who it is.</summary>
    public void SetupDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Dup dup = Of(e);
        if (dup.DupMaster is not null || e.State != EventState.Inactive || !CanShare(e))
        {
            return;
        }

        // look for dup with other events
        foreach (PerfEvent other in ctx.EventList)
        {
            core.Machine.WarnOnOnce(other.State > EventState.Inactive, "tmp->state > PERF_EVENT_STATE_INACTIVE");
            if (ReferenceEquals(other, e) || other.State != EventState.Inactive || !CanShare(other)
                || !AttrRules.Compatible(e, other, comparison))
            {
                continue;
            }

            // first dup, pick it as the master
            if (Of(other).DupMaster is null)
            {
                InitDupMaster(other);
            }

            dup.DupMaster = Of(other).DupMaster;
            break;
        }
    }

    /// <summary><c>perf_event_remove_dup()</c>: the newest follower of a master that goes is the next one.</summary>
    public static void RemoveDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Dup dup = Of(e);
        if (dup.DupMaster is null)
        {
            return;
        }

        core.Machine.WarnOnOnce(
            e.State is not EventState.Inactive and not EventState.Off,
            "event->state != PERF_EVENT_STATE_INACTIVE && event->state != PERF_EVENT_STATE_OFF");
        if (!IsMaster(e))
        {
            dup.DupMaster = null;
            return;
        }

        ExitDupMaster(core, e);
        List<PerfEvent> followers = [];
        foreach (PerfEvent other in ctx.EventList)
        {
            core.Machine.WarnOnOnce(other.State > EventState.Inactive, "tmp->state > PERF_EVENT_STATE_INACTIVE");
            if (ReferenceEquals(Of(other).DupMaster, e))
            {
                followers.Add(other);
            }
        }

        if (followers.Count == 1)
        {
            // no more sharing
            Of(followers[0]).DupMaster = null;
        }
        else if (followers.Count > 1)
        {
            InitDupMaster(followers[0]);
            foreach (PerfEvent follower in followers)
            {
                Of(follower).DupMaster = followers[0];
            }
        }
    }

    /// <summary><c>event_pmu_add()</c>.</summary>
    public static async KernelTask<bool> Add(PerfCore core, PerfEvent e)
    {
        // no sharing, just do event->pmu->add()
        if (MasterOf(e) is not { } master)
        {
            return await core.PmuAdd(e);
        }

        if (Of(master).DupActiveCount == 0)
        {
            if (!await core.PmuAdd(master))
            {
                return false;
            }

            if (!ReferenceEquals(master, e))
            {
                PerfCore.PerfEventSetState(master, EventState.Enabled);
            }
        }

        Of(master).DupActiveCount++;
        await core.PmuRead(master);
        Dup dup = Of(e);
        dup.BaseCount = core.LocalCount(master);
        dup.BaseChildCount = master.ChildCount;
        return true;
    }

    /// <summary><c>event_pmu_del()</c>.</summary>
    public static async KernelTask Del(PerfCore core, PerfEvent e)
    {
        if (MasterOf(e) is not { } master)
        {
            await core.PmuDel(e);
            return;
        }

        await SyncDupCount(core, e, master);
        if (--Of(master).DupActiveCount == 0)
        {
            await core.PmuDel(master);
            PerfCore.PerfEventSetState(master, EventState.Inactive);
        }
        else if (ReferenceEquals(master, e))
        {
            // event_sched_out(), which calls this, makes it INACTIVE a moment later.
            PerfCore.PerfEventSetState(master, EventState.Enabled);
        }
    }

    /// <summary><c>event_pmu_read()</c>.</summary>
    public static KernelTask Read(PerfCore core, PerfEvent e) =>
        MasterOf(e) is { } master ? SyncDupCount(core, e, master) : core.PmuRead(e);

    /// <summary>The count part of <c>perf_event_count()</c>: a master's <c>count</c> is the counter's.</summary>
    public static long Count(PerfEvent e) => IsMaster(e) ? Of(e).MasterCount : e.Count;

    /// <summary>The other part of <c>perf_event_count()</c>.</summary>
    public static long ChildCount(PerfEvent e) => IsMaster(e) ? Of(e).MasterChildCount : e.ChildCount;

    /// <summary>v8's <c>sync_child_event()</c>.</summary>
    public static void AddChildCount(PerfEvent parent, long count)
    {
        if (IsMaster(parent))
        {
            Of(parent).MasterChildCount += count;
        }
        else
        {
            parent.ChildCount += count;
        }
    }

    /// <summary>A local variable of <c>__perf_remove_from_context()</c> and <c>__perf_event_disable()</c>: everything has been scheduled out.</summary>
    public static void NeedResched(PerfEvent e) => Of(e).NeedsResched = true;

    /// <summary>Whether it was set; it is not any more.</summary>
    public static bool TestClearResched(PerfEvent e)
    {
        Dup dup = Of(e);
        bool was = dup.NeedsResched;
        dup.NeedsResched = false;
        return was;
    }

    private static void InitDupMaster(PerfEvent e)
    {
        Dup dup = Of(e);
        dup.DupMaster = e;
        dup.MasterCount = e.Count;
        dup.MasterChildCount = e.ChildCount;
        dup.DupActiveCount = 0;
    }

    private static void ExitDupMaster(PerfCore core, PerfEvent e)
    {
        Dup dup = Of(e);
        core.Machine.WarnOnOnce(dup.DupActiveCount != 0, "event->dup_active_count");
        dup.DupMaster = null;
        e.Count = dup.MasterCount;
        e.ChildCount = dup.MasterChildCount;
    }

    // event_sync_dup_count()
    private static async KernelTask SyncDupCount(PerfCore core, PerfEvent e, PerfEvent master)
    {
        core.Machine.WarnOnOnce(e.State != EventState.Active, "event->state != PERF_EVENT_STATE_ACTIVE");
        await core.PmuRead(master);
        Dup dup = Of(e);
        long newCount = core.LocalCount(master);
        long newChildCount = master.ChildCount;
        if (ReferenceEquals(e, master))
        {
            dup.MasterCount += newCount - dup.BaseCount;
            dup.MasterChildCount += newChildCount - dup.BaseChildCount;
        }
        else
        {
            e.Count += newCount - dup.BaseCount;
            e.ChildCount += newChildCount - dup.BaseChildCount;
        }

        // save dup_base_* for next sync
        dup.BaseCount = newCount;
        dup.BaseChildCount = newChildCount;
    }

    private static Dup Of(PerfEvent e) => (Dup)(e.DesignData ??= new Dup());

    // What the patches add to struct perf_event.
    private sealed class Dup
    {
        public PerfEvent? DupMaster { get; set; }

        public long BaseCount { get; set; }

        public long BaseChildCount { get; set; }

        public long MasterCount { get; set; }

        public long MasterChildCount { get; set; }

        public int DupActiveCount { get; set; }

        public bool NeedsResched { get; set; }
    }
}
