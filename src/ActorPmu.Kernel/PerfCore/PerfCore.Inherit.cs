using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>fork, exec, exit.</content>
public sealed partial class PerfCore
{
    /// <summary><c>perf_lock_task_context()</c>: a task's context with its lock held; contexts move between tasks.</summary>
    private async KernelTask<PerfContext?> PerfLockTaskContext(TaskStruct task, int kind)
    {
        while (true)
        {
            PerfContext? ctx = task.CtxP[kind];
            if (ctx is null)
            {
                return null;
            }

            await RawSpinLockIrq(ctx);
            if (!ReferenceEquals(ctx, task.CtxP[kind]))
            {
                RawSpinUnlockIrq(ctx);
                continue;
            }

            if (ctx.Tombstone || ctx.RefCount == 0)
            {
                RawSpinUnlockIrq(ctx);
                return null;
            }

            ctx.RefCount++;
            return ctx;
        }
    }

    /// <summary><c>perf_pin_task_context()</c>.</summary>
    private async KernelTask<PerfContext?> PerfPinTaskContext(TaskStruct task, int kind)
    {
        PerfContext? ctx = await PerfLockTaskContext(task, kind);
        if (ctx is not null)
        {
            ctx.PinCount++;
            RawSpinUnlockIrq(ctx);
        }

        return ctx;
    }

    /// <summary><c>perf_unpin_context()</c>.</summary>
    private async KernelTask PerfUnpinContext(PerfContext ctx)
    {
        await RawSpinLockIrq(ctx);
        ctx.PinCount--;
        RawSpinUnlockIrq(ctx);
    }

    /// <summary><c>alloc_perf_context()</c>.</summary>
    private async KernelTask<PerfContext?> AllocPerfContext(TaskStruct task, int kind)
    {
        PerfContext ctx = _machine.NewTaskContext(task, kind);
        if (!await Kmalloc("perf_event_context", -ctx.Id.Index, 400, Gfp.Kernel))
        {
            return null;
        }

        ctx.GoesTo(task, _machine);
        return ctx;
    }

    /// <summary><c>perf_event_init_task()</c>: what a child inherits. Process context, the parent is current.</summary>
    private async KernelTask<Errno> PerfEventInitTask(TaskStruct parent, TaskStruct child)
    {
        for (int kind = 0; kind < 2; kind++)
        {
            Errno error = await PerfEventInitContext(parent, child, kind);
            if (error != Errno.Ok)
            {
                await PerfEventFreeTask(child);
                return error;
            }
        }

        return Errno.Ok;
    }

    /// <summary><c>perf_event_init_context()</c>.</summary>
    private async KernelTask<Errno> PerfEventInitContext(TaskStruct parent, TaskStruct child, int kind)
    {
        if (parent.CtxP[kind] is null)
        {
            return Errno.Ok;
        }

        // If the parent's context is a clone, pin it so it won't get swapped under us.
        PerfContext? parentCtx = await PerfPinTaskContext(parent, kind);
        if (parentCtx is null)
        {
            return Errno.Ok;
        }

        await MutexLock(parentCtx);
        bool inheritedAll = true;
        Errno error = Errno.Ok;
        foreach (PerfEvent e in parentCtx.PinnedGroups.All().ToArray())
        {
            (error, inheritedAll) = await InheritTaskGroup(e, child, kind, inheritedAll);
            if (error != Errno.Ok)
            {
                break;
            }
        }

        if (error == Errno.Ok)
        {
            // We can't hold ctx->lock when iterating the flexible groups due to allocations, but we need to prevent rotation.
            await RawSpinLockIrq(parentCtx);
            parentCtx.RotateDisable = 1;
            RawSpinUnlockIrq(parentCtx);
            foreach (PerfEvent e in parentCtx.FlexibleGroups.All().ToArray())
            {
                (error, inheritedAll) = await InheritTaskGroup(e, child, kind, inheritedAll);
                if (error != Errno.Ok)
                {
                    break;
                }
            }
        }

        if (error == Errno.Ok)
        {
            await RawSpinLockIrq(parentCtx);
            parentCtx.RotateDisable = 0;
            if (child.CtxP[kind] is { } childCtx && inheritedAll)
            {
                // Mark the child context as a clone of the parent context, or of whatever the parent is a clone of.
                (childCtx.ParentCtx, childCtx.ParentGen) = parentCtx.ParentCtx is { } cloned
                    ? (cloned, parentCtx.ParentGen)
                    : (parentCtx, parentCtx.Generation);
                childCtx.ParentCtx.RefCount++;
            }

            RawSpinUnlockIrq(parentCtx);
        }

        MutexUnlock(parentCtx);
        await PerfUnpinContext(parentCtx);
        await PutCtx(parentCtx);
        return error;
    }

    /// <summary><c>inherit_task_group()</c>.</summary>
    private async KernelTask<(Errno Error, bool InheritedAll)> InheritTaskGroup(
        PerfEvent leader, TaskStruct child, int kind, bool inheritedAll)
    {
        // From v5.13 on an event may be for threads alone.
        if (!leader.Attr.Inherit || (leader.Attr.InheritThread && !child.IsThread))
        {
            return (Errno.Ok, false);
        }

        if (child.CtxP[kind] is null)
        {
            PerfContext? made = await AllocPerfContext(child, kind);
            if (made is null)
            {
                return (Errno.ENOMEM, inheritedAll);
            }

            child.CtxP[kind] = made;
        }

        Errno error = await InheritGroup(leader, child, child.CtxP[kind]!);
        return (error, inheritedAll && error == Errno.Ok);
    }

    /// <summary><c>inherit_group()</c>.</summary>
    private async KernelTask<Errno> InheritGroup(PerfEvent parentLeader, TaskStruct child, PerfContext childCtx)
    {
        (PerfEvent? leader, Errno error) = await InheritEvent(parentLeader, child, null, childCtx);
        if (error != Errno.Ok)
        {
            return error;
        }

        foreach (PerfEvent sibling in parentLeader.Siblings.ToArray())
        {
            (_, error) = await InheritEvent(sibling, child, leader, childCtx);
            if (error != Errno.Ok)
            {
                return error;
            }
        }

        return Errno.Ok;
    }

    /// <summary><c>inherit_event()</c>.</summary>
    /// <returns>The copy; null without an error when the parent is being closed.</returns>
    private async KernelTask<(PerfEvent? Event, Errno Error)> InheritEvent(
        PerfEvent parent, TaskStruct child, PerfEvent? leader, PerfContext childCtx)
    {
        EventState parentState = parent.State;

        // Instead of creating recursive hierarchies of events, we link inherited events back to the original parent.
        PerfEvent top = parent.Root;
        PerfEvent? made = await PerfEventAllocObject(top.Name, top.Attr, top.Pmu, top.Cpu, child, Gfp.Kernel);
        if (made is null)
        {
            return (null, Errno.ENOMEM);
        }

        made.GroupLeader = leader ?? made;
        made.Parent = top;
        made.IsSoftwareEvent = top.IsSoftwareEvent && _machine.Spec.KernelVersion >= 518;
        Errno error = top.Pmu.IsSoftware ? Errno.Ok : ValidateGroup(made, leader);
        if (error != Errno.Ok)
        {
            await FreeEvent(made);
            return (null, error);
        }

        await Design.Allocated(this, made);
        await LockChildMutex(top);

        // is_orphaned_event(), or the last reference is going.
        if (top.State == EventState.Dead || top.RefCount == 0)
        {
            UnlockChildMutex(top);
            await FreeEvent(made);
            return (null, Errno.Ok);
        }

        top.RefCount++;
        childCtx.RefCount++;

        // A frequency goes on from the period that the original has found: whose copy is copied is not asked any more.
        if (top.Attr.Freq)
        {
            InitPeriod(made, top.Hw.SamplePeriod);
        }

        if (IsMended(LinuxFaults.ForkBesideDisable))
        {
            parentState = parent.State;
        }

        // Make the child state follow the state of the parent event, not its attr.disabled bit.
        made.State = parentState >= EventState.Inactive ? EventState.Inactive : EventState.Off;
        made.Ctx = childCtx;
        PerfEventHeaderSize(made);
        await Design.Inheriting(this, made, childCtx);
        await RawSpinLockIrq(childCtx);
        await AddEventToCtx(made, childCtx);
        await Design.Inherited(this, made, childCtx);
        RawSpinUnlockIrq(childCtx);
        await Design.Settled(this, made);
        TruthInherited(made, parent);
        top.Children.Add(made);
        UnlockChildMutex(top);
        return (made, Errno.Ok);
    }

    /// <summary><c>perf_event_free_task()</c>: a fork failed after events were inherited.</summary>
    private async KernelTask PerfEventFreeTask(TaskStruct child)
    {
        for (int kind = 0; kind < 2; kind++)
        {
            PerfContext? ctx = child.CtxP[kind];
            if (ctx is null)
            {
                continue;
            }

            await MutexLock(ctx);
            await RawSpinLockIrq(ctx);

            // Destroy the task <-> ctx relation and mark the context dead.
            child.CtxP[kind] = null;
            ctx.Tombstone = true;
            RawSpinUnlockIrq(ctx);
            foreach (PerfEvent e in ctx.EventList.ToArray())
            {
                await PerfFreeEvent(e, ctx);
            }

            MutexUnlock(ctx);
            await PutCtx(ctx);
        }
    }

    /// <summary><c>perf_free_event()</c>.</summary>
    private async KernelTask PerfFreeEvent(PerfEvent e, PerfContext ctx)
    {
        PerfEvent parent = e.Parent!;
        await LockChildMutex(parent);
        parent.Children.Remove(e);
        UnlockChildMutex(parent);
        await PutEvent(parent);
        await RawSpinLockIrq(ctx);
        PerfGroupDetach(e);
        await ListDelEvent(e, ctx);
        RawSpinUnlockIrq(ctx);
        await FreeEvent(e);
    }

    /// <summary><c>perf_event_exec()</c>: enable_on_exec, and from v5.13 on remove_on_exec.</summary>
    private async KernelTask PerfEventExec(TaskStruct task)
    {
        for (int kind = 0; kind < 2; kind++)
        {
            await PerfEventEnableOnExec(task, kind);
            await PerfEventRemoveOnExec(task, kind);
        }
    }

    /// <summary><c>perf_event_enable_on_exec()</c>.</summary>
    private async KernelTask PerfEventEnableOnExec(TaskStruct task, int kind)
    {
        PerfContext? ctx = task.CtxP[kind];
        if (ctx is null || ctx.NrEvents == 0)
        {
            return;
        }

        LocalIrqDisable();
        PerfContext cpuctx = CpuCtx(kind);
        await PerfCtxLock(cpuctx, ctx);
        await CtxSchedOut(ctx, cpuctx, EventTypes.Time);
        TruthExec(ctx);
        bool enabled = false;
        EventTypes type = EventTypes.None;
        for (int i = 0; i < ctx.EventList.Count; i++)
        {
            PerfEvent e = ctx.EventList[i];
            if (e.Attr.EnableOnExec)
            {
                e.Attr = e.Attr with { EnableOnExec = false };
                if (e.State < EventState.Inactive)
                {
                    PerfEventSetState(e, EventState.Inactive);
                    _cpu.Invariants.Changed();
                    await Design.EnabledOnExec(this, e, ctx);
                    enabled = true;
                }
            }

            type |= GetEventType(e);
        }

        // Unclone and reschedule this context if we enabled any event.
        PerfContext? clone = null;
        if (enabled)
        {
            clone = UncloneCtx(ctx);
            await CtxResched(cpuctx, ctx, type);
        }
        else
        {
            await CtxSchedIn(ctx, cpuctx, EventTypes.Time);
        }

        PerfCtxUnlock(cpuctx, ctx);
        LocalIrqEnable();
        if (clone is not null)
        {
            await PutCtx(clone);
        }
    }

    /// <summary><c>perf_event_remove_on_exec()</c> (v5.13).</summary>
    private async KernelTask PerfEventRemoveOnExec(TaskStruct task, int kind)
    {
        PerfContext? ctx = await PerfPinTaskContext(task, kind);
        if (ctx is null)
        {
            return;
        }

        await MutexLock(ctx);
        bool removed = false;
        foreach (PerfEvent e in ctx.EventList.ToArray())
        {
            if (!e.Attr.RemoveOnExec)
            {
                continue;
            }

            removed = true;
            if (e.Parent is null)
            {
                await PerfRemoveFromContext(e, detachGroup: true);
                continue;
            }

            await PerfEventExitEvent(e, ctx, task, detach: true);
        }

        PerfContext? clone = null;
        await RawSpinLockIrq(ctx);
        if (removed)
        {
            clone = UncloneCtx(ctx);
        }

        ctx.PinCount--;
        RawSpinUnlockIrq(ctx);
        MutexUnlock(ctx);
        await PutCtx(ctx);
        if (clone is not null)
        {
            await PutCtx(clone);
        }
    }

    /// <summary><c>perf_event_exit_task()</c>. Process context, the task is current.</summary>
    private async KernelTask PerfEventExitTask(TaskStruct task)
    {
        await MutexLock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
        foreach (PerfEvent e in task.PerfEventList)
        {
            e.Owner = null;
        }

        task.PerfEventList.Clear();
        MutexUnlock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
        for (int kind = 0; kind < 2; kind++)
        {
            await PerfEventExitTaskContext(task, kind);
        }
    }

    /// <summary><c>perf_event_exit_task_context()</c>.</summary>
    private async KernelTask PerfEventExitTaskContext(TaskStruct task, int kind)
    {
        PerfContext? ctx = await PerfPinTaskContext(task, kind);
        if (ctx is null)
        {
            return;
        }

        await MutexLock(ctx);
        await RawSpinLockIrq(ctx);
        await TaskCtxSchedOut(CpuCtx(kind), ctx, EventTypes.All);
        ctx.StopTrueTime(_machine);

        // Now that the context is inactive, destroy the task <-> ctx relation and mark the context dead.
        task.CtxP[kind] = null;
        ctx.RefCount--;
        ctx.Tombstone = true;
        PerfContext? clone = UncloneCtx(ctx);
        RawSpinUnlockIrq(ctx);
        if (clone is not null)
        {
            await PutCtx(clone);
        }

        foreach (PerfEvent e in ctx.EventList.ToArray())
        {
            await PerfEventExitEvent(e, ctx, task, detach: false);
        }

        MutexUnlock(ctx);
        await PutCtx(ctx);
    }

    /// <summary><c>perf_event_exit_event()</c>.</summary>
    private async KernelTask PerfEventExitEvent(PerfEvent e, PerfContext ctx, TaskStruct task, bool detach)
    {
        if (detach)
        {
            await PerfRemoveFromContext(e, detachGroup: true);
        }

        await RawSpinLockIrq(ctx);
        _machine.WarnOnOnce(!detach && ctx.IsActive != EventTypes.None, "child_ctx->is_active");
        if (e.Parent is not null)
        {
            PerfGroupDetach(e);
        }

        await ListDelEvent(e, ctx);
        PerfEventSetState(e, EventState.Exit);
        CheckTimes(e, "exited");
        RawSpinUnlockIrq(ctx);

        // Parent events are governed by their filedesc, retain them.
        if (e.Parent is not { } parent)
        {
            return;
        }

        bool atOnce = IsMended(LinuxFaults.ExitReadCountsTwice);
        if (atOnce)
        {
            await LockChildMutex(parent);
        }

        await SyncChildEvent(e, parent);
        _machine.WarnOnOnce(parent.Ctx!.ParentCtx is not null, "parent_event->ctx->parent_ctx");
        if (!atOnce)
        {
            await LockChildMutex(parent);
        }

        // A read since then has seen the child twice: v5.3 adds its count before it takes it off the list. The truth does both at once.
        parent.Children.Remove(e);
        parent.Truth.Children += e.Truth.Expected + e.Truth.Children;
        TruthOfExited(e, parent);
        parent.Truth.ChildrenWhileEnabled += e.Truth.WhileEnabled + e.Truth.ChildrenWhileEnabled;
        UnlockChildMutex(parent);
        await FreeEvent(e);
        await PutEvent(parent);
    }

    /// <summary><c>sync_child_event()</c>: what the child counted becomes the parent's.</summary>
    private async KernelTask SyncChildEvent(PerfEvent child, PerfEvent parent)
    {
        Design.AddChildCount(parent, await PerfEventCount(child));
        parent.ChildTotalTimeEnabled += child.TotalTimeEnabled;
        parent.ChildTotalTimeRunning += child.TotalTimeRunning;
    }
}
