namespace ActorPmu.Kernel;

/// <summary>How a counter of the hardware and its driver count: it runs up from minus the period to 0 and then interrupts.</summary>
/// <remarks>
/// Kernel: x86_perf_event_update() and x86_perf_event_set_period() of arch/x86/events/core.c, armpmu_event_update() and
/// armpmu_event_set_period() of drivers/perf/arm_pmu.c, v5.3. The two pairs differ in width and in the shortest period only.
/// </remarks>
internal static class HwCounter
{
    /// <summary>Loads the counter with what is left of the period.</summary>
    /// <returns>Whether a period has come to its end, so that another begins.</returns>
    public static bool SetPeriod(HwEvent e)
    {
        var period = (long)e.SamplePeriod;
        var ended = e.PeriodLeft <= 0;
        if (ended)
        {
            e.PeriodLeft = e.PeriodLeft <= -period ? period : e.PeriodLeft + period;
            e.LastPeriod = e.SamplePeriod;
        }

        var load = Math.Min(Math.Max(e.PeriodLeft, e.PeriodMin), e.PeriodMax);
        e.Raw = (ulong)-load & e.Mask;
        e.PrevCount = e.Raw;
        e.Reloaded = true;
        return ended;
    }

    /// <summary>Takes what the counter has gained since the last time.</summary>
    public static void Update(HwEvent e)
    {
        var delta = (long)((e.Raw - e.PrevCount) & e.Mask);
        e.PrevCount = e.Raw;
        e.Folded += delta;
        e.PeriodLeft -= delta;
    }

    /// <summary>Counts, and handles each interrupt on the way.</summary>
    /// <returns>How many periods came to their end: 0 or, when the caller stops where one ends, 1. Always 0 for an event that only counts.</returns>
    public static int Count(HwEvent e, ulong occurrences)
    {
        var overflows = 0;
        for (; ; )
        {
            var toWrap = (0 - e.Raw) & e.Mask;
            if (occurrences < toWrap)
            {
                e.Raw += occurrences;
                return overflows;
            }

            occurrences -= toWrap;
            e.Raw = 0;
            Update(e);
            overflows += SetPeriod(e) && e.Sampling ? 1 : 0;
        }
    }

    /// <summary>Occurrences from now to the one that ends the period. A period that is longer than the counter takes several interrupts.</summary>
    public static long ToOverflow(HwEvent e)
    {
        var toWrap = (long)((0 - e.Raw) & e.Mask);
        var left = e.PeriodLeft - (long)((e.Raw - e.PrevCount) & e.Mask);
        if (toWrap >= left)
        {
            return toWrap;
        }

        var lastLoad = (left - toWrap) % e.PeriodMax;
        return lastLoad > 0 && lastLoad < e.PeriodMin ? left - lastLoad + e.PeriodMin : left;
    }
}
