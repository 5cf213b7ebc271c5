using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>What a context has scheduled (<c>enum event_type_t</c>).</summary>
[Flags]
public enum EventTypes : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Flexible events.</summary>
    Flexible = 1,

    /// <summary>Pinned events.</summary>
    Pinned = 2,

    /// <summary>The context's clock.</summary>
    Time = 4,

    /// <summary>Argument only: the event is a processor's.</summary>
    Cpu = 8,

    /// <summary>Pinned and flexible.</summary>
    All = Flexible | Pinned,
}

/// <summary><c>struct perf_event_context</c>, and for a processor's own one also <c>struct perf_cpu_context</c>.</summary>
/// <remarks>Travels with its raw spinlock: whoever was granted the lock may touch it.</remarks>
public sealed class PerfContext(ActorId id, int kind, int cpu)
{
    private readonly List<PerfEvent> _eventList = [];

    /// <summary>The actor behind its lock and mutex.</summary>
    public ActorId Id { get; } = id;

    /// <summary>Hardware (0) or software (1) events.</summary>
    public int Kind { get; } = kind;

    /// <summary>The processor whose own context it is, or −1 for a task's.</summary>
    public int Cpu { get; } = cpu;

    /// <summary>Whether it is a processor's own.</summary>
    public bool IsCpuContext => Cpu >= 0;

    /// <summary>The task that it belongs to now; contexts move between tasks.</summary>
    public TaskStruct? Task { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The task has exited (<c>TASK_TOMBSTONE</c>).</summary>
    public bool Tombstone { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>All events, newest first (<c>event_list</c>).</summary>
    public List<PerfEvent> EventList => Changing(_eventList);

    /// <summary>The same, for whoever only looks.</summary>
    internal IReadOnlyList<PerfEvent> EventsSeen => Seeing(_eventList);

    /// <summary>Leaders of pinned groups.</summary>
    public GroupTree PinnedGroups { get => Changing(field); } = new();

    /// <summary>Leaders of flexible groups.</summary>
    public GroupTree FlexibleGroups { get => Changing(field); } = new();

    /// <summary>Pinned leaders that are on the PMU.</summary>
    public List<PerfEvent> PinnedActive { get => Changing(field); } = [];

    /// <summary>Flexible leaders that are on the PMU, in the order in which they got there.</summary>
    public List<PerfEvent> FlexibleActive { get => Changing(field); } = [];

    /// <summary>Events.</summary>
    public int NrEvents { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Events on the PMU.</summary>
    public int NrActive { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Events with inherit_stat.</summary>
    public int NrStat { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Events on the PMU whose period follows a frequency.</summary>
    public int NrFreq { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Events with a cgroup.</summary>
    public int NrCgroups { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>What is scheduled now.</summary>
    public EventTypes IsActive { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Rotation is held off while above 0 (inherit).</summary>
    public int RotateDisable { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Something did not get a counter.</summary>
    public bool RotateNecessary { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The context's clock, ns.</summary>
    public long Time { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>When the clock was brought up to date, ns of the processor's clock.</summary>
    public long Timestamp { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The processor whose clock <see cref="Timestamp"/> was taken from; processors have clocks of their own in an exploration.</summary>
    internal int ClockCpu { get => Seeing(field); set => field = Changing(value); } = Math.Max(cpu, 0);

    internal OccurrenceClock Occurrences { get; } = new();

    private long _beforeTask;
    private bool _stopped;

    /// <summary>The time of whoever the context counts for, ns: its processor's, or that in which its task was on a processor. The scheduler says so, not perf core.</summary>
    internal long TrueTime(Machine machine) =>
        IsCpuContext ? machine.Cpus[Cpu].ClockNs : _stopped ? _beforeTask : _beforeTask + (Task?.RanNs(machine) ?? 0);

    /// <summary>It changes hands.</summary>
    internal void GoesTo(TaskStruct task, Machine machine)
    {
        _beforeTask = TrueTime(machine) - task.RanNs(machine);
        Task = task;
    }

    /// <summary>Its task exits.</summary>
    internal void StopTrueTime(Machine machine) => (_beforeTask, _stopped) = (TrueTime(machine), true);

    /// <summary>The context that it is a clone of, or null.</summary>
    public PerfContext? ParentCtx { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>The parent's generation when it was cloned.</summary>
    public long ParentGen { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Grows with each change of membership.</summary>
    public long Generation { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Not swapped while above 0.</summary>
    public int PinCount { get => SeeingCount(field); internal set => field = ChangingCount(value); }

    /// <summary>References.</summary>
    public int RefCount { get => SeeingCount(field); internal set => field = ChangingCount(value); } = 1;

    /// <summary>The step in which its lock was taken last.</summary>
    internal long LockedAtStep { get; set; }

    /// <summary>What a sharing design keeps with the context; null until it puts something there.</summary>
    public object? DesignData { get => Changing(field); set => field = Changing(value); }

    /// <summary>Processor's context: the task context scheduled beside it, or null.</summary>
    public PerfContext? TaskCtx { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Processor's context: hardware events on the PMU.</summary>
    public int ActiveOnCpu { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Processor's context: an exclusive group is on the PMU.</summary>
    public bool Exclusive { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Processor's context: the cgroup that is counted now, or null.</summary>
    public Cgroup? Cgrp { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Processor's context: the multiplexing timer is armed.</summary>
    public bool HrtimerActive { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Processor's context: the processor is online.</summary>
    public bool Online { get => SeeingLife(field); internal set => field = ChangingLife(value); } = true;

    /// <summary>What whoever unlocked it last made known; null unless the machine is fine-grained.</summary>
    internal View? KnownMemory { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    /// <summary>Told of each look and each change; null where nobody asks.</summary>
    internal Footprint? Book { get; init; }

    // A processor's context stays whoever refers to it: its counts only add up, and nobody acts on them.
    private T SeeingCount<T>(T value) => IsCpuContext ? value : SeeingLife(value);

    private T ChangingCount<T>(T value) => IsCpuContext ? value : ChangingLife(value);

    private T SeeingLife<T>(T value)
    {
        Book?.Read(Books.OfContextLife(Id));
        return value;
    }

    private T ChangingLife<T>(T value)
    {
        Book?.Write(Books.OfContextLife(Id));
        return value;
    }

    private T Seeing<T>(T value)
    {
        Book?.Read(Books.OfContext(Id));
        return value;
    }

    private T Changing<T>(T value)
    {
        Book?.Write(Books.OfContext(Id));
        return value;
    }
}

/// <summary>Groups by processor and age (<c>struct perf_event_groups</c>).</summary>
/// <remarks>Kernel: the tree's key is (cpu, group_index); a new or rotated group goes to the end of its processor's part.</remarks>
public sealed class GroupTree
{
    private readonly List<List<PerfEvent>> _byCpu = [];
    private long _index;

    /// <summary>How many groups there are.</summary>
    public int Count { get; private set; }

    /// <summary>Grows with each change.</summary>
    internal int Version { get; private set; }

    /// <summary>The groups that are bound to a processor (or to none, for −1), oldest first.</summary>
    /// <param name="cpu">The processor, or −1.</param>
    public List<PerfEvent> Of(int cpu)
    {
        while (_byCpu.Count <= cpu + 1)
        {
            _byCpu.Add([]);
        }

        return _byCpu[cpu + 1];
    }

    /// <summary>Adds a leader at the end of its part.</summary>
    /// <param name="leader">The leader.</param>
    public void Insert(PerfEvent leader)
    {
        ArgumentNullException.ThrowIfNull(leader);
        Version++;
        leader.GroupIndex = ++_index;
        leader.InTree = true;
        Of(leader.Cpu).Add(leader);
        Count++;
    }

    /// <summary>Takes a leader out.</summary>
    /// <param name="leader">The leader.</param>
    public void Delete(PerfEvent leader)
    {
        ArgumentNullException.ThrowIfNull(leader);
        Version++;
        leader.InTree = false;
        if (Of(leader.Cpu).Remove(leader))
        {
            Count--;
        }
    }

    /// <summary>All leaders: those bound to no processor first, then by processor, each oldest first.</summary>
    public IEnumerable<PerfEvent> All()
    {
        foreach (List<PerfEvent> part in _byCpu)
        {
            foreach (PerfEvent leader in part)
            {
                yield return leader;
            }
        }
    }

    /// <summary>The first leader that may run on a processor, as <c>ctx_event_to_rotate()</c> of v5.5 falls back to.</summary>
    /// <param name="cpu">The processor.</param>
    public PerfEvent? First(int cpu)
    {
        List<PerfEvent> any = Of(-1);
        List<PerfEvent> here = Of(cpu);
        return any.Count > 0 ? any[0] : here.Count > 0 ? here[0] : null;
    }
}
