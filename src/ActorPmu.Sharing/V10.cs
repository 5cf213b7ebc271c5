using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>Sharing is set up when an event enters the context's lists and taken down when it leaves them, with others running.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v10] perf: Sharing PMU counters across compatible events», 23 Jan 2020, as posted. It claims simpler calls of
/// <c>perf_event_setup_dup()</c> and <c>perf_event_remove_dup()</c>, and a faster change of masters by <c>pmu->copy_hw_config()</c>.
/// «Completely and utterly broken» (Peter Zijlstra, 28 Feb 2020): the sync is not NMI-safe; <c>dup_master</c> and the base do not fit together at all
/// times; <c>perf_event_count()</c> is called remotely. What else is in it:
/// <list type="bullet">
/// <item>The old master is not taken off the PMU before the new one is put on («del() old master before add() new master», v11).</item>
/// <item>An event that is off shares, may be master, and becomes ENABLED, later INACTIVE, with its followers: it comes on by itself.</item>
/// <item>Disabling does not call <c>perf_event_remove_dup()</c>; enabling calls <c>perf_event_setup_dup()</c> where the context is inactive.</item>
/// <item><c>child_count</c> is shadowed as <c>count</c> is, though no driver writes to it.</item>
/// </list>
/// How ambiguity was read: as in <see cref="V9"/>.
/// </remarks>
public sealed class V10 : ISharingDesign
{
    /// <inheritdoc/>
    public string Name => "v10";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v10], 23 Jan 2020";

    /// <inheritdoc/>
    public string Claim => "set up in add_event_to_ctx(), taken down in list_del_event(): masters change under the eyes of those who count";

    /// <inheritdoc/>
    public bool ReadsEnabled => true;

    /// <inheritdoc/>
    public bool SchedsOutEnabled => true;

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return ctx.IsActive == EventTypes.None ? SetupDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask EnabledOnExec(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(e);

        // list_del_event() returns before that when the event has been detached already.
        return (e.Attach & AttachState.Context) != 0 ? RemoveDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => DupSync.Add(core, e);

    /// <inheritdoc/>
    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => DupSync.Del(core, e, removeDup: false);

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

    private static bool CanShare(PerfEvent e) => DupEvent.CanShare(e, softwareToo: false);

    // perf_event_setup_dup(): neither event's state matters.
    private static async KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        if (!CanShare(e))
        {
            return;
        }

        foreach (PerfEvent other in ctx.EventList)
        {
            if (ReferenceEquals(other, e) || !CanShare(other) || !DupEvent.Compatible(e, other))
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

    // For an ACTIVE event «completely buggered, fixable though»: who reads between the first store and the last has a master and no base.
    private static async KernelTask InitDupMaster(PerfCore core, PerfEvent e)
    {
        DupEvent dup = DupEvent.Of(e);
        bool isActive = e.State == EventState.Active;
        core.Machine.WarnOnOnce(dup.Active != 0, "event->dup_active_count != 0");
        await core.Store(dup.Master, e);
        long count = await core.ReadOnce(e.CountField);
        await core.WriteOnce(dup.MasterCount, count);
        dup.MasterChildCount = e.ChildCount;
        if (isActive)
        {
            await core.Store(dup.BaseCount, count);
            dup.BaseChildCount = e.ChildCount;
            dup.Active = 1;
        }
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

            // only init new_master when we need to (dup_count > 1)
            if (count == 1)
            {
                await InitDupMaster(core, newMaster);
            }

            if (other.State == EventState.Active)
            {
                // sync read from old master, and prepare to read from the new one
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
            DupEvent.Of(newMaster).Active = active;
        }

        if (active != 0)
        {
            core.CopyHwConfig(e, newMaster);
            core.PerfPmuDisable(ctx.Kind);
            core.Machine.WarnOnOnce(!await core.PmuAdd(newMaster), "new_master->pmu->add(new_master, PERF_EF_START)");
            core.PerfPmuEnable(ctx.Kind);
            core.SetEnabledAsIs(newMaster);
        }
    }
}
