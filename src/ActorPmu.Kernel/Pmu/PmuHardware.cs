using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>One PMU of one CPU: its counters, its driver's bookkeeping, and the truth they are held against.</summary>
/// <remarks>
/// Not safe for use by several threads. After warm-up nothing here allocates but the first sight of an event or a code
/// (test: Nothing_is_allocated_once_warm). A broken contract is noted in <see cref="Warnings"/>, never thrown: it may be the very bug of
/// a design that a run is to show.
/// </remarks>
public sealed class PmuHardware
{
    private readonly IPmuDriver driver;
    private readonly bool isSoftware;
    private readonly bool servesCpu;
    private readonly int cpuIndex;
    private readonly ProgrammedEvents programmed = new();
    private readonly ShadowLedger shadow = new();
    private readonly Dictionary<int, HwEvent> known = [];
    private readonly List<HwEvent> everMade = [];
    private readonly Stack<HwEvent> spare = new();
    private readonly List<PmuWarning> warnings = [];
    private readonly List<EventId> freedInTxn = [];
    private long[] stretch = new long[4];
    private int disableDepth;
    private bool inTxn;
    private int stoppedEvents;

    /// <summary>A PMU on a CPU that it serves, with no events.</summary>
    /// <exception cref="ArgumentException">The profile is not sound; the text is <see cref="PmuProfile.Problem"/>.</exception>
    public PmuHardware(PmuProfile profile)
        : this(profile, profile.Cpus.Count == 0 ? 0 : profile.Cpus[0])
    {
    }

    /// <summary>A PMU with no events.</summary>
    /// <param name="profile">Its counters.</param>
    /// <param name="cpu">Number of the CPU it sits on. Where the profile does not serve it, each add answers ENOENT.</param>
    /// <exception cref="ArgumentException">The profile is not sound; the text is <see cref="PmuProfile.Problem"/>.</exception>
    public PmuHardware(PmuProfile profile, int cpu)
    {
        if (profile.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(profile));
        }

        Profile = profile;
        cpuIndex = cpu;
        servesCpu = profile.Cpus.Count == 0 || profile.Cpus.Contains(cpu);
        isSoftware = profile.Assignment == CounterAssignment.Software;
        driver = profile.Assignment switch
        {
            CounterAssignment.X86Solver => new X86Driver(profile, programmed),
            CounterAssignment.ArmFirstFree => new ArmDriver(profile, programmed),
            _ => new SoftwareDriver(programmed),
        };
    }

    /// <summary>Its counters and rules.</summary>
    public PmuProfile Profile { get; }

    /// <summary>How many counters there are; <see cref="int.MaxValue"/> for a software PMU.</summary>
    public int Capacity => isSoftware ? int.MaxValue : Profile.GeneralCounters + Profile.Fixed.Count;

    /// <summary>How many counters are programmed; a 64-bit event on a pair has two. On x86 an added event has one from the next enable on.</summary>
    public int CountersInUse => programmed.Uses.Count;

    /// <summary>The programmed counters, by index. The same list at each call; good until the next change.</summary>
    public IReadOnlyList<CounterUse> Counters => programmed.Uses;

    /// <summary>How many sampling events have a counter, started or stopped.</summary>
    public int SamplingEvents => programmed.Sampling;

    /// <summary>Broken rules since the last reset, oldest first.</summary>
    public IReadOnlyList<PmuWarning> Warnings => warnings;

    /// <summary>Whether the PMU is on.</summary>
    public bool IsEnabled => disableDepth == 0;

    /// <summary>As new: no events, all shadow counts 0, on.</summary>
    public void Reset()
    {
        driver.Reset();
        programmed.Clear();
        shadow.Reset();
        known.Clear();
        spare.Clear();
        warnings.Clear();
        freedInTxn.Clear();
        disableDepth = 0;
        inTxn = false;
        stoppedEvents = 0;
        HasReloaded = false;
        foreach (var e in everMade)
        {
            spare.Push(e);
        }
    }

    /// <summary>Whether the event is between add and del.</summary>
    public bool Has(EventId id) => Find(id) is { Added: true };

    /// <summary>Gives an event to the PMU, or, in an x86 transaction, to the transaction.</summary>
    /// <returns>Ok; Again when it does not fit; NoEntry when the PMU does not serve this CPU.</returns>
    /// <remarks>
    /// Kernel: <c>pmu->add()</c> with PERF_EF_START. Of an event that was here before only the id is looked at: it is what its first add
    /// said, and its period goes on from where it was.
    /// </remarks>
    public PmuStatus Add(PmuEvent e)
    {
        if (!servesCpu)
        {
            return PmuStatus.NoEntry;
        }

        var hw = Find(e.Id) ?? Know(e);
        if (hw.Added)
        {
            warnings.Add(new PmuWarning(PmuMisuse.AddedTwice, e.Id));
            return PmuStatus.Ok;
        }

        hw.DroppedInTxn = false;
        HasReloaded |= driver.IgnoresFlags;
        return driver.Add(hw);
    }

    /// <summary>Takes an event off the PMU.</summary>
    /// <returns>Occurrences counted since it was added or last read. In an x86 transaction 0: there the cancel takes it off.</returns>
    /// <remarks>Kernel: <c>pmu->del()</c>.</remarks>
    public long Del(EventId id)
    {
        if (Find(id) is not { Added: true } hw)
        {
            warnings.Add(new PmuWarning(PmuMisuse.DeletedWithoutAdd, id));
            return 0;
        }

        if (!driver.Del(hw))
        {
            warnings.Add(new PmuWarning(PmuMisuse.DeletedInForeignTransaction, id));
        }

        if (hw.Added)
        {
            hw.DroppedInTxn = true;
            return 0;
        }

        hw.Overflowed = false;
        if (hw.Stopped)
        {
            LetCount(hw);
        }

        return TakeFolded(hw);
    }

    /// <summary>Lets one event go on on the counter of another, which is off the PMU then. The counter is not touched.</summary>
    /// <param name="from">An event between add and del that only counts.</param>
    /// <param name="to">One that is not, and counts the same.</param>
    /// <returns>Occurrences that <paramref name="from"/> counted since it was added or last read.</returns>
    public long HandOver(EventId from, PmuEvent to)
    {
        var heir = Find(to.Id) ?? Know(to);
        if (Find(from) is not { Added: true, Sampling: false } hw || heir.Added || heir.Sampling || heir.Selector != hw.Selector || heir.Long64 != hw.Long64)
        {
            warnings.Add(new PmuWarning(PmuMisuse.HandedOverWrongly, from));
            return 0;
        }

        Update(hw);
        (heir.Counter, heir.Paired, heir.Order) = (hw.Counter, hw.Paired, hw.Order);
        (heir.Raw, heir.PrevCount, heir.PeriodLeft, heir.LastPeriod) = (hw.Raw, hw.PrevCount, hw.PeriodLeft, hw.LastPeriod);
        (heir.Stopped, heir.Overflowed, heir.Added) = (hw.Stopped, hw.Overflowed, true);
        (hw.Stopped, hw.Overflowed, hw.Added) = (false, false, false);
        if (hw.Programmed)
        {
            programmed.Replace(hw, heir);
        }

        driver.HandOver(hw, heir);
        return TakeFolded(hw);
    }

    /// <summary>Occurrences counted since the event was added or last read.</summary>
    /// <remarks>Kernel: <c>pmu->read()</c>.</remarks>
    public long Read(EventId id)
    {
        if (Find(id) is not { Added: true } hw)
        {
            warnings.Add(new PmuWarning(PmuMisuse.ReadWithoutAdd, id));
            return 0;
        }

        Update(hw);
        return TakeFolded(hw);
    }

    /// <summary>Stops an event: it keeps its counter, which stands still.</summary>
    /// <param name="id">An event between add and del.</param>
    /// <param name="update">Whether the answer is to take along what was counted (PERF_EF_UPDATE). An Arm driver always does.</param>
    /// <param name="delta">Receives the occurrences since the event was added or last read; 0 without an update.</param>
    /// <returns>Ok, also for one that is stopped already; NoEntry for an event that is not here.</returns>
    /// <remarks>Kernel: <c>pmu->stop()</c>, that is <c>x86_pmu_stop()</c> and <c>armpmu_stop()</c>, v5.3.</remarks>
    public PmuStatus Stop(EventId id, bool update, out long delta)
    {
        delta = 0;
        if (Find(id) is not { Added: true } hw)
        {
            warnings.Add(new PmuWarning(PmuMisuse.StoppedWithoutAdd, id));
            return PmuStatus.NoEntry;
        }

        // What has no counter yet (x86, until the PMU goes on) is stopped anyhow, and starts with the rest.
        if (hw.Programmed && !hw.Stopped)
        {
            hw.Stopped = true;
            stoppedEvents++;
        }

        if (update || driver.IgnoresFlags)
        {
            Update(hw);
            delta = TakeFolded(hw);
        }

        return PmuStatus.Ok;
    }

    /// <summary>Starts a stopped event on the counter that it kept.</summary>
    /// <param name="id">An event between add and del.</param>
    /// <param name="reload">
    /// Whether the counter is loaded with what is left of the period (PERF_EF_RELOAD); else it goes on from its value. An Arm driver always loads it.
    /// </param>
    /// <returns>Ok; NoEntry for an event that is not here.</returns>
    /// <remarks>Kernel: <c>pmu->start()</c>, that is <c>x86_pmu_start()</c> and <c>armpmu_start()</c>, v5.3.</remarks>
    public PmuStatus Start(EventId id, bool reload)
    {
        if (Find(id) is not { Added: true } hw)
        {
            warnings.Add(new PmuWarning(PmuMisuse.StartedWithoutAdd, id));
            return PmuStatus.NoEntry;
        }

        if (!hw.Stopped)
        {
            if (hw.Programmed)
            {
                warnings.Add(new PmuWarning(PmuMisuse.StartedWhileCounting, id));
            }

            return PmuStatus.Ok;
        }

        if (reload || driver.IgnoresFlags)
        {
            // A period that is loaded anew has not ended: the interrupt of the one before finds nothing to do.
            hw.Overflowed = false;
            driver.Reload(hw);
        }

        hw.Reloaded = true;
        HasReloaded = true;
        LetCount(hw);
        return PmuStatus.Ok;
    }

    /// <summary>Whether the event keeps a counter that stands still.</summary>
    public bool IsStopped(EventId id) => stoppedEvents > 0 && Find(id) is { Stopped: true };

    /// <summary>Whether the event counts and its period has ended since the last look, which this is.</summary>
    /// <remarks>Kernel: what the interrupt handlers find in <c>active_mask</c> and the overflow status before they do anything.</remarks>
    public bool TakeOverflow(EventId id)
    {
        if (Find(id) is not { Overflowed: true, Added: true, Stopped: false } hw)
        {
            return false;
        }

        hw.Overflowed = false;
        return true;
    }

    /// <summary>Starts a transaction of adds; the PMU is disabled until its end. Kernel: <c>pmu->start_txn(PERF_PMU_TXN_ADD)</c>.</summary>
    public void StartTxn()
    {
        Promise(!inTxn, "a transaction starts only when none is open");
        inTxn = true;
        Disable();
        driver.StartTxn();
    }

    /// <summary>Ends the transaction if all its events fit.</summary>
    /// <returns>Ok; or Again, when it stays open for <see cref="CancelTxn"/>.</returns>
    /// <remarks>Kernel: <c>pmu->commit_txn()</c>.</remarks>
    public PmuStatus CommitTxn()
    {
        Promise(inTxn, "only an open transaction is committed");
        var status = driver.CommitTxn();
        if (status == PmuStatus.Ok)
        {
            inTxn = false;
            Enable();
        }

        return status;
    }

    /// <summary>Ends the transaction. x86 drops the events added in it; on Arm the caller has deleted them. Kernel: <c>pmu->cancel_txn()</c>.</summary>
    public void CancelTxn()
    {
        Promise(inTxn, "only an open transaction is cancelled");
        driver.CancelTxn();
        inTxn = false;
        Enable();
        foreach (var id in freedInTxn)
        {
            Forget(id);
        }

        freedInTxn.Clear();
    }

    /// <summary>Stops all counting (a software PMU counts on), until as many calls of <see cref="Enable"/>. Kernel: <c>perf_pmu_disable()</c>.</summary>
    public void Disable() => disableDepth++;

    /// <summary>Takes one <see cref="Disable"/> back; after the last one the PMU is on. Kernel: <c>perf_pmu_enable()</c>.</summary>
    public void Enable()
    {
        Promise(disableDepth > 0, "the PMU is enabled as often as it was disabled");
        if (--disableDepth == 0)
        {
            driver.Enable();
            HasReloaded = true;
        }
    }

    /// <summary>Where the next overflow would stop this stretch of work.</summary>
    /// <returns>The place right after the occurrence that overflows; <paramref name="to"/> when there is none before it.</returns>
    /// <remarks>With several PMUs on a CPU: ask all, and retire on each up to the earliest.</remarks>
    public WorkPosition NextOverflow(in Work work, Privilege mode, WorkPosition from, WorkPosition to)
    {
        if (!IsCounting)
        {
            return to;
        }

        var stop = to;
        foreach (var e in programmed.All)
        {
            if (e.Sampling && e.CountsIn(mode))
            {
                stop = work.After(e.Selector.Code, isSoftware ? SwCounter.ToOverflow(e) : HwCounter.ToOverflow(e), from, stop);
            }
        }

        return stop;
    }

    /// <summary>Executes work up to its end or the first overflow.</summary>
    /// <param name="work">What a unit does.</param>
    /// <param name="mode">Where it runs; not None.</param>
    /// <param name="from">What was done before: the result of the last call, or default.</param>
    /// <param name="to">Where it ends at the latest; not before <paramref name="from"/>.</param>
    /// <param name="overflowed">
    /// Receives, after what it holds, the events that overflowed, in the order of the interrupt handler. They have begun their next period,
    /// and count on; perf core reads them.
    /// </param>
    /// <returns>How far it went: <paramref name="to"/>, or right after the occurrence that overflowed.</returns>
    public WorkPosition Retire(in Work work, Privilege mode, WorkPosition from, WorkPosition to, List<EventId> overflowed)
    {
        Promise(mode != Privilege.None, "work runs in some mode");
        Promise(from <= to, "work does not run backwards");
        var stop = NextOverflow(work, mode, from, to);
        Measure(work, from, stop);
        CountOnCounters(mode, overflowed);
        MoveToShadow(work, mode);
        return stop;
    }

    /// <summary>Whether these events could all count at once if the PMU had no others.</summary>
    /// <param name="group">The leader and those siblings that are not off.</param>
    /// <returns>Ok or Invalid (EINVAL).</returns>
    /// <remarks>Kernel: <c>validate_group()</c> of both drivers.</remarks>
    public PmuStatus ValidateGroup(ReadOnlySpan<PmuEvent> group) => driver.Fits(group) ? PmuStatus.Ok : PmuStatus.Invalid;

    /// <summary>Whether a group could be added beside what is on the PMU. Nothing is changed.</summary>
    /// <param name="group">Events that are not on it.</param>
    /// <returns>True when all of them would get a counter.</returns>
    public bool HasRoomFor(ReadOnlySpan<PmuEvent> group) => servesCpu && driver.HasRoomFor(group);

    /// <summary>Gives an event another period. Does nothing to an event that was never here: its first add brings the period.</summary>
    /// <param name="id">A sampling event.</param>
    /// <param name="period">Occurrences from one overflow to the next, 1 to 2^63 - 1. In force from the next period on.</param>
    /// <param name="restart">Whether nothing is left of the period under way: the next load of the counter begins one.</param>
    /// <remarks>Kernel: writes to <c>hwc->sample_period</c> and <c>hwc->period_left</c>. Who wants the counter loaded stops and starts the event.</remarks>
    public void SetPeriod(EventId id, ulong period, bool restart)
    {
        Promise(period is > 0 and <= long.MaxValue, "a period is 1 to 2^63 - 1");
        if (Find(id) is not { } hw)
        {
            return;
        }

        Promise(hw.Sampling, "only a sampling event has a period");
        hw.SamplePeriod = period;
        hw.PeriodLeft = restart ? 0 : hw.PeriodLeft;
    }

    /// <summary>What an event leaves behind for its next add, here or, through <see cref="Adopt"/>, on another CPU. Null when it was never here.</summary>
    public HwEventState? StateOf(EventId id)
    {
        if (Find(id) is not { } hw)
        {
            return null;
        }

        var unread = hw.Programmed && !isSoftware ? (long)((hw.Raw - hw.PrevCount) & hw.Mask) : 0;
        return new HwEventState(hw.SamplePeriod, hw.PeriodLeft - unread, hw.LastPeriod, hw.Counter);
    }

    /// <summary>Makes an event known with a state from another CPU's PMU of the same kind, before it is added here.</summary>
    public void Adopt(PmuEvent e, HwEventState state)
    {
        var hw = Find(e.Id) ?? Know(e);
        Promise(!hw.Added, "an event comes from another CPU before it is added here");
        hw.SamplePeriod = state.SamplePeriod;
        hw.PeriodLeft = state.PeriodLeft;
        hw.LastPeriod = state.LastPeriod;
        hw.Counter = state.Counter;
    }

    /// <summary>Makes the counter that one event had last the one that another event had last, for the fast path of the next add.</summary>
    /// <param name="from">An event that has been added before.</param>
    /// <param name="to">An event that is not added.</param>
    /// <remarks>Kernel: <c>x86_copy_hw_config()</c>, Song Liu, [PATCH v10], 23 Jan 2020. Nothing on PMUs other than x86.</remarks>
    public void CopyHwConfig(EventId from, PmuEvent to)
    {
        if (servesCpu && driver is X86Driver && Find(from) is { } old && (Find(to.Id) ?? Know(to)) is { Added: false } hw)
        {
            hw.Counter = old.Counter;
        }
    }

    /// <summary>The event is freed. Nothing happens when it was never here.</summary>
    public void Forget(EventId id)
    {
        if (Find(id) is not { } hw)
        {
            return;
        }

        // Freed elsewhere after its del, and the news has overtaken the end of the transaction that takes it off.
        if (hw is { Added: true, DroppedInTxn: true } && inTxn)
        {
            freedInTxn.Add(id);
            return;
        }

        if (hw.Added)
        {
            warnings.Add(new PmuWarning(PmuMisuse.ForgottenWhileAdded, id));
            return;
        }

        known.Remove(id.Value);
        spare.Push(hw);
    }

    /// <summary>How often a code occurred on this CPU in exactly this mode, counted or not.</summary>
    public ulong ShadowCount(uint code, Privilege mode) => shadow.Count(code, mode);

    /// <summary>How many occurrences an event with this selector should have seen on this CPU since the start.</summary>
    public long ShadowTotal(HwSelector s)
    {
        // Any processor may hold a count against the truth.
        Footprint?.Read(Books.OfPmus(cpuIndex));
        return shadow.Total(s);
    }

    internal Footprint? Footprint { get; init; }

    /// <summary>What happened, as it goes to other nodes.</summary>
    internal ShadowLedger Shadow => shadow;

    /// <summary>What the driver keeps for an event that a page of user space shows.</summary>
    internal CounterView ViewOf(EventId id)
    {
        Footprint?.Read(Books.OfPmus(cpuIndex));
        return Find(id) is { Programmed: true } hw
            ? new CounterView(driver is X86Driver && !hw.Stopped ? hw.Counter + 1 : 0, SignedIn(hw, hw.PrevCount), hw.Folded)
            : default;
    }

    /// <summary>The value of a counter as a signed number (<c>rdpmc</c>, sign-extended by user space); 0 for one that nobody uses.</summary>
    internal long ReadCounter(int counter)
    {
        foreach (var e in programmed.All)
        {
            if (e.Counter == counter)
            {
                return SignedIn(e, e.Raw);
            }
        }

        return 0;
    }

    /// <summary>Whether a counter has been loaded or started since <see cref="TakeReloaded"/>.</summary>
    internal bool HasReloaded { get; private set; }

    /// <summary>Adds the events whose counters have been loaded or started.</summary>
    internal void TakeReloaded(List<EventId> into)
    {
        HasReloaded = false;
        foreach (var e in programmed.All)
        {
            if (e.Reloaded)
            {
                e.Reloaded = false;
                into.Add(e.Id);
            }
        }
    }

    private static long SignedIn(HwEvent e, ulong value) => (value & (e.Mask ^ (e.Mask >> 1))) != 0 ? (long)(value | ~e.Mask) : (long)value;

    private bool IsCounting => disableDepth == 0 || !driver.StopsWhenDisabled;

    private void LetCount(HwEvent hw)
    {
        hw.Stopped = false;
        stoppedEvents--;
    }

    private HwEvent? Find(EventId id) => known.TryGetValue(id.Value, out var hw) ? hw : null;

    private HwEvent Know(PmuEvent e)
    {
        Promise(e.SamplePeriod <= long.MaxValue, "a period is below 2^63");
        if (!spare.TryPop(out var hw))
        {
            hw = new HwEvent();
            everMade.Add(hw);
        }

        hw.Id = e.Id;
        hw.Selector = e.Selector;
        hw.Long64 = e.Long64;
        hw.CodeIndex = IndexOf(e.Selector.Code);
        hw.Sampling = e.SamplePeriod != 0;
        hw.SamplePeriod = e.SamplePeriod;
        hw.PeriodMin = Profile.PeriodMin;
        hw.Added = false;
        hw.Programmed = false;
        hw.Stopped = false;
        hw.Overflowed = false;
        hw.Reloaded = false;
        hw.Counter = -1;
        hw.Paired = false;
        hw.Folded = 0;
        driver.Init(hw, counting: !hw.Sampling);
        hw.PeriodLeft = (long)hw.SamplePeriod;
        hw.LastPeriod = hw.SamplePeriod;
        known.Add(e.Id.Value, hw);
        return hw;
    }

    private void Update(HwEvent hw)
    {
        if (hw.Programmed && !isSoftware)
        {
            HwCounter.Update(hw);
        }
    }

    private static long TakeFolded(HwEvent hw)
    {
        var folded = hw.Folded;
        hw.Folded = 0;
        return folded;
    }

    private int IndexOf(uint code)
    {
        var index = shadow.IndexOf(code);
        if (index >= stretch.Length)
        {
            Array.Resize(ref stretch, 2 * stretch.Length);
        }

        return index;
    }

    /// <summary>Sets, for each code of the work, how often it occurs between two places.</summary>
    private void Measure(in Work work, WorkPosition from, WorkPosition to)
    {
        var steps = work.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var perUnit = steps[i].PerUnit;
            var occurrences = checked((to.UnitsDone - from.UnitsDone) * perUnit) + to.DoneOf(i, perUnit) - from.DoneOf(i, perUnit);

            // First the index: a code seen for the first time may replace the array.
            var index = IndexOf(steps[i].Code);
            stretch[index] += occurrences;
        }
    }

    private void CountOnCounters(Privilege mode, List<EventId> overflowed)
    {
        if (!IsCounting)
        {
            return;
        }

        foreach (var e in programmed.All)
        {
            if (stretch[e.CodeIndex] == 0 || !e.CountsIn(mode))
            {
                continue;
            }

            var occurrences = (ulong)stretch[e.CodeIndex];
            var overflows = isSoftware ? SwCounter.Count(e, occurrences) : HwCounter.Count(e, occurrences);
            e.Overflowed |= overflows > 0;
            HasReloaded |= e.Reloaded;
            for (; overflows > 0; overflows--)
            {
                overflowed.Add(e.Id);
            }
        }
    }

    private void MoveToShadow(in Work work, Privilege mode)
    {
        foreach (var step in work.Steps)
        {
            var index = shadow.IndexOf(step.Code);
            shadow.Add(index, mode, (ulong)stretch[index]);
            stretch[index] = 0;
        }
    }

    private static void Promise(bool kept, string what)
    {
        if (!kept)
        {
            throw new InvalidOperationException($"broken promise: {what}");
        }
    }
}
