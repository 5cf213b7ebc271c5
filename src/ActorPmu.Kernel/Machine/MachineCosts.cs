namespace ActorPmu.Kernel;

/// <summary>What the kernel did, design-neutral.</summary>
public sealed class MachineCosts
{
    /// <summary>Calls of <c>pmu->add</c>.</summary>
    public long PmuAdds { get; internal set; }

    /// <summary>Calls of <c>pmu->del</c>.</summary>
    public long PmuDels { get; internal set; }

    /// <summary>Calls of <c>pmu->hand_over</c>.</summary>
    public long PmuHandOvers { get; internal set; }

    /// <summary>Calls of <c>pmu->read</c>.</summary>
    public long PmuReads { get; internal set; }

    /// <summary>Inter-processor interrupts.</summary>
    public long Ipis { get; internal set; }

    /// <summary>Events scheduled in.</summary>
    public long SchedIns { get; internal set; }

    /// <summary>Events scheduled out.</summary>
    public long SchedOuts { get; internal set; }

    /// <summary>Rotations that moved something.</summary>
    public long Rotations { get; internal set; }

    /// <summary>Context switches between tasks.</summary>
    public long Switches { get; internal set; }

    /// <summary>How often an event had its share of samples and was stopped until the next tick.</summary>
    public long Throttled { get; internal set; }

    /// <summary>How often an NMI asked the PMU for an event that was ACTIVE, and not there yet or any more.</summary>
    public long ReadsUnscheduled { get; internal set; }

    /// <summary>The largest number of counters that one PMU had in use.</summary>
    public int CountersMax { get; internal set; }

    /// <summary>The longest time that a <c>ctx->lock</c> was held since <see cref="StartWindow"/>, in steps of the machine.</summary>
    public long LockHoldMax { get; private set; }

    /// <summary>What the design did; null unless the machine measures that. Calls are noted by who wraps the design.</summary>
    public DesignMeter? Design { get; private set; }

    /// <summary>From now on looks at the events that are opened are counted.</summary>
    public void MeterDesign() => Design = new DesignMeter();

    /// <summary>Largest values begin anew; sums go on.</summary>
    public void StartWindow()
    {
        LockHoldMax = 0;
        Design?.Clear();
    }

    internal void LockHeld(long steps)
    {
        if (steps > LockHoldMax)
        {
            LockHoldMax = steps;
        }
    }
}
