using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>What is the same in v7 to v10, or in v9 and v10: <c>event_sync_dup_count()</c>, and what calls it.</summary>
/// <remarks>
/// Source: Song Liu, [PATCH v7], 15 Nov 2019, to [PATCH v10], 23 Jan 2020. Nothing here is ordered against an NMI: the base is a plain
/// <c>u64</c>, stored after the count has been added to («completely and utterly buggered», Peter Zijlstra, 28 Feb 2020).
/// </remarks>
internal static class DupSync
{
    /// <summary><c>event_sync_dup_count()</c>.</summary>
    public static async KernelTask Sync(PerfCore core, PerfEvent e, PerfEvent master)
    {
        DupEvent dup = DupEvent.Of(e);
        await core.PmuRead(master);
        long newCount = await core.ReadOnce(master.CountField);
        long newChildCount = master.ChildCount;
        long gained = newCount - await core.ReadOnce(dup.BaseCount);
        if (ReferenceEquals(e, master))
        {
            await core.LocalAdd(dup.MasterCount, gained);
            dup.MasterChildCount += newChildCount - dup.BaseChildCount;
        }
        else
        {
            await core.LocalAdd(e.CountField, gained);
            e.ChildCount += newChildCount - dup.BaseChildCount;
        }

        // save dup_base_* for next sync
        await core.Store(dup.BaseCount, newCount);
        dup.BaseChildCount = newChildCount;
    }

    /// <summary><c>perf_event_exit_dup_master()</c>.</summary>
    public static async KernelTask ExitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        dup.Active = 0;
        await core.Store(dup.Master, null);

        // restore event->count and event->child_count
        await core.WriteOnce(e.CountField, dup.MasterCount.Value);
        e.ChildCount = dup.MasterChildCount;
    }

    /// <summary><c>event_pmu_add()</c>.</summary>
    public static async KernelTask<bool> Add(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);

        // no sharing, just do event->pmu->add()
        if (dup.Master.Value is not { } master)
        {
            return await core.PmuAdd(e);
        }

        DupEvent masters = DupEvent.Of(master);
        if (masters.Active == 0)
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

        masters.Active++;
        await core.PmuRead(master);
        await core.Store(dup.BaseCount, core.LocalCount(master));
        dup.BaseChildCount = master.ChildCount;
        return true;
    }

    /// <summary><c>event_pmu_del()</c>.</summary>
    /// <param name="core">Perf core.</param>
    /// <param name="e">The event.</param>
    /// <param name="removeDup">v9: a master that goes takes its counter along.</param>
    public static async KernelTask Del(PerfCore core, PerfEvent e, bool removeDup)
    {
        if (DupEvent.Of(e).Master.Value is not { } master)
        {
            await core.PmuDel(e);
            return;
        }

        await Sync(core, e, master);
        if (--DupEvent.Of(master).Active == 0 || (removeDup && ReferenceEquals(master, e)))
        {
            await core.PmuDel(master);
            PerfCore.PerfEventSetState(master, EventState.Inactive);
        }
    }

    /// <summary><c>event_pmu_read()</c>.</summary>
    public static async KernelTask Read(PerfCore core, PerfEvent e)
    {
        if (await core.ReadOnce(DupEvent.Of(e).Master) is { } master)
        {
            await Sync(core, e, master);
        }
        else
        {
            await core.PmuRead(e);
        }
    }

    /// <summary>The other part of <c>perf_event_count()</c>.</summary>
    public static long ChildCount(PerfEvent e) => DupEvent.IsMaster(e) ? DupEvent.Of(e).MasterChildCount : e.ChildCount;

    /// <summary><c>sync_child_event()</c>.</summary>
    public static void AddChildCount(PerfEvent parent, long count)
    {
        if (DupEvent.IsMaster(parent))
        {
            DupEvent.Of(parent).MasterChildCount += count;
        }
        else
        {
            parent.ChildCount += count;
        }
    }

    /// <summary><c>event_sched_out()</c>: a master whose counter others need stays ENABLED.</summary>
    public static EventState StateAfterSchedOut(PerfEvent e) =>
        DupEvent.IsMaster(e) && DupEvent.Of(e).Active != 0 ? EventState.Enabled : EventState.Inactive;
}
