using System.Numerics;
using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Throttling, and periods that follow a frequency: what <c>perf_event_task_tick()</c> and the overflow do about them.</content>
public sealed partial class PerfCore
{
    private const long NsecPerSec = 1_000_000_000;
    private const long DefaultTickNs = 4_000_000;

    // active_ctx_list of this processor, newest first.
    private readonly List<PerfContext> _activeCtxList = [];
    private long _throttledSeq;
    private int _throttledCount;

    /// <summary><c>TICK_NSEC</c>: a machine whose ticks are injected has HZ=250.</summary>
    private long TickNsec => _machine.Spec.TickNs > 0 ? _machine.Spec.TickNs : DefaultTickNs;

    /// <summary><c>max_samples_per_tick</c>. Where no tick will ever come, nobody is stopped until the next one.</summary>
    private ulong MaxSamplesPerTick
    {
        get
        {
            ulong hz = (ulong)Math.Max(1, NsecPerSec / TickNsec);
            bool ticks = _machine.Spec.TickNs > 0 || !_cpu.Host.HasClock;
            return ticks ? (_machine.Spec.MaxSampleRate + hz - 1) / hz : ulong.MaxValue;
        }
    }

    private static bool IsFreq(PerfEvent e) => e.Attr.Freq && e.Attr.SamplePeriod != 0;

    /// <summary><c>perf_event_task_tick()</c>. Hardirq, interrupts off.</summary>
    private async KernelTask PerfEventTaskTick()
    {
        _throttledSeq++;
        int throttled = _throttledCount;
        _throttledCount = 0;
        for (int i = 0; i < _activeCtxList.Count; i++)
        {
            await PerfAdjustFreqUnthrContext(_activeCtxList[i], throttled);
        }

        for (int i = 0; _machine.ChecksInvariants && i < _activeCtxList.Count; i++)
        {
            CheckUnthrottled(_activeCtxList[i]);
        }
    }

    /// <summary><c>perf_adjust_freq_unthr_context()</c>: combines freq adjustment with unthrottling to avoid two passes over the events.</summary>
    private async KernelTask PerfAdjustFreqUnthrContext(PerfContext ctx, int needsUnthr)
    {
        if (ctx.NrFreq == 0 && needsUnthr == 0)
        {
            return;
        }

        await RawSpinLock(ctx);
        PerfPmuDisable(ctx.Kind);
        for (int i = 0; i < ctx.EventList.Count; i++)
        {
            PerfEvent e = ctx.EventList[i];
            if (e.State == EventState.Active && EventFilterMatch(e))
            {
                await PerfAdjustFreqUnthrEvent(e);
            }
        }

        PerfPmuEnable(ctx.Kind);
        RawSpinUnlock(ctx);
    }

    private async KernelTask PerfAdjustFreqUnthrEvent(PerfEvent e)
    {
        if (e.Interrupts == PerfEvent.MaxInterrupts)
        {
            e.Interrupts = 0;
            await PmuStart(e, reload: false);
        }

        if (!IsFreq(e))
        {
            return;
        }

        // stop the event and update event->count
        HwEventState? hw = await PmuStop(e, update: true);
        long delta = e.Count - e.FreqCountStamp;
        e.FreqCountStamp = e.Count;

        // We have stopped the event so tell that to perf_adjust_period() to avoid stopping it twice.
        if (delta > 0)
        {
            await PerfAdjustPeriod(e, TickNsec, delta, hw, disable: false);
        }

        await PmuStart(e, reload: delta > 0);
    }

    /// <summary><c>perf_adjust_period()</c>.</summary>
    /// <param name="e">An event with a frequency.</param>
    /// <param name="nsec">In this time, ns,</param>
    /// <param name="count">it had that many occurrences.</param>
    /// <param name="hw">Where the hardware is in its period; null for a clock, whose periods nobody counts.</param>
    /// <param name="disable">Whether it counts, and has to be stopped for a new period to begin.</param>
    private async KernelTask PerfAdjustPeriod(PerfEvent e, long nsec, long count, HwEventState? hw, bool disable)
    {
        ulong period = PerfCalculatePeriod(e.Attr.SamplePeriod, (ulong)nsec, (ulong)count);
        long delta = unchecked((long)(period - e.Hw.SamplePeriod));

        // low pass filter
        delta = (delta + 7) / 8;
        long samplePeriod = Math.Max(1, (long)e.Hw.SamplePeriod + delta);
        bool restart = hw is { } at && at.PeriodLeft > 8 * samplePeriod;
        if (restart && disable)
        {
            _ = await PmuStop(e, update: true);
        }

        SetHwPeriod(e, (ulong)samplePeriod, restart);
        if (restart && disable)
        {
            await PmuStart(e, reload: true);
        }
    }

    /// <summary><c>perf_calculate_period()</c>: count × 10⁹ / (nsec × frequency), in 64 bits as the kernel does it.</summary>
    /// <param name="frequency">Samples a second that are wanted.</param>
    /// <param name="nsec">In this time, ns,</param>
    /// <param name="count">there were that many occurrences.</param>
    /// <returns>Occurrences from one sample to the next; 0 when there are too few.</returns>
    internal static ulong PerfCalculatePeriod(ulong frequency, ulong nsec, ulong count)
    {
        const int Bits = 64;
        ulong sec = NsecPerSec;
        int secFls = Fls(sec);
        int countFls = Fls(count);
        int nsecFls = Fls(nsec);
        int frequencyFls = Fls(frequency);
        ulong dividend;
        ulong divisor;

        // Reduce accuracy until either term fits in a u64, then proceed with the other.
        while (countFls + secFls > Bits && nsecFls + frequencyFls > Bits)
        {
            ReduceFls(ref nsec, ref nsecFls, ref frequency, ref frequencyFls);
            ReduceFls(ref sec, ref secFls, ref count, ref countFls);
        }

        if (countFls + secFls > Bits)
        {
            divisor = nsec * frequency;
            while (countFls + secFls > Bits)
            {
                ReduceFls(ref count, ref countFls, ref sec, ref secFls);
                divisor >>= 1;
            }

            dividend = count * sec;
        }
        else
        {
            dividend = count * sec;
            while (nsecFls + frequencyFls > Bits)
            {
                ReduceFls(ref nsec, ref nsecFls, ref frequency, ref frequencyFls);
                dividend >>= 1;
            }

            divisor = nsec * frequency;
        }

        return divisor == 0 ? dividend : dividend / divisor;
    }

    /// <summary><c>__perf_event_account_interrupt()</c>. NMI.</summary>
    /// <returns>Whether the event has had its share of this tick and is to be stopped.</returns>
    [KernelName("__perf_event_account_interrupt")]
    private async KernelTask<bool> PerfEventAccountInterrupt(PerfEvent e, HwEventState? hw, bool throttle)
    {
        bool throttled = false;
        if (_throttledSeq != e.InterruptsSeq)
        {
            e.InterruptsSeq = _throttledSeq;
            e.Interrupts = 1;
        }
        else
        {
            unchecked
            {
                e.Interrupts++;
            }

            if (throttle && e.Interrupts >= MaxSamplesPerTick)
            {
                _throttledCount++;
                _machine.Costs.Throttled++;
                e.Interrupts = PerfEvent.MaxInterrupts;
                throttled = true;
            }
        }

        if (e.Attr.Freq)
        {
            long now = _cpu.ClockNs;
            long delta = now - e.FreqTimeStamp;
            e.FreqTimeStamp = now;
            if (delta > 0 && delta < 2 * TickNsec)
            {
                await PerfAdjustPeriod(e, delta, (long)(hw?.LastPeriod ?? e.Hw.SamplePeriod), hw, disable: true);
            }
        }

        return throttled;
    }

    /// <summary><c>event->pmu->stop(event, flags)</c>: ACTIVE still, with its counter, and not counting.</summary>
    /// <returns>Where it is in its period; null when the PMU does not have it or it is a clock, which has no period here.</returns>
    private async KernelTask<HwEventState?> PmuStop(PerfEvent e, bool update)
    {
        Touch(e, "pmu->stop");
        if (e.Pmu.IsSoftware)
        {
            FoldSoftware(e);
            return e.HwState;
        }

        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(
            Pmu.IdOf(_cpu.Index, e.Pmu.Index), Accept.Always, new PmuStop(_cpu.Here, e.Id, update), "pmu->stop()");
        if (answer.Status == PmuStatus.Ok)
        {
            e.Count += answer.Delta;
            TruthPause(e);
            TruthFolded(e);
        }

        return answer.State;
    }

    /// <summary><c>event->pmu->start(event, flags)</c>.</summary>
    private async KernelTask PmuStart(PerfEvent e, bool reload)
    {
        Touch(e, "pmu->start");
        if (e.Pmu.IsSoftware)
        {
            return;
        }

        PmuAnswer answer = (PmuAnswer)await _cpu.Ask(
            Pmu.IdOf(_cpu.Index, e.Pmu.Index), Accept.Always, new PmuStart(_cpu.Here, e.Id, reload), "pmu->start()");
        if (answer.Status == PmuStatus.Ok)
        {
            TruthResume(e);
        }
    }

    /// <summary>Writes <c>hwc->sample_period</c> and, to restart, 0 to <c>hwc->period_left</c>, wherever they are kept.</summary>
    private void SetHwPeriod(PerfEvent e, ulong period, bool restart)
    {
        e.Hw = e.Hw with { SamplePeriod = period };
        if (e.State == EventState.Active && !e.Pmu.IsSoftware)
        {
            _cpu.Tell(Pmu.IdOf(_cpu.Index, e.Pmu.Index), new PmuSetPeriod(e.Id, period, restart));
        }
        else if (e.HwState is { } state)
        {
            e.HwState = state with { SamplePeriod = period, PeriodLeft = restart ? 0 : state.PeriodLeft };
        }
    }

    private static int Fls(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    // Reduce accuracy by one bit such that a and b converge to a similar magnitude.
    private static void ReduceFls(ref ulong a, ref int aFls, ref ulong b, ref int bFls)
    {
        if (aFls > bFls)
        {
            a >>= 1;
            aFls--;
        }
        else
        {
            b >>= 1;
            bFls--;
        }
    }
}
