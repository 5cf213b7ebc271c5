namespace ActorPmu.Kernel;

/// <summary>The driver's bookkeeping for one event. Kernel: <c>struct hw_perf_event</c>.</summary>
internal sealed class HwEvent
{
    public EventId Id;
    public HwSelector Selector;
    public bool Long64;

    /// <summary>The selector's code as the ledger numbers it.</summary>
    public int CodeIndex;

    public bool Sampling;

    /// <summary>For an event that only counts: the longest stretch a counter can be loaded with.</summary>
    public ulong SamplePeriod;

    public long PeriodLeft;
    public ulong LastPeriod;

    /// <summary>Which counter values the event can tell apart.</summary>
    public ulong Mask;

    public long PeriodMin;
    public long PeriodMax;

    /// <summary>The x86 constraint; null on other PMUs.</summary>
    public EventConstraint? Constraint;

    /// <summary>Whether the driver has it: between add and del. It may not have a counter yet (x86).</summary>
    public bool Added;

    /// <summary>Its counter was loaded, or started, and nobody has taken notice yet.</summary>
    public bool Reloaded;

    /// <summary>Deleted in a transaction, whose end takes it off (x86).</summary>
    public bool DroppedInTxn;

    /// <summary>Whether a counter counts for it.</summary>
    public bool Programmed;

    /// <summary>It has a counter, which stands still: between stop and start. Kernel: <c>PERF_HES_STOPPED</c> of an event that was started once.</summary>
    public bool Stopped;

    /// <summary>Its period has ended, and the interrupt handler has not looked yet: its bit in the overflow status.</summary>
    public bool Overflowed;

    /// <summary>Its counter, or the last it had; -1 for none. Of a pair, the even one.</summary>
    public int Counter = -1;

    /// <summary>Whether the counter above belongs to it as well.</summary>
    public bool Paired;

    /// <summary>Place among the programmed events: the order in which an interrupt handler looks at them.</summary>
    public int Order;

    /// <summary>The counter's value; never 0 between two calls, because passing 0 raises the interrupt that reloads it.</summary>
    public ulong Raw;

    public ulong PrevCount;

    /// <summary>Occurrences that left the counter and were not yet handed to perf core.</summary>
    public long Folded;

    public bool CountsIn(Privilege mode) => !Stopped && Selector.CountsIn(mode);
}
