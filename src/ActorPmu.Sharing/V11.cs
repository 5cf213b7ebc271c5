using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v10 with the reviewer's corrections: a cmpxchg loop for the sync, a tombstone for who changes masters, no shadow of <c>child_count</c>.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v11] perf: Sharing PMU counters across compatible events», 6 Mar 2020, as posted, on Peter Zijlstra's delta of
/// 28 Feb 2020. It claims to be safe against NMIs, and to delete the old master before it adds the new one. What is in it:
/// <list type="bullet">
/// <item>The assignment of <c>dup_master</c> at the top of <c>perf_event_init_dup_master()</c>, which the delta removes, is back: an NMI
/// after it finds a master without a base.</item>
/// <item>The <c>return</c> for tests is back: software events share.</item>
/// <item>Readers on other processors were left open (Song, 4 Mar 2020): nothing orders <c>dup_master</c> and <c>master_count</c> for them.</item>
/// <item>As in v10, events that are off share and lead, and come on with their followers; nothing is done when one is disabled.</item>
/// <item>The sync trusts the state of the master: one that is off although it drives the counter is not read, and its followers stand still.</item>
/// <item><c>perf_event_exit_dup_master()</c> warns of ENABLED, which is just what <c>event_sched_out()</c> makes of a master that is closed
/// while others count.</item>
/// <item>Reset clears <c>count</c>, which for a master is the counter's.</item>
/// </list>
/// How ambiguity was read: <c>dup_master</c> is loaded once in <c>event_pmu_read()</c>. <c>pmu->read()</c> of an event that is off the PMU adds nothing.
/// </remarks>
public sealed class V11 : ISharingDesign
{
    private readonly DupTombstone _masters =
        new(new DupOrder(InitFirst: true, InitLast: false, ExitBarrier: false), softwareToo: true);

    /// <inheritdoc/>
    public string Name => "v11";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v11], 6 Mar 2020";

    /// <inheritdoc/>
    public string Claim => "an NMI may read at any time: the sync is a cmpxchg loop, and who changes masters has a tombstone meanwhile";

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
        return (e.Attach & AttachState.Context) != 0 ? _masters.RemoveDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => DupTombstone.Add(core, e);

    /// <inheritdoc/>
    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => DupTombstone.Del(core, e);

    /// <inheritdoc/>
    public EventState StateAfterSchedOut(PerfEvent e) => DupTombstone.StateAfterSchedOut(e);

    /// <inheritdoc/>
    public KernelTask Read(PerfCore core, PerfEvent e) => DupTombstone.Read(core, e);

    /// <inheritdoc/>
    public long Count(PerfEvent e) => DupEvent.Count(e);

    /// <inheritdoc/>
    public long PageCount(PerfEvent e, long inDriver) => DupEvent.PageCount(e, inDriver);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => DupEvent.Owner(e);

    // Neither event's state matters.
    private KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx) =>
        _masters.SetupDup(core, e, ctx, least: EventState.Dead, leastOther: EventState.Dead);
}
