using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Interrupt handlers.</content>
public sealed partial class PerfCore
{
    /// <summary>A hard interrupt.</summary>
    [KernelName("do_IRQ")]
    internal async KernelTask HandleIrq(Message message)
    {
        if (message is Ipi { Known: { } known })
        {
            _cpu.Memory?.Learn(known);
        }

        // irq_work follows the NMI that queued it: no instruction retires in between.
        if (message is not IrqWork)
        {
            await AccountWork();
        }

        switch (message)
        {
            case Ipi ipi:
                int result = await RunIpi(ipi);
                if (ipi.By is { } caller && !_cpu.CallerIsGone)
                {
                    _cpu.Host.Send(_cpu.Id, caller.Cpu, caller.Lane, caller.AcceptClass, new IpiDone(caller.Path, result) { Known = _cpu.Memory?.Tell() });
                }

                break;
            case MuxTimer timer:
                await PerfMuxHrtimerHandler(timer.Kind);
                break;
            case Tick:
                await SchedulerTick();
                break;
            case IrqWork work:
                await PerfPendingEvent(_machine.Event(work.Event));
                break;
            default:
                throw new InvalidOperationException($"no handler for {message}");
        }
    }

    /// <summary><c>scheduler_tick()</c>, as far as it matters: time slices, kernel instructions of its own, and perf's tick.</summary>
    private async KernelTask SchedulerTick()
    {
        if (_machine.Spec.TickUnits > 0)
        {
            await Execute(_machine.Spec.KernelWork, Privilege.Kernel, default, WorkPosition.AfterUnits(_machine.Spec.TickUnits));
            StealTime(_machine.Spec.TickUnits * _machine.Spec.UnitNs);
        }

        if (_cpu.HasOthers)
        {
            _cpu.SetNeedResched();
        }

        await PerfEventTaskTick();
        _cpu.RearmTick();
    }

    /// <summary>An interrupt took its time: the task under it ends its work so much later.</summary>
    private void StealTime(long ns)
    {
        if (_cpu.Current?.Doing is { } interrupted)
        {
            interrupted.StartNs += ns;
        }
    }

    /// <summary>A non-maskable interrupt.</summary>
    [KernelName("perf_event_nmi_handler")]
    internal async KernelTask HandleNmi(Message message)
    {
        switch (message)
        {
            case Pmi pmi:
                foreach (EventId id in pmi.Overflowed)
                {
                    await HandleOverflow(_machine.Event(id));
                }

                break;
            case InjectedPmi injected:
                if (_machine.Tasks[injected.Task].Files.Find(injected.EventName) is { Freed: false } e)
                {
                    await PerfOutputRead(e);
                }

                break;
        }
    }

    /// <summary>One turn of the loop of <c>x86_pmu_handle_irq()</c> or <c>armv8pmu_handle_irq()</c>. NMI.</summary>
    /// <remarks>Whose counter overflowed is what the PMU knows: under a design it may be an event that is on no list.</remarks>
    [KernelName("x86_pmu_handle_irq")]
    private async KernelTask HandleOverflow(PerfEvent e)
    {
        // An event that has just been taken off, or stopped, is skipped; any other is brought up to date before anything else.
        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(
            Pmu.IdOf(_cpu.Index, e.Pmu.Index), Accept.Always, new PmuHandleOverflow(_cpu.Here, e.Id), "x86_pmu_handle_irq()");
        if (answer.Status != PmuStatus.Ok)
        {
            return;
        }

        await LocalAdd(e.CountField, answer.Delta);
        TruthFolded(e);
        if (await PerfEventOverflow(e, answer.State, throttle: true))
        {
            _ = await PmuStop(e, update: false);
        }
    }

    /// <summary><c>__perf_event_overflow()</c>. NMI, or wherever a software event happens.</summary>
    /// <returns>Whether the driver is to stop the event: it is throttled, or has reached its limit.</returns>
    [KernelName("__perf_event_overflow")]
    private async KernelTask<bool> PerfEventOverflow(PerfEvent e, HwEventState? hw, bool throttle)
    {
        bool stop = await PerfEventAccountInterrupt(e, hw, throttle);
        TruthOverflow(e);
        bool hup = e.EventLimit != 0 && --e.EventLimit == 0;
        (int signalsIn, int signalsHup) = e.Root.SignalCounts;
        e.Root.Wakeup = true;
        if (e.Root.Signals)
        {
            e.Root.SignalCounts = hup ? (signalsIn, signalsHup + 1) : (signalsIn + 1, signalsHup);
        }

        if (hup)
        {
            // perf_event_disable_inatomic()
            e.PendingDisable = _cpu.Index;
            _cpu.Host.Send(_cpu.Id, _cpu.Id, Lane.Irq, Accept.Irq, new IrqWork(e.Id));
        }

        return stop || hup;
    }

    /// <summary><c>perf_pending_event()</c> → <c>perf_event_disable_local()</c>. Hardirq.</summary>
    private async KernelTask PerfPendingEvent(PerfEvent e)
    {
        if (e.Truth.IsUsedUp)
        {
            TruthWanted(e, false);
        }

        if (e.PendingDisable != _cpu.Index || e.Ctx is null)
        {
            return;
        }

        e.PendingDisable = -1;
        await EventFunctionLocal(e, EventFunction.Disable);
    }

    /// <summary><c>event_function_local()</c>: <see cref="EventFunctionCall"/> for who is on the right processor already, interrupts off.</summary>
    private async KernelTask EventFunctionLocal(PerfEvent e, EventFunction function)
    {
        PerfContext ctx = e.Ctx!;
        PerfContext cpuctx = CpuCtxOf(ctx);
        if (ctx.Tombstone)
        {
            return;
        }

        // For an event of the processor, the lock of a task's context beside it is not taken.
        PerfContext? taskCtx = ctx.IsCpuContext ? null : ctx;
        await PerfCtxLock(cpuctx, taskCtx);
        if (!ctx.Tombstone && !IsActiveElsewhere(ctx, cpuctx))
        {
            // A context that is not active has its event turned off, too: its task may have been switched out since.
            await Call(function, e, cpuctx, ctx, value: 0);
        }

        PerfCtxUnlock(cpuctx, taskCtx);
    }

    // We must be either inactive or active and the right task, otherwise we're screwed, since we cannot IPI to somewhere else.
    private bool IsActiveElsewhere(PerfContext ctx, PerfContext cpuctx) =>
        !ctx.IsCpuContext && ctx.IsActive != EventTypes.None
        && (_machine.WarnOnOnce(!ReferenceEquals(ctx.Task, _cpu.Current), "task != current")
            || _machine.WarnOnOnce(!ReferenceEquals(cpuctx.TaskCtx, ctx), "cpuctx->task_ctx != ctx"));

    /// <summary>An NMI reads an event that it found ACTIVE, and whose way onto the PMU or off it it has interrupted.</summary>
    /// <remarks>
    /// The kernel's own (Peter Zijlstra, 28 Feb 2020: «pre-existing bug»): ACTIVE is stored before <c>pmu->add()</c>, and taken back after
    /// <c>pmu->del()</c>. x86_perf_event_update() of a deleted event adds 0, as nobody can have its counter before the processor goes on. Before
    /// the add no member of its group is on the PMU to overflow. So nobody's counter is touched; what the reader makes of the count is looked at below.
    /// </remarks>
    internal bool ReadsOnItsWay { get; private set; }

    /// <summary><c>perf_output_read()</c> of a sample: reads the event and, for a group, its members, without a lock. NMI.</summary>
    private async KernelTask PerfOutputRead(PerfEvent e)
    {
        if (e.State == EventState.Active && e.OnCpu == _cpu.Index)
        {
            long atLeast = e.Truth.SyncedTotal - e.Truth.Base;
            int resets = _cpu.Memory is { } memory && !memory.Knows(e.Truth.ResetMark) ? -1 : e.Truth.Resets;
            ReadsOnItsWay = e.OnItsWay;
            await Design.Read(this, e);
            ReadsOnItsWay = false;
            long value = await Design.CountSeen(this, e);
            long atMost = e.Truth.ExpectedNow + e.Truth.MoreWhileArriving;
            if (resets != e.Truth.Resets)
            {
                // Another processor's reset is a store that waits for nobody: it is seen or not. What was counted since came from the path under
                // the NMI, and so before it.
                (atLeast, atMost) = (0, atMost + e.Truth.BeforeReset);
            }

            // Between the interrupted path's reading of the counter and its adding to the count, the count may lag; it may never lie.
            if (value > atMost || value < atLeast)
            {
                _machine.Report(
                    Property.NoTornCount,
                    $"an NMI on cpu/{_cpu.Index} sees {e} at {value}; the truth is between {atLeast} and {atMost}");
            }
        }
    }
}
