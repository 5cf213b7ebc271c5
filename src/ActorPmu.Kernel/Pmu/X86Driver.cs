namespace ActorPmu.Kernel;

/// <summary>The x86 driver: events are collected, placed together, and programmed when the PMU goes on.</summary>
/// <remarks>Kernel: arch/x86/events/core.c, v5.3; the fields are those of <c>struct cpu_hw_events</c>.</remarks>
internal sealed class X86Driver : IPmuDriver
{
    private readonly ProgrammedEvents programmed;
    private readonly PmuProfile profile;
    private readonly EventConstraint[] constraints;
    private readonly EventConstraint unconstrained;
    private readonly X86Scheduler scheduler;
    private readonly int eventsMax;

    private readonly HwEvent[] eventList;
    private readonly EventConstraint[] eventConstraints;
    private readonly int[] assign;
    private readonly int[] newAssign;
    private int nEvents;
    private int nTxn;
    private bool inTxn;
    private bool somePending;

    public X86Driver(PmuProfile profile, ProgrammedEvents programmed)
    {
        this.profile = profile;
        this.programmed = programmed;
        eventsMax = profile.GeneralCounters + profile.Fixed.Count;
        eventList = new HwEvent[eventsMax];
        eventConstraints = new EventConstraint[eventsMax];
        assign = new int[eventsMax];
        newAssign = new int[eventsMax];
        scheduler = new X86Scheduler(profile.GeneralCounters);
        unconstrained = new EventConstraint(0, uint.MaxValue, 0, profile.GeneralMask, Overlap: false);
        constraints = new EventConstraint[profile.Fixed.Count + profile.Constraints.Count];
        for (var i = 0; i < constraints.Length; i++)
        {
            constraints[i] = i < profile.Fixed.Count
                ? OnFixed(profile.Fixed[i], i)
                : OnExistingCounters(profile.Constraints[i - profile.Fixed.Count]);
        }
    }

    public bool StopsWhenDisabled => true;

    public void Init(HwEvent e, bool counting)
    {
        e.Mask = ulong.MaxValue >> (64 - profile.WidthBits);
        e.PeriodMax = (long)(e.Mask >> 1);
        e.SamplePeriod = counting ? (ulong)e.PeriodMax : e.SamplePeriod;
        e.Constraint = ConstraintOn(e.Selector.Code);
    }

    /// <remarks>Kernel: <c>x86_pmu_add()</c>.</remarks>
    public PmuStatus Add(HwEvent e)
    {
        if (nEvents == eventsMax)
        {
            return PmuStatus.Again;
        }

        eventList[nEvents] = e;
        if (!inTxn && !Schedule(nEvents + 1))
        {
            return PmuStatus.Again;
        }

        nEvents++;
        nTxn++;
        e.Added = true;
        somePending = true;
        return PmuStatus.Ok;
    }

    /// <remarks>Kernel: <c>x86_pmu_del()</c>. Inside a transaction CancelTxn() does the work.</remarks>
    public bool Del(HwEvent e)
    {
        var place = Array.IndexOf(eventList, e, 0, nEvents);
        if (inTxn)
        {
            return place >= nEvents - nTxn;
        }

        if (e.Programmed)
        {
            HwCounter.Update(e);
            programmed.Remove(e);
        }

        // assign[] moves with the list. In v5.3 it does not, and the next enable could use another event's counter; that was mended later.
        nEvents--;
        Array.Copy(eventList, place + 1, eventList, place, nEvents - place);
        Array.Copy(assign, place + 1, assign, place, nEvents - place);
        e.Added = false;
        return true;
    }

    /// <remarks>Its index stays with the one that leaves, as after <c>x86_pmu_del()</c>.</remarks>
    public void HandOver(HwEvent from, HwEvent to) => eventList[Array.IndexOf(eventList, from, 0, nEvents)] = to;

    public void Reload(HwEvent e) => HwCounter.SetPeriod(e);

    public bool IgnoresFlags => false;

    /// <remarks>Kernel: <c>x86_pmu_start_txn()</c>.</remarks>
    public void StartTxn()
    {
        inTxn = true;
        nTxn = 0;
    }

    /// <remarks>Kernel: <c>x86_pmu_commit_txn()</c>. After a failure the transaction is still open: CancelTxn() ends it.</remarks>
    public PmuStatus CommitTxn()
    {
        if (!Schedule(nEvents))
        {
            return PmuStatus.Again;
        }

        inTxn = false;
        return PmuStatus.Ok;
    }

    /// <remarks>Kernel: <c>x86_pmu_cancel_txn()</c>.</remarks>
    public void CancelTxn()
    {
        inTxn = false;
        for (; nTxn > 0; nTxn--)
        {
            eventList[--nEvents].Added = false;
        }
    }

    /// <remarks>
    /// Kernel: <c>x86_pmu_enable()</c>. Events that move are stopped before any is started, since one may wait for another's counter. One that
    /// was stopped before stays so (<c>PERF_HES_ARCH</c>), and its value moves with it. In v5.3 it does not: a start without
    /// PERF_EF_RELOAD goes on from what the new counter happens to hold.
    /// </remarks>
    public void Enable()
    {
        if (!somePending)
        {
            return;
        }

        for (var i = 0; i < nEvents; i++)
        {
            var e = eventList[i];
            if (e.Programmed && e.Counter != assign[i])
            {
                HwCounter.Update(e);
                programmed.Remove(e);
            }
        }

        for (var i = 0; i < nEvents; i++)
        {
            var e = eventList[i];
            if (!e.Programmed)
            {
                e.Counter = assign[i];
                e.Order = assign[i];
                if (!e.Stopped)
                {
                    HwCounter.SetPeriod(e);
                }

                programmed.Add(e);
            }
        }

        somePending = false;
    }

    /// <remarks>Kernel: <c>validate_group()</c>, with its empty <c>fake_cpuc</c>.</remarks>
    public bool Fits(ReadOnlySpan<PmuEvent> group) => HasRoom(0, group);

    public bool HasRoomFor(ReadOnlySpan<PmuEvent> group) => HasRoom(nEvents, group);

    private bool HasRoom(int n, ReadOnlySpan<PmuEvent> group)
    {
        if (n + group.Length > eventsMax)
        {
            return false;
        }

        for (var i = 0; i < n + group.Length; i++)
        {
            eventConstraints[i] = i < n ? eventList[i].Constraint! : ConstraintOn(group[i - n].Selector.Code);
        }

        return scheduler.AssignEvents(eventConstraints.AsSpan(0, n + group.Length), newAssign);
    }

    public void Reset()
    {
        Array.Clear(eventList);
        nEvents = 0;
        nTxn = 0;
        inTxn = false;
        somePending = false;
    }

    /// <summary>Places the first n events of the list; on success that is the assignment from the next enable on.</summary>
    /// <remarks>Kernel: <c>x86_schedule_events()</c>.</remarks>
    private bool Schedule(int n)
    {
        if (!KeepsCounters(n))
        {
            for (var i = 0; i < n; i++)
            {
                eventConstraints[i] = eventList[i].Constraint!;
            }

            if (!scheduler.AssignEvents(eventConstraints.AsSpan(0, n), newAssign))
            {
                return false;
            }
        }

        newAssign.AsSpan(0, n).CopyTo(assign);
        return true;
    }

    /// <summary>The fast path: whether each event can have the counter that it had last.</summary>
    private bool KeepsCounters(int n)
    {
        ulong used = 0;
        for (var i = 0; i < n; i++)
        {
            var counter = eventList[i].Counter;
            if (counter < 0 || (eventList[i].Constraint!.Counters >> counter & 1) == 0 || (used >> counter & 1) != 0)
            {
                return false;
            }

            used |= 1UL << counter;
            newAssign[i] = counter;
        }

        return true;
    }

    private EventConstraint ConstraintOn(uint code)
    {
        foreach (var constraint in constraints)
        {
            if (constraint.Matches(code))
            {
                return constraint;
            }
        }

        return unconstrained;
    }

    private EventConstraint OnFixed(FixedCounter counter, int number)
    {
        var counters = 1UL << (FixedCounter.FirstIndex + number) | (counter.GeneralToo ? profile.GeneralMask : 0);
        return new EventConstraint(counter.Code, counter.Code, EventConstraint.RawEvent, counters, Overlap: false);
    }

    private EventConstraint OnExistingCounters(EventConstraint constraint)
    {
        var existing = profile.GeneralMask | ((1UL << profile.Fixed.Count) - 1) << FixedCounter.FirstIndex;
        return (constraint.Counters & ~existing) == 0 ? constraint : constraint with { Counters = constraint.Counters & existing };
    }
}
