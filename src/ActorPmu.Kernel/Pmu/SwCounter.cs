namespace ActorPmu.Kernel;

/// <summary>How software events count: straight into the event. PeriodLeft runs up from minus the period, and 0 overflows.</summary>
/// <remarks>Kernel: perf_swevent_event() and perf_swevent_set_period() of kernel/events/core.c, v5.3.</remarks>
internal static class SwCounter
{
    /// <summary>Begins as many periods as needed for PeriodLeft to be negative.</summary>
    /// <returns>How many began.</returns>
    public static int SetPeriod(HwEvent e)
    {
        // The period that ends is the one that was in force when it began, so that a new one takes effect one overflow late.
        var period = (long)e.LastPeriod;
        e.LastPeriod = e.SamplePeriod;
        if (e.PeriodLeft < 0)
        {
            return 0;
        }

        var begun = (period + e.PeriodLeft) / period;
        e.PeriodLeft -= begun * period;
        return (int)begun;
    }

    /// <summary>Counts.</summary>
    /// <returns>How many overflows there are, when the caller stops at the occurrence that makes the first one.</returns>
    public static int Count(HwEvent e, ulong occurrences)
    {
        e.Folded += (long)occurrences;
        if (!e.Sampling)
        {
            return 0;
        }

        if (e.SamplePeriod == 1)
        {
            return (int)occurrences;
        }

        e.PeriodLeft += (long)occurrences;
        return e.PeriodLeft < 0 ? 0 : SetPeriod(e);
    }

    /// <summary>Occurrences from now to the one that overflows.</summary>
    public static long ToOverflow(HwEvent e) => e.SamplePeriod == 1 || e.PeriodLeft >= 0 ? 1 : -e.PeriodLeft;
}
