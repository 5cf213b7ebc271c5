using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>What tasks ask for, and the instructions that they execute.</content>
public sealed partial class PerfCore
{
    /// <summary>Carries out one operation of the current task and tells it how it ended.</summary>
    [KernelName("entry_SYSCALL_64")]
    internal async KernelTask ExecuteOp(TaskStruct task, TaskOp op)
    {
        if (op is WorkOp work)
        {
            if (_cpu.Host.HasClock)
            {
                BeginWork(task, work);
                return;
            }

            await ExecuteOnLocalClock(work.Work ?? task.Work, work.Mode, WorkPosition.AfterUnits(work.Units));
        }

        OpResult? result = op is WorkOp ? OpResult.Ok : await Syscall(task, op);
        if (result is not null)
        {
            _machine.AfterOperation?.Invoke(_machine, task, op, result);
            _cpu.Begin(task, result);
        }
    }

    // Null: the task is told later, or never.
    private async KernelTask<OpResult?> Syscall(TaskStruct task, TaskOp op)
    {
        switch (op)
        {
            case OpenOp o:
                return await PerfEventOpen(task, o);
            case CloseOp o:
                return await Close(task, o.Name);
            case ReadOp o:
                return await WithFile(task, o.Name, e => PerfRead(e, o.BufferBytes));
            case ReadLocalOp o:
                return await WithFile(task, o.Name, PerfEventReadLocal);
            case IoctlOp o:
                return await WithFile(task, o.Name, e => PerfIoctl(e, o));
            case PollOp o:
                return await WithFile(task, o.Name, PerfPoll);
            case MmapOp o:
                return PerfMmap(task, o.Name);
            case MunmapOp o:
                return await Munmap(task, o.Name);
            case SelfReadOp o:
                return await ReadSelf(task, o);
            case SignalOp o:
                if (task.Files.Find(o.Name) is not { } signalled)
                {
                    return new OpResult(Errno.EBADF);
                }

                signalled.Signals = true;
                return OpResult.Ok;
            case PrctlOp o:
                return await Prctl(task, o.Enable);
            case ForkOp o:
                return await Fork(task, o);
            case ExecOp:
                await UnshareOnExec(task);
                await PerfEventExec(task);
                return OpResult.Ok;
            case ExitOp o:
                await Exit(task, o.Reaped);
                return null;
            case MoveCgroupOp o:
                return await MoveCgroup(task, o);
            case RemoveCgroupOp o:
                return RemoveCgroup(o.Cgroup);
            case MigrateOp o:
                return Migrate(task, o);
            case SleepOp o:
                await Sleep(task, o.Ns);
                return OpResult.Ok;
            case BlockOp:
                if (await Block(task))
                {
                    return OpResult.Ok;
                }

                _cpu.Restart(task, op);
                return null;
            case AwaitRecordingOp:
                await AwaitRecording(task);
                return OpResult.Ok;
            case WakeOp o:
                return Wake(o.Task);
            case YieldOp:
                _cpu.SetNeedResched();
                return OpResult.Ok;
            case OfflineOp or OnlineOp or MigrateContextOp or PlugOp:
                return await CpuAddRemove(op);
            case EvacuateOp o:
                return new OpResult(Errno.Ok) { Value = Math.Max(0, await SmpCallFunctionSingle(o.Cpu, new IpiEvacuate(null, o.Leaving))) };
            case ReapOp o:
                await Reap(o.Tasks);
                return OpResult.Ok;
            default:
                throw new InvalidOperationException($"no system call for {op}");
        }
    }

    private async KernelTask<OpResult> Close(TaskStruct task, string name)
    {
        PerfEvent? e = task.Files.Find(name);
        if (e is null || !task.Files.Close(name))
        {
            return new OpResult(Errno.EBADF);
        }

        await Fput(e);
        return OpResult.Ok;
    }

    /// <summary><c>fdget()</c> … <c>fdput()</c>: what another thread closes meanwhile is released when the call is done with it.</summary>
    private async KernelTask<OpResult> WithFile(TaskStruct task, string name, Func<PerfEvent, KernelTask<OpResult>> call)
    {
        if (task.Files.Find(name) is not { } e)
        {
            return new OpResult(Errno.EBADF);
        }

        return await WithFile(e, () => call(e));
    }

    private async KernelTask<OpResult> WithFile(PerfEvent e, Func<KernelTask<OpResult>> call)
    {
        Fdget(e);
        OpResult result = await call();
        await Fput(e);
        return result;
    }

    private static void Fdget(PerfEvent e) => e.FileRefs++;

    /// <summary><c>fput()</c>: the last descriptor releases the event.</summary>
    private async KernelTask Fput(PerfEvent e)
    {
        if (await IsLastPut(e, --e.FileRefs, file: true))
        {
            await PerfEventReleaseKernel(e);
        }
    }

    /// <summary><c>perf_ioctl()</c>.</summary>
    private async KernelTask<OpResult> PerfIoctl(PerfEvent e, IoctlOp op)
    {
        PerfContext ctx = await PerfEventCtxLock(e);
        OpResult result = await PerfIoctlLocked(e, op);
        MutexUnlock(ctx);
        return result;
    }

    private async KernelTask<OpResult> PerfIoctlLocked(PerfEvent e, IoctlOp op)
    {
        switch (op.Command)
        {
            case IoctlCommand.Enable:
                await ForGroupOrEvent(e, EventVerb.Enable, op.Group);
                return OpResult.Ok;
            case IoctlCommand.Disable:
                await ForGroupOrEvent(e, EventVerb.Disable, op.Group);
                return OpResult.Ok;
            case IoctlCommand.Reset:
                await ForGroupOrEvent(e, EventVerb.Reset, op.Group);
                return OpResult.Ok;
            case IoctlCommand.Refresh:
                return await PerfEventRefresh(e, (int)op.Argument);
            case IoctlCommand.Period:
                return await PerfEventPeriod(e, op.Argument);
            case IoctlCommand.Id:
                return new OpResult(Errno.Ok) { Value = e.Root.Id.Value };
            default:
                return new OpResult(Errno.ENOTTY);
        }
    }

    /// <summary><c>perf_event_for_each()</c>, or for each child of the one event.</summary>
    private async KernelTask ForGroupOrEvent(PerfEvent e, EventVerb verb, bool group)
    {
        List<(PerfEvent Event, int Resets)> meant = MeantBy(e, group);
        if (!group)
        {
            await PerfEventForEachChild(e, verb);
            CheckDone(e, meant, verb);
            return;
        }

        // A sibling that left its group with its processor still has the leader, which may be gone.
        PerfEvent leader = e.GroupLeader;
        Touch(leader, "perf_event_for_each");
        await PerfEventForEachChild(leader, verb);
        foreach (PerfEvent sibling in leader.Siblings.ToArray())
        {
            await PerfEventForEachChild(sibling, verb);
        }

        CheckDone(e, meant, verb);
    }

    /// <summary><c>_perf_event_refresh()</c>.</summary>
    private async KernelTask<OpResult> PerfEventRefresh(PerfEvent e, int refresh)
    {
        if (e.Attr.Inherit || !e.Attr.IsSampling)
        {
            return new OpResult(Errno.EINVAL);
        }

        e.Truth.Allowed += refresh;
        e.EventLimit += refresh;
        await PerfEventEnable(e);
        return OpResult.Ok;
    }

    /// <summary><c>_perf_event_period()</c>.</summary>
    private async KernelTask<OpResult> PerfEventPeriod(PerfEvent e, ulong value)
    {
        if (!e.Attr.IsSampling || value == 0 || (e.Attr.Freq && value > _machine.Spec.MaxSampleRate) || (value & (1UL << 63)) != 0)
        {
            return new OpResult(Errno.EINVAL);
        }

        await EventFunctionCall(e, EventFunction.Period, value);
        return OpResult.Ok;
    }

    /// <summary><c>perf_poll()</c>: HUP for an event without a ring buffer, or when its task and all copies are gone; IN after an overflow.</summary>
    private async KernelTask<OpResult> PerfPoll(PerfEvent e)
    {
        const long PollIn = 0x1;
        const long PollHup = 0x10;
        if (!e.HasBuffer || await IsEventHup(e))
        {
            return new OpResult(Errno.Ok) { Value = PollHup };
        }

        long events = e.Wakeup ? PollIn : 0;
        e.Wakeup = false;
        return new OpResult(Errno.Ok) { Value = events };
    }

    /// <summary><c>is_event_hup()</c>.</summary>
    private async KernelTask<bool> IsEventHup(PerfEvent e)
    {
        if (e.State > EventState.Exit)
        {
            return false;
        }

        await LockChildMutex(e);
        bool noChildren = e.Children.Count == 0;
        UnlockChildMutex(e);
        return noChildren;
    }

    /// <summary><c>perf_event_task_enable()</c> and <c>_disable()</c>: the events that the caller owns.</summary>
    private async KernelTask<OpResult> Prctl(TaskStruct task, bool enable)
    {
        await MutexLock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
        foreach (PerfEvent e in task.PerfEventList.ToArray())
        {
            PerfContext ctx = await PerfEventCtxLock(e);
            List<(PerfEvent Event, int Resets)> meant = MeantBy(e, group: false);
            await PerfEventForEachChild(e, enable ? EventVerb.Enable : EventVerb.Disable);
            CheckDone(e, meant, enable ? EventVerb.Enable : EventVerb.Disable);
            MutexUnlock(ctx);
        }

        MutexUnlock(LockClass.PerfEventMutex, MutexIds.PerfEvent(task.Index));
        return OpResult.Ok;
    }

    private async KernelTask<OpResult> Fork(TaskStruct parent, ForkOp op)
    {
        TaskStruct? child = _machine.Task(op.Child);
        if (child is null || child.State != TaskState.Unborn)
        {
            return new OpResult(Errno.EAGAIN);
        }

        child.IsThread = op.Thread;
        Errno error = await PerfEventInitTask(parent, child);
        if (error != Errno.Ok)
        {
            return new OpResult(error);
        }

        if (op.Thread)
        {
            child.Files = parent.Files;
            parent.Files.Users++;
            if (_machine.Distribution is { } nodes && !nodes.AreTogether(parent.Cpu, child.Cpu))
            {
                child.Cpu = parent.Cpu;
            }
        }
        else if (op.KeepFiles)
        {
            child.Files.CopyFrom(parent.Files);
        }

        // cgroup_post_fork(): the parent may have been moved since.
        child.Cgroup = parent.Cgroup;

        // wake_up_new_task()
        child.ArrivingWith = TaskStruct.Newborn;
        _cpu.Wake(child);
        return OpResult.Ok;
    }

    private async KernelTask Exit(TaskStruct task, bool reaped)
    {
        // do_exit(): exit_signals() sets PF_EXITING, memory goes before files, and files go before perf_event_exit_task().
        task.Exiting = true;
        if (--task.Files.Users == 0)
        {
            await UnmapAll(task);
            foreach ((string name, PerfEvent e) in task.Files.Files.ToArray())
            {
                task.Files.Close(name);
                await Fput(e);
            }
        }

        await PerfEventExitTask(task);
        task.State = reaped ? TaskState.Dead : TaskState.Zombie;
        _cpu.SetNeedResched();
    }

    private TaskStruct? Find(TaskStruct self, string name) => name == "self" ? self : _machine.Task(name);

    private async KernelTask<OpResult> MoveCgroup(TaskStruct self, MoveCgroupOp op)
    {
        TaskStruct? task = Find(self, op.Task);
        Cgroup? to = _machine.Cgroup(op.Cgroup);
        if (to is null)
        {
            return new OpResult(Errno.ENOENT);
        }

        if (task is null or { State: TaskState.Unborn or TaskState.Dead })
        {
            return new OpResult(Errno.ESRCH);
        }

        // cgroup_migrate_add_task() passes over who is on the way out.
        if (!task.Exiting)
        {
            await PerfCgroupAttach(task, to);
        }

        return OpResult.Ok;
    }

    private OpResult RemoveCgroup(string name)
    {
        Cgroup? cgroup = _machine.Cgroup(name);
        if (cgroup is null)
        {
            return new OpResult(Errno.ENOENT);
        }

        foreach (TaskStruct task in _machine.Tasks)
        {
            if (ReferenceEquals(task.Cgroup, cgroup) && task.State is TaskState.Runnable or TaskState.Sleeping)
            {
                return new OpResult(Errno.EBUSY);
            }
        }

        foreach (Cgroup other in _machine.Cgroups)
        {
            if (ReferenceEquals(other.Parent, cgroup) && !other.Removed)
            {
                return new OpResult(Errno.EBUSY);
            }
        }

        _machine.Footprint.Write(Books.FilesAndCgroups);
        cgroup.Removed = true;
        return OpResult.Ok;
    }

    private OpResult? Migrate(TaskStruct self, MigrateOp op)
    {
        TaskStruct? task = Find(self, op.Task);
        if (task is null || op.Cpu < 0 || op.Cpu >= _machine.Spec.CpuCount || !_machine.Cpus[op.Cpu].Online || !_machine.Cpus[op.Cpu].Active
            || (task.Files.Users > 1 && _machine.Distribution is { } nodes && !nodes.AreTogether(task.Cpu, op.Cpu)))
        {
            // The last: threads share descriptors, and cannot be on two nodes.
            return new OpResult(Errno.EINVAL);
        }

        if (task.Cpu == op.Cpu)
        {
            return OpResult.Ok;
        }

        if (!ReferenceEquals(task, self))
        {
            _cpu.MigrateOther(task, op.Cpu);
            return OpResult.Ok;
        }

        task.ArrivingWith = OpResult.Ok;
        _cpu.MigrateSelf(task, op.Cpu);
        return null;
    }

    private async KernelTask Sleep(TaskStruct task, long ns)
    {
        _cpu.Host.Send(
            new ActorId(ActorKind.Environment, 40_000 + (task.Index * 16) + (++task.TimerGeneration & 15)), _cpu.Id, Lane.Irq,
            Accept.Wake, new TaskTimer(task.Index, task.TimerGeneration), ns);
        await _cpu.SleepUntilWoken("nanosleep()", default);

        // Somebody else may have woken it: the timer is not for its next sleep.
        task.TimerGeneration++;
    }

    // False: it was woken only to wait on another processor.
    private async KernelTask<bool> Block(TaskStruct task)
    {
        if (task.WakePending)
        {
            task.WakePending = false;
            return true;
        }

        return await _cpu.SleepUntilWoken(Cpu.Pausing, default) is not Woken { ToMove: true };
    }

    private async KernelTask AwaitRecording(TaskStruct task)
    {
        if (_machine.Player is { Ended: false } player)
        {
            player.Await(task);
            await _cpu.SleepUntilWoken("the recording's end", default);
        }
    }

    private OpResult Wake(string name)
    {
        TaskStruct? task = _machine.Task(name);
        if (task is null || task.State is TaskState.Unborn or TaskState.Dead or TaskState.Zombie)
        {
            return new OpResult(Errno.ESRCH);
        }

        _cpu.Wake(task);
        return OpResult.Ok;
    }

    // Processors come and go one at a time (cpu_maps_update_begin(), kernel/cpu.c, v5.3), and drivers move their events as one does.
    private async KernelTask<OpResult> CpuAddRemove(TaskOp op)
    {
        await MutexLock(LockClass.CpuAddRemoveLock, MutexIds.CpuAddRemoveLock);
        OpResult result = op switch
        {
            OfflineOp o => await Offline(o.Cpu),
            // cpu_up(): a processor that is not present cannot come online; its node is gone.
            OnlineOp o => _machine.Cpus[o.Cpu].Active ? await Online(o.Cpu) : new OpResult(Errno.EINVAL),
            PlugOp o => await Online(o.Cpu),
            MigrateContextOp o => await MigrateContext(o.From, o.To),
            _ => throw new InvalidOperationException($"{op} is not of processors"),
        };
        MutexUnlock(LockClass.CpuAddRemoveLock, MutexIds.CpuAddRemoveLock);
        return result;
    }

    private async KernelTask<OpResult> Online(int cpu)
    {
        _machine.Cpus[cpu].Online = true;
        await PerfEventInitCpu(cpu);
        _machine.Cpus[cpu].Active = true;
        return OpResult.Ok;
    }

    // Drivers take the target from cpu_online_mask, and a processor that goes is online still; where there is no such target they do nothing.
    private async KernelTask<OpResult> MigrateContext(int from, int to)
    {
        if (!_machine.Cpus[from].Online || !_machine.Cpus[to].Online)
        {
            return new OpResult(Errno.EINVAL);
        }

        await PerfPmuMigrateContext(from, to);
        return OpResult.Ok;
    }

    private async KernelTask<OpResult> Offline(int cpu)
    {
        if (cpu == _cpu.Index || !_machine.Cpus[cpu].Online)
        {
            return new OpResult(cpu == _cpu.Index ? Errno.EBUSY : Errno.EINVAL);
        }

        await PerfEventExitCpu(cpu);
        foreach (TaskStruct task in _machine.Tasks)
        {
            if (task.Cpu == cpu && task.State is TaskState.Runnable or TaskState.Sleeping)
            {
                _cpu.MigrateOther(task, _cpu.Index);
            }
        }

        _machine.Cpus[cpu].Online = false;
        return OpResult.Ok;
    }

    // ---- instructions ----

    /// <summary>The first task of a processor takes it over at the start of the run.</summary>
    internal void BootCurrent(TaskStruct task)
    {
        foreach (TaskStruct t in _machine.Tasks)
        {
            if (t.Cpu == _cpu.Index && t.State == TaskState.Runnable)
            {
                _cpu.Begin(t, null);
            }
        }

        ReachCpu(task);
    }

    /// <summary>Executes instructions on this processor's PMUs, up to a place or the first overflow after which the task must look up.</summary>
    private async KernelTask Execute(Work work, Privilege mode, WorkPosition from, WorkPosition to)
    {
        while (from < to)
        {
            (WorkPosition at, bool overflow) = await Retire(work, mode, from, to);
            from = at;

            // What an overflow leaves to do comes before the next instruction of a task; an interrupt goes on first.
            if (overflow && _cpu.Running.Level == ContextLevel.Task)
            {
                await _cpu.Yield();
            }
        }
    }

    /// <summary>The same where there is no clock: the processor's own goes on with the units, so that an overflow has its time.</summary>
    private async KernelTask ExecuteOnLocalClock(Work work, Privilege mode, WorkPosition to)
    {
        for (WorkPosition at = default; at < to;)
        {
            long unitsBefore = at.UnitsDone;
            (at, bool overflow) = await Retire(work, mode, at, to);
            _cpu.AdvanceClock((at.UnitsDone - unitsBefore) * _machine.Spec.UnitNs);
            if (overflow)
            {
                await _cpu.Yield();
            }
        }
    }

    private async KernelTask<(WorkPosition At, bool Overflow)> Retire(Work work, Privilege mode, WorkPosition from, WorkPosition to)
    {
        if (_cpu.WorkingPmu is not { } pmu)
        {
            return (to, false);
        }

        PmuRetired done = (PmuRetired)await _cpu.Ask(
            pmu.Id, Accept.Always, new PmuRetire(_cpu.Here, work, mode, from, to), "instructions retire");
        return (done.At, done.Overflow);
    }

    // With a clock, work is what a task does between two interrupts.
    private void BeginWork(TaskStruct task, WorkOp op)
    {
        task.Doing = new WorkInProgress
        {
            Work = op.Work ?? task.Work,
            Mode = op.Mode,
            To = WorkPosition.AfterUnits(op.Units),
            UnitNs = _machine.Spec.UnitNs,
            StartNs = _cpu.ClockNs,
        };
        ArmWorkTimer(task);
    }

    private void ArmWorkTimer(TaskStruct task)
    {
        long dueNs = EndOf(task.Doing!);
        _cpu.Host.Send(
            new ActorId(ActorKind.Environment, 40_000 + (task.Index * 16) + (++task.TimerGeneration & 15)), _cpu.Id, Lane.Irq,
            Accept.Wake, new TaskTimer(task.Index, task.TimerGeneration), Math.Max(0, dueNs - _cpu.ClockNs));
    }

    private static long EndOf(WorkInProgress doing) => doing.StartNs + (doing.To.UnitsDone * doing.UnitNs);

    /// <summary>Brings the current task's work up to now; called before anything that looks at counters.</summary>
    internal async KernelTask AccountWork()
    {
        if (_cpu.Current?.Doing is not { } doing)
        {
            return;
        }

        long units = Math.Min((_cpu.ClockNs - doing.StartNs) / doing.UnitNs, doing.To.UnitsDone);
        WorkPosition now = WorkPosition.AfterUnits(units);
        if (doing.At < now)
        {
            // An overflow stops it here; what is missing is made up for when the interrupt is over.
            (doing.At, _) = await Retire(doing.Work, doing.Mode, doing.At, now);
        }
    }

    /// <summary>The timer of the current task's work has fired: the rest, and on to the next operation.</summary>
    internal async KernelTask FinishWork(TaskStruct task)
    {
        WorkInProgress doing = task.Doing!;
        if (_cpu.ClockNs < EndOf(doing))
        {
            // Interrupts took their share of the time.
            ArmWorkTimer(task);
            return;
        }

        task.Doing = null;
        await Execute(doing.Work, doing.Mode, doing.At, doing.To);
        _machine.AfterOperation?.Invoke(_machine, task, new WorkOp(doing.To.UnitsDone), OpResult.Ok);
        _cpu.Begin(task, OpResult.Ok);
    }

    /// <summary>A task leaves the processor.</summary>
    internal void LeaveCpu(TaskStruct task)
    {
        if (task.Doing is { } doing)
        {
            doing.StartNs -= _cpu.ClockNs;
            task.TimerGeneration++;
        }
    }

    /// <summary>A task reaches the processor.</summary>
    internal void ReachCpu(TaskStruct task)
    {
        if (task.Doing is { } doing)
        {
            doing.StartNs += _cpu.ClockNs;
            if (!task.IsRecorded)
            {
                ArmWorkTimer(task);
            }
        }
    }
}
