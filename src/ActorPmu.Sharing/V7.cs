using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>No event is allocated any more: one of the events is the master, and everything is scheduled out whenever masters change.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v7] perf: Sharing PMU counters across compatible events», 15 Nov 2019 23:55 UTC, as posted, with what was
/// said against it and what nobody said. It claims that an event can be its master's counter by a state between INACTIVE and ACTIVE.
/// <list type="bullet">
/// <item>The context that is scheduled out loses its place in <c>cpuctx->task_ctx</c>; <c>__perf_event_enable()</c> looks there (Jiri
/// Olsa, 25 Nov 2019), warns, and does not schedule the task's events in again.</item>
/// <item><c>__perf_remove_from_context()</c> and <c>__perf_event_disable()</c> of a master follow <c>cpuctx</c>, which is null for a
/// context that is not active.</item>
/// <item>An event that cannot share is installed with an event type of 0: nothing is scheduled out for it, and so nothing is scheduled in.</item>
/// <item><c>sync_child_event()</c> does not know that a master's children count elsewhere.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The patch compares four fields; Alexander Shishkin asks for hw.config as well (Song, 19 Nov 2019).</param>
public sealed class V7(AttrComparison comparison = AttrComparison.FourFields) : ISharingDesign
{
    private readonly DupMasters _masters = new(comparison);

    /// <inheritdoc/>
    public string Name => "v7";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v7], 15 Nov 2019";

    /// <inheritdoc/>
    public string Claim => "one of the events is the master, ENABLED where only others count; masters change while all is scheduled out";

    /// <inheritdoc/>
    /// <remarks>«if perf_event_can_share() resched EVENT_ALL», and otherwise nothing at all.</remarks>
    public EventTypes SchedOutBeforeAdd(PerfEvent e) => DupMasters.CanShare(e) ? EventTypes.All : EventTypes.None;

    /// <inheritdoc/>
    public EventTypes ReschedAfterAdd(PerfEvent e, EventTypes type) => SchedOutBeforeAdd(e) | (type & EventTypes.Cpu);

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return _masters.SetupDup(core, e, ctx);
    }

    /// <inheritdoc/>
    public KernelTask RemovingFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) =>
        SchedOutAll(core, e, cpuctx, ctx);

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(ctx);

        // list_del_event() returns before that when the event has been detached already.
        return (e.Attach & AttachState.Context) != 0 ? DupMasters.RemoveDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask RemovedFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) => Resched(core, e, ctx);

    /// <inheritdoc/>
    public EventTypes SchedOutBeforeEnable(PerfEvent e) => DupMasters.CanShare(e) ? EventTypes.All : EventTypes.Time;

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx) => Added(core, e, ctx);

    /// <inheritdoc/>
    public EventTypes ReschedAfterEnable(PerfEvent e, EventTypes type) => type | SchedOutBeforeEnable(e);

    /// <inheritdoc/>
    public KernelTask EnabledOnExec(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <inheritdoc/>
    public async KernelTask Disabling(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        bool master = DupMasters.IsMaster(e);
        await SchedOutAll(core, e, cpuctx, ctx);
        if (master)
        {
            await DupMasters.RemoveDup(core, e, ctx);
        }
    }

    /// <inheritdoc/>
    public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => Resched(core, e, ctx);

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
    public PerfEvent? CounterOwner(PerfEvent e) => DupMasters.MasterOf(e) ?? e;

    // «disabling master, resched all»; cpuctx is passed on as it is.
    private static async KernelTask SchedOutAll(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (DupMasters.IsMaster(e))
        {
            await core.CtxSchedOut(ctx, cpuctx, EventTypes.All);
            if (cpuctx is not null)
            {
                DupMasters.NeedResched(e);
            }
        }
    }

    private static async KernelTask Resched(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        if (DupMasters.TestClearResched(e))
        {
            PerfContext cpuctx = core.Machine.CpuContext(core.Cpu.Index, ctx.Kind);
            await core.CtxResched(cpuctx, cpuctx.TaskCtx, EventTypes.All | (ctx.IsCpuContext ? EventTypes.Cpu : EventTypes.None));
        }
    }
}
