using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>The locks of a context: <c>ctx->lock</c> and <c>ctx->mutex</c>, and behind them the context itself.</summary>
/// <remarks>
/// The spinlock refuses while it is held (the head waits): fewer runs than a queue for the same orders of holders. The mutex
/// queues, because a task that finds it held goes to sleep.
/// </remarks>
public sealed class Context : Actor
{
    private readonly MutexQueue _mutex = new();
    private readonly Machine _machine;
    private ReplyTo? _holder;
    private bool _freed;

    /// <summary>Makes the actor.</summary>
    /// <param name="data">What its lock protects.</param>
    /// <param name="machine">Its machine.</param>
    public Context(PerfContext data, Machine machine)
        : base(data?.Id ?? throw new ArgumentNullException(nameof(data)))
    {
        Data = data;
        _machine = machine;
    }

    /// <summary>What the lock protects.</summary>
    public PerfContext Data { get; }

    /// <inheritdoc/>
    public override bool HasCommuting => true;

    /// <inheritdoc/>
    /// <remarks>The spinlock and the mutex know nothing of each other, and answer one path on lanes of its own level.</remarks>
    public override bool Commutes(in Envelope a, in Envelope b) => IsOfSpinlock(a.Message) != IsOfSpinlock(b.Message);

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        switch (envelope.Message)
        {
            case RawSpinLock m:
                _holder = m.By;
                AcceptMask &= ~Accept.Bit(Accept.LockAcquire);
                Host.Send(Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new RawSpinLocked(m.By.Path, Data));
                break;
            case RawSpinUnlock:
                _holder = null;
                AcceptMask |= Accept.Bit(Accept.LockAcquire);
                break;
            case ContextPut:
                Put();
                break;
            default:
                if (!_mutex.Receive(this, envelope.Message))
                {
                    throw new InvalidOperationException($"{Id} cannot read {envelope.Message}");
                }

                break;
        }
    }

    /// <summary>Processors are gone with their node: what they held is free, the context as it was at the grant.</summary>
    internal void Revoke(Func<ReplyTo, bool> isGone)
    {
        if (_holder is { } holder && isGone(holder))
        {
            _holder = null;
            AcceptMask |= Accept.Bit(Accept.LockAcquire);
        }

        _mutex.Revoke(this, isGone);
    }

    internal void Settle() => _mutex.Settle(this);

    /// <summary>All that the actor knows, for the node where it goes on.</summary>
    internal LockState State => new(_holder, _mutex.Owner, _mutex.Sleepers, _freed);

    /// <summary>Goes on here as it was elsewhere.</summary>
    internal void GoOn(LockState state)
    {
        (_holder, _freed) = (state.Holder, state.Freed);
        AcceptMask = _holder is null ? AcceptMask | Accept.Bit(Accept.LockAcquire) : AcceptMask & ~Accept.Bit(Accept.LockAcquire);
        _mutex.GoOn(state);
    }

    /// <summary>The actor's node is gone, and somebody has told who held what.</summary>
    internal void Restore(ReplyTo by, bool spin, bool sleeps)
    {
        if (!spin)
        {
            _mutex.Restore(by, sleeps);
            return;
        }

        _holder = by;
        AcceptMask &= ~Accept.Bit(Accept.LockAcquire);
    }

    // All nodes' references are known here by now: who puts one says so, and with that comes all that it knew.
    private void Put()
    {
        if (Data.RefCount != 0 || _freed)
        {
            return;
        }

        _freed = true;
        if (Data.ParentCtx is { } parent)
        {
            Data.ParentCtx = null;
            parent.RefCount--;
            Host.Send(Id, parent.Id, Lane.Request, Accept.Always, new ContextPut());
        }

        Host.Send(Id, _machine.Allocator.Id, Lane.Request, Accept.Always, new Kfree("perf_event_context", -Id.Index));
    }

    /// <inheritdoc/>
    public override void DescribeWaits(ICollection<WaitEdge> waits)
    {
        ArgumentNullException.ThrowIfNull(waits);
        if (_holder is { } h)
        {
            waits.Add(new WaitEdge(Id.ToString(), h.ToString(), "raw_spin_lock held"));
        }

        _mutex.DescribeWaits(Id, waits);
    }

    private static bool IsOfSpinlock(Message message) => message is RawSpinLock or RawSpinUnlock;
}

/// <summary>A mutex of its own: child_mutex, perf_event_mutex and the like.</summary>
public sealed class MutexActor(ActorId id) : Actor(id)
{
    private readonly MutexQueue _mutex = new();

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        if (!_mutex.Receive(this, envelope.Message))
        {
            throw new InvalidOperationException($"{Id} cannot read {envelope.Message}");
        }
    }

    internal void Revoke(Func<ReplyTo, bool> isGone) => _mutex.Revoke(this, isGone);

    internal void Restore(ReplyTo by, bool sleeps) => _mutex.Restore(by, sleeps);

    internal void Settle() => _mutex.Settle(this);

    /// <inheritdoc cref="Context.State"/>
    internal LockState State => new(null, _mutex.Owner, _mutex.Sleepers, false);

    /// <inheritdoc cref="Context.GoOn"/>
    internal void GoOn(LockState state) => _mutex.GoOn(state);

    /// <inheritdoc/>
    public override void DescribeWaits(ICollection<WaitEdge> waits) => _mutex.DescribeWaits(Id, waits);
}

/// <summary>Who has a lock and who waits for it.</summary>
/// <param name="Holder">Who holds the spinlock, if there is one.</param>
/// <param name="Owner">Who owns the mutex.</param>
/// <param name="Sleepers">Who waits for the mutex, longest first.</param>
/// <param name="Freed">Whether the context behind it has been freed.</param>
internal sealed record LockState(ReplyTo? Holder, ReplyTo? Owner, IReadOnlyList<ReplyTo> Sleepers, bool Freed);

/// <summary>Owner and sleepers of a mutex.</summary>
internal sealed class MutexQueue
{
    private Queue<ReplyTo>? _sleepers;
    private ReplyTo? _owner;

    public ReplyTo? Owner => _owner;

    public IReadOnlyList<ReplyTo> Sleepers => [.. _sleepers ?? []];

    public void GoOn(LockState state) => (_owner, _sleepers) = (state.Owner, state.Sleepers.Count == 0 ? null : new Queue<ReplyTo>(state.Sleepers));

    public bool Receive(Actor self, Message message)
    {
        switch (message)
        {
            case MutexLock m when _owner is null:
                _owner = m.By;
                self.Host.Send(self.Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new MutexLocked(m.By.Path));
                return true;
            case MutexLock m:
                (_sleepers ??= new Queue<ReplyTo>()).Enqueue(m.By);
                self.Host.Send(self.Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new MutexContended(m.By.Path));
                return true;
            case MutexUnlock:
                _owner = _sleepers is not null && _sleepers.TryDequeue(out ReplyTo next) ? next : null;
                if (_owner is { } owner)
                {
                    self.Host.Send(self.Id, owner.Cpu, Lane.Request, Accept.Wake, new MutexLocked(owner.Path));
                }

                return true;
            default:
                return false;
        }
    }

    public void Revoke(Actor self, Func<ReplyTo, bool> isGone)
    {
        if (_sleepers is { Count: > 0 })
        {
            _sleepers = new Queue<ReplyTo>(_sleepers.Where(s => !isGone(s)));
        }

        if (_owner is { } owner && isGone(owner))
        {
            Receive(self, new MutexUnlock(owner));
        }
    }

    public void Restore(ReplyTo by, bool sleeps)
    {
        if (sleeps)
        {
            (_sleepers ??= new Queue<ReplyTo>()).Enqueue(by);
        }
        else
        {
            _owner = by;
        }
    }

    /// <summary>Once all is restored: a mutex that nobody owns goes to who has slept longest.</summary>
    public void Settle(Actor self)
    {
        if (_owner is null && _sleepers is { Count: > 0 })
        {
            Receive(self, new MutexUnlock(_sleepers.Peek()));
        }
    }

    public void DescribeWaits(ActorId self, ICollection<WaitEdge> waits)
    {
        if (_owner is { } o)
        {
            waits.Add(new WaitEdge(self.ToString(), o.ToString(), "mutex held"));
        }
    }
}

/// <summary>The kernel's allocator: grants, refuses on demand, and accounts every object until it is freed.</summary>
public sealed class Allocator(Machine machine) : Actor(new ActorId(ActorKind.Allocator, 0))
{
    private readonly SortedDictionary<int, (string What, int Bytes)> _live = [];

    /// <summary>Allocations granted so far.</summary>
    public int Granted { get; private set; }

    /// <inheritdoc/>
    public override bool HasCommuting => true;

    /// <inheritdoc/>
    /// <remarks>Each object is asked for and freed by its own number; only failures on demand run out by order.</remarks>
    public override bool Commutes(in Envelope a, in Envelope b) =>
        machine.Spec.AllocationFailures == 0 || a.Message is Kfree || b.Message is Kfree;

    /// <inheritdoc/>
    public override bool AddState(ref StateHash state)
    {
        state.Add(Granted);
        state.Add(BytesGranted);
        state.Add(machine.AllocationFailuresLeft);
        foreach ((int id, (string what, int bytes)) in _live)
        {
            state.Add(id);
            state.Add(what);
            state.Add(bytes);
        }

        return true;
    }

    /// <summary>Bytes granted so far.</summary>
    public long BytesGranted { get; private set; }

    /// <summary>Objects that are not freed: number, what it is, bytes.</summary>
    public IEnumerable<(int Object, string What, int Bytes)> Live => _live.Select(o => (o.Key, o.Value.What, o.Value.Bytes));

    /// <summary>Frees what nobody can free any more: its node is gone.</summary>
    internal void Drop(int number) => _live.Remove(number);

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        switch (envelope.Message)
        {
            case Kmalloc m:
                bool fails = machine.AllocationFailuresLeft > 0 && Host.Choose(Id, 2, $"kmalloc {m.What} fails") == 1;
                if (fails)
                {
                    machine.AllocationFailuresLeft--;
                }
                else
                {
                    Granted++;
                    BytesGranted += m.Bytes;
                    _live.Add(m.Object, (m.What, m.Bytes));
                }

                Host.Send(Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new Kmalloced(m.By.Path, !fails));
                break;
            case Kfree m:
                if (!_live.Remove(m.Object))
                {
                    machine.Report(Property.NoLeak, $"double free of {m.What} (object {m.Object})");
                }

                break;
            default:
                throw new InvalidOperationException($"{Id} cannot read {envelope.Message}");
        }
    }
}

/// <summary>The performance monitoring unit of one processor: the counters and their driver.</summary>
public sealed class Pmu : Actor
{
    private readonly Machine _machine;
    private readonly int _cpu;
    private readonly List<EventId> _overflowed = [];
    private readonly List<EventId> _reloaded = [];
    private int _warningsSeen;

    /// <summary>Makes the PMU of a processor.</summary>
    internal Pmu(Machine machine, int cpu, int index, PmuProfile profile)
        : base(IdOf(cpu, index))
    {
        _machine = machine;
        _cpu = cpu;
        Hardware = new PmuHardware(profile, cpu) { Footprint = machine.Footprint };
    }

    /// <summary>The counters.</summary>
    public PmuHardware Hardware { get; }

    /// <summary>The name of a PMU actor.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="index">Which of its PMUs.</param>
    public static ActorId IdOf(int cpu, int index) => new(ActorKind.Pmu, (cpu * 4) + index);

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        switch (envelope.Message)
        {
            case PmuAdd m:
                Add(m);
                break;
            case PmuDel m:
                long delta = Hardware.Del(m.Event);
                Answer(m.By, PmuStatus.Ok, delta, Hardware.StateOf(m.Event));
                break;
            case PmuHandOver m:
                Answer(m.By, PmuStatus.Ok, Hardware.HandOver(m.From, m.To), null);
                break;
            case PmuRead m:
                Answer(m.By, PmuStatus.Ok, Hardware.Read(m.Event), null);
                break;
            case PmuHandleOverflow m:
                bool counts = Hardware.TakeOverflow(m.Event);
                Answer(
                    m.By, counts ? PmuStatus.Ok : PmuStatus.NoEntry, counts ? Hardware.Read(m.Event) : 0,
                    counts ? Hardware.StateOf(m.Event) : null);
                break;
            case PmuStop m:
                PmuStatus stopped = Hardware.Stop(m.Event, m.Update, out long gained);
                Answer(m.By, stopped, gained, Hardware.StateOf(m.Event));
                break;
            case PmuStart m:
                Answer(m.By, Hardware.Start(m.Event, m.Reload), 0, null);
                break;
            case PmuStartTxn:
                Hardware.StartTxn();
                break;
            case PmuCommitTxn m:
                Answer(m.By, Hardware.CommitTxn(), 0, null);
                break;
            case PmuCancelTxn:
                Hardware.CancelTxn();
                break;
            case PmuDisable:
                Hardware.Disable();
                break;
            case PmuEnable:
                Hardware.Enable();
                break;
            case PmuSetPeriod m:
                Hardware.SetPeriod(m.Event, m.Period, m.Restart);
                break;
            case PmuCopyHwConfig m:
                Hardware.CopyHwConfig(m.From, m.To);
                break;
            case PmuForget m:
                Hardware.Forget(m.Event);
                break;
            case PmuRetire m:
                Retire(m);
                break;
            case PmuReadCounter m:
                Answer(m.By, PmuStatus.Ok, Hardware.ReadCounter(m.Counter), null);
                break;
            case UserPageLoad m:
                UserPageSeen page = _machine.Event(m.Event).Page?.Seen ?? default;
                Host.Send(Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new UserPageLoaded(m.By.Path, page));
                break;
            default:
                throw new InvalidOperationException($"{Id} cannot read {envelope.Message}");
        }

        if (Hardware.HasReloaded)
        {
            UpdatePages();
        }

        Check();
        if (envelope.From == new ActorId(ActorKind.Cpu, _cpu))
        {
            _machine.Cpus[_cpu].Invariants.Received(Id);
        }

        if (Hardware.SamplingEvents > 0 && Host.HasClock && envelope.Message is not PmuRetire)
        {
            // What changed may have moved the next overflow.
            _machine.Cpus[_cpu].WatchOverflow();
        }
    }

    private void Add(PmuAdd m)
    {
        if (m.State is { } state && !Hardware.Has(m.Event.Id))
        {
            Hardware.Adopt(m.Event, state);
        }

        Answer(m.By, Hardware.Add(m.Event), 0, null);
    }

    // x86_perf_event_set_period() and armpmu_event_set_period() end with perf_event_update_userpage().
    private void UpdatePages()
    {
        _reloaded.Clear();
        Hardware.TakeReloaded(_reloaded);
        for (int i = 0; _machine.HasPages && i < _reloaded.Count; i++)
        {
            if (_machine.Find(_reloaded[i]) is { } e)
            {
                _machine.Cpus[_cpu].Core.PerfEventUpdateUserpage(e);
            }
        }
    }

    // What the driver is asked to do and no kernel should ask for.
    private void Check()
    {
        if (Hardware.Warnings.Count != _warningsSeen)
        {
            _warningsSeen = Hardware.Warnings.Count;
            PmuWarning warning = Hardware.Warnings[_warningsSeen - 1];
            if (warning.Misuse == PmuMisuse.ReadWithoutAdd && _machine.Cpus[_cpu].Core.ReadsOnItsWay)
            {
                _machine.Costs.ReadsUnscheduled++;
                return;
            }

            string who = _machine.Find(warning.Event)?.ToString() ?? $"event {warning.Event.Value}";
            _machine.Report(Property.CountersOwned, $"{Id}: {warning.Misuse} of {who}");
        }

        if (Hardware.CountersInUse > _machine.Costs.CountersMax)
        {
            _machine.Costs.CountersMax = Hardware.CountersInUse;
        }
    }

    private void Retire(PmuRetire m)
    {
        _machine.Footprint.Write(Books.OfPmus(_cpu));
        _overflowed.Clear();
        WorkPosition at = Hardware.Retire(m.Work, m.Mode, m.From, m.To, _overflowed);
        if (_overflowed.Count > 0)
        {
            Host.Send(Id, new ActorId(ActorKind.Cpu, _cpu), Lane.Nmi, Accept.Nmi, new Pmi([.. _overflowed]));
        }

        Host.Send(Id, m.By.Cpu, m.By.Lane, m.By.AcceptClass, new PmuRetired(m.By.Path, at, _overflowed.Count > 0));
    }

    private void Answer(ReplyTo to, PmuStatus status, long delta, HwEventState? state) =>
        Host.Send(Id, to.Cpu, to.Lane, to.AcceptClass, new PmuAnswer(to.Path, status, delta, state));
}

/// <summary>A user process: asks its program what to do next and its processor to do it.</summary>
public sealed class TaskActor : Actor
{
    private readonly Machine _machine;
    private readonly TaskStruct _task;
    private readonly ITaskProgram _program;
    private readonly SortedSet<(int Event, bool File)> _lastPuts = [];
    private TaskOp? _asked;
    private int _askedCount;
    private bool _killed;

    internal TaskActor(Machine machine, TaskStruct task, ITaskProgram program)
        : base(IdOf(task.Index))
    {
        _machine = machine;
        _task = task;
        _program = program;
    }

    /// <summary>The name of a task's actor.</summary>
    /// <param name="task">The task's index.</param>
    public static ActorId IdOf(int task) => new(ActorKind.Task, task);

    /// <inheritdoc/>
    public override void Receive(in Envelope envelope)
    {
        if (envelope.Message is RefPut put)
        {
            ReplyTo by = put.By;
            Host.Send(Id, by.Cpu, by.Lane, by.AcceptClass, new RefPutDone(by.Path, IsLast(put)));
            return;
        }

        UserReturn returned = (UserReturn)envelope.Message;
        if (_asked is { } ended && returned.Result is { } result)
        {
            _machine.Returned?.Invoke(_task, ended, result);
        }

        TaskOp op = _killed ? new ExitOp() : Ask(returned.Result);
        Host.Send(
            Id, new ActorId(ActorKind.Cpu, _task.Cpu), Lane.Request, Accept.User(_task.Index), new UserOp(_task.Index, op),
            _machine.Spec.SyscallNs);
    }

    /// <summary>How far the program is, for the node where it goes on: how often it was asked, whose last references were put, whether it is to exit.</summary>
    internal (int Asked, IReadOnlyList<(int Event, bool File)> LastPuts, bool Killed) State => (_askedCount, [.. _lastPuts], _killed);

    /// <summary>Goes on here as it was elsewhere. Not for programs whose next operation depends on how the last one ended.</summary>
    internal void GoOn(int asked, IEnumerable<(int Event, bool File)> lastPuts, bool killed)
    {
        while (_askedCount < asked)
        {
            Ask(null);
        }

        _lastPuts.UnionWith(lastPuts);
        _killed |= killed;
    }

    private TaskOp Ask(OpResult? last)
    {
        _askedCount++;
        return _asked = _program.Next(last) ?? new ExitOp();
    }

    /// <summary>The program is gone with its node: whatever the task asks next, it is to exit.</summary>
    internal void Kill() => _killed = true;

    // Two nodes may both see that nothing is left; one of them is told.
    private bool IsLast(RefPut put)
    {
        PerfEvent e = _machine.Event(put.Event);
        return (put.File ? e.FileRefs : e.RefCount) == 0 && _lastPuts.Add((put.Event.Value, put.File));
    }
}
