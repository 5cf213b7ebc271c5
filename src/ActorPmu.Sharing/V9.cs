using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>A master that goes hands its counter over in place; nothing is rescheduled for that.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v9] perf: Sharing PMU counters across compatible events», 17 Dec 2019, as posted. Against v8 it claims to
/// avoid <c>ctx_resched()</c> when an event is removed or disabled (Peter Zijlstra, 12 Dec), and to compare all of the attributes. What is
/// in the posting and was objected to, or nobody spoke of:
/// <list type="bullet">
/// <item><c>perf_event_can_share()</c> has two <c>return</c> statements; the first, «for vm tests» (Song, 10 Jan 2020), lets software
/// events share.</item>
/// <item><c>event_sched_out()</c> acts on ENABLED too: a master that only serves others gives up a place in <c>dup_active_count</c> that it
/// never took. When it is removed, its followers are left without a counter.</item>
/// <item><c>list_del_event()</c> still does not call <c>perf_event_remove_dup()</c>, so whoever leaves by the exit of a task keeps its link;
/// and <c>group_sched_out()</c> returns before it where the leader is not ACTIVE, so a disabled leader may stay master.</item>
/// <item>A slave that is removed or disabled is synced whether it was active or not.</item>
/// </list>
/// How ambiguity was read: <c>dup_master</c> is loaded once in <c>event_pmu_read()</c>, as compilers do, though it is written twice.
/// </remarks>
public sealed class V9 : ISharingDesign
{
    /// <inheritdoc/>
    public string Name => "v9";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v9], 17 Dec 2019";

    /// <inheritdoc/>
    public string Claim => "a master that is removed or disabled hands over in place: no reschedule; events share if their whole attr is the same";

    /// <inheritdoc/>
    public bool ReadsEnabled => true;

    /// <inheritdoc/>
    public bool SchedsOutEnabled => true;

    /// <inheritdoc/>
    public KernelTask AddedWithoutResched(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask Inherited(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return ctx.IsActive == EventTypes.None ? SetupDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask EnabledOnExec(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <inheritdoc/>
    /// <remarks>What v9's <c>ctx_resched()</c> does with <c>event_add_dup</c>.</remarks>
    public async KernelTask Rescheduling(PerfCore core, PerfContext cpuctx, PerfEvent? added, PerfEvent? removed)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (added?.Ctx is not { } ctx)
        {
            return;
        }

        if (ctx.IsActive != EventTypes.None)
        {
            await core.CtxSchedOut(ctx, cpuctx, EventTypes.All);
        }

        await SetupDup(core, added, ctx);
    }

    /// <inheritdoc/>
    /// <remarks><c>event_sched_out(event, cpuctx, ctx, true)</c>.</remarks>
    public KernelTask RemovingFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) => SchedOutWithRemoveDup(core, e, ctx);

    /// <inheritdoc/>
    public async KernelTask Disabling(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (!e.IsLeader)
        {
            await SchedOutWithRemoveDup(core, e, ctx);
        }
        else if (e.State == EventState.Active)
        {
            // group_sched_out(event, cpuctx, ctx, true)
            await SchedOutWithRemoveDup(core, e, ctx);
            foreach (PerfEvent sibling in e.Siblings.ToArray())
            {
                await SchedOutWithRemoveDup(core, sibling, ctx);
            }
        }
    }

    /// <inheritdoc/>
    public async KernelTask ScheduledOut(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = DupEvent.Of(e);
        if (dup.RemoveDup)
        {
            dup.RemoveDup = false;
            await RemoveDup(core, e, ctx);
        }
    }

    /// <inheritdoc/>
    public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => DupSync.Add(core, e);

    /// <inheritdoc/>
    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => DupSync.Del(core, e, DupEvent.Of(e).RemoveDup);

    /// <inheritdoc/>
    public EventState StateAfterSchedOut(PerfEvent e) => DupSync.StateAfterSchedOut(e);

    /// <inheritdoc/>
    public KernelTask Read(PerfCore core, PerfEvent e) => DupSync.Read(core, e);

    /// <inheritdoc/>
    public long Count(PerfEvent e) => DupEvent.Count(e);

    /// <inheritdoc/>
    public long PageCount(PerfEvent e, long inDriver) => DupEvent.PageCount(e, inDriver);

    /// <inheritdoc/>
    public long ChildCount(PerfEvent e) => DupSync.ChildCount(e);

    /// <inheritdoc/>
    public void AddChildCount(PerfEvent parent, long count) => DupSync.AddChildCount(parent, count);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => DupEvent.Owner(e);

    private static bool CanShare(PerfEvent e) => DupEvent.CanShare(e, softwareToo: true);

    // perf_event_setup_dup()
    private static async KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        DupEvent dup = DupEvent.Of(e);
        if (dup.Master.Value is not null || e.State != EventState.Inactive || !CanShare(e))
        {
            return;
        }

        // look for dup with other events
        foreach (PerfEvent other in ctx.EventList)
        {
            core.Machine.WarnOnOnce(other.State > EventState.Inactive, "tmp->state > PERF_EVENT_STATE_INACTIVE");
            if (ReferenceEquals(other, e) || other.State != EventState.Inactive || !CanShare(other) || !DupEvent.Compatible(e, other))
            {
                continue;
            }

            // first dup, pick it as the master
            if (DupEvent.Of(other).Master.Value is null)
            {
                await InitDupMaster(core, other);
            }

            await core.Store(dup.Master, DupEvent.Of(other).Master.Value);
            break;
        }
    }

    private static async KernelTask InitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        await core.Store(dup.Master, e);
        await core.WriteOnce(dup.MasterCount, e.Count);
        dup.MasterChildCount = e.ChildCount;
        core.Machine.WarnOnOnce(dup.Active != 0, "event->dup_active_count != 0");
    }

    private static KernelTask SchedOutWithRemoveDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.State < EventState.Enabled)
        {
            return RemoveDup(core, e, ctx);
        }

        DupEvent.Of(e).RemoveDup = true;
        return KernelTask.Done;
    }

    // perf_event_remove_dup()
    private static async KernelTask RemoveDup(PerfCore core, PerfEvent e, PerfContext ctx)
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
            await DupSync.Sync(core, e, master);
            await core.Store(dup.Master, null);
            return;
        }

        int count = 0;
        PerfEvent? newMaster = null;
        foreach (PerfEvent other in ctx.EventList)
        {
            DupEvent others = DupEvent.Of(other);
            if (!ReferenceEquals(others.Master.Value, e) || ReferenceEquals(other, e))
            {
                continue;
            }

            newMaster ??= other;
            if (other.State == EventState.Active)
            {
                await DupSync.Sync(core, other, e);
                await core.Store(others.BaseCount, newMaster.Count);
                others.BaseChildCount = newMaster.ChildCount;
            }

            await core.Store(others.Master, newMaster);
            count++;
        }

        int active = dup.Active;
        await DupSync.ExitDupMaster(core, e);
        if (newMaster is null)
        {
            return;
        }

        if (count == 1)
        {
            // no more sharing
            await core.Store(DupEvent.Of(newMaster).Master, null);
        }
        else
        {
            await InitDupMaster(core, newMaster);
            DupEvent.Of(newMaster).Active = active;
        }

        if (active != 0)
        {
            core.Machine.WarnOnOnce(!await core.PmuAdd(newMaster), "event->pmu->add(new_master, PERF_EF_START)");
            core.SetEnabledAsIs(newMaster);
        }
    }
}
