using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>A processor whose node is gone comes up once more on another node, to be taken down in order.</content>
public sealed partial class Cpu
{
    private Message? _irqMessage;

    /// <summary>Who waits for the function that runs here now is gone with its node.</summary>
    internal bool CallerIsGone { get; private set; }

    internal void ForgetCaller(Func<ReplyTo, bool> isGone) =>
        CallerIsGone |= _irq.Running && _irqMessage is Ipi { By: { } by } && isGone(by);

    /// <summary>Where an answer to a path of a processor goes.</summary>
    internal static ReplyTo ReplyToPath(ActorId cpu, int path) => new(cpu, path, path switch
    {
        PathIds.Irq => Accept.ReplyIrq,
        PathIds.Nmi => Accept.ReplyNmi,
        _ => Accept.ReplyTask,
    });

    /// <summary>The locks that paths here hold, and the mutexes that tasks sleep on.</summary>
    internal IEnumerable<(ActorId Lock, ReplyTo By, bool Spin, bool Sleeps)> Holdings()
    {
        IEnumerable<ExecContext> contexts = _machine.Tasks.Where(t => t.Cpu == Index).Select(t => t.Exec).Prepend(_scheduler).Prepend(_irq);
        foreach (ExecContext context in contexts)
        {
            ReplyTo by = new(Id, context.Path, ReplyClass(context.Level));
            foreach (HeldLock held in context.Held)
            {
                if (held.Class != LockClass.RqLock)
                {
                    yield return (held.Id, by, LockClasses.Wait(held.Class) == WaitType.Spin, false);
                }
            }

            if (context.Sleeping && context.Waiter.IsWaiting && context.WaitsForActor.Kind is ActorKind.Context or ActorKind.Mutex)
            {
                bool isAwake = _machine.Tasks[PathIds.TaskOf(context.Path)].PendingAnswer is MutexLocked;
                yield return (context.WaitsForActor, by, false, !isAwake);
            }
        }
    }

    /// <summary>The events that count here, each with what its counter has had since it was folded into a count the last time: its owner's, where it shares one.</summary>
    internal IReadOnlyList<(PerfEvent Event, long Occurrences)> Unfolded() =>
    [
        .. _machine.Events
            .Where(e => e.OnCpu == Index && e.State == EventState.Active)
            .Select(e => (e, (_machine.Design.CounterOwner(e) is { Truth.IsActive: true } owner ? owner : e).Truth.Unfolded)),
    ];

    /// <summary>Stands in for the processor as it was last heard of: its tasks exit one after the other, its counters show what was last read.</summary>
    internal void Haunt()
    {
        // Those that were here at the start may be anywhere by now.
        _queue.Clear();
        (Active, _isGhost) = (true, true);

        // On x86 an event has a counter when the PMU goes on.
        foreach (Pmu? pmu in _pmus)
        {
            pmu?.Hardware.Disable();
        }

        foreach ((PerfEvent e, long occurrences) in Unfolded())
        {
            e.Truth.Lose(occurrences);
            Program(e);
        }

        foreach (Pmu? pmu in _pmus)
        {
            pmu?.Hardware.Enable();
        }

        Current = WhoseContextIsOn() ?? Current;
        foreach (TaskStruct task in _machine.Tasks)
        {
            if (task.Cpu != Index || task.State is not (TaskState.Runnable or TaskState.Sleeping))
            {
                continue;
            }

            (task.MigrateTo, task.SleepsOnMutex, task.WakePending, task.ArrivingWith, task.OpOutstanding) = (-1, false, false, null, true);
            if (!ReferenceEquals(task, Current))
            {
                // It comes to the processor like a new task, and without asking its program.
                task.State = TaskState.Unborn;
                Host.Send(TaskActor.IdOf(task.Index), Id, Lane.Irq, Accept.Wake, new WakeTask(task.Index));
            }
            else
            {
                task.State = TaskState.Runnable;
                task.OpOutstanding = false;
            }

            Host.Send(TaskActor.IdOf(task.Index), Id, Lane.Request, Accept.User(task.Index), new UserOp(task.Index, new ExitOp()));
        }

        _needResched = Current is { State: not TaskState.Runnable };
        if (Current is not null)
        {
            Enter(_scheduler, 0);
            Launch(_scheduler, FinishSwitch(Current));
        }

        Settle();
    }

    // Between sched_out and sched_in a switch lets go of all locks, and others hear of it: what they know of the contexts is right, and
    // the task that was current then may have none of its own on the processor, or that of the next.
    private TaskStruct? WhoseContextIsOn()
    {
        for (int kind = 0; kind < 2; kind++)
        {
            if (_machine.CpuContext(Index, kind).TaskCtx is { } on)
            {
                return _machine.Tasks.FirstOrDefault(t => t.Cpu == Index && ReferenceEquals(t.CtxP[kind], on));
            }
        }

        return null;
    }

    [KernelName("__schedule")]
    private async KernelTask FinishSwitch(TaskStruct current)
    {
        Running.Push(new HeldLock(LockClass.RqLock, Id));
        await Core.PerfEventTaskSchedIn(current, current);
        Running.Pop(LockClass.RqLock, Id);
    }

    private void Program(PerfEvent e)
    {
        if (!e.Pmu.IsSoftware && _machine.Design.CounterOwner(e) is { } owner && _pmus[e.Pmu.Index] is { } pmu && !pmu.Hardware.Has(owner.Id))
        {
            pmu.Hardware.Add(owner.Hw);
        }
    }
}
