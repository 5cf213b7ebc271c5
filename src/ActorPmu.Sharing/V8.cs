using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>As v7, with masters changed inside <c>ctx_resched()</c>, where all contexts are known and all events are off.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v8] perf: Sharing PMU counters across compatible events», 6 Dec 2019 (7 Dec 00:24 UTC), as posted. Against v7
/// it claims to fix task events (Jiri Olsa's warning), inherited events, and events with a ring buffer (perf test 4, kernel test robot).
/// <list type="bullet">
/// <item>A reschedule for every master that goes: «Yuck! Why do you do a full reschedule when you take out a master?» (Peter Zijlstra, 12
/// Dec 2019). It shows in the number of <c>pmu->add()</c> and <c>->del()</c>, not in a count.</item>
/// <item><c>list_del_event()</c> does not call <c>perf_event_remove_dup()</c> any more: a slave that leaves the context by whatever way keeps
/// its <c>dup_master</c>, into its next context too.</item>
/// <item><c>perf_install_in_context()</c> sets nothing up when it installs into a context whose task does not run.</item>
/// <item>ENABLED is read where ACTIVE was; <c>event_sync_dup_count()</c> warns of exactly that.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The patch compares four fields, as v7 did.</param>
public sealed class V8(AttrComparison comparison = AttrComparison.FourFields) : ISharingDesign
{
    private readonly DupMasters _masters = new(comparison);

    /// <inheritdoc/>
    public string Name => "v8";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v8], 6 Dec 2019";

    /// <inheritdoc/>
    public string Claim => "masters change inside ctx_resched(): right for tasks, inherited events and ring buffers too";

    /// <inheritdoc/>
    public bool ReadsEnabled => true;

    /// <inheritdoc/>
    /// <remarks><c>perf_event_setup_dup()</c> warns when others of the context are active, which nobody has scheduled out here.</remarks>
    public KernelTask AddedWithoutResched(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask Inherited(PerfCore core, PerfEvent e, PerfContext ctx) => SetupDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask RemovingFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) =>
        TakeOutMaster(core, e, cpuctx, ctx);

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return ctx.IsActive == EventTypes.None ? SetupDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask EnabledOnExec(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <inheritdoc/>
    public KernelTask Disabling(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) =>
        TakeOutMaster(core, e, cpuctx, ctx);

    /// <inheritdoc/>
    /// <remarks>What v8's <c>ctx_resched()</c> does with <c>event_add_dup</c> and <c>event_del_dup</c>.</remarks>
    public async KernelTask Rescheduling(PerfCore core, PerfContext cpuctx, PerfEvent? added, PerfEvent? removed)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (added is not null)
        {
            await SchedOutAll(core, cpuctx, added.Ctx!);
            await _masters.SetupDup(core, added, added.Ctx!);
        }

        if (removed is not null)
        {
            await SchedOutAll(core, cpuctx, removed.Ctx!);
            await DupMasters.RemoveDup(core, removed, removed.Ctx!);
        }
    }

    /// <inheritdoc/>
    public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => DupSync.Add(core, e);

    /// <inheritdoc/>
    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => DupMasters.Del(core, e);

    /// <inheritdoc/>
    public KernelTask Read(PerfCore core, PerfEvent e) => DupMasters.Read(core, e);

    /// <inheritdoc/>
    public long Count(PerfEvent e) => DupEvent.Count(e);

    /// <inheritdoc/>
    /// <remarks>A driver adds to <c>count</c>, which a master does not show.</remarks>
    public long PageCount(PerfEvent e, long inDriver) => DupEvent.Count(e) + (DupMasters.IsMaster(e) ? 0 : inDriver);

    /// <inheritdoc/>
    public long ChildCount(PerfEvent e) => DupSync.ChildCount(e);

    /// <inheritdoc/>
    public void AddChildCount(PerfEvent parent, long count) => DupSync.AddChildCount(parent, count);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => DupMasters.MasterOf(e) ?? e;

    private KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx) => _masters.SetupDup(core, e, ctx);

    private static async KernelTask TakeOutMaster(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        if (!DupMasters.IsMaster(e))
        {
            return;
        }

        // The context's own is_active says whether there is a cpuctx.
        if (ctx.IsActive != EventTypes.None && cpuctx is not null)
        {
            await core.CtxResched(cpuctx, cpuctx.TaskCtx, PerfCore.GetEventType(e), removed: e);
        }
        else
        {
            await DupMasters.RemoveDup(core, e, ctx);
        }
    }

    private static KernelTask SchedOutAll(PerfCore core, PerfContext cpuctx, PerfContext ctx) =>
        ctx.IsActive == EventTypes.None ? KernelTask.Done : core.CtxSchedOut(ctx, cpuctx, EventTypes.All);
}
