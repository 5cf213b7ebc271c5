using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content><c>perf_event_open()</c>: checks in the kernel's order, then the install.</content>
public sealed partial class PerfCore
{
    private const int AttrSizeVer0 = 64;
    private const int PageBytes = 4096;
    private const int MaxStack = 127;
    private const ulong SampleCallchain = 1 << 5;

    /// <summary><c>sys_perf_event_open()</c>. Process context.</summary>
    private async KernelTask<OpResult> PerfEventOpen(TaskStruct current, OpenOp op)
    {
        Errno error = CheckFlagsAndAttr(op);
        if (error != Errno.Ok)
        {
            return new OpResult(error);
        }

        PerfEventAttr attr = op.Attr!;
        (error, PerfEvent? group, TaskStruct? target) = FindGroupAndTask(current, op);
        if (error != Errno.Ok)
        {
            return new OpResult(error);
        }

        if (target is not null && group is not null && !op.FdNoGroup && group.Attr.Inherit != attr.Inherit)
        {
            return new OpResult(Errno.EINVAL);
        }

        // perf_fget_light() … fdput(): the group's file stays while this may look at it.
        if (group is not null)
        {
            Fdget(group);
        }

        OpResult result = await OpenWithGroup(current, op, attr, group, target);
        if (result.Error == Errno.Ok)
        {
            // fd_install() comes last: until then no other thread can close the descriptor.
            current.Files.Install(op.Name, _machine.Event(new EventId((int)result.Value)));
        }

        if (group is not null)
        {
            // fdput() comes before, but what the last reference releases is put off until the return to user space (task_work_add()).
            await Fput(group);
        }

        return result;
    }

    private async KernelTask<OpResult> OpenWithGroup(
        TaskStruct current, OpenOp op, PerfEventAttr attr, PerfEvent? group, TaskStruct? target)
    {
        (PerfEvent? output, PerfEvent? leader) = (op.FdOutput ? group : null, op.FdNoGroup ? null : group);
        if (target is not null)
        {
            await MutexLock(LockClass.CredGuardMutex, MutexIds.CredGuard(target.Index));
        }

        (Errno error, PerfEvent? e) = await OpenUnderCredGuard(op, attr, output, leader, target);
        if (target is not null)
        {
            MutexUnlock(LockClass.CredGuardMutex, MutexIds.CredGuard(target.Index));
        }

        if (e is null)
        {
            return new OpResult(error);
        }

        await Design.Settled(this, e);
        await MutexLock(LockClass.PerfEventMutex, MutexIds.PerfEvent(current.Index));
        current.PerfEventList.Add(e);
        e.Owner = current;
        MutexUnlock(LockClass.PerfEventMutex, MutexIds.PerfEvent(current.Index));
        return new OpResult(Errno.Ok) { Value = e.Id.Value };
    }

    // Steps 1–4 of the system call: nothing has been looked up yet.
    private Errno CheckFlagsAndAttr(OpenOp op)
    {
        if (op.UnknownFlag)
        {
            return Errno.EINVAL;
        }

        if (op.Attr is not { } attr)
        {
            return Errno.EFAULT;
        }

        // perf_copy_attr()
        int size = attr.Size == 0 ? AttrSizeVer0 : attr.Size;
        if (size < AttrSizeVer0 || size > PageBytes || attr.NonZeroTailAt >= 0)
        {
            return Errno.E2BIG;
        }

        // PERF_SAMPLE_MAX and PERF_FORMAT_MAX: Linux 6.0 added FORMAT_LOST, later versions five kinds of sample.
        (ulong sampleMax, ulong formatMax) = _machine.Spec.KernelVersion >= 600 ? (1UL << 25, 1UL << 5) : (1UL << 20, 1UL << 4);
        if (attr.SampleType >= sampleMax || (ulong)attr.ReadFormat >= formatMax)
        {
            return Errno.EINVAL;
        }

        // v5.13: inherit_thread narrows inherit; one exec cannot both enable and remove.
        if (_machine.Spec.KernelVersion >= 513 && ((attr.InheritThread && !attr.Inherit) || (attr.RemoveOnExec && attr.EnableOnExec)))
        {
            return Errno.EINVAL;
        }

        if (!attr.ExcludeKernel && _machine.Spec.PerfEventParanoid > 1 && !_machine.Spec.Privileged)
        {
            return Errno.EACCES;
        }

        if (attr.Freq ? attr.SamplePeriod > _machine.Spec.MaxSampleRate : (attr.SamplePeriod & (1UL << 63)) != 0)
        {
            return Errno.EINVAL;
        }

        // In cgroup mode the pid is the cgroup's descriptor, and the event is a processor's.
        bool noDescriptor = op.TargetTask is null && op.Cgroup is null && !op.BadCgroupFd;
        return op.PidCgroup && (noDescriptor || op.Cpu == -1) ? Errno.EINVAL : Errno.Ok;
    }

    // Steps 6 and 7: the group's descriptor first, then the task.
    private (Errno Error, PerfEvent? Leader, TaskStruct? Target) FindGroupAndTask(TaskStruct current, OpenOp op)
    {
        PerfEvent? leader = null;
        if (op.Group is { } group)
        {
            leader = group.IsPerfFd && group.Fd is not null ? current.Files.Find(group.Fd) : null;
            if (leader is null)
            {
                return (Errno.EBADF, null, null);
            }

            // From v6.15 on a leader whose task or PMU is gone is refused before anything else is looked at.
            if (_machine.Spec.KernelVersion >= 615 && leader.State <= EventState.Exit)
            {
                return (Errno.ENODEV, null, null);
            }
        }

        if (op.NoSuchPid)
        {
            return (Errno.ESRCH, null, null);
        }

        if (op.PidCgroup || op.TargetTask is null)
        {
            return (Errno.Ok, leader, null);
        }

        TaskStruct? target = op.TargetTask == "self" ? current : _machine.Task(op.TargetTask);
        return target is null || target.State is TaskState.Unborn or TaskState.Dead
            ? (Errno.ESRCH, null, null)
            : (Errno.Ok, leader, target);
    }

    private async KernelTask<(Errno Error, PerfEvent? Event)> OpenUnderCredGuard(
        OpenOp op, PerfEventAttr attr, PerfEvent? output, PerfEvent? leader, TaskStruct? target)
    {
        (Errno error, PerfEvent? e) = await PerfEventAlloc(op, attr, leader, target);
        if (e is null)
        {
            return (error, null);
        }

        await Design.Allocated(this, e);
        error = PerfEventSetClock(attr);
        PmuType pmu = e.Pmu;
        bool moveGroup = false;
        if (error == Errno.Ok && leader is not null)
        {
            (pmu, moveGroup) = GroupPmu(e, leader);
        }

        PerfContext? ctx = null;
        if (error == Errno.Ok)
        {
            (error, ctx) = await FindGetContext(pmu.Kind, target, e);
        }

        if (error == Errno.Ok)
        {
            error = CheckGroup(e, leader, ctx!, moveGroup);
        }

        if (error == Errno.Ok && output is not null)
        {
            error = PerfEventSetOutput(e, output);
        }

        if (error == Errno.Ok)
        {
            error = await LockAndInstall(e, leader, ctx!, moveGroup);
        }
        else if (ctx is not null)
        {
            await PerfUnpinContext(ctx);
        }

        if (error != Errno.Ok)
        {
            if (ctx is not null)
            {
                await PutCtx(ctx);
            }

            e.Ctx = null;
            await FreeEvent(e);
            return (error, null);
        }

        return (Errno.Ok, e);
    }

    /// <summary><c>perf_event_alloc()</c> with <c>perf_init_event()</c> and <c>perf_cgroup_connect()</c>.</summary>
    private async KernelTask<(Errno Error, PerfEvent? Event)> PerfEventAlloc(
        OpenOp op, PerfEventAttr attr, PerfEvent? leader, TaskStruct? target)
    {
        if (op.Cpu >= _machine.Spec.CpuCount || (op.Cpu < -1) || (op.Cpu == -1 && target is null))
        {
            return (Errno.EINVAL, null);
        }

        // A group read of an inherited event has no meaning for samples.
        const ulong SampleRead = 1 << 4;
        if (attr.Inherit && (attr.SampleType & SampleRead) != 0)
        {
            return (Errno.EINVAL, null);
        }

        // Until v5.4 the cgroup is looked up before a PMU is; v5.5 turned the two around.
        bool cgroupFirst = _machine.Spec.KernelVersion < 505;
        Errno error = op.PidCgroup && cgroupFirst ? FindCgroup(op, leader).Error : Errno.Ok;
        if (error != Errno.Ok)
        {
            return (error, null);
        }

        (error, PmuType? pmu, ulong code) = PerfInitEvent(op, attr);
        if (pmu is null)
        {
            return (error, null);
        }

        PerfEvent? e = await PerfEventAllocObject(op.Name, attr, pmu, op.Cpu, target, Gfp.Kernel);
        if (e is null)
        {
            return (Errno.ENOMEM, null);
        }

        e.GroupLeader = leader ?? e;
        e.State = attr.Disabled ? EventState.Off : EventState.Inactive;
        e.Truth.Wanted = !attr.Disabled;
        if (!pmu.IsSoftware)
        {
            e.Hw = e.Hw with { Selector = e.Hw.Selector with { Code = (uint)code } };
            error = ValidateGroup(e, leader);
        }

        if (error == Errno.Ok && op.PidCgroup)
        {
            (error, e.Cgrp) = FindCgroup(op, leader);
        }

        // get_callchain_buffers(): from v4.7 on the depth of call chains is bounded by a sysctl.
        if (error == Errno.Ok && (attr.SampleType & SampleCallchain) != 0 && attr.SampleMaxStack > MaxStack)
        {
            error = Errno.EOVERFLOW;
        }

        if (error != Errno.Ok)
        {
            await FreeEvent(e);
            return (error, null);
        }

        return (Errno.Ok, e);
    }

    /// <summary><c>perf_init_event()</c>: the first PMU that takes the event.</summary>
    private (Errno Error, PmuType? Pmu, ulong Code) PerfInitEvent(OpenOp op, PerfEventAttr attr)
    {
        const ulong SampleBranchStack = 1 << 11;
        PmuType software = _machine.PmuTypes[^1];
        bool branchStack = (attr.SampleType & SampleBranchStack) != 0;
        if (branchStack && attr.Type is PerfType.Software or PerfType.Tracepoint or PerfType.Breakpoint)
        {
            return (Errno.EOPNOTSUPP, null, 0);
        }

        switch (attr.Type)
        {
            case PerfType.Software:
                return attr.Config <= (ulong)SoftwareEvent.Dummy ? (Errno.Ok, software, 0UL) : (Errno.ENOENT, null, 0UL);
            case PerfType.Tracepoint or PerfType.Breakpoint:
                return (Errno.Ok, software, 0UL);
            case PerfType.Hardware or PerfType.Raw:
                break;
            default:
                return (Errno.ENOENT, null, 0);
        }

        foreach (PmuType pmu in _machine.PmuTypes)
        {
            if (pmu.IsSoftware || (op.PmuName is not null && op.PmuName != pmu.Name))
            {
                continue;
            }

            // armpmu_event_init(): an event of a processor that the PMU does not serve is somebody else's.
            if (op.Cpu >= 0 && !pmu.IsOn(op.Cpu))
            {
                continue;
            }

            // armv8pmu_set_event_filter() cannot leave out idle; x86 takes no notice of that bit.
            return (attr.PreciseIp > 0 || branchStack || attr.ExcludeIdle) && pmu.Profile!.Assignment == CounterAssignment.ArmFirstFree
                ? (Errno.EOPNOTSUPP, null, 0)
                : (Errno.Ok, pmu, attr.Config);
        }

        return (Errno.ENOENT, null, 0);
    }

    /// <summary><c>validate_group()</c> of the driver: could the group ever be on the PMU at once?</summary>
    private Errno ValidateGroup(PerfEvent e, PerfEvent? leader)
    {
        bool arm = e.Pmu.Profile!.Assignment == CounterAssignment.ArmFirstFree;
        List<PmuEvent> group = [];
        for (int i = -1; leader is not null && i < leader.Siblings.Count; i++)
        {
            PerfEvent member = i < 0 ? leader : leader.Siblings[i];
            if (!ReferenceEquals(member.Pmu, e.Pmu))
            {
                // armpmu rejects groups spanning multiple HW PMUs; x86 looks at its own events only.
                if (arm && !member.IsSoftwareEvent)
                {
                    return Errno.EINVAL;
                }
            }
            else if (arm ? ArmCounts(member) : member.IsLeader || member.State > EventState.Off)
            {
                group.Add(member.Hw);
            }
        }

        if (!arm || ArmCounts(e))
        {
            group.Add(e.Hw);
        }

        int cpu = e.Cpu >= 0 ? e.Cpu : FirstCpuOf(e.Pmu);
        PmuHardware hardware = _machine.Pmu(cpu, e.Pmu).Hardware;
        return hardware.ValidateGroup(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(group)) == PmuStatus.Ok
            ? Errno.Ok
            : Errno.EINVAL;
    }

    /// <summary>armpmu's <c>validate_event()</c>: an event that is off takes no counter unless exec enables it.</summary>
    private static bool ArmCounts(PerfEvent e) =>
        e.State > EventState.Off || (e.State == EventState.Off && e.Attr.EnableOnExec);

    private int FirstCpuOf(PmuType pmu)
    {
        for (int i = 0; i < _machine.Spec.CpuCount; i++)
        {
            if (pmu.IsOn(i))
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary><c>perf_cgroup_connect()</c>: all events of a group are on one cgroup.</summary>
    private (Errno Error, Cgroup? Cgroup) FindCgroup(OpenOp op, PerfEvent? leader)
    {
        Cgroup? cgroup = op.BadCgroupFd || op.Cgroup is null ? null : _machine.Cgroup(op.Cgroup);
        return cgroup is null ? (op.BadCgroupFd || op.Cgroup is null ? Errno.EBADF : Errno.ENOENT, null)
            : leader is not null && !ReferenceEquals(leader.Cgrp, cgroup) ? (Errno.EINVAL, cgroup)
            : (Errno.Ok, cgroup);
    }

    /// <summary><c>perf_event_set_clock()</c>.</summary>
    private static Errno PerfEventSetClock(PerfEventAttr attr)
    {
        const int Realtime = 0;
        const int Monotonic = 1;
        const int MonotonicRaw = 4;
        const int Boottime = 7;
        const int Tai = 11;
        bool known = attr.ClockId switch
        {
            Monotonic or MonotonicRaw => true,

            // Not safe in an NMI: for PERF_PMU_CAP_NO_NMI, which trace points and breakpoints do not have.
            Realtime or Boottime or Tai => attr.Type == PerfType.Software,
            _ => false,
        };
        return attr.UseClockId && !known ? Errno.EINVAL : Errno.Ok;
    }

    private static bool SameClock(PerfEventAttr a, PerfEventAttr b) =>
        a.UseClockId == b.UseClockId && (!a.UseClockId || a.ClockId == b.ClockId);

    /// <summary>Which context a group lives in: software events follow their hardware leader, a hardware event moves a software group.</summary>
    private (PmuType Pmu, bool MoveGroup) GroupPmu(PerfEvent e, PerfEvent leader)
    {
        if (e.Pmu.IsSoftware && leader.Ctx!.Kind == PmuType.HardwareKind)
        {
            // If the event is a sw event, but the group_leader is on hw context (in_software_context()).
            return (HardwareOfGroup(leader), false);
        }

        if (!e.Pmu.IsSoftware && leader.Pmu.IsSoftware && leader.GroupIsSoftware)
        {
            // In case the group is a pure software group, and we try to add a hardware event, move the whole group to the hardware context.
            return (e.Pmu, true);
        }

        return (e.Pmu, false);
    }

    private PmuType HardwareOfGroup(PerfEvent leader)
    {
        foreach (PerfEvent e in leader.Siblings.Prepend(leader))
        {
            if (!e.Pmu.IsSoftware)
            {
                return e.Pmu;
            }
        }

        return leader.Ctx!.Kind == PmuType.HardwareKind ? _machine.PmuTypes[0] : leader.Pmu;
    }

    /// <summary><c>find_get_context()</c>: the context, referenced and pinned.</summary>
    private async KernelTask<(Errno Error, PerfContext? Ctx)> FindGetContext(int kind, TaskStruct? task, PerfEvent e)
    {
        if (task is null)
        {
            if (_machine.Spec.PerfEventParanoid > 0 && !_machine.Spec.Privileged)
            {
                return (Errno.EACCES, null);
            }

            PerfContext own = _machine.CpuContext(e.Cpu, kind);
            own.RefCount++;
            own.PinCount++;
            return (Errno.Ok, own);
        }

        while (true)
        {
            PerfContext? ctx = await PerfLockTaskContext(task, kind);
            if (ctx is not null)
            {
                PerfContext? clone = UncloneCtx(ctx);
                ctx.PinCount++;
                RawSpinUnlockIrq(ctx);
                if (clone is not null)
                {
                    await PutCtx(clone);
                }

                return (Errno.Ok, ctx);
            }

            ctx = await AllocPerfContext(task, kind);
            if (ctx is null)
            {
                return (Errno.ENOMEM, null);
            }

            // If it has already passed perf_event_exit_task(), we must see PF_EXITING, it takes this mutex too.
            await MutexLock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
            Errno error = Errno.Ok;
            if (task.Exiting)
            {
                error = Errno.ESRCH;
            }
            else if (task.CtxP[kind] is not null)
            {
                error = Errno.EAGAIN;
            }
            else
            {
                ctx.RefCount++;
                ctx.PinCount++;
                task.CtxP[kind] = ctx;
            }

            MutexUnlock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
            if (error == Errno.Ok)
            {
                return (Errno.Ok, ctx);
            }

            await PutCtx(ctx);
            if (error != Errno.EAGAIN)
            {
                return (error, null);
            }
        }
    }

    /// <summary><c>perf_event_set_output()</c> of a descriptor that is given with PERF_FLAG_FD_OUTPUT.</summary>
    private static Errno PerfEventSetOutput(PerfEvent e, PerfEvent output)
    {
        // "If its not a per-cpu rb, it must be the same task": the new event has no context yet, so that no task's event ever is (since 2.6.35).
        bool wrong = output.Cpu != e.Cpu || output.Cpu == -1 || !SameClock(output.Attr, e.Attr);

        // ring_buffer_get(): there is nothing to write to.
        return wrong || !output.HasBuffer ? Errno.EINVAL : Errno.Ok;
    }

    // Step 15: look up the group leader (we will attach this event to it).
    private static Errno CheckGroup(PerfEvent e, PerfEvent? leader, PerfContext ctx, bool moveGroup)
    {
        if (leader is null)
        {
            return Errno.Ok;
        }

        bool sameTarget = leader.Ctx is { } other && (other.IsCpuContext ? ctx.IsCpuContext : ReferenceEquals(other.Task, ctx.Task));

        // All of these give the same errno, so that the order among them cannot be seen.
        bool wrong = !leader.IsLeader || !SameClock(leader.Attr, e.Attr) || leader.Cpu != e.Cpu || !sameTarget
            || (!moveGroup && !ReferenceEquals(leader.Ctx, ctx)) || e.Attr.Exclusive || e.Attr.Pinned;
        return wrong ? Errno.EINVAL : Errno.Ok;
    }

    // Steps 18–21: lock, last checks, move the group if need be, install.
    private async KernelTask<Errno> LockAndInstall(PerfEvent e, PerfEvent? leader, PerfContext ctx, bool moveGroup)
    {
        PerfContext? old = null;
        if (moveGroup)
        {
            old = await PerfEventCtxLockDouble(leader!, ctx);

            // Check if we raced against another sys_perf_event_open() call moving the software group underneath us.
            moveGroup = leader!.GroupIsSoftware;
            if (IsMended(LinuxFaults.TwoThreadsMoveOneGroup) && ReferenceEquals(old, ctx))
            {
                (old, moveGroup) = (null, false);
            }
        }
        else
        {
            await MutexLock(ctx);
        }

        Errno error =
            old is { Tombstone: true } ? Errno.ESRCH
            : old is not null && !moveGroup && !ReferenceEquals(old, ctx) ? Errno.EINVAL
            : IsMended(LinuxFaults.SiblingBesideMigrate) && leader is not null && !moveGroup && !ReferenceEquals(leader.Ctx, ctx) ? Errno.EINVAL
            : ctx.Tombstone ? Errno.ESRCH
            : !ValidateReadSize(e, leader) ? Errno.E2BIG
            : ctx.IsCpuContext && !_machine.CpuContext(ctx.Cpu, ctx.Kind).Online ? Errno.ENODEV
            : Errno.Ok;

        // "Point of no return" hereafter.
        if (error == Errno.Ok)
        {
            if (moveGroup)
            {
                await MoveGroup(leader!, old!, ctx);
            }

            PerfEventHeaderSize(e);
            await PerfInstallInContext(ctx, e, e.Cpu);
        }

        await PerfUnpinContext(ctx);
        if (old is not null)
        {
            MutexUnlock(old);
        }

        MutexUnlock(ctx);
        return error;
    }

    /// <summary><c>__perf_event_ctx_lock_double()</c>: the group's context, which may change until both mutexes are held.</summary>
    private async KernelTask<PerfContext> PerfEventCtxLockDouble(PerfEvent leader, PerfContext ctx)
    {
        while (true)
        {
            PerfContext old = leader.Ctx!;
            await (ReferenceEquals(old, ctx) && IsMended(LinuxFaults.TwoThreadsMoveOneGroup) ? MutexLock(ctx) : MutexLockDouble(old, ctx));
            if (ReferenceEquals(leader.Ctx, old))
            {
                return old;
            }

            MutexUnlock(ctx);
            if (!ReferenceEquals(old, ctx) || !IsMended(LinuxFaults.TwoThreadsMoveOneGroup))
            {
                MutexUnlock(old);
            }
        }
    }

    /// <summary><c>mutex_lock_double()</c>: by address, so that two tasks cannot hold one each.</summary>
    private async KernelTask MutexLockDouble(PerfContext a, PerfContext b)
    {
        (PerfContext first, PerfContext second) = a.Id < b.Id ? (a, b) : (b, a);
        await MutexLock(first);
        await MutexLock(second);
    }

    // Removes from the context, and puts into the other one: siblings first, so that the leader can schedule them.
    private async KernelTask MoveGroup(PerfEvent leader, PerfContext old, PerfContext ctx)
    {
        await PerfRemoveFromContext(leader, detachGroup: false);
        await PutCtx(old);
        foreach (PerfEvent sibling in leader.Siblings.ToArray())
        {
            await PerfRemoveFromContext(sibling, detachGroup: false);
            await PutCtx(old);
        }

        // synchronize_rcu()
        _machine.LockChecker.MightSleep(_cpu, "synchronize_rcu()");
        foreach (PerfEvent sibling in leader.Siblings.ToArray())
        {
            PerfEventStateInit(sibling);
            await PerfInstallInContext(ctx, sibling, sibling.Cpu);
            ctx.RefCount++;
        }

        PerfEventStateInit(leader);
        await PerfInstallInContext(ctx, leader, leader.Cpu);
        ctx.RefCount++;
    }

    /// <summary><c>perf_event__state_init()</c>.</summary>
    private static void PerfEventStateInit(PerfEvent e)
    {
        e.State = e.Attr.Disabled ? EventState.Off : EventState.Inactive;

        // The kernel's own doing: what was enabled since it was opened is off again.
        (e.Truth.Wanted, e.Truth.Failed) = (!e.Attr.Disabled, false);
    }

    /// <summary><c>perf_event_validate_size()</c>: no read record may reach 16 KiB.</summary>
    private bool ValidateReadSize(PerfEvent e, PerfEvent? leader)
    {
        // nr_siblings + 1 of the leader, and the event itself, which may be that leader.
        int members = (leader?.Siblings.Count ?? 0) + 2;
        if (_machine.Spec.KernelVersion < 607)
        {
            // struct perf_event_header goes with a sample. Whether the group's record still fits for the others is not looked at.
            const int SampleHeaderBytes = 8;
            return ReadSize(e.Attr.ReadFormat, members) + SampleHeaderBytes < MaxReadBytes;
        }

        // From v6.7 on (382c27f4ed28) nobody's record may grow too large.
        bool fits = ReadSize(e.Attr.ReadFormat, members) <= MaxReadBytes;
        for (int i = -1; fits && i < leader?.Siblings.Count; i++)
        {
            fits = ReadSize((i < 0 ? leader : leader.Siblings[i]).Attr.ReadFormat, members) <= MaxReadBytes;
        }

        return fits;
    }
}
