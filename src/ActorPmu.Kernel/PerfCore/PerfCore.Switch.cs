using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>What the scheduler calls: task switch, cgroup switch, context swap. rq->lock held, interrupts off.</content>
public sealed partial class PerfCore
{
    /// <summary><c>__perf_event_task_sched_out()</c>.</summary>
    [KernelName("__perf_event_task_sched_out")]
    internal async KernelTask PerfEventTaskSchedOut(TaskStruct? prev, TaskStruct? next)
    {
        // perf_sw_event_sched(PERF_COUNT_SW_CONTEXT_SWITCHES): for what is on this processor now, whoever opened it.
        _contextSwitches++;
        await DoPerfSwEvent(SoftwareEvent.ContextSwitches);
        for (int kind = 0; prev is not null && kind < 2; kind++)
        {
            await PerfEventContextSchedOut(prev, kind, next);
        }

        // If cgroup events exist on this CPU, then we need to check if we have to switch out PMU state.
        if (IsMended(LinuxFaults.CgroupMoveBesideSwitch))
        {
            await PerfCgroupSwitchTo(next, switchIn: false);
        }
        else if (HasCgroupEvents && !ReferenceEquals(CgroupOf(prev), CgroupOf(next)))
        {
            await PerfCgroupSwitch(prev, switchOut: true, switchIn: false);
        }
    }

    /// <summary><c>__perf_event_task_sched_in()</c>. The next task is current already.</summary>
    [KernelName("__perf_event_task_sched_in")]
    internal async KernelTask PerfEventTaskSchedIn(TaskStruct? prev, TaskStruct? next)
    {
        // If cgroup events exist on this CPU, then we need to check if we have to switch in PMU state.
        if (IsMended(LinuxFaults.CgroupMoveBesideSwitch))
        {
            await PerfCgroupSwitchTo(next, switchIn: true);
        }
        else if (HasCgroupEvents && !ReferenceEquals(CgroupOf(prev), CgroupOf(next)))
        {
            await PerfCgroupSwitch(next, switchOut: false, switchIn: true);
        }

        for (int kind = 0; next is not null && kind < 2; kind++)
        {
            if (next.CtxP[kind] is { } ctx)
            {
                await PerfEventContextSchedIn(ctx);
            }
        }

        // perf_sw_event_sched(PERF_COUNT_SW_CPU_MIGRATIONS), once the events of the task are on.
        if (next is not null && next.Migrated)
        {
            next.Migrated = false;
            _migrations++;
            await DoPerfSwEvent(SoftwareEvent.CpuMigrations);
        }
    }

    private bool HasCgroupEvents =>
        CpuCtx(PmuType.HardwareKind).NrCgroups + CpuCtx(PmuType.SoftwareKind).NrCgroups > 0;

    private Cgroup CgroupOf(TaskStruct? task) => task?.Cgroup ?? _machine.Cgroups[0];

    /// <summary><c>perf_event_context_sched_out()</c>.</summary>
    private async KernelTask PerfEventContextSchedOut(TaskStruct task, int kind, TaskStruct? next)
    {
        PerfContext? ctx = task.CtxP[kind];
        if (ctx is null)
        {
            return;
        }

        PerfContext cpuctx = CpuCtx(kind);
        if (cpuctx.TaskCtx is null)
        {
            return;
        }

        bool doSwitch = true;
        if (next?.CtxP[kind] is { } nextCtx && LookLikeClones(ctx, nextCtx))
        {
            // Looks like the two contexts are clones, so we might be able to optimize the context switch.
            await RawSpinLock(ctx);

            // raw_spin_lock_nested(…, SINGLE_DEPTH_NESTING): no other CPU can be locking both of these tasks.
            await RawSpinLock(nextCtx);
            if (ContextEquiv(ctx, nextCtx)
                && !(IsMended(LinuxFaults.SwapBesideInheritedRead) && IsBeingAddedUp(ctx))
                && !(IsMended(LinuxFaults.SyncStatPairsUnlike) && !ListsPair(ctx, nextCtx)))
            {
                ctx.GoesTo(next, _machine);
                nextCtx.GoesTo(task, _machine);
                task.CtxP[kind] = nextCtx;
                next.CtxP[kind] = ctx;
                doSwitch = false;
                CheckSwap(ctx, nextCtx);
                CheckSwap(nextCtx, ctx);
                await PerfEventSyncStat(ctx, nextCtx);
            }

            RawSpinUnlock(nextCtx);
            RawSpinUnlock(ctx);
        }

        if (doSwitch)
        {
            await RawSpinLock(ctx);
            await TaskCtxSchedOut(cpuctx, ctx, EventTypes.All);
            RawSpinUnlock(ctx);
        }
    }

    // Who begins to add up after this waits for the locks that are held here, or for this processor.
    private static bool IsBeingAddedUp(PerfContext ctx) =>
        ctx.NrStat > 0 && ctx.EventList.Select(e => e.Root).Any(parent => parent.IsBeingAddedUp || parent.GroupLeader.IsBeingAddedUp);

    // Whether perf_event_sync_stat() would pair each event with its own relative.
    private static bool ListsPair(PerfContext ctx, PerfContext nextCtx) =>
        ctx.NrStat == 0 || ctx.EventList.Select(e => e.Root).SequenceEqual(nextCtx.EventList.Select(e => e.Root));

    private static PerfEvent? RelativeIn(PerfContext ctx, PerfEvent e) => ctx.EventList.Find(other => ReferenceEquals(other.Root, e.Root));

    // An event that counts for another task from here on is made up for by one of its family that does its work. Copies of what is closed are on their
    // way out, one after the other.
    private void CheckSwap(PerfContext ctx, PerfContext nextCtx)
    {
        for (int i = 0; i < ctx.EventList.Count; i++)
        {
            PerfEvent e = ctx.EventList[i];
            if (e.Root.State != EventState.Dead && RelativeIn(nextCtx, e) is null)
            {
                _machine.Report(Property.CountsExact, $"{e} goes to task {ctx.Task!.Name} with its context, and none of its family comes for it");
            }
        }
    }

    private static bool LookLikeClones(PerfContext ctx, PerfContext next)
    {
        PerfContext? parent = ctx.ParentCtx;
        PerfContext? nextParent = next.ParentCtx;
        return (parent is not null || nextParent is not null)
            && (ReferenceEquals(nextParent, ctx) || ReferenceEquals(next, parent) || ReferenceEquals(nextParent, parent));
    }

    /// <summary><c>context_equiv()</c>. Both locks held.</summary>
    private static bool ContextEquiv(PerfContext a, PerfContext b)
    {
        // Pinning disables the swap optimization.
        if (a.PinCount > 0 || b.PinCount > 0)
        {
            return false;
        }

        return (ReferenceEquals(a, b.ParentCtx) && a.Generation == b.ParentGen)
            || (ReferenceEquals(a.ParentCtx, b) && a.ParentGen == b.Generation)
            || (a.ParentCtx is not null && ReferenceEquals(a.ParentCtx, b.ParentCtx) && a.ParentGen == b.ParentGen);
    }

    /// <summary><c>perf_event_sync_stat()</c>. Both locks held.</summary>
    private async KernelTask PerfEventSyncStat(PerfContext ctx, PerfContext nextCtx)
    {
        if (ctx.NrStat == 0)
        {
            return;
        }

        UpdateContextTime(ctx);
        for (int i = 0; i < ctx.EventList.Count && i < nextCtx.EventList.Count; i++)
        {
            await PerfEventSyncStatOne(ctx.EventList[i], nextCtx.EventList[i]);
        }
    }

    /// <summary><c>__perf_event_sync_stat()</c>.</summary>
    [KernelName("__perf_event_sync_stat")]
    private async KernelTask PerfEventSyncStatOne(PerfEvent e, PerfEvent next)
    {
        if (!e.Attr.InheritStat)
        {
            return;
        }

        // Update the event value, we cannot use perf_event_read() because we're in the middle of a context switch with IRQs disabled.
        if (IsReadable(e))
        {
            await EventPmuRead(e);
        }

        PerfEventUpdateTime(e);
        if (IsMended(LinuxFaults.SwapLeavesTimeBehind))
        {
            PerfEventUpdateTime(next);
        }

        Design.SwapCounts(e, next);

        // What a task has counted of A goes to what the other has of A, whatever stands at that place of its list.
        if (next.Ctx is { } there && RelativeIn(there, e) is { } relative)
        {
            TruthTime(e);
            TruthTime(relative);
            EventTruth.Swap(e.Truth, relative.Truth, _cpu.ClockNs);
        }

        (e.TotalTimeEnabled, next.TotalTimeEnabled) = (next.TotalTimeEnabled, e.TotalTimeEnabled);
        (e.TotalTimeRunning, next.TotalTimeRunning) = (next.TotalTimeRunning, e.TotalTimeRunning);
        PerfEventUpdateUserpage(e);
        PerfEventUpdateUserpage(next);
    }

    /// <summary><c>perf_event_context_sched_in()</c>.</summary>
    private async KernelTask PerfEventContextSchedIn(PerfContext ctx)
    {
        PerfContext cpuctx = CpuCtxOf(ctx);
        if (ReferenceEquals(cpuctx.TaskCtx, ctx))
        {
            return;
        }

        await PerfCtxLock(cpuctx, ctx);

        // We must check ctx->nr_events while holding ctx->lock, such that we serialize against perf_install_in_context().
        if (ctx.NrEvents > 0)
        {
            PerfPmuDisable(ctx.Kind);

            // If task's ctx is not carrying any pinned events, no need to flip the cpuctx's events around.
            if (ctx.PinnedGroups.Count > 0)
            {
                await CtxSchedOut(cpuctx, cpuctx, EventTypes.Flexible);
            }

            await PerfEventSchedIn(cpuctx, ctx);
            PerfPmuEnable(ctx.Kind);
        }

        PerfCtxUnlock(cpuctx, ctx);
    }

    /// <summary><c>perf_cgroup_switch()</c>.</summary>
    private async KernelTask PerfCgroupSwitch(TaskStruct? task, bool switchOut, bool switchIn)
    {
        for (int kind = 0; kind < 2; kind++)
        {
            PerfContext cpuctx = CpuCtx(kind);
            if (cpuctx.NrCgroups > 0)
            {
                await PerfCgroupSwitchOne(cpuctx, task, switchOut, switchIn);
            }
        }
    }

    private async KernelTask PerfCgroupSwitchOne(PerfContext cpuctx, TaskStruct? task, bool switchOut, bool switchIn)
    {
        PerfContext? taskCtx = cpuctx.TaskCtx;
        await PerfCtxLock(cpuctx, taskCtx);
        PerfPmuDisable(cpuctx.Kind);
        if (switchOut)
        {
            // The cgroup must not be changed before that: event_filter_match() looks at it.
            await CtxSchedOut(cpuctx, cpuctx, EventTypes.All);
            cpuctx.Cgrp = null;
        }

        if (switchIn)
        {
            _machine.WarnOnOnce(cpuctx.Cgrp is not null, "cpuctx->cgrp");
            cpuctx.Cgrp = CgroupOf(task);
            await CtxSchedIn(cpuctx, cpuctx, EventTypes.All);
        }

        PerfPmuEnable(cpuctx.Kind);
        PerfCtxUnlock(cpuctx, taskCtx);
    }

    // Mended: goes by what each context has, and not by what the task that leaves says now.
    private async KernelTask PerfCgroupSwitchTo(TaskStruct? next, bool switchIn)
    {
        for (int kind = 0; kind < 2; kind++)
        {
            PerfContext cpuctx = CpuCtx(kind);
            bool other = cpuctx.NrCgroups > 0 && !ReferenceEquals(cpuctx.Cgrp, CgroupOf(next));
            if (other && (switchIn || cpuctx.Cgrp is not null))
            {
                // All of it, where nothing of a cgroup was on, too: the clock of the cgroup that comes begins where the context's does.
                await PerfCgroupSwitchOne(cpuctx, next, switchOut: true, switchIn);
            }
        }
    }

    /// <summary><c>__perf_cgroup_move()</c>. Hardirq.</summary>
    [KernelName("__perf_cgroup_move")]
    private async KernelTask<int> PerfCgroupMoveIpi(TaskStruct task)
    {
        await PerfCgroupSwitch(task, switchOut: true, switchIn: true);
        return 0;
    }

    /// <summary><c>perf_cgroup_attach()</c>: a task has moved to another cgroup. Process context.</summary>
    private async KernelTask PerfCgroupAttach(TaskStruct task, Cgroup to)
    {
        // Whether it runs is found out where it is.
        task.MovingFrom = task.Cgroup;
        task.Cgroup = to;
        _ = await TaskFunctionCall(task, new IpiCgroupMove(null, task.Index));
        task.MovingFrom = null;
    }
}
