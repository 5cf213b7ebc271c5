using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v12 with a barrier in another place, and a reader that waits while an event has no master: the last posting.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v13] perf: Sharing PMU counters across compatible events», 1 May 2020, as posted. It claims the right memory order in
/// <c>perf_event_exit_dup_master()</c> and <c>perf_event_count()</c>, and to be without code for tests. Nobody reviewed it. What is left in it:
/// <list type="bullet">
/// <item>The barrier is the compiler's: it orders for an NMI on the same processor. A reader elsewhere may still see the new
/// <c>dup_master</c> with an old count; waiting while it is the tombstone does not order the two loads, and the case that matters, an event that
/// becomes its own master, has no tombstone.</item>
/// <item>An NMI that lands while <c>dup_master</c> is the tombstone and asks for the count would wait for the code under it for ever.</item>
/// <item>What v12 does with events that are off when a master goes is as it was.</item>
/// </list>
/// How ambiguity was read: as in <see cref="V11"/>. A reader that finds the tombstone takes another look once others have gone on; one in an NMI reads
/// the count as it is, because the model would not end otherwise, and the wait is reported.
/// </remarks>
public sealed class V13 : ISharingDesign
{
    // A schedule that never lets the writer go on is not the design's fault.
    private const int LooksMax = 16;

    private readonly DupTombstone _masters =
        new(new DupOrder(InitFirst: false, InitLast: false, ExitBarrier: true), softwareToo: false);

    /// <inheritdoc/>
    public string Name => "v13";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v13], 1 May 2020";

    /// <inheritdoc/>
    public string Claim => "as v12, and perf_event_count() sees dup_master and the count that belongs to it";

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
    public KernelTask Rescheduling(PerfCore core, PerfContext cpuctx, PerfEvent? added, PerfEvent? removed) =>
        added?.Ctx is { } ctx ? SetupDup(core, added, ctx) : KernelTask.Done;

    /// <inheritdoc/>
    public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => _masters.RemoveDup(core, e, ctx);

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(e);
        return (e.Attach & AttachState.Context) != 0 ? _masters.RemoveDup(core, e, ctx) : KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => DupTombstone.AddListed(core, e);

    /// <inheritdoc/>
    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => DupTombstone.DelListed(core, e);

    /// <inheritdoc/>
    public EventState StateAfterSchedOut(PerfEvent e) => DupTombstone.StateAfterSchedOut(e);

    /// <inheritdoc/>
    public KernelTask Read(PerfCore core, PerfEvent e) => DupTombstone.Read(core, e);

    /// <inheritdoc/>
    public long Count(PerfEvent e) => DupEvent.Count(e);

    /// <inheritdoc/>
    public long PageCount(PerfEvent e, long inDriver) => DupEvent.PageCount(e, inDriver);

    /// <inheritdoc/>
    /// <remarks><c>event->dup_master ? : event</c>.</remarks>
    public PerfEvent PageCounter(PerfEvent e) => DupEvent.Owner(e) ?? e;

    /// <inheritdoc/>
    public IEnumerable<PerfEvent> PagesBeside(PerfEvent e) => DupEvent.IsMaster(e) ? DupEvent.Of(e).ActiveFollowers : [];

    /// <inheritdoc/>
    /// <remarks>«again: … if (master == EVENT_TOMBSTONE) goto again», with no barrier between <c>dup_master</c> and the count.</remarks>
    public async KernelTask<long> CountSeen(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(e);
        DupEvent dup = DupEvent.Of(e);
        PerfEvent? master = await core.ReadOnce(dup.Master);
        for (int looks = 1; ReferenceEquals(master, DupEvent.Tombstone); looks++)
        {
            if (core.InNmi || looks == LooksMax)
            {
                core.ReportEndlessWait(core.InNmi, $"perf_event_count({e}) waits in an NMI for the code under it to replace EVENT_TOMBSTONE");
                break;
            }

            master = await core.ReadOnce(dup.Master);
        }

        return await core.ReadOnce(ReferenceEquals(master, e) ? dup.MasterCount : e.CountField);
    }

    /// <inheritdoc/>
    public void ResetCount(PerfEvent e) => DupTombstone.ResetCount(e);

    /// <inheritdoc/>
    public KernelTask UpdatingUserpage(PerfCore core, PerfEvent e) => DupTombstone.UpdateUserpages(core, e);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => DupEvent.Owner(e);

    private KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx) =>
        _masters.SetupDup(core, e, ctx, least: EventState.Off, leastOther: EventState.Inactive);
}
