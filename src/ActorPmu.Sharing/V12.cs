using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v11 with the kernel test robot's findings mended: rdpmc, reset, and events that are disabled.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v12] perf: Sharing PMU counters across compatible events», 31 Mar 2020, as posted; not the one of 24 Mar, posted
/// as «v11» and withdrawn within the hour. It claims to leave disabled events alone, to reset a master's own count, and to keep the page of
/// a follower that user space reads with rdpmc up to date, by a list of active followers. What is in it:
/// <list type="bullet">
/// <item>An event that is off does not become master when sharing is set up, but may become a follower then, and its master's heir later: the
/// state of the heir is not looked at.</item>
/// <item>«Last time I said something about SMP ordering here. Where did that go?» (Peter Zijlstra, 20 Apr 2020): a reader elsewhere may see the new
/// <c>dup_master</c> and an old count. The barrier in <c>perf_event_exit_dup_master()</c> stands after both stores, where it orders nothing.</item>
/// <item>The <c>return</c> for tests is there once more.</item>
/// <item><c>perf_event_task_disable()</c> and the rest that goes through <c>__perf_event_disable()</c> is covered; an event that goes into
/// ERROR keeps its link.</item>
/// </list>
/// How ambiguity was read: as in <see cref="V11"/>. <c>perf_event_pause()</c>, which KVM calls, has no caller in the model.
/// </remarks>
public sealed class V12 : ISharingDesign
{
    private readonly DupTombstone _masters =
        new(new DupOrder(InitFirst: false, InitLast: true, ExitBarrier: false), softwareToo: true);

    /// <inheritdoc/>
    public string Name => "v12";

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v12], 31 Mar 2020";

    /// <inheritdoc/>
    public string Claim => "disabled events are not considered, reset clears a master's own count, rdpmc works for followers";

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
    public void ResetCount(PerfEvent e) => DupTombstone.ResetCount(e);

    /// <inheritdoc/>
    public KernelTask UpdatingUserpage(PerfCore core, PerfEvent e) => DupTombstone.UpdateUserpages(core, e);

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => DupEvent.Owner(e);

    private KernelTask SetupDup(PerfCore core, PerfEvent e, PerfContext ctx) =>
        _masters.SetupDup(core, e, ctx, least: EventState.Off, leastOther: EventState.Inactive);
}
