using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>The places where a sharing patch touches perf core. Each default is the kernel without sharing.</summary>
/// <remarks>
/// One object serves one machine; what belongs to an event or a context goes into <see cref="PerfEvent.DesignData"/> and
/// <see cref="PerfContext.DesignData"/>, so that it travels with the lock. Hooks run where the patch's code would: the remarks
/// say in which context and under which locks. <see cref="PerfCore"/> offers what a patch may call.
/// </remarks>
public interface ISharingDesign
{
    /// <summary>The name in flags, files and reports.</summary>
    string Name { get; }

    /// <summary>The mail that it comes from.</summary>
    string Source { get; }

    /// <summary>What it claims, in one sentence.</summary>
    string Claim { get; }

    /// <summary>A new event has been allocated.</summary>
    /// <remarks>Kernel: after <c>perf_event_alloc()</c> in <c>perf_event_open()</c> and <c>inherit_event()</c>. Process context, may sleep.</remarks>
    KernelTask Allocated(PerfCore core, PerfEvent e) => KernelTask.Done;

    /// <summary>An event is about to be put into a context, by an IPI or directly.</summary>
    /// <remarks>Kernel: <c>perf_install_in_context()</c> and <c>inherit_event()</c>. Process context, <c>ctx->mutex</c> held (the parent's, for inherit).</remarks>
    KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>A copy of an event is about to be put into a child's context. The child does not run yet.</summary>
    /// <remarks>Kernel: <c>inherit_event()</c>, before the child's <c>ctx->lock</c>. Process context, the parent's <c>ctx->mutex</c> held.</remarks>
    KernelTask Inheriting(PerfCore core, PerfEvent e, PerfContext ctx) => Installing(core, e, ctx);

    /// <summary>The copy is on the lists and in its group.</summary>
    /// <remarks>Kernel: <c>inherit_event()</c>, after <c>add_event_to_ctx()</c>. The child's <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask Inherited(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>First thing in the install IPI, before any lock.</summary>
    /// <remarks>Kernel: <c>__perf_install_in_context()</c>. Hardirq, interrupts off.</remarks>
    KernelTask InstallingInIpi(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>What to schedule out of the context before the event is added in the install IPI.</summary>
    /// <remarks>Kernel: the <c>ctx_sched_out(ctx, cpuctx, EVENT_TIME)</c> of <c>__perf_install_in_context()</c>.</remarks>
    EventTypes SchedOutBeforeAdd(PerfEvent e) => EventTypes.Time;

    /// <summary>What to reschedule once the event has been added in the install IPI.</summary>
    /// <param name="e">The event.</param>
    /// <param name="type">What the kernel would: <c>get_event_type(event)</c>.</param>
    /// <remarks>Kernel: the <c>ctx_resched()</c> of <c>__perf_install_in_context()</c>.</remarks>
    EventTypes ReschedAfterAdd(PerfEvent e, EventTypes type) => type;

    /// <summary>The event is on the lists and in its group, by the install IPI, and nothing will be rescheduled for it.</summary>
    /// <remarks>Kernel: <c>__perf_install_in_context()</c>, after <c>add_event_to_ctx()</c> where <c>reprogram</c> is false. <c>ctx->lock</c> held.</remarks>
    KernelTask AddedWithoutResched(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>Whether an event of another cgroup than the current one is added without rescheduling.</summary>
    /// <remarks>Kernel: the <c>is_cgroup_event()</c> block of <c>__perf_install_in_context()</c>.</remarks>
    bool ChecksCgroupAtInstall => true;

    /// <summary>The event is on the context's lists.</summary>
    /// <remarks>Kernel: end of <c>list_add_event()</c>. <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>The event is about to leave the context's lists.</summary>
    /// <remarks>Kernel: start of <c>list_del_event()</c>. <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>The event is about to be scheduled out, because it leaves the context.</summary>
    /// <remarks>
    /// Kernel: <c>__perf_remove_from_context()</c>, before <c>event_sched_out()</c>. <c>ctx->lock</c> held, interrupts off; <c>cpuctx</c> is
    /// null when the context is not active.
    /// </remarks>
    KernelTask RemovingFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) => KernelTask.Done;

    /// <summary>The event has left the context.</summary>
    /// <remarks>Kernel: end of <c>__perf_remove_from_context()</c>. As for <see cref="RemovingFromContext"/>.</remarks>
    KernelTask RemovedFromContext(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) => KernelTask.Done;

    /// <summary>What to schedule out of an active context before an event of it is enabled.</summary>
    /// <remarks>Kernel: the <c>ctx_sched_out(ctx, cpuctx, EVENT_TIME)</c> of <c>__perf_event_enable()</c>.</remarks>
    EventTypes SchedOutBeforeEnable(PerfEvent e) => EventTypes.Time;

    /// <summary>What to reschedule once the event has been enabled.</summary>
    /// <param name="e">The event.</param>
    /// <param name="type">What the kernel would: <c>get_event_type(event)</c>.</param>
    /// <remarks>Kernel: the <c>ctx_resched()</c> of <c>__perf_event_enable()</c>.</remarks>
    EventTypes ReschedAfterEnable(PerfEvent e, EventTypes type) => type;

    /// <summary>A reschedule that one event caused has scheduled out what its type asks for, and nothing is scheduled in yet.</summary>
    /// <param name="core">Perf core.</param>
    /// <param name="cpuctx">The processor's context.</param>
    /// <param name="added">The event that has been installed or enabled, or null.</param>
    /// <param name="removed">The event that a design reschedules for because it goes, or null.</param>
    /// <remarks>Kernel: <c>ctx_resched()</c>, before <c>perf_event_sched_in()</c>. <c>ctx->lock</c>s held, interrupts off, PMU disabled.</remarks>
    KernelTask Rescheduling(PerfCore core, PerfContext cpuctx, PerfEvent? added, PerfEvent? removed) => KernelTask.Done;

    /// <summary>The event has become INACTIVE by an enable, and nothing has been rescheduled yet.</summary>
    /// <remarks>Kernel: <c>__perf_event_enable()</c>. <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>The event has become INACTIVE by an exec, and nothing has been rescheduled yet.</summary>
    /// <remarks>Kernel: <c>event_enable_on_exec()</c>. <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask EnabledOnExec(PerfCore core, PerfEvent e, PerfContext ctx) => Enabled(core, e, ctx);

    /// <summary>The event, INACTIVE or more, is about to be scheduled out and to become OFF.</summary>
    /// <remarks>
    /// Kernel: <c>__perf_event_disable()</c>, before <c>group_sched_out()</c>. <c>ctx->lock</c> held, interrupts off; <c>cpuctx</c> is null
    /// when the context is not active.
    /// </remarks>
    KernelTask Disabling(PerfCore core, PerfEvent e, PerfContext? cpuctx, PerfContext ctx) => KernelTask.Done;

    /// <summary>The event has become OFF by a disable.</summary>
    /// <remarks>Kernel: end of <c>__perf_event_disable()</c>. <c>ctx->lock</c> held, interrupts off.</remarks>
    KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>Whether a group needs no counter at this moment: each of its hardware events would count along with one that is on the PMU.</summary>
    /// <remarks>
    /// Kernel: <c>group_can_go_on()</c>, when a group before it did not fit (<c>can_add_hw</c> is 0). <c>ctx->lock</c> held, interrupts off.
    /// </remarks>
    bool NeedsNoCounter(PerfEvent leader) => false;

    /// <summary>Puts the event on the PMU.</summary>
    /// <returns>Whether it is on.</returns>
    /// <remarks>Kernel: <c>event_pmu_add()</c>. <c>ctx->lock</c> held, interrupts off, PMU disabled.</remarks>
    KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => core.PmuAdd(e);

    /// <summary>Takes the event off the PMU; its count is right after that.</summary>
    /// <remarks>Kernel: <c>event_pmu_del()</c>. <c>ctx->lock</c> held, interrupts off, PMU disabled.</remarks>
    KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => core.PmuDel(e);

    /// <summary>Whether an event that is ENABLED is taken off the PMU like one that is ACTIVE.</summary>
    /// <remarks>
    /// Kernel: the early return of <c>event_sched_out()</c> for <c>event->state != PERF_EVENT_STATE_ACTIVE</c> (false) or
    /// <c>event->state &lt; PERF_EVENT_STATE_ENABLED</c> (true).
    /// </remarks>
    bool SchedsOutEnabled => false;

    /// <summary>The event has been taken off the PMU and has its new state; the PMU is not enabled again yet.</summary>
    /// <remarks>Kernel: <c>event_sched_out()</c>, after <c>perf_event_set_state()</c>. <c>ctx->lock</c> held, interrupts off, PMU disabled.</remarks>
    KernelTask ScheduledOut(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

    /// <summary>The state of an event that has just been taken off the PMU.</summary>
    /// <remarks>Kernel: <c>event_sched_out()</c>, after <c>event_pmu_del()</c>.</remarks>
    EventState StateAfterSchedOut(PerfEvent e) => EventState.Inactive;

    /// <summary>Whether an event that is ENABLED is brought up to date where an ACTIVE one is.</summary>
    /// <remarks>
    /// Kernel: <c>event->state == PERF_EVENT_STATE_ACTIVE</c> (false) or <c>event->state > PERF_EVENT_STATE_INACTIVE</c> (true) in
    /// <c>__perf_event_sync_stat()</c> and for the siblings in <c>__perf_event_read()</c>.
    /// </remarks>
    bool ReadsEnabled => false;

    /// <summary>Brings an active event's count up to date.</summary>
    /// <remarks>Kernel: <c>event_pmu_read()</c>. <c>ctx->lock</c> held or in an NMI, interrupts off.</remarks>
    KernelTask Read(PerfCore core, PerfEvent e) => core.PmuRead(e);

    /// <summary>The event's own count, without exited children, as it is: what whoever holds <c>ctx->lock</c> would read.</summary>
    /// <remarks>Kernel: <c>perf_event_count()</c>. Properties ask for it too. It may look at <see cref="Published{T}.Value"/>; it does not wait.</remarks>
    long Count(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Count;
    }

    /// <summary>The event's own count as <c>perf_event_count()</c> loads it, without the lock, on a processor that may know only older values.</summary>
    /// <remarks>
    /// The default computes <see cref="Count"/> with each published value loaded once, <c>READ_ONCE()</c>, and no barrier in between. A design that
    /// has barriers there, or a loop, overrides it. Process context, or in an NMI (<c>PERF_SAMPLE_READ</c>).
    /// </remarks>
    KernelTask<long> CountSeen(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        return new KernelTask<long>(core.LoadCount(e));
    }

    /// <summary>What the event's exited children counted, as a reader sees it.</summary>
    /// <remarks>Kernel: <c>event->child_count</c> in <c>perf_event_count()</c>. No lock.</remarks>
    long ChildCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.ChildCount;
    }

    /// <summary>What an exiting child counted becomes its parent's.</summary>
    /// <param name="parent">The event that the child's was inherited from.</param>
    /// <param name="count">The child's <c>perf_event_count()</c>.</param>
    /// <remarks>Kernel: <c>atomic64_add(child_val, &amp;parent_event->child_count)</c> of <c>sync_child_event()</c>. Process context, no <c>ctx->lock</c>.</remarks>
    void AddChildCount(PerfEvent parent, long count)
    {
        ArgumentNullException.ThrowIfNull(parent);
        parent.ChildCount += count;
    }

    /// <summary>The event's own count becomes 0.</summary>
    /// <remarks>Kernel: <c>local64_set(&amp;event->count, 0)</c> of <c>_perf_event_reset()</c>. Process context, no <c>ctx->lock</c>.</remarks>
    void ResetCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        e.Count = 0;
    }

    /// <summary>The count has been cleared, and the page that user space reads is brought up to date.</summary>
    /// <remarks>Kernel: <c>perf_event_update_userpage()</c> at the end of <c>_perf_event_reset()</c>. Process context, no <c>ctx->lock</c>.</remarks>
    KernelTask UpdatingUserpage(PerfCore core, PerfEvent e) => KernelTask.Done;

    /// <summary>Two events of swapped contexts change counts.</summary>
    /// <remarks>Kernel: <c>__perf_event_sync_stat()</c>. Both <c>ctx->lock</c>s held.</remarks>
    void SwapCounts(PerfEvent a, PerfEvent b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (a.Count, b.Count) = (b.Count, a.Count);
    }

    /// <summary>The event whose counter stands on the page that user space maps of this one: index and <c>prev_count</c> are taken from its <c>hw</c>.</summary>
    /// <remarks>Kernel: <c>perf_event_index()</c> and <c>perf_event_update_userpage()</c>. Any context.</remarks>
    PerfEvent PageCounter(PerfEvent e) => e;

    /// <summary>The count, without children, that <c>prev_count</c> is taken off for the page.</summary>
    /// <param name="e">The event.</param>
    /// <param name="inDriver">What the driver of <see cref="PageCounter"/>'s event has added to <c>event->count</c> by itself, and <see cref="PerfEvent.Count"/> has not got yet.</param>
    /// <remarks>Kernel: <c>userpg->offset = perf_event_count(event)</c>.</remarks>
    long PageCount(PerfEvent e, long inDriver) => Count(e) + inDriver;

    /// <summary>Whose pages are updated whenever this event's is.</summary>
    /// <remarks>Kernel: <c>perf_event_update_userpage()</c>, which drivers call when they load a counter.</remarks>
    IEnumerable<PerfEvent> PagesBeside(PerfEvent e) => [];

    /// <summary>The event is installed, or has been taken out of its context for good or for a move: left-overs can go.</summary>
    /// <remarks>Kernel: end of <c>perf_event_open()</c> and <c>inherit_event()</c>, <c>perf_pmu_migrate_context()</c>, <c>perf_event_exit_cpu_context()</c>. Process context.</remarks>
    KernelTask Settled(PerfCore core, PerfEvent e) => KernelTask.Done;

    /// <summary>The event is about to be freed.</summary>
    /// <remarks>Kernel: <c>free_event()</c>, <c>put_event()</c>. Process context, may sleep.</remarks>
    KernelTask Freeing(PerfCore core, PerfEvent e) => KernelTask.Done;

    /// <summary>The event whose counter counts for this one now: itself, a master, or null if none does.</summary>
    /// <remarks>For the properties only: what the design believes.</remarks>
    PerfEvent? CounterOwner(PerfEvent e) => e;

    /// <summary>Whether a master must be allowed to count wherever its slaves are, because its counter runs only when it may run itself.</summary>
    /// <remarks>For the properties only. False where a counter that somebody needs stays on the PMU whoever owns it.</remarks>
    bool MasterMustCoverSlaves => false;
}
