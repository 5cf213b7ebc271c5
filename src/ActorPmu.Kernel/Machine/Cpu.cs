using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>A processor: a stack of execution contexts, a run queue, interrupts on or off.</summary>
/// <remarks>
/// What it accepts follows from what runs on it: in an NMI only the NMI's own answers; in a hard interrupt also NMIs; in a kernel
/// path with interrupts off likewise; otherwise interrupts, wake-ups, and the current task's next operation.
/// </remarks>
public sealed partial class Cpu : Actor, IMemoryUser
{
    private readonly Machine _machine;
    private readonly ExecContext _irq = new(ContextLevel.HardIrq, PathIds.Irq);
    private readonly ExecContext _nmi = new(ContextLevel.Nmi, PathIds.Nmi);
    private readonly ExecContext _scheduler = new(ContextLevel.Task, PathIds.Scheduler);
    private readonly List<TaskStruct> _queue = [];
    private readonly Pmu?[] _pmus;
    private readonly int[] _pmuDisabled;
    private bool _needResched;
    private ulong _departed;
    private long _localClockNs;

    internal Cpu(Machine machine, int index, Pmu?[] pmus)
        : base(new ActorId(ActorKind.Cpu, index))
    {
        _machine = machine;
        _pmus = pmus;
        _pmuDisabled = new int[pmus.Length];
        WorkingPmu = Array.Find(pmus, p => p is not null);
        Index = index;
        Running = _scheduler;
        _scheduler.IrqsOff = 1;
        Core = new PerfCore(machine, this);
        Memory = machine.Memory is { } shared ? new CpuMemory(shared, this) : null;
        Invariants = new Invariants(machine, this);
        UpdateMask();
    }

    /// <summary>Which processor.</summary>
    public int Index { get; }

    /// <summary>Whether it is online.</summary>
    public bool Online { get => Seeing(field); internal set => field = Changing(value); } = true;

    /// <summary>Whether tasks may come (<c>cpu_active_mask</c>): not on the way out, and not when its node is gone.</summary>
    /// <remarks>Changes only where there are several nodes: no place of the books.</remarks>
    internal bool Active { get; set; } = true;

    /// <summary>The task on it, or null when it idles.</summary>
    public TaskStruct? Current { get => SeeingRunning(field); private set => field = ChangingRunning(value); }

    /// <summary>The execution context whose code runs now.</summary>
    public ExecContext Running { get; private set; }

    /// <summary>Its PMUs by kind; null where it has none of that kind.</summary>
    public IReadOnlyList<Pmu?> Pmus => _pmus;

    /// <summary>Whether interrupts are off for what runs now.</summary>
    public bool IrqsDisabled => Running.Level != ContextLevel.Task || Running.IrqsOff > 0;

    /// <summary>The processor's clock (<c>perf_clock()</c>), ns: virtual time, or the work done here where there is no clock.</summary>
    public long ClockNs => Host.HasClock ? Host.NowNs : SeeingClock(_localClockNs);

    /// <summary>The name of the task on it, as splats print it.</summary>
    public string CurrentName => Current?.Name ?? $"swapper/{Index}";

    /// <summary>The PMU that sees what is executed here; null when there is none.</summary>
    internal Pmu? WorkingPmu { get; }

    internal PerfCore Core { get; }

    internal Invariants Invariants { get; }

    /// <summary>The published fields as seen from here; null unless the machine is fine-grained.</summary>
    internal CpuMemory? Memory { get; }

    bool IMemoryUser.InNmi => Running.Level == ContextLevel.Nmi;

    KernelTask IMemoryUser.Pause() => Core.Pause();

    int IMemoryUser.Choose(int optionCount, string what) => Host.Choose(Id, optionCount, what);

    internal bool Busy => _irq.Running || _nmi.Running || _scheduler.Running;

    /// <summary>The functions under way, innermost first: NMI, then interrupt, then scheduler or task.</summary>
    public IReadOnlyList<string> StackTrace()
    {
        List<string> lines = [];
        AddStack(lines, _nmi, "<NMI>");
        AddStack(lines, _irq, "<IRQ>");
        AddStack(lines, _scheduler, "<schedule>");
        if (Current is not null)
        {
            AddStack(lines, Current.Exec, $"<{Current.Name}>");
        }

        return lines;
    }

    /// <inheritdoc/>
    public override void Start()
    {
        Memory?.StepBegins();
        if (_queue.Count > 0)
        {
            Current = _queue[0];
            Current.GotCpu(this);
            _queue.RemoveAt(0);
            Core.BootCurrent(Current);
        }

        if (Host.HasClock && _machine.Spec.TickNs > 0)
        {
            ArmTick();
        }

        if (_machine.Spec.Watchdog && Online)
        {
            // Nothing of a task is accepted here until that is done.
            Enter(_irq, 0);
            Launch(_irq, Core.EnableWatchdog());
        }

        UpdateMask();
        Memory?.StepEnds();
    }

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        Memory?.StepBegins();
        switch (envelope.Message)
        {
            case Answer answer:
                ReceiveAnswer(answer, envelope.AcceptClass);
                break;
            case UserOp op:
                ReceiveOp(op);
                break;
            case WakeTask wake:
                WakeUp(_machine.Tasks[wake.Task]);
                break;
            case PushTask push:
                Push(_machine.Tasks[push.Task], push.Cpu);
                break;
            case RecordedMove move:
                ReceiveMove(move);
                break;
            case TaskTimer timer:
                ReceiveTimer(timer);
                break;
            case OverflowTimer timer:
                ReceiveOverflowTimer(timer);
                break;
            case Pmi or InjectedPmi:
                Launch(_nmi, Core.HandleNmi(Enter(_nmi, envelope.Message)));
                break;
            default:
                Launch(_irq, Core.HandleIrq(Enter(_irq, envelope.Message)));
                break;
        }

        Settle();
        Memory?.StepEnds();
    }

    /// <inheritdoc/>
    public override void DescribeWaits(ICollection<WaitEdge> waits)
    {
        ArgumentNullException.ThrowIfNull(waits);
        Describe(waits, _nmi);
        Describe(waits, _irq);
        Describe(waits, _scheduler);
        foreach (TaskStruct task in _machine.Tasks)
        {
            if (task.Cpu == Index)
            {
                Describe(waits, task.Exec);
            }
        }

        DescribeStack(waits);
    }

    internal void Enlist(TaskStruct task)
    {
        task.State = TaskState.Runnable;
        _queue.Add(task);
    }

    /// <summary>The task's first breath, or its first on this processor: its actor asks its program.</summary>
    internal void Begin(TaskStruct task, OpResult? result) =>
        Host.Send(Id, TaskActor.IdOf(task.Index), Lane.Reply, Accept.Always, new UserReturn(result));

    internal void PathEnded(ExecContext context)
    {
        context.Running = false;
        Memory?.PathEnds();
        if (context.Held.Count > 0)
        {
            _machine.Report(
                Property.LockRules, $"a path ends with {LockClasses.Name(context.Held[0].Class)} held by {CurrentName}");
        }
    }

    // ---- what paths ask for ----

    /// <summary>Asks another actor and waits for its answer.</summary>
    internal Waiter.Awaitable Ask(ActorId whom, byte acceptClass, Message request, string why)
    {
        Running.WaitsFor = why;
        Running.WaitsForActor = whom;
        Invariants.Sent(whom);
        Host.Send(Id, whom, Lane.Request, acceptClass, request);
        return Running.Waiter.Answer();
    }

    /// <summary>Where answers to the running context go.</summary>
    internal ReplyTo Here => new(Id, Running.Path, ReplyClass(Running.Level));

    internal void Tell(ActorId whom, Message message)
    {
        Invariants.Sent(whom);
        Host.Send(Id, whom, Lane.Request, Accept.Always, message);
    }

    /// <summary>Lets whatever may come in between come: an NMI, or an interrupt if they are on.</summary>
    internal Waiter.Awaitable Yield()
    {
        // In an interrupt nothing else of the interrupts' lane is accepted, and must not stand before it.
        return ContinueBy(Running.Level == ContextLevel.Task ? Lane.Irq : Here.Lane);
    }

    /// <summary>Lets an NMI or another processor come in between, and what the running context's interrupts allow.</summary>
    internal Waiter.Awaitable Pause() => ContinueBy(Here.Lane);

    /// <summary>Takes the running task off the processor until its answer comes.</summary>
    internal Waiter.Awaitable SleepUntilWoken(string why, ActorId whom)
    {
        TaskStruct task = Current ?? throw new InvalidOperationException("an idle processor cannot sleep in a path");
        task.Exec.Sleeping = true;
        task.Exec.WaitsFor = why;
        task.Exec.WaitsForActor = whom;

        // The wake-up may have overtaken the news that there is something to wait for.
        task.State = task.PendingAnswer is null ? TaskState.Sleeping : TaskState.Runnable;
        _needResched = true;
        return task.Exec.Waiter.Answer();
    }

    /// <summary>Time passes here while work is done.</summary>
    internal void AdvanceClock(long ns) => _localClockNs += ChangingClock(ns);

    internal bool PmuIsOn(int pmu) => _pmuDisabled[pmu] == 0;

    internal bool PmuDisableOutermost(int pmu) => _pmuDisabled[pmu]++ == 0;

    internal bool PmuEnableOutermost(int pmu) => --_pmuDisabled[pmu] == 0;

    internal void SetNeedResched() => _needResched = true;

    internal bool HasOthers => _queue.Count > 0;

    /// <summary>Makes a task runnable, here or wherever it lives.</summary>
    internal void Wake(TaskStruct task)
    {
        TellTask(task);
        if (task.Cpu == Index)
        {
            WakeUp(task);
        }
        else
        {
            Host.Send(Id, new ActorId(ActorKind.Cpu, task.Cpu), Lane.Irq, Accept.Wake, new WakeTask(task.Index));
        }
    }

    /// <summary>Moves a task that is not running here (<c>set_cpus_allowed_ptr()</c>).</summary>
    internal void MigrateOther(TaskStruct task, int cpu)
    {
        if (_machine.Distribution is not null)
        {
            // Only the node where it lives knows what it is doing.
            Host.Send(Id, new ActorId(ActorKind.Cpu, task.Cpu), Lane.Irq, Accept.Wake, new PushTask(task.Index, cpu));
        }
        else if (task.SleepsOnMutex)
        {
            // It is inside the kernel here, and moves when it leaves it.
            task.MigrateTo = cpu;
        }
        else if (task.State is TaskState.Sleeping or TaskState.Unborn && !ReferenceEquals(_machine.Cpus[task.Cpu].Current, task))
        {
            task.Cpu = cpu;
            task.Migrated = true;
        }
        else
        {
            // It runs, or is just switched out: task_rq_lock() waits for that.
            ActorId whom = new(ActorKind.Cpu, task.Cpu);
            Host.Send(Id, whom, Lane.Irq, Accept.Wake, new PushTask(task.Index, cpu));
        }
    }

    /// <summary>The running task goes to another processor at the end of its system call.</summary>
    internal void MigrateSelf(TaskStruct task, int cpu)
    {
        task.MigrateTo = cpu;
        _needResched = true;
    }

    private T SeeingRunning<T>(T value)
    {
        _machine.Footprint.Read(Books.OfRunning(Index));
        return value;
    }

    private T ChangingRunning<T>(T value)
    {
        _machine.Footprint.Write(Books.OfRunning(Index));
        return value;
    }

    private T SeeingClock<T>(T value)
    {
        _machine.Footprint.Read(Books.OfClock(Index));
        return value;
    }

    private T ChangingClock<T>(T value)
    {
        _machine.Footprint.Write(Books.OfClock(Index));
        return value;
    }

    // Another processor may look.
    private T Seeing<T>(T value)
    {
        _machine.Footprint.Read(Books.OfCpu(Index));
        return value;
    }

    private T Changing<T>(T value)
    {
        _machine.Footprint.Write(Books.OfCpu(Index));
        return value;
    }

    private Waiter.Awaitable ContinueBy(Lane lane)
    {
        Host.Send(Id, Id, lane, ReplyClass(Running.Level), new Continue(Running.Path));
        return Running.Waiter.Answer();
    }

    private static byte ReplyClass(ContextLevel level) => level switch
    {
        ContextLevel.Task => Accept.ReplyTask,
        ContextLevel.HardIrq => Accept.ReplyIrq,
        _ => Accept.ReplyNmi,
    };

    private static void AddStack(List<string> lines, ExecContext context, string mark)
    {
        if (!context.Running)
        {
            return;
        }

        lines.Add(mark);
        foreach (string name in KernelNames.Stack(context.Waiter.Innermost))
        {
            lines.Add("  " + name);
        }
    }

    private void Describe(ICollection<WaitEdge> waits, ExecContext context)
    {
        if (context.Running && context.Waiter.IsWaiting)
        {
            waits.Add(new WaitEdge(Here with { Path = context.Path } is var me ? me.ToString() : "", context.WaitsForActor.ToString(), context.WaitsFor));
        }
    }

    // Who wants this processor waits for the innermost of its contexts, and so does each context below it.
    private void DescribeStack(ICollection<WaitEdge> waits)
    {
        ExecContext? task = Current is { Exec: { Running: true, Sleeping: false } } ? Current.Exec : null;
        ExecContext? above = null;
        foreach (ExecContext? context in (ReadOnlySpan<ExecContext?>)[_nmi, _irq, _scheduler, task])
        {
            if (context is not { Running: true })
            {
                continue;
            }

            string me = new ReplyTo(Id, context.Path, 0).ToString();
            if (above is not null)
            {
                waits.Add(new WaitEdge(me, new ReplyTo(Id, above.Path, 0).ToString(), "interrupted"));
            }
            else if (context.Level != ContextLevel.Task || context.IrqsOff > 0)
            {
                waits.Add(new WaitEdge(Id.ToString(), me, "interrupts off"));
            }

            above = context;
        }
    }

    private T Enter<T>(ExecContext context, T message)
    {
        if (ReferenceEquals(context, _irq))
        {
            _irqMessage = message as Message;
            CallerIsGone = false;
        }

        Running = context;
        context.Running = true;
        Memory?.PathBegins();
        return message;
    }

    private void Launch(ExecContext context, KernelTask path)
    {
        context.Root.Cpu = this;
        path.OnEnd(context.Root);
    }

    private void ReceiveAnswer(Answer answer, byte acceptClass)
    {
        if (acceptClass == Accept.Wake)
        {
            TaskStruct task = _machine.Tasks[PathIds.TaskOf(answer.Path)];
            task.PendingAnswer = answer;
            MakeRunnable(task);
            return;
        }

        ExecContext context = answer.Path switch
        {
            PathIds.Irq => _irq,
            PathIds.Nmi => _nmi,
            PathIds.Scheduler => _scheduler,
            _ => _machine.Tasks[PathIds.TaskOf(answer.Path)].Exec,
        };
        Running = context;
        context.Waiter.Complete(answer);
    }

    private void ReceiveOp(UserOp op)
    {
        TaskStruct task = _machine.Tasks[op.Task];
        if (task.Cpu != Index)
        {
            // The task moved while it was making up its mind. It says so itself: what several tasks say must not stand in one line.
            Host.Send(TaskActor.IdOf(task.Index), new ActorId(ActorKind.Cpu, task.Cpu), Lane.Request, Accept.User(task.Index), op);
            return;
        }

        if ((_departed & Accept.Bit(Accept.User(task.Index))) != 0)
        {
            // It is on its way back and has not arrived: what it wants waits until it runs.
            _departed &= ~Accept.Bit(Accept.User(task.Index));
            Host.Send(TaskActor.IdOf(task.Index), Id, Lane.Request, Accept.User(task.Index), op);
            return;
        }

        Enter(task.Exec, op);
        Launch(task.Exec, Core.ExecuteOp(task, op.Op));
    }

    private void ReceiveTimer(TaskTimer timer)
    {
        TaskStruct task = _machine.Tasks[timer.Task];
        if (timer.Generation != task.TimerGeneration || task.Cpu != Index)
        {
            return;
        }

        if (task.Doing is null)
        {
            WakeUp(task);
        }
        else if (ReferenceEquals(Current, task) && !task.Exec.Running)
        {
            Enter(task.Exec, timer);
            Launch(task.Exec, Core.FinishWork(task));
        }
    }

    private void WakeUp(TaskStruct task)
    {
        if (task.Cpu != Index)
        {
            Wake(task);
            return;
        }

        if (task.State == TaskState.Unborn || (task.State == TaskState.Runnable && task.ArrivingWith is not null))
        {
            if (!Active)
            {
                SendOn(task);
                return;
            }

            OpResult? result = task.ArrivingWith;
            task.ArrivingWith = null;
            _departed &= ~Accept.Bit(Accept.User(task.Index));
            MakeRunnable(task);
            if (task.Doing is null && !task.OpOutstanding)
            {
                Begin(task, ReferenceEquals(result, TaskStruct.Newborn) ? null : result);
            }

            task.OpOutstanding = false;
        }
        else if (task.State == TaskState.Sleeping && !task.SleepsOnMutex)
        {
            task.PendingAnswer = new Woken(task.Exec.Path);
            MakeRunnable(task);
        }
        else
        {
            task.WakePending = true;
        }
    }

    private void MakeRunnable(TaskStruct task)
    {
        task.State = TaskState.Runnable;
        if (!task.IsRecorded && !ReferenceEquals(task, Current) && !_queue.Contains(task))
        {
            _queue.Insert(task.IsStopper ? 0 : _queue.Count, task);
            _needResched |= task.IsStopper;
        }

        _needResched |= Current is null || Current.IsRecorded || ReferenceEquals(task, Current);
    }

    private void Push(TaskStruct task, int cpu)
    {
        if (_machine.Distribution is { } nodes && (task.Cpu != Index || task.State is TaskState.Sleeping or TaskState.Unborn))
        {
            PushOnNodes(task, cpu, nodes);
            return;
        }

        if (task.Cpu == Index && task.State is TaskState.Sleeping)
        {
            MigrateOther(task, cpu);
            return;
        }

        if (task.Cpu != Index || task.State != TaskState.Runnable)
        {
            return;
        }

        task.MigrateTo = cpu;
        if (ReferenceEquals(task, Current))
        {
            _needResched = true;
        }
        else if (!task.Exec.Running && _queue.Remove(task))
        {
            Depart(task);
        }
    }

    private void PushOnNodes(TaskStruct task, int cpu, Distribution nodes)
    {
        if (task.Cpu != Index)
        {
            Host.Send(Id, new ActorId(ActorKind.Cpu, task.Cpu), Lane.Irq, Accept.Wake, new PushTask(task.Index, cpu));
        }
        else if (task.State == TaskState.Sleeping && (task.SleepsOnMutex || !nodes.AreTogether(Index, cpu)))
        {
            // It is inside the kernel here, and a kernel stack does not travel: it moves when it leaves the kernel.
            task.MigrateTo = cpu;
        }
        else
        {
            task.Cpu = cpu;
            task.Migrated = true;
        }
    }

    /// <summary>The contexts whose lock a path on this processor holds now.</summary>
    internal void CollectHeld(ICollection<ActorId> held)
    {
        CollectHeld(_nmi, held);
        CollectHeld(_irq, held);
        CollectHeld(_scheduler, held);
        if (Current is not null)
        {
            CollectHeld(Current.Exec, held);
        }
    }

    private static void CollectHeld(ExecContext context, ICollection<ActorId> held)
    {
        for (int i = 0; i < context.Held.Count; i++)
        {
            if (context.Held[i].Class is LockClass.CpuCtxLock or LockClass.CtxLock)
            {
                held.Add(context.Held[i].Id);
            }
        }
    }

    private void Depart(TaskStruct task)
    {
        int target = task.MigrateTo;
        task.MigrateTo = -1;
        TellTask(task);
        task.Cpu = target;
        task.Migrated = true;
        _departed |= Accept.Bit(Accept.User(task.Index));
        if (task.ArrivingWith is null)
        {
            task.ArrivingWith = OpResult.Ok;
            task.OpOutstanding = true;
        }

        Host.Send(Id, new ActorId(ActorKind.Cpu, target), Lane.Irq, Accept.Wake, new WakeTask(task.Index));
    }

    // After each delivery: whatever the processor does by itself.
    private void Settle()
    {
        while (_needResched && !Busy && (Current is null || !Current.Exec.Running || Current.Exec.Sleeping))
        {
            _needResched = false;
            if (Current is { } asleep && asleep.PendingAnswer is not null && asleep.State == TaskState.Runnable)
            {
                Resume(asleep);
                continue;
            }

            Enter(_scheduler, 0);
            Launch(_scheduler, Schedule());
        }

        SettleMove();
        UpdateMask();
        if (WorkingPmu is { Hardware.SamplingEvents: > 0 } && Host.HasClock)
        {
            WatchOverflow();
        }
    }

    private void Resume(TaskStruct task)
    {
        Message answer = task.PendingAnswer!;
        task.PendingAnswer = null;
        task.Exec.Sleeping = false;
        _needResched |= task.MigrateTo >= 0;
        Running = task.Exec;
        task.Exec.Waiter.Complete(answer);
    }

    /// <summary>Switches to the next runnable task.</summary>
    /// <remarks>Kernel: <c>__schedule()</c> → <c>context_switch()</c>; interrupts are off, rq->lock is held around the perf hooks.</remarks>
    [KernelName("__schedule")]
    private async KernelTask Schedule()
    {
        TaskStruct? prev = Current;
        await Core.AccountWork();
        if (prev is { State: TaskState.Runnable, IsRecorded: false } && (prev.MigrateTo < 0 || prev.Exec.Running))
        {
            _queue.Add(prev);
        }

        TaskStruct? next = NextTask();
        if (ReferenceEquals(prev, next))
        {
            ResumeIfAnswered(next);
            return;
        }

        Running.Push(new HeldLock(LockClass.RqLock, Id));
        BookSwitch();
        await Core.PerfEventTaskSchedOut(prev, next);
        if (prev is not null)
        {
            TellTask(prev);
            Core.LeaveCpu(prev);
            if (prev.MigrateTo >= 0 && !prev.Exec.Running)
            {
                Depart(prev);
            }
        }

        BookCgroups();
        prev?.LostCpu(this);
        Current = next;
        BookArrival(next);
        next?.GotCpu(this);
        Memory?.Learn(next?.KnownMemory);
        _machine.Costs.Switches++;
        await Core.PerfEventTaskSchedIn(prev, next);
        BookArrived();
        Running.Pop(LockClass.RqLock, Id);
        if (next is not null)
        {
            Core.ReachCpu(next);
            ResumeIfAnswered(next);
        }
    }

    // A task takes along what was known where it ran, and where it was woken from.
    private void TellTask(TaskStruct task)
    {
        if (Memory is { } memory)
        {
            (task.KnownMemory ??= new View()).Join(memory.Tell());
        }
    }

    private void ResumeIfAnswered(TaskStruct? task) => _needResched |= task?.PendingAnswer is not null;

    private void ArmTick() =>
        Host.Send(
            new ActorId(ActorKind.Environment, 20_000 + Index), Id, Lane.Irq, Accept.Irq, new Tick(), _machine.Spec.TickNs);

    internal void RearmTick()
    {
        if (Host.HasClock && _machine.Spec.TickNs > 0)
        {
            ArmTick();
        }
    }

    private void UpdateMask()
    {
        ulong mask = Accept.Bit(Accept.Always) | _departed;
        if (_nmi.Running)
        {
            mask |= Accept.Bit(Accept.ReplyNmi);
        }
        else if (_irq.Running)
        {
            mask |= Accept.Bit(Accept.ReplyIrq) | Accept.Bit(Accept.Nmi);
        }
        else
        {
            mask |= Accept.Bit(Accept.Nmi) | TaskLevelMask();
        }

        AcceptMask = mask;
    }

    private ulong TaskLevelMask()
    {
        const ulong Interruptible = (1UL << Accept.Irq) | (1UL << Accept.Wake);
        if (_scheduler.Running)
        {
            return Accept.Bit(Accept.ReplyTask);
        }

        if (Current is null)
        {
            return Interruptible;
        }

        if (!Current.Exec.Running)
        {
            return Current.IsRecorded ? Interruptible : Interruptible | Accept.Bit(Accept.User(Current.Index));
        }

        return Accept.Bit(Accept.ReplyTask) | (Current.Exec.IrqsOff == 0 ? Interruptible : 0);
    }
}
