using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Putting events into contexts, taking them out, enabling, disabling, closing.</content>
public sealed partial class PerfCore
{
    private static bool TaskCurr(Machine machine, TaskStruct task) => ReferenceEquals(machine.Cpus[task.Cpu].Current, task);

    /// <summary><c>task_function_call()</c>: runs a function where a task runs.</summary>
    /// <returns>0, or −ESRCH when the task is not running there.</returns>
    private async KernelTask<int> TaskFunctionCall(TaskStruct task, Ipi call)
    {
        int result;
        do
        {
            result = await SmpCallFunctionSingle(task.Cpu, call with { OnTask = task.Index });
        }
        while (result == -(int)Errno.EAGAIN);

        return result == -(int)Errno.ENXIO ? -(int)Errno.ESRCH : result;
    }


    /// <summary><c>perf_install_in_context()</c>: puts an event into its context, on the processor where that runs.</summary>
    /// <remarks>Process context; <c>ctx->mutex</c> held.</remarks>
    private async KernelTask PerfInstallInContext(PerfContext ctx, PerfEvent e, int cpu)
    {
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: false);
        if (e.Cpu != -1)
        {
            e.Cpu = cpu;
        }

        await Design.Installing(this, e, ctx);
        await StoreRelease(e.CtxField, ctx);
        if (InstalledWithoutIpi(e, ctx))
        {
            await RawSpinLockIrq(ctx);
            if (!ctx.Tombstone)
            {
                await AddEventToCtx(e, ctx);
            }

            RawSpinUnlockIrq(ctx);
            return;
        }

        if (ctx.IsCpuContext)
        {
            await SmpCallFunctionSingle(cpu, new IpiInstall(null, e.Id));
            return;
        }

        // Should not happen, we validate the ctx is still alive before calling.
        if (_machine.WarnOnOnce(ctx.Tombstone, "task == TASK_TOMBSTONE"))
        {
            return;
        }

        // Pairs with the context switch: either the IPI finds the task, or the task finds its context.
        SmpMb();
        while (true)
        {
            if (await TaskFunctionCall(ctx.Task!, new IpiInstall(null, e.Id)) == 0)
            {
                return;
            }

            await RawSpinLockIrq(ctx);
            if (_machine.WarnOnOnce(ctx.Tombstone, "task == TASK_TOMBSTONE"))
            {
                RawSpinUnlockIrq(ctx);
                return;
            }

            // If the task is not running, ctx->lock will avoid it becoming so, thus we can safely install the event.
            if (!TaskCurr(_machine, ctx.Task!))
            {
                break;
            }

            RawSpinUnlockIrq(ctx);
        }

        await AddEventToCtx(e, ctx);
        RawSpinUnlockIrq(ctx);
    }

    // From v5.5 on (db0503e4f675) who opens an event that is off puts it into the context from where it is, but for the first one of a context, whose
    // ->is_active the IPI sets. v5.6 takes events of cgroups out (07c5972951f0), v5.7 in again (33238c504515).
    private bool InstalledWithoutIpi(PerfEvent e, PerfContext ctx) =>
        _machine.Spec.KernelVersion >= 505 && EffectiveState(e) == EventState.Off && ctx.NrEvents > 0
        && (e.Cgrp is null || _machine.Spec.KernelVersion >= 507);

    /// <summary><c>__perf_install_in_context()</c>. Hardirq.</summary>
    [KernelName("__perf_install_in_context")]
    private async KernelTask<int> PerfInstallInContextIpi(PerfEvent e)
    {
        PerfContext ctx = e.Ctx!;
        PerfContext cpuctx = CpuCtxOf(ctx);
        await Design.InstallingInIpi(this, e, ctx);
        bool reprogram = true;
        await RawSpinLock(cpuctx);
        PerfContext? taskCtx = cpuctx.TaskCtx;
        if (!ctx.IsCpuContext)
        {
            await RawSpinLock(ctx);
            taskCtx = ctx;
            reprogram = ReferenceEquals(ctx.Task, _cpu.Current);

            // If the task is running, it must be running on this CPU, otherwise we cannot reprogram things.
            if (!reprogram && TaskCurr(_machine, ctx.Task!))
            {
                PerfCtxUnlock(cpuctx, taskCtx);
                return -(int)Errno.ESRCH;
            }

            _machine.WarnOnOnce(
                reprogram && cpuctx.TaskCtx is not null && !ReferenceEquals(cpuctx.TaskCtx, ctx),
                "reprogram && cpuctx->task_ctx && cpuctx->task_ctx != ctx");
        }
        else if (taskCtx is not null)
        {
            await RawSpinLock(taskCtx);
        }

        // If the current cgroup doesn't match the event's cgroup, we should not try to schedule it.
        if (e.Cgrp is not null && Design.ChecksCgroupAtInstall)
        {
            reprogram = CurrentCgroup.IsDescendantOf(e.Cgrp);
        }

        if (reprogram)
        {
            await CtxSchedOut(ctx, cpuctx, Design.SchedOutBeforeAdd(e));
            await AddEventToCtx(e, ctx);
            await CtxResched(cpuctx, taskCtx, Design.ReschedAfterAdd(e, GetEventType(e)), added: e);
        }
        else
        {
            await AddEventToCtx(e, ctx);
            await Design.AddedWithoutResched(this, e, ctx);
        }

        PerfCtxUnlock(cpuctx, taskCtx);
        return 0;
    }

    /// <summary><c>event_function_call()</c>: runs a function on an event where its context runs, or here under its lock.</summary>
    /// <remarks>Process context.</remarks>
    private async KernelTask EventFunctionCall(PerfEvent e, EventFunction function, ulong value = 0)
    {
        PerfContext ctx = e.Ctx!;
        if (e.Parent is null)
        {
            _machine.LockChecker.AssertHeld(_cpu, ctx, spin: false);
        }

        if (ctx.IsCpuContext)
        {
            await SmpCallFunctionSingle(e.Cpu, new IpiEventFunction(null, e.Id, function, value));
            return;
        }

        if (ctx.Tombstone)
        {
            // The context is dead: nobody else can be at it but for what holds its mutex.
            return;
        }

        while (true)
        {
            if (await TaskFunctionCall(ctx.Task!, new IpiEventFunction(null, e.Id, function, value)) == 0)
            {
                return;
            }

            await RawSpinLockIrq(ctx);
            if (ctx.Tombstone)
            {
                RawSpinUnlockIrq(ctx);
                return;
            }

            if (ctx.IsActive == EventTypes.None)
            {
                break;
            }

            RawSpinUnlockIrq(ctx);
        }

        await Call(function, e, null, ctx, value);
        RawSpinUnlockIrq(ctx);
    }

    /// <summary><c>event_function()</c>. Hardirq.</summary>
    [KernelName("event_function")]
    private async KernelTask<int> EventFunctionIpi(PerfEvent e, EventFunction function, ulong value)
    {
        PerfContext ctx = e.Ctx!;
        PerfContext cpuctx = CpuCtxOf(ctx);
        PerfContext? taskCtx = cpuctx.TaskCtx;
        await PerfCtxLock(cpuctx, taskCtx);

        // Since we do the IPI call without holding ctx->lock things can have changed, double check we hit the task we set out to hit.
        if (!ctx.IsCpuContext)
        {
            // TASK_TOMBSTONE is nobody's current: a child's context may die between the interrupt's sending and its arrival.
            if (ctx.Tombstone || !ReferenceEquals(ctx.Task, _cpu.Current))
            {
                PerfCtxUnlock(cpuctx, taskCtx);
                return -(int)Errno.ESRCH;
            }

            // We only use event_function_call() on established contexts, and event_function() is only ever called when active.
            _machine.WarnOnOnce(ctx.IsActive == EventTypes.None, "!ctx->is_active");
            _machine.WarnOnOnce(!ReferenceEquals(taskCtx, ctx), "task_ctx != ctx");
        }

        await Call(function, e, cpuctx, ctx, value);
        PerfCtxUnlock(cpuctx, taskCtx);
        return 0;
    }

    private KernelTask Call(EventFunction function, PerfEvent e, PerfContext? cpuctx, PerfContext ctx, ulong value) => function switch
    {
        EventFunction.Disable => PerfEventDisableUnderLock(e, cpuctx, ctx),
        EventFunction.Enable => PerfEventEnableUnderLock(e, cpuctx, ctx),
        EventFunction.Remove => PerfRemoveFromContextUnderLock(e, cpuctx, ctx, detachGroup: false),
        EventFunction.RemoveAndDetach => PerfRemoveFromContextUnderLock(e, cpuctx, ctx, detachGroup: true),
        _ => PerfEventPeriodUnderLock(e, ctx, value),
    };

    /// <summary><c>perf_remove_from_context()</c>. Process context, <c>ctx->mutex</c> held.</summary>
    private async KernelTask PerfRemoveFromContext(PerfEvent e, bool detachGroup)
    {
        PerfContext ctx = e.Ctx!;
        _machine.LockChecker.AssertHeld(_cpu, ctx, spin: false);
        await EventFunctionCall(e, detachGroup ? EventFunction.RemoveAndDetach : EventFunction.Remove);

        // The above event_function_call() can NO-OP when it hits TASK_TOMBSTONE: we must already have been detached from the context,
        // but the grouping (if any) might still be in-tact.
        _machine.WarnOnOnce((e.Attach & AttachState.Context) != 0, "event->attach_state & PERF_ATTACH_CONTEXT");
        if (detachGroup && (e.Attach & AttachState.Group) != 0)
        {
            await RawSpinLockIrq(ctx);
            PerfGroupDetach(e);
            RawSpinUnlockIrq(ctx);
        }
    }

    /// <summary><c>__perf_remove_from_context()</c>. <c>ctx->lock</c> held; cpuctx is null when the context is not active.</summary>
    [KernelName("__perf_remove_from_context")]
    private async KernelTask PerfRemoveFromContextUnderLock(PerfEvent e, PerfContext? cpuctx, PerfContext ctx, bool detachGroup)
    {
        if ((ctx.IsActive & EventTypes.Time) != 0)
        {
            UpdateContextTime(ctx);
            UpdateCgrpTimeFromCpuctx(cpuctx!);
        }

        await Design.RemovingFromContext(this, e, cpuctx, ctx);
        if (cpuctx is not null)
        {
            await EventSchedOut(e, cpuctx, ctx);
        }

        if (detachGroup)
        {
            PerfGroupDetach(e);
        }

        await ListDelEvent(e, ctx);
        if (detachGroup && IsMended(LinuxFaults.SiblingOutlivesLeader))
        {
            e.GroupLeader = e;
        }

        if (ctx.NrEvents == 0 && ctx.IsActive != EventTypes.None)
        {
            ctx.IsActive = EventTypes.None;
            if (!ctx.IsCpuContext)
            {
                _machine.WarnOnOnce(!ReferenceEquals(cpuctx!.TaskCtx, ctx), "cpuctx->task_ctx != ctx");
                cpuctx!.TaskCtx = null;
            }
        }

        await Design.RemovedFromContext(this, e, cpuctx, ctx);
    }

    // ---- enable and disable ----

    /// <summary><c>_perf_event_disable()</c>. Process context, <c>ctx->mutex</c> held.</summary>
    private async KernelTask PerfEventDisable(PerfEvent e)
    {
        PerfContext ctx = e.Ctx!;
        await RawSpinLockIrq(ctx);
        bool off = e.State <= EventState.Off;
        RawSpinUnlockIrq(ctx);
        if (!off)
        {
            await EventFunctionCall(e, EventFunction.Disable);
        }
    }

    /// <summary><c>__perf_event_disable()</c>. <c>ctx->lock</c> held.</summary>
    [KernelName("__perf_event_disable")]
    private async KernelTask PerfEventDisableUnderLock(PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        TruthWanted(e, false);
        if (e.State < EventState.Inactive)
        {
            return;
        }

        if ((ctx.IsActive & EventTypes.Time) != 0)
        {
            UpdateContextTime(ctx);
            UpdateCgrpTimeFromEvent(e);
        }

        await Design.Disabling(this, e, cpuctx, ctx);
        if (cpuctx is not null)
        {
            if (e.IsLeader)
            {
                await GroupSchedOut(e, cpuctx, ctx);
            }
            else
            {
                await EventSchedOut(e, cpuctx, ctx);
            }
        }

        PerfEventSetState(e, EventState.Off);
        _cpu.Invariants.Changed();
        await Design.Disabled(this, e, ctx);
    }

    /// <summary><c>_perf_event_enable()</c>. Process context, <c>ctx->mutex</c> held.</summary>
    private async KernelTask PerfEventEnable(PerfEvent e)
    {
        PerfContext ctx = e.Ctx!;
        await RawSpinLockIrq(ctx);
        if (e.State >= EventState.Inactive || e.State < EventState.Error)
        {
            RawSpinUnlockIrq(ctx);
            return;
        }

        e.Truth.Retries = true;

        // If the event is in error state, clear that first: if we see it in error state below, we know that it has gone back into it.
        if (e.State == EventState.Error)
        {
            e.State = EventState.Off;
        }

        RawSpinUnlockIrq(ctx);
        await EventFunctionCall(e, EventFunction.Enable);
    }

    /// <summary><c>__perf_event_enable()</c>. <c>ctx->lock</c> held.</summary>
    [KernelName("__perf_event_enable")]
    private async KernelTask PerfEventEnableUnderLock(PerfEvent e, PerfContext? cpuctx, PerfContext ctx)
    {
        TruthWanted(e, true);
        if (e.State >= EventState.Inactive || e.State <= EventState.Error)
        {
            return;
        }

        EventTypes type = Design.SchedOutBeforeEnable(e);
        bool wasActive = ctx.IsActive != EventTypes.None;
        if (wasActive)
        {
            await CtxSchedOut(ctx, cpuctx!, type);
        }

        PerfEventSetState(e, EventState.Inactive);
        _cpu.Invariants.Changed();
        await Design.Enabled(this, e, ctx);

        // Where events have been scheduled out, too, nothing is left active: then it counts what was.
        if ((type & EventTypes.All) == 0 ? ctx.IsActive == EventTypes.None : !wasActive)
        {
            return;
        }

        // If the event is in a group and isn't the group leader, then don't put it on unless the group is on.
        if (!EventFilterMatch(e) || (!e.IsLeader && e.GroupLeader.State <= EventState.Inactive))
        {
            await CtxSchedIn(ctx, cpuctx!, type);
            return;
        }

        PerfContext? taskCtx = cpuctx!.TaskCtx;
        _machine.WarnOnOnce(!ctx.IsCpuContext && !ReferenceEquals(taskCtx, ctx), "task_ctx != ctx");
        await CtxResched(cpuctx, taskCtx, Design.ReschedAfterEnable(e, GetEventType(e)), added: e);
    }

    /// <summary><c>__perf_event_period()</c>. <c>ctx->lock</c> held.</summary>
    [KernelName("__perf_event_period")]
    private async KernelTask PerfEventPeriodUnderLock(PerfEvent e, PerfContext ctx, ulong value)
    {
        // sample_freq and sample_period are one field; a frequency leaves the period as it is until the next tick or overflow.
        e.Attr = e.Attr with { SamplePeriod = value };
        ulong period = e.Attr.Freq ? e.Hw.SamplePeriod : value;
        bool active = e.State == EventState.Active;
        if (active)
        {
            PerfPmuDisable(ctx.Kind);

            // We could be throttled; unthrottle now to avoid the tick trying to unthrottle while we already re-started the event.
            if (e.Interrupts == PerfEvent.MaxInterrupts)
            {
                e.Interrupts = 0;
            }

            _ = await PmuStop(e, update: true);
        }

        SetHwPeriod(e, period, restart: true);
        if (active)
        {
            await PmuStart(e, reload: true);
            PerfPmuEnable(ctx.Kind);
        }
    }

    /// <summary><c>perf_event_for_each_child()</c>: the event, then its inherited copies under child_mutex.</summary>
    private async KernelTask PerfEventForEachChild(PerfEvent e, EventVerb verb)
    {
        _machine.WarnOnOnce(e.Ctx!.ParentCtx is not null, "event->ctx->parent_ctx");
        await LockChildMutex(e);
        await Apply(e, verb);
        for (int i = 0; i < e.Children.Count; i++)
        {
            await Apply(e.Children[i], verb);
        }

        UnlockChildMutex(e);
    }

    private enum EventVerb
    {
        Enable,
        Disable,
        Reset,
    }

    private KernelTask Apply(PerfEvent e, EventVerb verb) => verb switch
    {
        EventVerb.Enable => PerfEventEnable(e),
        EventVerb.Disable => PerfEventDisable(e),
        _ => PerfEventReset(e),
    };

    private KernelTask LockChildMutex(PerfEvent e) => MutexLock(LockClass.ChildMutex, ChildMutexOf(e));

    private void UnlockChildMutex(PerfEvent e) => MutexUnlock(LockClass.ChildMutex, ChildMutexOf(e));

    private ActorId ChildMutexOf(PerfEvent e)
    {
        ActorId id = MutexIds.Child(e.Id);
        if (_machine.Host.Find(id) is null)
        {
            _cpu.Host.Spawn(new MutexActor(id));
        }

        return id;
    }

    /// <summary><c>_perf_event_reset()</c>. Process context.</summary>
    private async KernelTask PerfEventReset(PerfEvent e)
    {
        await PerfEventRead(e, group: false, atStart: null);
        if (_machine.Distribution is null)
        {
            e.Truth.Reset(Design.Count(e));
            Design.ResetCount(e);
            e.Truth.ResetMark.Value = e.Truth.Resets;
            PerfEventUpdateUserpage(e);
            await Design.UpdatingUserpage(this, e);
            return;
        }

        // local64_set() reaches the count wherever it is; a replica's is reached under the lock that brings it here.
        PerfContext ctx = e.Ctx!;
        await RawSpinLockIrq(ctx);
        e.Truth.Reset(Design.Count(e));
        Design.ResetCount(e);
        PerfEventUpdateUserpage(e);
        RawSpinUnlockIrq(ctx);
    }

    /// <summary><c>perf_event_ctx_lock()</c>: the mutex of the event's context, which may change until it is held.</summary>
    private async KernelTask<PerfContext> PerfEventCtxLock(PerfEvent e)
    {
        while (true)
        {
            PerfContext ctx = e.Ctx!;
            await MutexLock(ctx);
            if (ReferenceEquals(e.Ctx, ctx))
            {
                return ctx;
            }

            MutexUnlock(ctx);
        }
    }

    // ---- close ----

    /// <summary><c>perf_release()</c> → <c>perf_event_release_kernel()</c>. Process context.</summary>
    private async KernelTask PerfEventReleaseKernel(PerfEvent e)
    {
        if (e.Ctx is not null)
        {
            await PerfRemoveFromOwner(e);
            PerfContext ctx = await PerfEventCtxLock(e);
            _machine.WarnOnOnce(ctx.ParentCtx is not null, "ctx->parent_ctx");
            await PerfRemoveFromContext(e, detachGroup: true);
            await RawSpinLockIrq(ctx);
            e.State = EventState.Dead;
            RawSpinUnlockIrq(ctx);
            MutexUnlock(ctx);
            await ReleaseChildren(e);
        }

        await PutEvent(e);
    }

    private async KernelTask ReleaseChildren(PerfEvent e)
    {
        List<PerfEvent> freeList = [];
        while (true)
        {
            await LockChildMutex(e);
            if (e.Children.Count == 0)
            {
                break;
            }

            // Since child_mutex nests inside ctx::mutex, we must jump through hoops.
            PerfEvent child = e.Children[0];
            PerfContext ctx = child.Ctx!;
            ctx.RefCount++;
            UnlockChildMutex(e);
            await MutexLock(ctx);
            await LockChildMutex(e);

            // Now that we hold both, revalidate: if child is still the first entry, it didn't get freed.
            if (e.Children.Count > 0 && ReferenceEquals(e.Children[0], child))
            {
                await PerfRemoveFromContext(child, detachGroup: true);
                e.Children.RemoveAt(0);
                freeList.Add(child);
                e.RefCount--;
            }

            UnlockChildMutex(e);
            MutexUnlock(ctx);
            await PutCtx(ctx);
        }

        UnlockChildMutex(e);
        foreach (PerfEvent child in freeList)
        {
            await FreeEvent(child);
        }
    }

    private async KernelTask PerfRemoveFromOwner(PerfEvent e)
    {
        if (e.Owner is { } owner)
        {
            await MutexLock(LockClass.PerfEventMutex, MutexIds.PerfEvent(owner.Index));
            owner.PerfEventList.Remove(e);
            e.Owner = null;
            MutexUnlock(LockClass.PerfEventMutex, MutexIds.PerfEvent(owner.Index));
        }
    }

    /// <summary><c>put_event()</c>.</summary>
    private async KernelTask PutEvent(PerfEvent e)
    {
        if (await IsLastPut(e, --e.RefCount, file: false))
        {
            await Design.Freeing(this, e);
            await FreeNow(e);
        }
    }

    // atomic_long_dec_and_test(): on several nodes the answer is that of the node of whoever opened the event.
    private async KernelTask<bool> IsLastPut(PerfEvent e, int left, bool file)
    {
        if (_machine.Distribution is null)
        {
            return left == 0;
        }

        ActorId home = TaskActor.IdOf(e.Id.Value / EventIdsPerTask);
        return ((RefPutDone)await _cpu.Ask(home, Accept.Always, new RefPut(_cpu.Here, e.Id, file), "atomic_long_dec_and_test()")).Last;
    }

    /// <summary><c>free_event()</c>: the last reference must be the caller's.</summary>
    private async KernelTask FreeEvent(PerfEvent e)
    {
        if (_machine.WarnOnOnce(e.RefCount != 1, "atomic_long_cmpxchg(&event->refcount, 1, 0) != 1"))
        {
            return;
        }

        e.RefCount = 0;
        await Design.Freeing(this, e);
        await FreeNow(e);
    }

    private async KernelTask FreeNow(PerfEvent e)
    {
        // _free_event() may sleep: pmu->destroy, irq_work_sync, the ring buffer's mutex.
        _machine.LockChecker.MightSleep(_cpu, "_free_event()");
        FreeObject(e);
        if (e.Ctx is { } ctx)
        {
            await PutCtx(ctx);
        }
    }

    /// <summary><c>put_ctx()</c>.</summary>
    /// <param name="ctx">The context.</param>
    public KernelTask PutCtx(PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (_machine.Distribution is not null && !ctx.IsCpuContext)
        {
            ctx.RefCount--;
            _cpu.Tell(ctx.Id, new ContextPut());
            return KernelTask.Done;
        }

        if (--ctx.RefCount == 0 && !ctx.IsCpuContext)
        {
            if (ctx.ParentCtx is { } parent)
            {
                ctx.ParentCtx = null;
                _ = PutCtx(parent);
            }

            _machine.LockChecker.Free(_cpu);
            _cpu.Tell(_machine.Allocator.Id, new Kfree("perf_event_context", -ctx.Id.Index));
        }
        else if (ctx.RefCount < 0)
        {
            _machine.Report(Property.NoLeak, $"reference count of {ctx} below 0");
        }

        return KernelTask.Done;
    }
}
