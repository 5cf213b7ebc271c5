using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>perf core as one processor executes it. Methods are kernel functions; what they await are messages.</summary>
/// <remarks>Kernel: kernel/events/core.c, v5.3. This part is what the functions stand on: locks, memory, the PMU, the other processors.</remarks>
public sealed partial class PerfCore
{
    private readonly Machine _machine;
    private readonly Cpu _cpu;
    // Which task asked for an event can be told from the event's id.
    internal const int EventIdsPerTask = 10_000;

    private long _contextSwitches;
    private long _migrations;

    internal PerfCore(Machine machine, Cpu cpu)
    {
        _machine = machine;
        _cpu = cpu;
    }

    /// <summary>The machine.</summary>
    public Machine Machine => _machine;

    /// <summary>The processor that executes.</summary>
    public Cpu Cpu => _cpu;

    /// <summary>Whether an NMI handler executes (<c>in_nmi()</c>).</summary>
    public bool InNmi => _cpu.Running.Level == ContextLevel.Nmi;

    /// <summary>A design waits for something that cannot happen while it waits.</summary>
    /// <param name="endless">Whether it does.</param>
    /// <param name="what">What waits for whom.</param>
    public void ReportEndlessWait(bool endless, string what)
    {
        if (endless)
        {
            _machine.Report(Property.NoLivelock, what);
        }
    }

    private ISharingDesign Design => _machine.Design;

    // ---- locks ----

    /// <summary><c>raw_spin_lock(&amp;ctx->lock)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public async KernelTask RawSpinLock(PerfContext ctx)
    {
        LockClass c = ctx.IsCpuContext ? LockClass.CpuCtxLock : LockClass.CtxLock;
        _machine.LockChecker.Acquire(_cpu, c, ctx.Id);
        ExecContext context = _cpu.Running;
        await _cpu.Ask(ctx.Id, Accept.LockAcquire, new RawSpinLock(_cpu.Here), "raw_spin_lock(&ctx->lock)");
        ctx.LockedAtStep = _machine.Host.Steps;
        context.Push(new HeldLock(c, ctx.Id));
        _cpu.Memory?.Learn(ctx.KnownMemory);
    }

    /// <summary><c>raw_spin_unlock(&amp;ctx->lock)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public void RawSpinUnlock(PerfContext ctx)
    {
        _cpu.Running.Pop(ctx.IsCpuContext ? LockClass.CpuCtxLock : LockClass.CtxLock, ctx.Id);
        _cpu.Invariants.ContextReleased();
        ctx.KnownMemory = _cpu.Memory?.Tell();
        _machine.Costs.LockHeld(_machine.Host.Steps - ctx.LockedAtStep);
        _cpu.Tell(ctx.Id, new RawSpinUnlock(_cpu.Here));
    }

    /// <summary><c>raw_spin_lock_irq(&amp;ctx->lock)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public async KernelTask RawSpinLockIrq(PerfContext ctx)
    {
        LocalIrqDisable();
        await RawSpinLock(ctx);
    }

    /// <summary><c>raw_spin_unlock_irq(&amp;ctx->lock)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public void RawSpinUnlockIrq(PerfContext ctx)
    {
        RawSpinUnlock(ctx);
        LocalIrqEnable();
    }

    /// <summary><c>mutex_lock(&amp;ctx->mutex)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public KernelTask MutexLock(PerfContext ctx) =>
        MutexLock(ctx.IsCpuContext ? LockClass.CpuCtxMutex : LockClass.CtxMutex, ctx.Id);

    /// <summary><c>mutex_unlock(&amp;ctx->mutex)</c>.</summary>
    /// <param name="ctx">The context.</param>
    public void MutexUnlock(PerfContext ctx) =>
        MutexUnlock(ctx.IsCpuContext ? LockClass.CpuCtxMutex : LockClass.CtxMutex, ctx.Id);

    internal async KernelTask MutexLock(LockClass c, ActorId id)
    {
        _machine.NeedMutex(c, id);
        _machine.LockChecker.Acquire(_cpu, c, id);
        ExecContext context = _cpu.Running;
        Message answer = await _cpu.Ask(id, Accept.Always, new MutexLock(_cpu.Here), LockClasses.MutexLock(c));
        if (answer is MutexContended)
        {
            TaskStruct sleeper = _cpu.Current!;
            sleeper.SleepsOnMutex = true;
            await _cpu.SleepUntilWoken(LockClasses.MutexLock(c), id);
            sleeper.SleepsOnMutex = false;
        }

        context.Push(new HeldLock(c, id));
        _cpu.Memory?.LearnFromMutex(id);
    }

    internal void MutexUnlock(LockClass c, ActorId id)
    {
        _cpu.Running.Pop(c, id);
        _cpu.Memory?.TellMutex(id);
        _cpu.Tell(id, new MutexUnlock(_cpu.Here));
    }

    /// <summary><c>local_irq_disable()</c>.</summary>
    public void LocalIrqDisable() => _cpu.Running.IrqsOff++;

    /// <summary><c>local_irq_enable()</c>, paired with <see cref="LocalIrqDisable"/>.</summary>
    public void LocalIrqEnable() => _cpu.Running.IrqsOff--;

    private async KernelTask PerfCtxLock(PerfContext cpuctx, PerfContext? ctx)
    {
        await RawSpinLock(cpuctx);
        if (ctx is not null)
        {
            await RawSpinLock(ctx);
        }
    }

    private void PerfCtxUnlock(PerfContext cpuctx, PerfContext? ctx)
    {
        if (ctx is not null)
        {
            RawSpinUnlock(ctx);
        }

        RawSpinUnlock(cpuctx);
    }

    private PerfContext CpuCtx(int kind) => _machine.CpuContext(_cpu.Index, kind);

    private PerfContext CpuCtxOf(PerfContext ctx) => CpuCtx(ctx.Kind);

    // ---- memory ----

    /// <summary>Allocates a hidden event like another one: same attributes, no descriptor, no group, no cgroup.</summary>
    /// <param name="like">The event to copy.</param>
    /// <param name="flags">May it sleep.</param>
    /// <returns>The event, or null when memory is short.</returns>
    /// <remarks>Kernel: <c>perf_event_alloc(&amp;event->attr, cpu, task, NULL, NULL, NULL, NULL, -1)</c>. The allocator decides; this asks.</remarks>
    public async KernelTask<PerfEvent?> AllocHidden(PerfEvent like, Gfp flags)
    {
        ArgumentNullException.ThrowIfNull(like);
        PerfEvent? made = await PerfEventAllocObject(
            NewHiddenId(like), like.Name + "'", like.Attr, like.Pmu, like.Cpu, like.Target, flags);
        if (made is not null)
        {
            made.IsHidden = true;
            made.GroupLeader = made;
        }

        return made;
    }

    /// <summary>Gives a hidden event its context, with a reference to it.</summary>
    /// <param name="hidden">The event.</param>
    /// <param name="ctx">The context.</param>
    public void AttachHidden(PerfEvent hidden, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(ctx);
        hidden.Ctx = ctx;
        ctx.RefCount++;
    }

    /// <summary>Frees a hidden event and its reference to the context (<c>_free_event()</c>). May sleep.</summary>
    /// <param name="hidden">The event.</param>
    public KernelTask FreeHidden(PerfEvent hidden) => FreeNow(hidden);

    private KernelTask<PerfEvent?> PerfEventAllocObject(
        string name, PerfEventAttr attr, PmuType pmu, int cpu, TaskStruct? target, Gfp flags) =>
        PerfEventAllocObject(NewEventId(_cpu.Current!), name, attr, pmu, cpu, target, flags);

    private async KernelTask<PerfEvent?> PerfEventAllocObject(
        EventId id, string name, PerfEventAttr attr, PmuType pmu, int cpu, TaskStruct? target, Gfp flags)
    {
        PerfEvent e = new(id, name, attr, pmu, cpu) { Book = _machine.Footprint, Target = target, ObjectId = id.Value };
        if (!await Kmalloc("perf_event", id.Value, 1_200, flags))
        {
            return null;
        }

        e.Attach = target is null ? AttachState.None : AttachState.Task;
        e.State = EventState.Inactive;
        // hwc->sample_period: a frequency finds its period, and begins with 1.
        e.Hw = new PmuEvent(id, SelectorOf(attr, pmu), 0, (attr.Config1 & 1) != 0);
        InitPeriod(e, IsFreq(e) ? 1 : attr.SamplePeriod);
        _machine.AddEvent(e);
        e.Truth.Selector = _machine.Selectors?.IndexOf(pmu, e.Hw.Selector) ?? -1;
        return e;
    }

    // In an exploration an id must not depend on what other tasks did before. A recorded task may inherit any number of events.
    private EventId NewEventId(TaskStruct by) =>
        new(by.IsRecorded ? 500_000_000 + ++_machine.RecordedEventSequence : (by.Index * EventIdsPerTask) + ++by.EventSequence);

    // An interrupt allocates for the event, not for the task that it happens to interrupt; there may be none.
    private EventId NewHiddenId(PerfEvent like)
    {
        const int HiddenBase = 1_000_000_000;
        const int HiddenPerEvent = 8;
        if (_cpu.Running.Level == ContextLevel.Task && _cpu.Current is { } by)
        {
            return NewEventId(by);
        }

        return new(HiddenBase + (like.Id.Value % 100_000_000 * HiddenPerEvent) + (like.HiddenMade++ % HiddenPerEvent));
    }

    private async KernelTask<bool> Kmalloc(string what, int objectId, int bytes, Gfp flags)
    {
        _machine.LockChecker.Allocate(_cpu, flags, what);
        Kmalloc request = new(_cpu.Here, what, objectId, bytes, flags);
        Message answer = await _cpu.Ask(_machine.Allocator.Id, Accept.Always, request, "kmalloc()");
        return ((Kmalloced)answer).Ok;
    }

    private void FreeObject(PerfEvent e)
    {
        _machine.LockChecker.Free(_cpu);
        if (e.Freed)
        {
            _machine.Report(Property.NoLeak, $"double free of {e}");
            return;
        }

        e.Freed = true;
        _cpu.Invariants.Freed(e);
        _cpu.Tell(_machine.Allocator.Id, new Kfree("perf_event", e.ObjectId));
        if (!e.Pmu.IsSoftware && e.Attr.IsSampling)
        {
            for (int i = 0; i < _machine.Cpus.Count; i++)
            {
                if (e.Pmu.IsOn(i))
                {
                    _cpu.Tell(Pmu.IdOf(i, e.Pmu.Index), new PmuForget(e.Id));
                }
            }
        }
    }

    // ---- the PMU ----

    private static HwSelector SelectorOf(PerfEventAttr attr, PmuType pmu) =>
        pmu.IsSoftware ? default : new HwSelector((uint)attr.Config, attr.Counts, attr.Config1 ^ (attr.Config2 << 32));

    /// <summary><c>event->pmu->add(event, PERF_EF_START)</c>.</summary>
    /// <param name="e">The event.</param>
    /// <returns>Whether it got a counter.</returns>
    public async KernelTask<bool> PmuAdd(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Touch(e, "pmu->add");
        _machine.Costs.PmuAdds++;
        if (e.Pmu.IsSoftware)
        {
            e.SoftwarePrev = SoftwareClock(e);
            PerfSweventAdd(e);
            return true;
        }

        ActorId pmu = Pmu.IdOf(_cpu.Index, e.Pmu.Index);
        if (!e.Pmu.IsOn(_cpu.Index))
        {
            return false;
        }

        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(pmu, Accept.Always, new PmuAdd(_cpu.Here, e.Hw, e.HwState), "pmu->add()");
        return answer.Status == PmuStatus.Ok;
    }

    /// <summary><c>event->pmu->del(event, 0)</c>: folds the last occurrences into the count.</summary>
    /// <param name="e">The event.</param>
    public async KernelTask PmuDel(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Touch(e, "pmu->del");
        _machine.Costs.PmuDels++;
        if (e.Pmu.IsSoftware)
        {
            FoldSoftware(e);
            PerfSweventDel(e);
            return;
        }

        if (IsElsewhere(e, "pmu->del()"))
        {
            return;
        }

        ActorId pmu = Pmu.IdOf(_cpu.Index, e.Pmu.Index);
        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(pmu, Accept.Always, new PmuDel(_cpu.Here, e.Id), "pmu->del()");
        await LocalAdd(e.CountField, answer.Delta);
        e.HwState = e.Attr.IsSampling ? answer.State : null;
        PerfEventUpdateUserpage(e);
    }

    /// <summary><c>pmu->hand_over(from, to)</c>: brings one event's count up to date and lets another go on on its counter, where it stands.</summary>
    /// <param name="from">An event on the PMU that only counts. It is off the PMU after that.</param>
    /// <param name="to">One that is not on it and counts the same. It is on it after that, and nothing is folded into its count yet.</param>
    /// <remarks>
    /// Not in Linux. It is what <c>move_dup()</c> of the first posting (May 2018) was to be and <c>copy_hw_config()</c> of v10 nearly is: the
    /// driver gives <c>to->hw</c> the index, the base and <c>prev_count</c> of <c>from->hw</c>, and puts <c>to</c> where <c>from</c> stands in
    /// <c>cpuc->events[]</c> (and <c>event_list[]</c> on x86). Whatever the solver knows stays: both have the same constraint. <c>ctx->lock</c>
    /// held, interrupts off, PMU disabled; inside a transaction, too.
    /// </remarks>
    public async KernelTask PmuHandOver(PerfEvent from, PerfEvent to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        Touch(from, "pmu->hand_over");
        Touch(to, "pmu->hand_over");
        _machine.Costs.PmuHandOvers++;
        ActorId pmu = Pmu.IdOf(_cpu.Index, from.Pmu.Index);
        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(pmu, Accept.Always, new PmuHandOver(_cpu.Here, from.Id, to.Hw), "pmu->hand_over()");
        await LocalAdd(from.CountField, answer.Delta);
    }

    /// <summary><c>event->pmu->read(event)</c>: folds what was counted into the count.</summary>
    /// <param name="e">The event.</param>
    public async KernelTask PmuRead(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Touch(e, "pmu->read");
        _machine.Costs.PmuReads++;
        if (e.Pmu.IsSoftware)
        {
            // perf_swevent_read() does nothing: what happened is counted. A clock adds whatever has passed since it was off, of which nobody can make
            // use here: only a BPF program would read a clock in an NMI.
            if (!ReadsOnItsWay)
            {
                FoldSoftware(e, SinceContextTime(e));
            }

            return;
        }

        if (IsElsewhere(e, "pmu->read()"))
        {
            return;
        }

        ActorId pmu = Pmu.IdOf(_cpu.Index, e.Pmu.Index);
        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(pmu, Accept.Always, new PmuRead(_cpu.Here, e.Id), "pmu->read()");
        // Who looks in an NMI between the two finds prev_count moved on and the count not yet: x86_perf_event_update() has the same gap.
        await LocalAdd(e.CountField, answer.Delta);
    }

    // Registers of another kind of processor: armpmu_read() would fold whatever they hold there.
    private bool IsElsewhere(PerfEvent e, string call)
    {
        if (e.Pmu.IsOn(_cpu.Index))
        {
            return false;
        }

        _machine.Report(Property.CountersOwned, $"{call} of {e} on cpu/{_cpu.Index}, which has not its PMU");
        return true;
    }

    /// <summary><c>pmu->copy_hw_config(old, new)</c>: the new event is taken for the last user of the old one's counter.</summary>
    /// <param name="from">The event that has just been deleted.</param>
    /// <param name="to">The event that is to be added.</param>
    /// <remarks>Kernel: <c>x86_copy_hw_config()</c> of Song Liu, [PATCH v10], 23 Jan 2020: <c>hw.idx</c>. Other drivers have none.</remarks>
    public void CopyHwConfig(PerfEvent from, PerfEvent to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (!from.Pmu.IsSoftware)
        {
            _cpu.Tell(Pmu.IdOf(_cpu.Index, from.Pmu.Index), new PmuCopyHwConfig(from.Id, to.Hw));
        }
    }

    /// <summary><c>event->state = PERF_EVENT_STATE_ENABLED</c> where it was INACTIVE: no time is updated.</summary>
    /// <param name="e">The event.</param>
    /// <remarks>Kernel: end of <c>perf_event_remove_dup()</c>, Song Liu, [PATCH v9], 17 Dec 2019. <c>ctx->lock</c> held.</remarks>
    public void SetEnabledAsIs(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.State == EventState.Inactive)
        {
            e.State = EventState.Enabled;
            _cpu.Invariants.Changed();
        }
    }

    /// <summary><c>local64_read(&amp;event->count)</c> of an event that the caller only has a pointer to; a use after free is noticed.</summary>
    /// <param name="e">The event.</param>
    public long LocalCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Touch(e, "local64_read(&event->count)");
        return e.Count;
    }

    /// <summary><c>perf_pmu_disable()</c> of this processor's PMUs of a kind.</summary>
    /// <param name="kind">Hardware (0) or software (1): <see cref="PerfContext.Kind"/>.</param>
    public void PerfPmuDisable(int kind)
    {
        for (int i = 0; kind == PmuType.HardwareKind && i < _cpu.Pmus.Count; i++)
        {
            if (_cpu.Pmus[i] is { } pmu && _cpu.PmuDisableOutermost(i))
            {
                _cpu.Tell(pmu.Id, new PmuDisable());
            }
        }
    }

    /// <summary><c>perf_pmu_enable()</c> of this processor's PMUs of a kind.</summary>
    /// <param name="kind">Hardware (0) or software (1): <see cref="PerfContext.Kind"/>.</param>
    public void PerfPmuEnable(int kind)
    {
        for (int i = 0; kind == PmuType.HardwareKind && i < _cpu.Pmus.Count; i++)
        {
            if (_cpu.Pmus[i] is { } pmu && _cpu.PmuEnableOutermost(i))
            {
                _cpu.Tell(pmu.Id, new PmuEnable());
            }
        }
    }

    // A software event counts what the kernel itself knows; nothing is asked for.
    private long SoftwareClock(PerfEvent e) => e.Attr.Type != PerfType.Software ? 0 : (SoftwareEvent)e.Attr.Config switch
    {
        SoftwareEvent.CpuClock => _cpu.ClockNs,
        SoftwareEvent.TaskClock => e.Ctx?.Time ?? _cpu.ClockNs,
        SoftwareEvent.ContextSwitches when !e.Attr.ExcludeKernel => _contextSwitches,
        SoftwareEvent.CpuMigrations when !e.Attr.ExcludeKernel => _migrations,
        _ => 0,
    };

    // task_clock_event_read() looks at the clock; add and del go by the context's time as it is.
    private long SinceContextTime(PerfEvent e) =>
        e is { Attr.Type: PerfType.Software, Ctx: { } ctx } && (SoftwareEvent)e.Attr.Config == SoftwareEvent.TaskClock
            ? _cpu.ClockNs - ctx.Timestamp
            : 0;

    private void FoldSoftware(PerfEvent e, long later = 0)
    {
        long now = SoftwareClock(e) + later;
        e.Count += now - e.SoftwarePrev;
        e.SoftwarePrev = now;
    }

    // Whoever works on a freed event has a use after free.
    private void Touch(PerfEvent e, string where)
    {
        if (e.Freed)
        {
            _machine.Report(Property.NoLeak, $"use after free of {e} in {where}");
        }
    }

    /// <summary>A field that others read without the lock is about to be accessed: they may come in between.</summary>
    /// <remarks>No step, unless the machine is fine-grained.</remarks>
    private KernelTask Published() => _machine.Spec.FineGrained ? Pause() : KernelTask.Done;

    private bool IsMended(LinuxFaults fault) => (_machine.Spec.Mended & fault) != 0;

    internal async KernelTask Pause() => await _cpu.Pause();

    // ---- other processors ----

    /// <summary>Runs a function on another processor and waits for it, or runs it here with interrupts off.</summary>
    /// <returns>What the function returned, or −ENXIO when the processor is offline.</returns>
    /// <remarks>Kernel: <c>smp_call_function_single(cpu, func, info, 1)</c>.</remarks>
    private async KernelTask<int> SmpCallFunctionSingle(int cpu, Ipi call)
    {
        _machine.LockChecker.SendIpi(_cpu);
        if (!_machine.Cpus[cpu].Online)
        {
            return -(int)Errno.ENXIO;
        }

        _machine.Costs.Ipis++;
        if (cpu == _cpu.Index)
        {
            LocalIrqDisable();
            int result = await RunIpi(call);
            LocalIrqEnable();
            return result;
        }

        ExecContext context = _cpu.Running;
        context.PreemptOff++;
        ActorId whom = new(ActorKind.Cpu, cpu);
        _cpu.Host.Send(_cpu.Id, whom, Lane.Irq, Accept.Irq, call with { By = _cpu.Here, Known = _cpu.Memory?.Tell() });
        context.WaitsFor = "smp_call_function_single()";
        context.WaitsForActor = whom;
        IpiDone done = (IpiDone)await context.Waiter.Answer();
        context.PreemptOff--;
        _cpu.Memory?.Learn(done.Known);
        return done.Result;
    }

    private KernelTask<int> RunIpi(Ipi call) => call switch
    {
        // remote_function(): the task may have moved, or stopped running, while the interrupt was under way.
        { OnTask: >= 0 } when _machine.Tasks[call.OnTask].Cpu != _cpu.Index => new KernelTask<int>(-(int)Errno.EAGAIN),
        { OnTask: >= 0 } when !ReferenceEquals(_machine.Tasks[call.OnTask], _cpu.Current) => new KernelTask<int>(-(int)Errno.ESRCH),
        IpiInstall m => PerfInstallInContextIpi(_machine.Event(m.Event)),
        IpiEventFunction m => EventFunctionIpi(_machine.Event(m.Event), m.Function, m.Value),
        IpiRead m => PerfEventReadIpi(_machine.Event(m.Event), m.Group),
        IpiCgroupMove m => PerfCgroupMoveIpi(_machine.Tasks[m.Task]),
        IpiExitContext m => PerfEventExitContextIpi(m.Kind),
        IpiEvacuate m => new KernelTask<int>(_cpu.Evacuate(m.Leaving)),
        _ => throw new InvalidOperationException($"no function for {call}"),
    };

    // ---- truth ----

    private void TruthStart(PerfEvent e)
    {
        if (!e.Pmu.IsSoftware && e.Pmu.IsOn(_cpu.Index))
        {
            e.Truth.Start(_cpu.Pmus[e.Pmu.Index]!.Hardware, e.Hw.Selector);
        }
        else if (HasSoftwareTruth(e))
        {
            // What the scheduler does it does in the kernel; the clocks know no modes.
            SoftwareEvent what = (SoftwareEvent)e.Attr.Config;
            e.Truth.Start(_cpu, IsSwevent(e) && e.Attr.ExcludeKernel ? SoftwareEvent.Dummy : what);
        }

        e.Truth.StartClock(_cpu.ClockNs);
    }

    private void TruthStop(PerfEvent e)
    {
        e.Truth.StopClock(_cpu.ClockNs);
        e.Truth.Stop();
        CheckExact(e, "scheduled out");
    }

    private void TruthPause(PerfEvent e)
    {
        // What a design keeps hidden has no truth of its own, and whoever shares it is not stopped by this.
        if (e.Truth is { IsActive: true, IsPaused: false })
        {
            e.Truth.Pause();
            e.Truth.PausedInTick = _throttledSeq;
            _cpu.Invariants.Changed();
        }
    }

    private void TruthResume(PerfEvent e)
    {
        if (e.Truth.IsPaused)
        {
            e.Truth.Resume();
            _cpu.Invariants.Changed();
        }
    }

    // The driver has folded the counter into the count by itself: where a reader's count is right with it, a reset that comes next takes all of it.
    private void TruthFolded(PerfEvent e)
    {
        if (e.Truth.IsActive && Design.Count(e) == e.Truth.ExpectedNow)
        {
            e.Truth.Synced();
        }
    }

    private void TruthSynced(PerfEvent e, string when)
    {
        e.Truth.Synced();
        CheckExact(e, when);
    }

    // The scheduler's book stays on its node.
    private bool HasSoftwareTruth(PerfEvent e) => e.Attr.Type == PerfType.Software && _machine.Distribution is null;

    private bool HasTruth(PerfEvent e) => !e.Pmu.IsSoftware || HasSoftwareTruth(e);

    private void CheckExact(PerfEvent e, string when)
    {
        if (!HasTruth(e) || e.IsHidden)
        {
            return;
        }

        long count = Design.Count(e);
        if (count != e.Truth.Expected)
        {
            _machine.Report(
                Property.CountsExact,
                $"{e} counts {count} when {when} on cpu/{_cpu.Index}; the truth is {e.Truth.Expected}");
        }
    }
}
