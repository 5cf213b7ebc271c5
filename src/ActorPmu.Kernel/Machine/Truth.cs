namespace ActorPmu.Kernel;

/// <summary>What an event should have counted: the shadow's delta over the time in which it was active.</summary>
/// <remarks>
/// Kept by perf core where it changes the state, read from the PMU's shadow counts, or for a software event from the scheduler's book
/// (<see cref="Cpu.Happened"/>); no design can reach it.
/// <see cref="SyncedTotal"/> is the truth at the last moment at which the kernel folded the counter into the count: a reset
/// clears the count as of then.
/// </remarks>
internal sealed class EventTruth
{
    private long _total;
    private long _startedAt;
    private PmuHardware? _on;
    private HwSelector _selector;
    private Cpu? _book;
    private SoftwareEvent _what;

    /// <summary>Occurrences at the last fold.</summary>
    public long SyncedTotal { get; private set; }

    /// <summary>What a reset took away.</summary>
    public long Base { get; private set; }

    /// <summary>Truth of exited children.</summary>
    public long Children { get; set; }

    /// <summary>The event's number among those counted in a recorded run, or −1.</summary>
    public int Selector { get; set; } = -1;

    /// <summary>Occurrences while it was enabled, on a counter or not, up to the last update of its times.</summary>
    public long WhileEnabled { get; set; }

    /// <summary>The same of exited children.</summary>
    public long ChildrenWhileEnabled { get; set; }

    /// <summary>The occurrence clock at the last update of its times.</summary>
    public long EnabledStamp { get; set; }

    /// <summary>Whether its users want it to count: what they asked for last. perf core's state may say something else.</summary>
    public bool Wanted { get; set; } = true;

    /// <summary>Pinned, and found no counter: off until somebody enables it again, whatever is wanted.</summary>
    public bool Failed { get; set; }

    /// <summary>Somebody is about to enable it in spite of that.</summary>
    public bool Retries { get; set; }

    /// <summary>Overflows that PERF_EVENT_IOC_REFRESH still allows; 0 for any number.</summary>
    public int Allowed { get; set; }

    /// <summary>The last allowed overflow has been, and nobody has enabled it since.</summary>
    public bool IsUsedUp { get; set; }

    /// <summary>An exec has enabled it.</summary>
    public bool IsEnabledByExec { get; set; }

    /// <summary>In which tick of its processor it was stopped.</summary>
    public long PausedInTick { get; set; }

    /// <summary>Whether it is in a context.</summary>
    public bool IsAttached { get; set; }

    /// <summary>Of the time enabled, what nobody promises: a task was on its way into the event's cgroup or out of it, ns.</summary>
    public long MovingNs { get; set; }

    /// <summary>The clock of that when the time enabled was brought up to date, ns.</summary>
    public long MovingAtNs { get; set; }

    /// <summary>Time enabled up to <see cref="EnabledAtNs"/>, ns.</summary>
    public long EnabledNs { get; set; }

    /// <summary>Time beside that in which it was enabled, and its leader on its way from one context to another, ns.</summary>
    public long MayBeEnabledNs { get; set; }

    /// <summary>The true time of its context when the time enabled was brought up to date, ns.</summary>
    public long EnabledAtNs { get; set; }

    /// <summary>Times of exited children.</summary>
    public TrueTimes ChildrensTimes { get; set; }

    /// <summary>Time on the PMU, ns.</summary>
    public long RunningNs { get; private set; }

    /// <summary>The largest value that a read returned since the last reset.</summary>
    public long Seen { get; set; } = long.MinValue;

    /// <summary>Time enabled when it was last looked at, ns.</summary>
    public long SeenEnabledNs { get; set; }

    /// <summary>Time on the PMU, as perf core keeps it, when it was last looked at, ns.</summary>
    public long SeenRunningNs { get; set; }

    /// <summary>Whether it is on the PMU.</summary>
    public bool IsActive => _on is not null || _book is not null;

    /// <summary>Whether perf core has stopped it on the PMU: ACTIVE, and not counting.</summary>
    public bool IsPaused { get; private set; }

    private long _runSinceNs;
    private bool _clockRuns;

    public void Start(PmuHardware hardware, HwSelector selector)
    {
        _on = hardware;
        _selector = selector;
        IsPaused = false;
        _startedAt = hardware.ShadowTotal(selector);
    }

    /// <summary>The same for a software event.</summary>
    /// <param name="book">The processor where it is.</param>
    /// <param name="what">What it counts there.</param>
    public void Start(Cpu book, SoftwareEvent what)
    {
        (_book, _what) = (book, what);
        IsPaused = false;
        _startedAt = book.Happened(what);
    }

    public void Stop()
    {
        _total = Now();
        (_on, _book) = (null, null);
        IsPaused = false;
        SyncedTotal = _total;
    }

    /// <summary>It has been stopped on the PMU: what happens from here on is not its to count.</summary>
    public void Pause()
    {
        _total = Now();
        IsPaused = true;
    }

    /// <summary>It has been started again.</summary>
    public void Resume()
    {
        _startedAt = Happened() ?? 0;
        IsPaused = false;
    }

    /// <summary>What a counter had is gone with its processor: the truth has gone back once.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Occurrences since the last fold.</summary>
    public long Unfolded => Now() - SyncedTotal;

    /// <summary>The processor is gone with what its counter had counted since the last fold.</summary>
    /// <param name="occurrences">That; who shares the counter may have begun later than this.</param>
    public void Lose(long occurrences)
    {
        if (_on is not null)
        {
            IsLost = true;
            _total = Math.Max(SyncedTotal, Now() - occurrences);
            _startedAt = _on.ShadowTotal(_selector);
        }
    }

    public void StartClock(long nowNs)
    {
        _runSinceNs = nowNs;
        _clockRuns = true;
    }

    public void StopClock(long nowNs)
    {
        RunningNs = RunningAt(nowNs);
        _clockRuns = false;
    }

    public long RunningAt(long nowNs) => RunningNs + (_clockRuns ? nowNs - _runSinceNs : 0);

    /// <summary>Takes perf core's word for the time on the PMU: there are rules of its own that stop it.</summary>
    public void AgreeOnRunning(long runningNs, long nowNs) => (RunningNs, _runSinceNs) = (runningNs, nowNs);

    /// <summary>Occurrences until now, without what a reset took away.</summary>
    public long Now() => IsPaused || Happened() is not { } happened ? _total : _total + happened - _startedAt;

    /// <summary>What may have been counted already of a switch that is under way.</summary>
    public long MoreWhileArriving => _what == SoftwareEvent.CpuMigrations ? _book?.Arriving ?? 0 : 0;

    private long? Happened() => _on?.ShadowTotal(_selector) ?? _book?.Happened(_what);

    public void Synced() => SyncedTotal = Now();

    /// <summary>How often it was reset.</summary>
    public int Resets { get; private set; }

    /// <summary>Stored with each reset: whose view has it knows of the reset.</summary>
    public Published<int> ResetMark { get; } = new("resets", 0);

    /// <summary>What it had counted when it was last reset: a read that is under way may return as much.</summary>
    public long BeforeReset { get; private set; }

    /// <summary>The count has become 0.</summary>
    /// <param name="count">
    /// What it was: so much is taken away. Who shares the counter, or an NMI, may have read it since the reset's own read; what nobody has read
    /// is still to come.
    /// </param>
    public void Reset(long count)
    {
        Resets++;
        BeforeReset = ExpectedNow;
        SyncedTotal = Math.Clamp(Base + count, SyncedTotal, Math.Max(SyncedTotal, Now()));
        Base = SyncedTotal;
        Seen = long.MinValue;
    }

    /// <summary>What the count must be after a fold.</summary>
    public long Expected => SyncedTotal - Base;

    /// <summary>What the count may be at most now.</summary>
    public long ExpectedNow => Now() - Base;

    /// <summary>Two events change places (<c>__perf_event_sync_stat()</c> swaps their counts).</summary>
    /// <param name="nowNs">The processor's clock: the running one goes on from here with the other's time.</param>
    public static void Swap(EventTruth a, EventTruth b, long nowNs)
    {
        (a.RunningNs, b.RunningNs) = (b.RunningAt(nowNs), a.RunningAt(nowNs));
        (a._runSinceNs, b._runSinceNs) = (nowNs, nowNs);
        (a.EnabledNs, b.EnabledNs) = (b.EnabledNs, a.EnabledNs);
        (a.MayBeEnabledNs, b.MayBeEnabledNs) = (b.MayBeEnabledNs, a.MayBeEnabledNs);
        (a.SeenEnabledNs, b.SeenEnabledNs) = (b.SeenEnabledNs, a.SeenEnabledNs);
        (a.SeenRunningNs, b.SeenRunningNs) = (b.SeenRunningNs, a.SeenRunningNs);
        a.Synced();
        b.Synced();
        (long av, long bv) = (a.Expected, b.Expected);
        a.Base = a.SyncedTotal - bv;
        b.Base = b.SyncedTotal - av;
        (a.Seen, b.Seen) = (b.Seen, a.Seen);
        (a.WhileEnabled, b.WhileEnabled) = (b.WhileEnabled, a.WhileEnabled);
    }
}

/// <summary>Times that a reader may be told, ns.</summary>
/// <param name="EnabledAtLeast">Time enabled.</param>
/// <param name="EnabledAtMost">The same, with the time in which its group was on its way from one context to another.</param>
/// <param name="Running">Time on the PMU.</param>
internal readonly record struct TrueTimes(long EnabledAtLeast, long EnabledAtMost, long Running)
{
    public static TrueTimes operator +(TrueTimes a, TrueTimes b) =>
        new(a.EnabledAtLeast + b.EnabledAtLeast, a.EnabledAtMost + b.EnabledAtMost, a.Running + b.Running);
}
