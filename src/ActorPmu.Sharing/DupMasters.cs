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
    public static PerfEvent? MasterOf(PerfEvent e) => DupEvent.Of(e).Master.Value;

    /// <summary><c>event->dup_master == event</c>.</summary>
    public static bool IsMaster(PerfEvent e) => DupEvent.IsMaster(e);

    /// <summary><c>perf_event_setup_dup()</c>: the newest compatible event becomes the master, or says who it is.</summary>
    public async KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (MasterOf(e) is not null || e.State != EventState.Inactive || !CanShare(e))
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
            if (MasterOf(other) is null)
            {
                await InitDupMaster(core, other);
            }

            await core.Store(DupEvent.Of(e).Master, MasterOf(other));
            break;
        }
    }

    /// <summary><c>perf_event_remove_dup()</c>: the newest follower of a master that goes is the next one.</summary>
    public static async KernelTask RemoveDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (MasterOf(e) is null)
        {
            return;
        }

        core.Machine.WarnOnOnce(
            e.State is not EventState.Inactive and not EventState.Off,
            "event->state != PERF_EVENT_STATE_INACTIVE && event->state != PERF_EVENT_STATE_OFF");
        if (!IsMaster(e))
        {
            await core.Store(DupEvent.Of(e).Master, null);
            return;
        }

        core.Machine.WarnOnOnce(DupEvent.Of(e).Active != 0, "event->dup_active_count");
        await DupSync.ExitDupMaster(core, e);
        List<PerfEvent> followers = [];
        foreach (PerfEvent other in ctx.EventList)
        {
            core.Machine.WarnOnOnce(other.State > EventState.Inactive, "tmp->state > PERF_EVENT_STATE_INACTIVE");
            if (ReferenceEquals(MasterOf(other), e))
            {
                followers.Add(other);
            }
        }

        if (followers.Count == 1)
        {
            // no more sharing
            await core.Store(DupEvent.Of(followers[0]).Master, null);
        }
        else if (followers.Count > 1)
        {
            await InitDupMaster(core, followers[0]);
            foreach (PerfEvent follower in followers)
            {
                await core.Store(DupEvent.Of(follower).Master, followers[0]);
            }
        }
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
        if (--DupEvent.Of(master).Active == 0)
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
    public static async KernelTask Read(PerfCore core, PerfEvent e)
    {
        if (await core.ReadOnce(DupEvent.Of(e).Master) is { } master)
        {
            await SyncDupCount(core, e, master);
        }
        else
        {
            await core.PmuRead(e);
        }
    }

    /// <summary>A local variable of <c>__perf_remove_from_context()</c> and <c>__perf_event_disable()</c>: everything has been scheduled out.</summary>
    public static void NeedResched(PerfEvent e) => DupEvent.Of(e).NeedsResched = true;

    /// <summary>Whether it was set; it is not any more.</summary>
    public static bool TestClearResched(PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        bool was = dup.NeedsResched;
        dup.NeedsResched = false;
        return was;
    }

    // perf_event_init_dup_master()
    private static async KernelTask InitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        await core.Store(dup.Master, e);
        await core.WriteOnce(dup.MasterCount, core.LocalCount(e));
        dup.MasterChildCount = e.ChildCount;
        dup.Active = 0;
    }

    // event_sync_dup_count()
    private static KernelTask SyncDupCount(PerfCore core, PerfEvent e, PerfEvent master)
    {
        core.Machine.WarnOnOnce(e.State != EventState.Active, "event->state != PERF_EVENT_STATE_ACTIVE");
        return DupSync.Sync(core, e, master);
    }
}
