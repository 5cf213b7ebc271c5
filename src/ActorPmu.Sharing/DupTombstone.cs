using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>In which order v11, v12 and v13 write what others read without the lock.</summary>
/// <param name="InitFirst">v11: <c>dup_master</c> is also assigned at the top of <c>perf_event_init_dup_master()</c>, before what belongs to it.</param>
/// <param name="InitLast">v12: it is also assigned, plainly, after the <c>WRITE_ONCE()</c>.</param>
/// <param name="ExitBarrier">v13: in <c>perf_event_exit_dup_master()</c> the barrier stands between the count and <c>dup_master</c>, not after both.</param>
internal sealed record DupOrder(bool InitFirst, bool InitLast, bool ExitBarrier);

/// <summary>What is the same in v11, v12 and v13: Peter Zijlstra's delta to v10, with a tombstone for an event between two masters.</summary>
/// <remarks>
/// Source: Peter Zijlstra, 28 Feb 2020 09:36 UTC (the delta, «nor do I have a high confidence»); Song Liu, [PATCH v11], 6 Mar 2020, [PATCH v12], 31 Mar
/// 2020, [PATCH v13], 1 May 2020: <c>perf_event_init_dup_master</c>, <c>perf_event_exit_dup_master</c>, <c>event_pmu_read_dup</c>,
/// <c>perf_event_setup_dup</c>, <c>perf_event_remove_dup</c>, <c>event_pmu_add</c>, <c>event_pmu_del</c>, <c>event_pmu_read</c>. All
/// barriers are the compiler's; none is there for another processor. Where the three call these, and on whom, is in their own files.
/// </remarks>
/// <param name="order">What differs between them in the order of stores.</param>
/// <param name="softwareToo">Whether the <c>return</c> for tests is there.</param>
internal sealed class DupTombstone(DupOrder order, bool softwareToo)
{
    /// <summary><c>perf_event_setup_dup()</c>.</summary>
    /// <param name="core">Perf core.</param>
    /// <param name="e">The event that looks for a master.</param>
    /// <param name="ctx">Its context.</param>
    /// <param name="least">The lowest state in which it may (v12).</param>
    /// <param name="leastOther">The lowest state in which another event may be its master, or show it (v12).</param>
    public async KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx, EventState least, EventState leastOther)
    {
        if (e.State < least || !CanShare(e))
        {
            return;
        }

        foreach (PerfEvent other in ctx.EventList)
        {
            if (ReferenceEquals(other, e) || other.State < leastOther || !CanShare(other) || !DupEvent.Compatible(e, other))
            {
                continue;
            }

            // first dup, pick it as the master
            if (DupEvent.Of(other).Master.Value is null)
            {
                if (other.State == EventState.Active)
                {
                    await core.PmuRead(other);
                }

                await InitDupMaster(core, other);
            }

            await core.Store(DupEvent.Of(e).Master, DupEvent.Of(other).Master.Value);
            break;
        }
    }

    /// <summary><c>perf_event_remove_dup()</c>.</summary>
    public async KernelTask RemoveDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = DupEvent.Of(e);
        if (dup.Master.Value is not { } master)
        {
            return;
        }

        core.Machine.WarnOnOnce(
            e.State is < EventState.Off or > EventState.Enabled,
            "event->state < PERF_EVENT_STATE_OFF || event->state > PERF_EVENT_STATE_ENABLED");

        // this event is not the master
        if (!ReferenceEquals(master, e))
        {
            await core.Store(dup.Master, null);
            return;
        }

        int active = dup.Active;
        if (active != 0)
        {
            core.PerfPmuDisable(ctx.Kind);
            await core.PmuDel(e);
        }

        (PerfEvent? newMaster, int count) = await MoveFollowers(core, e, ctx);
        await ExitDupMaster(core, e);
        if (newMaster is null)
        {
            // As posted: what was disabled above stays disabled. A master with active sharers has followers, so it was not.
            core.Machine.WarnOnOnce(active != 0, "dup_active without followers: perf_pmu_disable() is not undone");
            if (active != 0)
            {
                core.PerfPmuEnable(ctx.Kind);
            }

            return;
        }

        if (active != 0)
        {
            // An identical event cannot fail to get the counter that the old master had.
            core.CopyHwConfig(e, newMaster);
            core.Machine.WarnOnOnce(!await core.PmuAdd(newMaster), "ret");
            core.SetEnabledAsIs(newMaster);
            core.PerfPmuEnable(ctx.Kind);
        }

        DupEvent next = DupEvent.Of(newMaster);
        if (count == 1)
        {
            // There aren't any more duplicates, and ->master_count == ->count.
            await core.WriteOnce(next.Master, null);
        }
        else
        {
            next.Active = active;
        }
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
        await core.WriteOnce(dup.BaseCount, core.LocalCount(master));
        return true;
    }

    /// <summary><c>event_pmu_add()</c> of v12 and v13: followers are listed, and the page of who comes is right at once.</summary>
    public static async KernelTask<bool> AddListed(PerfCore core, PerfEvent e)
    {
        PerfEvent? master = DupEvent.Of(e).Master.Value;
        bool added = await Add(core, e);
        if (added && master is not null)
        {
            if (!ReferenceEquals(master, e))
            {
                DupEvent.Of(master).ActiveFollowers.Add(e);
            }

            core.PerfEventUpdateUserpage(e);
        }

        return added;
    }

    /// <summary><c>event_pmu_del()</c> of v12 and v13: the page of who goes stays as it was.</summary>
    public static async KernelTask DelListed(PerfCore core, PerfEvent e)
    {
        PerfEvent? master = DupEvent.Of(e).Master.Value;
        await Del(core, e);
        if (master is not null && !ReferenceEquals(master, e))
        {
            DupEvent.Of(master).ActiveFollowers.Remove(e);
        }
    }

    /// <summary><c>event_pmu_del()</c>.</summary>
    public static async KernelTask Del(PerfCore core, PerfEvent e)
    {
        if (DupEvent.Of(e).Master.Value is not { } master)
        {
            await core.PmuDel(e);
            return;
        }

        if (--DupEvent.Of(master).Active == 0)
        {
            await core.PmuDel(master);
            PerfCore.PerfEventSetState(master, EventState.Inactive);
        }

        await ReadDup(core, e, master);
    }

    /// <summary><c>event_pmu_read()</c>.</summary>
    public static async KernelTask Read(PerfCore core, PerfEvent e)
    {
        if (await core.ReadOnce(DupEvent.Of(e).Master) is { } master)
        {
            await ReadDup(core, e, master);
        }
        else
        {
            await core.PmuRead(e);
        }
    }

    /// <summary><c>event_sched_out()</c>: who still has active sharers stays ENABLED.</summary>
    public static EventState StateAfterSchedOut(PerfEvent e) =>
        DupEvent.Of(e).Active != 0 ? EventState.Enabled : EventState.Inactive;

    /// <summary>v12's <c>_perf_event_reset()</c>.</summary>
    public static void ResetCount(PerfEvent e)
    {
        if (DupEvent.IsMaster(e))
        {
            DupEvent.Of(e).MasterCount.Value = 0;
        }
        else
        {
            e.Count = 0;
        }
    }

    /// <summary>v12's <c>perf_event_update_userpage()</c> of a master: that of each follower on <c>dup_active_list</c>, after <c>rcu_read_unlock()</c>.</summary>
    /// <remarks>
    /// A follower that is scheduled out meanwhile takes itself from the list with <c>list_del_init()</c>, and who stands at it goes round it for ever.
    /// </remarks>
    public static async KernelTask UpdateUserpages(PerfCore core, PerfEvent e)
    {
        if (!DupEvent.IsMaster(e))
        {
            return;
        }

        List<PerfEvent> list = DupEvent.Of(e).ActiveFollowers;
        for (PerfEvent? at = list.FirstOrDefault(); at is not null;)
        {
            await core.ReadOnce(at.CountField);
            int place = list.IndexOf(at);
            core.ReportEndlessWait(place < 0, $"perf_event_update_userpage({e}) stands at {at}, which has left dup_active_list and is its own next");
            at = place < 0 || place + 1 == list.Count ? null : list[place + 1];
        }
    }

    // event_pmu_read_dup(): what another reader takes meanwhile, it takes whole.
    private static async KernelTask ReadDup(PerfCore core, PerfEvent e, PerfEvent master)
    {
        if (ReferenceEquals(master, DupEvent.Tombstone))
        {
            return;
        }

        DupEvent dup = DupEvent.Of(e);
        long previous;
        long now;
        do
        {
            previous = await core.ReadOnce(dup.BaseCount);
            if (await core.ReadOnce(master.StateField) > EventState.Inactive)
            {
                await core.PmuRead(master);
            }

            core.LocalCount(master);
            now = await core.ReadOnce(master.CountField);
        }
        while (await core.LocalCmpxchg(dup.BaseCount, previous, now) != previous);

        await core.LocalAdd(ReferenceEquals(e, master) ? dup.MasterCount : e.CountField, now - previous);
    }

    private bool CanShare(PerfEvent e) => DupEvent.CanShare(e, softwareToo);

    private async KernelTask InitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        bool isActive = e.State == EventState.Active;
        core.Machine.WarnOnOnce(dup.Active != 0, "event->dup_active != 0");
        if (order.InitFirst)
        {
            await core.Store(dup.Master, e);
        }

        long count = await core.ReadOnce(e.CountField);
        await core.WriteOnce(dup.MasterCount, count);
        if (isActive)
        {
            await core.WriteOnce(dup.BaseCount, count);
            dup.Active = 1;
        }

        core.Barrier();
        await core.WriteOnce(dup.Master, e);
        if (order.InitLast)
        {
            await core.Store(dup.Master, e);
        }
    }

    private async KernelTask ExitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        core.Machine.WarnOnOnce(
            e.State is < EventState.Off or > EventState.Inactive,
            "event->state < PERF_EVENT_STATE_OFF || event->state > PERF_EVENT_STATE_INACTIVE");
        await core.WriteOnce(e.CountField, await core.ReadOnce(dup.MasterCount));
        dup.Active = 0;
        if (order.ExitBarrier)
        {
            core.Barrier();
        }

        await core.WriteOnce(dup.Master, null);
        if (!order.ExitBarrier)
        {
            core.Barrier();
        }
    }

    // The loop of perf_event_remove_dup(): the newest follower is the new master.
    private static async KernelTask<(PerfEvent? NewMaster, int Count)> MoveFollowers(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        int count = 0;
        PerfEvent? newMaster = null;
        foreach (PerfEvent other in ctx.EventList)
        {
            DupEvent others = DupEvent.Of(other);
            if (!ReferenceEquals(others.Master.Value, e) || ReferenceEquals(other, e))
            {
                continue;
            }

            if (newMaster is null)
            {
                newMaster = other;
                DupEvent.Of(e).ActiveFollowers.Remove(other);
            }

            if (other.State == EventState.Active)
            {
                // sync read from old master
                await ReadDup(core, other, e);
            }

            // ->dup_master and ->dup_count have to be consistent at all times, and cannot be written at once.
            await core.WriteOnce(others.Master, DupEvent.Tombstone);
            core.Barrier();
            long start = await core.ReadOnce(newMaster.CountField);
            await core.WriteOnce(others.BaseCount, start);
            if (ReferenceEquals(other, newMaster))
            {
                await core.WriteOnce(others.MasterCount, start);
            }

            if (!ReferenceEquals(other, newMaster) && DupEvent.Of(e).ActiveFollowers.Remove(other))
            {
                DupEvent.Of(newMaster).ActiveFollowers.Add(other);
            }

            core.Barrier();
            await core.WriteOnce(others.Master, newMaster);
            count++;
        }

        return (newMaster, count);
    }
}
