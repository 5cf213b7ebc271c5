using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Scheduling events in and out. <c>ctx->lock</c>(s) held, interrupts off throughout.</content>
public sealed partial class PerfCore
{
    private long _moved;

    /// <summary><c>event_filter_match()</c>.</summary>
    private bool EventFilterMatch(PerfEvent e) =>
        (e.Cpu == -1 || e.Cpu == _cpu.Index) && PerfCgroupMatch(e) && PmuFilterMatch(e);

    /// <summary><c>perf_cgroup_match()</c>.</summary>
    private bool PerfCgroupMatch(PerfEvent e) =>
        e.Cgrp is null || (CpuCtx(e.Ctx!.Kind).Cgrp is { } current && current.IsDescendantOf(e.Cgrp));

    /// <summary><c>pmu_filter_match()</c>: the event's PMU and those of its siblings are on this processor.</summary>
    private bool PmuFilterMatch(PerfEvent e)
    {
        bool match = e.Pmu.IsOn(_cpu.Index);
        for (int i = 0; match && i < e.Siblings.Count; i++)
        {
            match = e.Siblings[i].Pmu.IsOn(_cpu.Index);
        }

        return match;
    }

    /// <summary><c>get_event_type()</c>.</summary>
    /// <param name="e">The event; it has a context.</param>
    public static EventTypes GetEventType(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);

        // It's 'group type', really, because if our group leader is pinned, so are we.
        PerfEvent leader = e.GroupLeader;
        return (leader.Attr.Pinned ? EventTypes.Pinned : EventTypes.Flexible)
            | (e.Ctx!.IsCpuContext ? EventTypes.Cpu : EventTypes.None);
    }

    /// <summary><c>event_sched_out()</c>.</summary>
    internal async KernelTask EventSchedOut(PerfEvent e, PerfContext cpuctx, PerfContext ctx)
    {
        _machine.WarnOnOnce(!ReferenceEquals(e.Ctx, ctx), "event->ctx != ctx");
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        if (e.State < (Design.SchedsOutEnabled ? EventState.Enabled : EventState.Active))
        {
            return;
        }

        // Asymmetric with event_sched_in(): the state is ACTIVE for an instant after the counter is gone.
        if (e.ActiveListed)
        {
            ActiveListOf(e, ctx).Remove(e);
            e.ActiveListed = false;
        }

        PerfPmuDisable(ctx.Kind);
        e.OnItsWay = true;
        await Design.Del(this, e, ctx);
        if (IsMended(LinuxFaults.CountBehindOncpu))
        {
            SmpWmb();
        }

        await WriteOnce(e.OnCpuField, -1);
        EventState state = Design.StateAfterSchedOut(e);
        if (e.PendingDisable >= 0)
        {
            e.PendingDisable = -1;
            TruthWanted(e, false);
            state = EventState.Off;
        }

        TruthStop(e);
        PerfEventSetState(e, state);
        e.OnItsWay = false;
        await Design.ScheduledOut(this, e, ctx);
        CheckTimes(e, "scheduled out");
        _cpu.Invariants.Changed();
        _machine.Costs.SchedOuts++;
        _moved++;
        if (!e.IsSoftwareEvent)
        {
            cpuctx.ActiveOnCpu--;
        }

        if (--ctx.NrActive == 0)
        {
            _activeCtxList.Remove(ctx);
        }

        ctx.NrFreq -= IsFreq(e) ? 1 : 0;
        if (e.Attr.Exclusive || cpuctx.ActiveOnCpu == 0)
        {
            cpuctx.Exclusive = false;
        }

        PerfPmuEnable(ctx.Kind);
    }

    /// <summary><c>group_sched_out()</c>.</summary>
    internal async KernelTask GroupSchedOut(PerfEvent leader, PerfContext cpuctx, PerfContext ctx)
    {
        if (leader.State != EventState.Active)
        {
            return;
        }

        PerfPmuDisable(ctx.Kind);
        await EventSchedOut(leader, cpuctx, ctx);
        for (int i = 0; i < leader.Siblings.Count; i++)
        {
            await EventSchedOut(leader.Siblings[i], cpuctx, ctx);
        }

        PerfPmuEnable(ctx.Kind);
        if (leader.Attr.Exclusive)
        {
            cpuctx.Exclusive = false;
        }
    }

    /// <summary><c>event_sched_in()</c>.</summary>
    /// <returns>False when there is no counter for it (−EAGAIN).</returns>
    private async KernelTask<bool> EventSchedIn(PerfEvent e, PerfContext cpuctx, PerfContext ctx)
    {
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        if (e.State <= EventState.Off)
        {
            return true;
        }

        await WriteOnce(e.OnCpuField, _cpu.Index);

        // Who sees ACTIVE must see the right ->oncpu.
        SmpWmb();
        e.OnItsWay = true;
        await Published();
        PerfEventSetState(e, EventState.Active);

        // Unthrottle events, since we scheduled we might have missed several ticks already.
        if (e.Interrupts == PerfEvent.MaxInterrupts)
        {
            e.Interrupts = 0;
        }

        await Published();
        PerfPmuDisable(ctx.Kind);
        e.ShadowCtxTime = e.Cgrp is null ? ctx.Time - ctx.Timestamp : CgroupShadow(e);
        bool added = await Design.Add(this, e, ctx);
        if (!added)
        {
            PerfEventSetState(e, EventState.Inactive);
            e.OnCpu = -1;
            e.OnItsWay = false;
        }
        else
        {
            TruthStart(e);
            e.OnItsWay = false;
            _cpu.Invariants.Changed();
            _machine.Costs.SchedIns++;
            _moved++;
            if (!e.IsSoftwareEvent)
            {
                cpuctx.ActiveOnCpu++;
            }

            if (ctx.NrActive++ == 0)
            {
                _activeCtxList.Insert(0, ctx);
            }

            ctx.NrFreq += IsFreq(e) ? 1 : 0;
            cpuctx.Exclusive |= e.Attr.Exclusive;
            if (!e.IsHidden && !ReferenceEquals(Design.CounterOwner(e), e))
            {
                _machine.Shared++;
            }
        }

        PerfPmuEnable(ctx.Kind);
        return added;
    }

    private long CgroupShadow(PerfEvent e)
    {
        CgroupClock clock = e.Cgrp!.Clock(_cpu.Index);
        return clock.Time - clock.Timestamp;
    }

    /// <summary><c>group_sched_in()</c>.</summary>
    /// <returns>False when the group does not fit (−EAGAIN).</returns>
    private async KernelTask<bool> GroupSchedIn(PerfEvent leader, PerfContext cpuctx, PerfContext ctx)
    {
        if (leader.State == EventState.Off)
        {
            return true;
        }

        // The transaction is the context's PMU's: that of its hardware events on this processor.
        Pmu? pmu = ctx.Kind == PmuType.HardwareKind ? PmuOfGroup(leader) : null;
        if (pmu is not null)
        {
            _cpu.Tell(pmu.Id, new PmuStartTxn());
        }

        PerfEvent? failedAt = null;
        if (!await EventSchedIn(leader, cpuctx, ctx))
        {
            failedAt = leader;
        }

        for (int i = 0; failedAt is null && i < leader.Siblings.Count; i++)
        {
            if (!await EventSchedIn(leader.Siblings[i], cpuctx, ctx))
            {
                failedAt = leader.Siblings[i];
            }
        }

        if (failedAt is null && (pmu is null || await CommitTxn(pmu)))
        {
            return true;
        }

        // Groups can be scheduled in as one unit only, so undo any partial group before returning: reverse is not needed.
        if (!ReferenceEquals(failedAt, leader))
        {
            for (int i = 0; i < leader.Siblings.Count && !ReferenceEquals(leader.Siblings[i], failedAt); i++)
            {
                await EventSchedOut(leader.Siblings[i], cpuctx, ctx);
            }

            await EventSchedOut(leader, cpuctx, ctx);
        }

        if (pmu is not null)
        {
            _cpu.Tell(pmu.Id, new PmuCancelTxn());
        }

        PerfMuxHrtimerRestart(cpuctx);
        return false;
    }

    private Pmu? PmuOfGroup(PerfEvent leader)
    {
        for (int i = -1; i < leader.Siblings.Count; i++)
        {
            PerfEvent e = i < 0 ? leader : leader.Siblings[i];
            if (!e.Pmu.IsSoftware && e.Pmu.IsOn(_cpu.Index))
            {
                return _cpu.Pmus[e.Pmu.Index];
            }
        }

        return null;
    }

    private async KernelTask<bool> CommitTxn(Pmu pmu) =>
        ((PmuAnswer)await _cpu.Ask(pmu.Id, Accept.Always, new PmuCommitTxn(_cpu.Here), "pmu->commit_txn()")).Status == PmuStatus.Ok;

    /// <summary><c>group_can_go_on()</c>.</summary>
    private bool GroupCanGoOn(PerfEvent leader, PerfContext ctx, PerfContext cpuctx, bool canAddHw)
    {
        if (leader.GroupIsSoftware)
        {
            return true;
        }

        if (cpuctx.Exclusive)
        {
            return false;
        }

        // From v5.11 on (2714c3962f30) an exclusive group minds only groups of its own context and kind.
        bool others = ExclusiveIsByKind ? ActiveListOf(leader, ctx).Count > 0 : cpuctx.ActiveOnCpu > 0;
        return !(leader.Attr.Exclusive && others) && (canAddHw || Design.NeedsNoCounter(leader));
    }

    private bool ExclusiveIsByKind => _machine.Spec.KernelVersion >= 511;

    /// <summary><c>ctx_sched_out()</c>.</summary>
    /// <param name="ctx">The context.</param>
    /// <param name="cpuctx">This processor's context of the same kind. Null is an oops, as in the kernel: nobody may call it then.</param>
    /// <param name="type">What to schedule out.</param>
    public async KernelTask CtxSchedOut(PerfContext ctx, PerfContext? cpuctx, EventTypes type)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        EventTypes wasActive = ctx.IsActive;
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        if (cpuctx is null)
        {
            _machine.Oops("cpuctx->task_ctx in ctx_sched_out()");
            return;
        }

        if (ctx.NrEvents == 0)
        {
            _machine.WarnOnOnce(ctx.IsActive != EventTypes.None, "ctx->is_active");
            _machine.WarnOnOnce(!ctx.IsCpuContext && cpuctx.TaskCtx is not null, "cpuctx->task_ctx");
            return;
        }

        ctx.IsActive &= ~type;
        if ((ctx.IsActive & EventTypes.All) == 0)
        {
            ctx.IsActive = EventTypes.None;
        }

        if (!ctx.IsCpuContext)
        {
            _machine.WarnOnOnce(!ReferenceEquals(cpuctx.TaskCtx, ctx), "cpuctx->task_ctx != ctx");
            if (ctx.IsActive == EventTypes.None)
            {
                cpuctx.TaskCtx = null;
            }
        }

        // Always update time if it was set; not only when it changes.
        if ((wasActive & EventTypes.Time) != 0)
        {
            UpdateContextTime(ctx);
            if (ctx.IsCpuContext || !IsMended(LinuxFaults.CgroupTimeFromNowhere))
            {
                UpdateCgrpTimeFromCpuctx(cpuctx);
            }
        }

        EventTypes changed = wasActive ^ ctx.IsActive;
        if (ctx.NrActive == 0 || (changed & EventTypes.All) == 0)
        {
            return;
        }

        ctx.RotateNecessary = false;
        PerfPmuDisable(ctx.Kind);
        if ((changed & EventTypes.Pinned) != 0)
        {
            await SchedOutAll(ctx.PinnedActive, cpuctx, ctx);
        }

        if ((changed & EventTypes.Flexible) != 0)
        {
            await SchedOutAll(ctx.FlexibleActive, cpuctx, ctx);
        }

        PerfPmuEnable(ctx.Kind);
    }

    private async KernelTask SchedOutAll(List<PerfEvent> active, PerfContext cpuctx, PerfContext ctx)
    {
        while (active.Count > 0)
        {
            PerfEvent first = active[0];
            await GroupSchedOut(first, cpuctx, ctx);
            if (active.Count > 0 && ReferenceEquals(active[0], first))
            {
                // Not ACTIVE, and still listed: cannot be, but must not hang the simulation.
                _machine.WarnOnOnce(true, "active_list holds an event that is not active");
                first.ActiveListed = false;
                active.RemoveAt(0);
            }
        }
    }

    /// <summary><c>ctx_sched_in()</c>.</summary>
    private async KernelTask CtxSchedIn(PerfContext ctx, PerfContext cpuctx, EventTypes type)
    {
        EventTypes wasActive = ctx.IsActive;
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: true);
        if (ctx.NrEvents == 0)
        {
            return;
        }

        ctx.IsActive |= type | EventTypes.Time;
        if (!ctx.IsCpuContext)
        {
            if (wasActive == EventTypes.None)
            {
                cpuctx.TaskCtx = ctx;
            }
            else
            {
                _machine.WarnOnOnce(!ReferenceEquals(cpuctx.TaskCtx, ctx), "cpuctx->task_ctx != ctx");
            }
        }

        EventTypes changed = wasActive ^ ctx.IsActive;
        if ((changed & EventTypes.Time) != 0)
        {
            ctx.Timestamp = _cpu.ClockNs;
            ctx.ClockCpu = _cpu.Index;
            if (_machine.Selectors is { } selectors)
            {
                ctx.Occurrences.Restart(selectors, _cpu);
            }

            PerfCgroupSetTimestamp(ctx);
        }

        // First go through the list and put on any pinned groups in order to give them the best chance of going on.
        if ((changed & EventTypes.Pinned) != 0)
        {
            await VisitGroupsMerge(ctx.PinnedGroups, ctx, cpuctx, pinned: true);
        }

        if ((changed & EventTypes.Flexible) != 0)
        {
            await VisitGroupsMerge(ctx.FlexibleGroups, ctx, cpuctx, pinned: false);
            FlexiblePassEnded(ctx, cpuctx);
        }
    }

    /// <summary><c>visit_groups_merge()</c>: the groups of no processor and of this one, by age.</summary>
    private async KernelTask VisitGroupsMerge(GroupTree groups, PerfContext ctx, PerfContext cpuctx, bool pinned)
    {
        List<PerfEvent> any = groups.Of(-1);
        List<PerfEvent> here = groups.Of(_cpu.Index);
        bool canAddHw = true;
        int a = 0;
        int h = 0;
        while (a < any.Count || h < here.Count)
        {
            bool takeAny = h >= here.Count || (a < any.Count && any[a].GroupIndex < here[h].GroupIndex);
            PerfEvent leader = takeAny ? any[a++] : here[h++];
            if (pinned)
            {
                await PinnedSchedIn(leader, ctx, cpuctx);
            }
            else
            {
                canAddHw = await FlexibleSchedIn(leader, ctx, cpuctx, canAddHw);
            }
        }
    }

    /// <summary><c>pinned_sched_in()</c>.</summary>
    private async KernelTask PinnedSchedIn(PerfEvent leader, PerfContext ctx, PerfContext cpuctx)
    {
        if (leader.State <= EventState.Off || !EventFilterMatch(leader))
        {
            return;
        }

        if (GroupCanGoOn(leader, ctx, cpuctx, canAddHw: true) && await GroupSchedIn(leader, cpuctx, ctx))
        {
            AddActive(leader, ctx);
        }

        // If this pinned group hasn't been scheduled, put it in error state.
        if (leader.State == EventState.Inactive)
        {
            TruthFailed(leader);
            PerfEventSetState(leader, EventState.Error);
            if (!IsKeptOff(leader, ctx, cpuctx))
            {
                NoteLeftOff(leader);
            }
        }
    }

    /// <summary><c>flexible_sched_in()</c>.</summary>
    /// <returns>Whether later hardware groups may still be tried.</returns>
    private async KernelTask<bool> FlexibleSchedIn(PerfEvent leader, PerfContext ctx, PerfContext cpuctx, bool canAddHw)
    {
        if (leader.State <= EventState.Off || !EventFilterMatch(leader))
        {
            return canAddHw;
        }

        if (!GroupCanGoOn(leader, ctx, cpuctx, canAddHw))
        {
            // From v5.11 on (1908dc911792) what is kept off takes its turn, too.
            if (ExclusiveIsByKind && leader.State == EventState.Inactive)
            {
                ctx.RotateNecessary = true;
                PerfMuxHrtimerRestart(cpuctx);
                return false;
            }

            return canAddHw;
        }

        if (await GroupSchedIn(leader, cpuctx, ctx))
        {
            AddActive(leader, ctx);
            return canAddHw;
        }

        ctx.RotateNecessary = true;
        return false;
    }

    private static void AddActive(PerfEvent leader, PerfContext ctx)
    {
        // An event of a state that takes part without being ACTIVE is not on the list of active groups.
        if (!leader.ActiveListed && leader.State == EventState.Active)
        {
            ActiveListOf(leader, ctx).Add(leader);
            leader.ActiveListed = true;
        }
    }

    /// <summary><c>perf_event_sched_in()</c>: processor pinned, task pinned, processor flexible, task flexible.</summary>
    private async KernelTask PerfEventSchedIn(PerfContext cpuctx, PerfContext? ctx)
    {
        await CtxSchedIn(cpuctx, cpuctx, EventTypes.Pinned);
        if (ctx is not null)
        {
            await CtxSchedIn(ctx, cpuctx, EventTypes.Pinned);
        }

        await CtxSchedIn(cpuctx, cpuctx, EventTypes.Flexible);
        if (ctx is not null)
        {
            await CtxSchedIn(ctx, cpuctx, EventTypes.Flexible);
        }
    }

    /// <summary><c>task_ctx_sched_out()</c>.</summary>
    private async KernelTask TaskCtxSchedOut(PerfContext cpuctx, PerfContext ctx, EventTypes type)
    {
        if (cpuctx.TaskCtx is null || _machine.WarnOnOnce(!ReferenceEquals(ctx, cpuctx.TaskCtx), "ctx != cpuctx->task_ctx"))
        {
            return;
        }

        await CtxSchedOut(ctx, cpuctx, type);
    }

    /// <summary><c>ctx_resched()</c>.</summary>
    /// <param name="cpuctx">This processor's context.</param>
    /// <param name="taskCtx">The task's context beside it, or null.</param>
    /// <param name="type">The type of the event that changed.</param>
    /// <param name="added">The event that has come or has been enabled, for the design; or null.</param>
    /// <param name="removed">The event that goes, for the design; or null.</param>
    public async KernelTask CtxResched(
        PerfContext cpuctx, PerfContext? taskCtx, EventTypes type, PerfEvent? added = null, PerfEvent? removed = null)
    {
        ArgumentNullException.ThrowIfNull(cpuctx);
        bool cpuEvent = (type & EventTypes.Cpu) != 0;

        // If pinned groups are involved, flexible groups also need to be scheduled out.
        if ((type & EventTypes.Pinned) != 0)
        {
            type |= EventTypes.Flexible;
        }

        EventTypes ctxType = type & EventTypes.All;
        PerfPmuDisable(cpuctx.Kind);
        if (taskCtx is not null)
        {
            await TaskCtxSchedOut(cpuctx, taskCtx, type);
        }

        // Decide which cpu ctx groups to schedule out based on the types of events that caused rescheduling.
        if (cpuEvent)
        {
            await CtxSchedOut(cpuctx, cpuctx, ctxType);
        }
        else if ((ctxType & EventTypes.Pinned) != 0)
        {
            await CtxSchedOut(cpuctx, cpuctx, EventTypes.Flexible);
        }

        if (added is not null || removed is not null)
        {
            await Design.Rescheduling(this, cpuctx, added, removed);
        }

        await PerfEventSchedIn(cpuctx, taskCtx);
        PerfPmuEnable(cpuctx.Kind);
    }

    // ---- rotation ----

    /// <summary><c>perf_mux_hrtimer_restart()</c>.</summary>
    private void PerfMuxHrtimerRestart(PerfContext cpuctx)
    {
        if (cpuctx.Kind == PmuType.SoftwareKind || cpuctx.HrtimerActive)
        {
            return;
        }

        cpuctx.HrtimerActive = true;
        ArmMuxTimer(cpuctx);
    }

    private void ArmMuxTimer(PerfContext cpuctx)
    {
        if (!_cpu.Host.HasClock && _machine.MuxFiresLeft[_cpu.Index]-- <= 0)
        {
            _machine.MuxBoundHit = true;
            return;
        }

        TimerIsUnderWay(true);

        _cpu.Host.Send(
            new ActorId(ActorKind.Environment, 30_000 + _cpu.Index), _cpu.Id, Lane.Irq, Accept.Irq, new MuxTimer(cpuctx.Kind),
            _machine.Spec.MuxIntervalNs);
    }

    /// <summary><c>perf_mux_hrtimer_handler()</c>. Hardirq.</summary>
    private async KernelTask PerfMuxHrtimerHandler(int kind)
    {
        PerfContext cpuctx = CpuCtx(kind);
        long movedBefore = _moved;
        BeginMuxHandler();
        bool rotations = await PerfRotateContext(cpuctx);
        if (!cpuctx.HrtimerActive)
        {
            EndMuxHandler();
            return;
        }

        if (rotations)
        {
            StealTime((_moved - movedBefore) * _machine.Spec.MoveNs);
            ArmMuxTimer(cpuctx);
        }
        else
        {
            cpuctx.HrtimerActive = false;
        }

        EndMuxHandler();
    }

    /// <summary><c>perf_rotate_context()</c>.</summary>
    /// <returns>Whether anything had to be rotated.</returns>
    private async KernelTask<bool> PerfRotateContext(PerfContext cpuctx)
    {
        bool cpuRotate = cpuctx.RotateNecessary;
        PerfContext? taskCtx = cpuctx.TaskCtx;
        bool taskRotate = taskCtx?.RotateNecessary ?? false;
        if (!cpuRotate && !taskRotate)
        {
            return false;
        }

        _machine.Costs.Rotations++;
        await PerfCtxLock(cpuctx, taskCtx);
        PerfPmuDisable(cpuctx.Kind);
        PerfEvent? taskEvent = taskRotate ? CtxFirstActive(taskCtx!) : null;
        PerfEvent? cpuEvent = cpuRotate ? CtxFirstActive(cpuctx) : null;
        PerfEvent? taskWaits = taskEvent is null ? null : FirstWaiting(taskCtx!);
        PerfEvent? cpuWaits = cpuEvent is null ? null : FirstWaiting(cpuctx);

        // As per the order given at ctx_resched() first 'pop' task flexible and then, if needed CPU flexible.
        if (taskEvent is not null || (taskCtx is not null && cpuEvent is not null))
        {
            await CtxSchedOut(taskCtx!, cpuctx, EventTypes.Flexible);
        }

        if (cpuEvent is not null)
        {
            await CtxSchedOut(cpuctx, cpuctx, EventTypes.Flexible);
        }

        if (taskEvent is not null)
        {
            RotateCtx(taskCtx!, taskEvent);
        }

        if (cpuEvent is not null)
        {
            RotateCtx(cpuctx, cpuEvent);
        }

        await PerfEventSchedIn(cpuctx, taskCtx);
        CheckRotated(taskCtx, taskEvent, taskWaits);
        CheckRotated(cpuctx, cpuEvent, cpuWaits);
        PerfPmuEnable(cpuctx.Kind);
        PerfCtxUnlock(cpuctx, taskCtx);
        return true;
    }

    /// <summary><c>ctx_first_active()</c>; from v5.5 on <c>ctx_event_to_rotate()</c>, which falls back to the first group of the tree.</summary>
    private PerfEvent? CtxFirstActive(PerfContext ctx)
    {
        if (ctx.FlexibleActive.Count > 0)
        {
            return ctx.FlexibleActive[0];
        }

        if (_machine.Spec.KernelVersion < 505)
        {
            return null;
        }

        // Unconditionally clear rotate_necessary: if ctx_flexible_sched_in() fails again it is set again.
        ctx.RotateNecessary = false;
        return ctx.FlexibleGroups.First(_cpu.Index);
    }

    /// <summary><c>rotate_ctx()</c>.</summary>
    private static void RotateCtx(PerfContext ctx, PerfEvent e)
    {
        // Rotate the first entry last of non-pinned groups. Rotation might be disabled by the inheritance code.
        if (ctx.RotateDisable == 0 && e.InTree)
        {
            ctx.FlexibleGroups.Delete(e);
            ctx.FlexibleGroups.Insert(e);
        }
    }
}
