using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>The state of an event (<c>enum perf_event_state</c>).</summary>
public enum EventState : sbyte
{
    /// <summary>Its file is closed.</summary>
    Dead = -4,

    /// <summary>Its task is gone.</summary>
    Exit = -3,

    /// <summary>Pinned, and did not get a counter.</summary>
    Error = -2,

    /// <summary>Disabled.</summary>
    Off = -1,

    /// <summary>Enabled, and not on the PMU.</summary>
    Inactive = 0,

    /// <summary>Owns a counter for others without counting itself. Only designs after v6 have it (v7, 15 Nov 2019).</summary>
    Enabled = 1,

    /// <summary>On the PMU, counting.</summary>
    Active = 2,
}

/// <summary>Where an event hangs (<c>PERF_ATTACH_*</c>).</summary>
[Flags]
public enum AttachState : byte
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>On a context's lists.</summary>
    Context = 1,

    /// <summary>In a group.</summary>
    Group = 2,

    /// <summary>On a task.</summary>
    Task = 4,
}

/// <summary>A kind of PMU: what <c>struct pmu</c> says of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Which of the processor's PMU actors it is; −1 for software.</param>
/// <param name="Kind">0 for the hardware contexts, 1 for the software contexts (<c>task_ctx_nr</c>).</param>
/// <param name="Profile">Its counters; null for software.</param>
public sealed record PmuType(string Name, int Index, int Kind, PmuProfile? Profile)
{
    /// <summary>Index of the hardware contexts (<c>perf_hw_context</c>).</summary>
    public const int HardwareKind = 0;

    /// <summary>Index of the software contexts (<c>perf_sw_context</c>).</summary>
    public const int SoftwareKind = 1;

    /// <summary>Whether its events take no hardware counter.</summary>
    public bool IsSoftware => Profile is null;

    /// <summary>Whether the PMU is there on a processor (<c>supported_cpus</c>).</summary>
    /// <param name="cpu">The processor.</param>
    public bool IsOn(int cpu)
    {
        if (Profile is null || Profile.Cpus.Count == 0)
        {
            return true;
        }

        for (int i = 0; i < Profile.Cpus.Count; i++)
        {
            if (Profile.Cpus[i] == cpu)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>struct perf_event</c>.</summary>
/// <remarks>Owned by its context's lock, but for what the kernel reads without it: <see cref="State"/>, <see cref="OnCpu"/>, counts, times.</remarks>
public sealed class PerfEvent(EventId id, string name, PerfEventAttr attr, PmuType pmu, int cpu)
{
    private readonly Published<EventState> _state = new("state", EventState.Inactive, name);
    private readonly Published<int> _onCpu = new("oncpu", -1, name);
    private readonly Published<PerfContext?> _ctx = new("ctx", null, name);
    private readonly Published<long> _count = new("count", 0, name);
    private PerfEventAttr _attr = attr;
    private object? _designData;

    /// <summary>Its id, unique in a run.</summary>
    public EventId Id { get; } = id;

    /// <summary>The name that its opener gave the descriptor.</summary>
    public string Name { get; } = name;

    /// <summary>What was asked for.</summary>
    public PerfEventAttr Attr
    {
        get
        {
            Meter?.Look();
            return Seeing(_attr);
        }

        internal set => _attr = Changing(value);
    }

    /// <summary>Its PMU.</summary>
    public PmuType Pmu { get; } = pmu;

    /// <summary>The processor that it is bound to, or −1.</summary>
    public int Cpu { get => Seeing(field); internal set => field = Changing(value); } = cpu;

    /// <summary>The task that it follows, or null for a processor's event.</summary>
    public TaskStruct? Target { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The cgroup that it is limited to, or null.</summary>
    public Cgroup? Cgrp { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>State.</summary>
    public EventState State
    {
        get => Seeing(_state.Value);
        internal set => _state.Value = Changing(value);
    }

    /// <summary>Where <see cref="State"/> lies, for those who read it without the lock.</summary>
    public Published<EventState> StateField => Changing(_state);

    /// <summary>The processor on whose PMU it is, or −1.</summary>
    public int OnCpu
    {
        get => Seeing(_onCpu.Value);
        internal set => _onCpu.Value = Changing(value);
    }

    /// <summary>Where <see cref="OnCpu"/> lies, for those who read it without the lock.</summary>
    public Published<int> OnCpuField => Changing(_onCpu);

    /// <summary>Its context, or null before the install.</summary>
    public PerfContext? Ctx
    {
        get => Seeing(_ctx.Value);
        internal set => _ctx.Value = Changing(value);
    }

    /// <summary>Where <see cref="Ctx"/> lies, for those who read it without the lock.</summary>
    public Published<PerfContext?> CtxField => Changing(_ctx);

    /// <summary>The leader of its group; itself if it leads.</summary>
    public PerfEvent GroupLeader { get => Seeing(field); internal set => field = Changing(value); } = null!;

    /// <summary>The siblings that it leads, oldest first.</summary>
    public List<PerfEvent> Siblings { get => Changing(field); } = [];

    /// <summary>Whether a read is adding its copies up, with <c>child_mutex</c>.</summary>
    internal bool IsBeingAddedUp { get => Seeing(field); set => field = Changing(value); }

    /// <summary>How many siblings it leads (<c>nr_siblings</c>). A leader that is taken from its group keeps the number, until something newer than v5.3.</summary>
    internal int NrSiblings { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Bytes of a read (<c>read_size</c>), as they were when its group last changed with it in it.</summary>
    internal int ReadSize { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Where it hangs.</summary>
    public AttachState Attach { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>What <c>is_software_event()</c> says (<c>event_caps</c>). Until v5.18 not of a copy: <c>inherit_event()</c> hands nothing on.</summary>
    public bool IsSoftwareEvent { get => Seeing(field); internal set => field = Changing(value); } = pmu.IsSoftware;

    /// <summary>Whether the whole group is software (<c>group_caps</c>).</summary>
    public bool GroupIsSoftware { get => Seeing(field); internal set => field = Changing(value); } = pmu.IsSoftware;

    /// <summary>Occurrences counted (<c>count</c>).</summary>
    public long Count
    {
        get => Seeing(_count.Value);
        set => _count.Value = Changing(value);
    }

    /// <summary>Where <see cref="Count"/> lies, for those who read it without the lock.</summary>
    public Published<long> CountField => Changing(_count);

    /// <summary>Occurrences that exited children counted (<c>child_count</c>).</summary>
    public long ChildCount { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Time enabled, ns.</summary>
    public long TotalTimeEnabled { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Time on the PMU, ns.</summary>
    public long TotalTimeRunning { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Time enabled of exited children, ns.</summary>
    public long ChildTotalTimeEnabled { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Time on the PMU of exited children, ns.</summary>
    public long ChildTotalTimeRunning { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The event that it was inherited from, or null.</summary>
    public PerfEvent? Parent { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Its inherited copies, newest last.</summary>
    public List<PerfEvent> Children { get => Changing(field); } = [];

    /// <summary>Who opened it; null once the owner is gone.</summary>
    public TaskStruct? Owner { get => SeeingLife(field); internal set => field = ChangingLife(value); }

    /// <summary>References: its file, and whoever removes it.</summary>
    public int RefCount { get => SeeingLife(field); internal set => field = ChangingLife(value); } = 1;

    /// <summary>Descriptors that name it.</summary>
    public int FileRefs { get => SeeingLife(field); internal set => field = ChangingLife(value); }

    /// <summary>Whether its memory has been given back.</summary>
    public bool Freed { get => SeeingLife(field); internal set => field = ChangingLife(value); }

    /// <summary>Overflows left before it disables itself (<c>event_limit</c>), 0 for no limit.</summary>
    public int EventLimit { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The processor whose irq_work has to disable it, or −1 (<c>pending_disable</c>).</summary>
    public int PendingDisable { get => Seeing(field); internal set => field = Changing(value); } = -1;

    /// <summary>Its descriptor asked for a signal at each overflow.</summary>
    public bool Signals { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>A ring buffer is mapped.</summary>
    public bool HasBuffer { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The page that processes have mapped, or null.</summary>
    public UserPage? Page { get => Changing(field); internal set => field = Changing(value); }

    /// <summary>Something to read has come into the buffer since the last poll.</summary>
    public bool Wakeup { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Signals sent: overflows, and limits reached.</summary>
    public (int In, int Hup) SignalCounts { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>What a sharing design keeps with the event; null until it puts something there.</summary>
    public object? DesignData
    {
        get
        {
            Meter?.Look();
            return Changing(_designData);
        }

        set => _designData = Changing(value);
    }

    /// <summary>Counts who looks at the event; null where nobody measures.</summary>
    internal DesignMeter? Meter { get => Seeing(field); set => field = Changing(value); }

    /// <summary>The event as its PMU knows it.</summary>
    public PmuEvent Hw { get => Seeing(field); internal set => field = Changing(value); } = null!;

    /// <summary>Whether it leads its group.</summary>
    public bool IsLeader => ReferenceEquals(GroupLeader, this);

    /// <summary>The event whose descriptor stands for this one.</summary>
    public PerfEvent Root => Parent ?? this;

    /// <summary>Overflows since the last tick (<c>hw.interrupts</c>), or <see cref="MaxInterrupts"/>: throttled.</summary>
    public ulong Interrupts { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Value of <see cref="Interrupts"/> while the event is throttled (<c>MAX_INTERRUPTS</c>).</summary>
    public const ulong MaxInterrupts = ulong.MaxValue;

    /// <summary>In which tick of its processor the overflows were counted (<c>hw.interrupts_seq</c>).</summary>
    internal long InterruptsSeq { get => Seeing(field); set => field = Changing(value); }

    /// <summary>When it last overflowed, ns of the processor's clock (<c>hw.freq_time_stamp</c>).</summary>
    internal long FreqTimeStamp { get => Seeing(field); set => field = Changing(value); }

    /// <summary>The count at the last tick that looked (<c>hw.freq_count_stamp</c>).</summary>
    internal long FreqCountStamp { get => Seeing(field); set => field = Changing(value); }

    internal long Tstamp { get => Seeing(field); set => field = Changing(value); }

    internal long ShadowCtxTime { get => Seeing(field); set => field = Changing(value); }

    internal long GroupIndex { get => Seeing(field); set => field = Changing(value); } = -1;

    internal bool InTree { get => Seeing(field); set => field = Changing(value); }

    /// <summary>
    /// Its state may say ACTIVE while the PMU does not have it yet, or any more: <c>event_sched_in()</c> or <c>event_sched_out()</c> is under way. Only
    /// this processor's NMIs can find it so, and what they look at by it is asked for by messages that come after.
    /// </summary>
    internal bool OnItsWay { get; set; }

    internal bool ActiveListed { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Set for hidden events that a design allocates: no descriptor, on no list.</summary>
    internal bool IsHidden { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Hidden events that interrupts have allocated for it.</summary>
    internal int HiddenMade { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Where the hardware left its period, while it is on no counter.</summary>
    internal HwEventState? HwState { get => Seeing(field); set => field = Changing(value); }

    internal long SoftwarePrev { get => Seeing(field); set => field = Changing(value); }

    /// <summary>The allocator's number for it.</summary>
    internal int ObjectId { get => SeeingLife(field); set => field = ChangingLife(value); }

    internal EventTruth Truth { get => Changing(field); } = new();

    /// <summary>Told of each look and each change; null where nobody asks.</summary>
    internal Footprint? Book { get; init; }

    private T SeeingLife<T>(T value)
    {
        Book?.Read(Books.OfEventLife(Id));
        return value;
    }

    private T ChangingLife<T>(T value)
    {
        Book?.Write(Books.OfEventLife(Id));
        return value;
    }

    private T Seeing<T>(T value)
    {
        Book?.Read(Books.OfEvent(Id));
        return value;
    }

    private T Changing<T>(T value)
    {
        Book?.Write(Books.OfEvent(Id));
        return value;
    }

    /// <inheritdoc/>
    public override string ToString() => Parent is null ? Name : $"{Name}@{Target?.Name}";
}
