using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Software events that sample: what <c>perf_swevent</c> does when one of them happens.</content>
public sealed partial class PerfCore
{
    private const ulong SamplePeriodBit = 1 << 8;

    // swevent_htable of this processor: what is on it and samples. Those that only count are brought up to date when somebody looks.
    private readonly List<PerfEvent> _swevents = [];

    /// <summary>Whether an event's period is kept by <c>perf_swevent</c>. The clocks have a timer each instead.</summary>
    private static bool IsSwevent(PerfEvent e) =>
        e.Attr.Type == PerfType.Software && (SoftwareEvent)e.Attr.Config is not (SoftwareEvent.CpuClock or SoftwareEvent.TaskClock);

    /// <summary>The beginning of an event's periods: <c>sample_period</c>, <c>last_period</c> and <c>period_left</c> of <c>hw_perf_event</c>.</summary>
    private static void InitPeriod(PerfEvent e, ulong period)
    {
        e.Hw = e.Hw with { SamplePeriod = period };
        if (e.Attr.IsSampling && IsSwevent(e))
        {
            e.HwState = new HwEventState(period, (long)period, period, Counter: -1);
        }
    }

    /// <summary><c>perf_swevent_add()</c>.</summary>
    private void PerfSweventAdd(PerfEvent e)
    {
        if (e.HwState is { } state && IsSwevent(e))
        {
            e.HwState = state with { LastPeriod = state.SamplePeriod };
            _ = PerfSweventSetPeriod(e);
            _swevents.Insert(0, e);
        }
    }

    /// <summary><c>perf_swevent_del()</c>.</summary>
    private void PerfSweventDel(PerfEvent e)
    {
        if (e.Attr.IsSampling)
        {
            _ = _swevents.Remove(e);
        }
    }

    /// <summary><c>do_perf_sw_event()</c>: one occurrence, in the kernel, of what is on this processor. Interrupts off.</summary>
    private async KernelTask DoPerfSwEvent(SoftwareEvent what)
    {
        for (int i = 0; i < _swevents.Count; i++)
        {
            PerfEvent e = _swevents[i];
            if ((SoftwareEvent)e.Attr.Config == what && !e.Attr.ExcludeKernel)
            {
                await PerfSweventEvent(e);
            }
        }
    }

    /// <summary><c>perf_swevent_event()</c> of one occurrence.</summary>
    private async KernelTask PerfSweventEvent(PerfEvent e)
    {
        FoldSoftware(e);
        bool each = (e.Attr.SampleType & SamplePeriodBit) != 0 || e.Hw.SamplePeriod == 1;
        if (each && !e.Attr.Freq)
        {
            await PerfSweventOverflow(e, 1);
            return;
        }

        HwEventState state = e.HwState!.Value;
        e.HwState = state with { PeriodLeft = state.PeriodLeft + 1 };
        if (state.PeriodLeft + 1 >= 0)
        {
            await PerfSweventOverflow(e, PerfSweventSetPeriod(e));
        }
    }

    /// <summary><c>perf_swevent_overflow()</c>: only the second of several overflows at once can throttle.</summary>
    private async KernelTask PerfSweventOverflow(PerfEvent e, ulong overflow)
    {
        if (e.Interrupts == PerfEvent.MaxInterrupts)
        {
            return;
        }

        for (bool throttle = false; overflow > 0; overflow--, throttle = true)
        {
            if (await PerfEventOverflow(e, e.HwState, throttle))
            {
                break;
            }
        }
    }

    /// <summary><c>perf_swevent_set_period()</c>: <c>period_left</c> runs up from minus the period.</summary>
    /// <returns>How many periods are over.</returns>
    private static ulong PerfSweventSetPeriod(PerfEvent e)
    {
        HwEventState state = e.HwState!.Value;
        long period = (long)state.LastPeriod;
        long over = state.PeriodLeft < 0 ? 0 : (period + state.PeriodLeft) / period;
        e.HwState = state with { LastPeriod = state.SamplePeriod, PeriodLeft = state.PeriodLeft - (over * period) };
        return (ulong)over;
    }
}
