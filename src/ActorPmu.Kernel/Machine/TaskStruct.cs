using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>A cgroup of the perf_event controller.</summary>
public sealed class Cgroup
{
    private readonly CgroupClock[] _clocks;

    /// <summary>Makes a cgroup.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">Its parent; null for the root.</param>
    /// <param name="cpuCount">How many processors there are.</param>
    public Cgroup(string name, Cgroup? parent, int cpuCount)
    {
        Name = name;
        Parent = parent;
        _clocks = new CgroupClock[cpuCount];
        for (int i = 0; i < cpuCount; i++)
        {
            _clocks[i] = new CgroupClock();
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its parent; null for the root.</summary>
    public Cgroup? Parent { get; }

    /// <summary>Distance from the root.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>Its directory has been removed.</summary>
    public bool Removed { get; internal set; }

    /// <summary>Whether it is <paramref name="ancestor"/> or below it (<c>cgroup_is_descendant()</c>).</summary>
    /// <param name="ancestor">The ancestor.</param>
    public bool IsDescendantOf(Cgroup ancestor)
    {
        for (Cgroup? c = this; c is not null; c = c.Parent)
        {
            if (ReferenceEquals(c, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal CgroupClock Clock(int cpu) => _clocks[cpu];
}

/// <summary>The clock of a cgroup on one processor (<c>struct perf_cgroup_info</c>).</summary>
internal sealed class CgroupClock
{
    public long Time { get; set; }

    public long Timestamp { get; set; }

    /// <summary>How long a task of the cgroup, or of one below it, has been on the processor, ns. The scheduler's own book.</summary>
    public long RanNs { get; set; }

    /// <summary>Of that, or beside it: while a task was moved into it or out of it, and the processor had not been told, ns.</summary>
    public long MovingNs { get; set; }

    public OccurrenceClock Occurrences { get; } = new();
}

/// <summary>Whether a task can run.</summary>
public enum TaskState : byte
{
    /// <summary>Not yet forked.</summary>
    Unborn,

    /// <summary>On a run queue or running.</summary>
    Runnable,

    /// <summary>Waits for something.</summary>
    Sleeping,

    /// <summary>Exited; not reaped.</summary>
    Zombie,

    /// <summary>Gone.</summary>
    Dead,
}

/// <summary><c>struct task_struct</c>, as far as perf looks at it.</summary>
public sealed class TaskStruct(int index, string name, int cpu, Cgroup cgroup)
{
    /// <summary>Which task; also the index of its actor.</summary>
    public int Index { get; } = index;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The processor on whose queue it is.</summary>
    public int Cpu
    {
        get => SeeingPlace(field);
        internal set
        {
            // Where it is put before its fork is over is where it begins.
            HasMoved |= value != field && (IsRecorded ? _hasHadCpu : State != TaskState.Unborn || ArrivingWith is not null);
            field = ChangingPlace(value);
        }
    } = cpu;

    /// <summary>Its cgroup.</summary>
    public Cgroup Cgroup
    {
        get => Seeing(field);
        internal set
        {
            _on?.BookCgroups();
            field = Changing(value);
        }
    } = cgroup;

    /// <summary>The processor that executes it, or −1. The scheduler's own book, which perf core does not read.</summary>
    internal int RunsOn { get; private set; } = -1;

    /// <summary>It has changed processors since it was last given one. Of the same book.</summary>
    internal bool HasMoved { get; private set; }

    /// <summary>Where it was while it is moved to <see cref="Cgroup"/>, until its processor knows; else null. Of the same book.</summary>
    internal Cgroup? MovingFrom
    {
        get;
        set
        {
            _on?.BookCgroups();
            field = value;
        }
    }

    private Cpu? _on;
    private bool _hasHadCpu;
    private long _ranNs;
    private long _runsSinceNs;

    /// <summary>It has been given a processor.</summary>
    internal void GotCpu(Cpu on)
    {
        (RunsOn, _runsSinceNs, _hasHadCpu, HasMoved, MovingFrom) = (on.Index, on.ClockNs, true, false, null);
        _on = on;
    }

    /// <summary>It has left its processor.</summary>
    internal void LostCpu(Cpu on) => (_on, RunsOn, _ranNs) = (null, -1, _ranNs + on.ClockNs - _runsSinceNs);

    /// <summary>How long it has been on a processor, ns, by the processors' clocks.</summary>
    internal long RanNs(Machine machine) => RunsOn < 0 ? _ranNs : _ranNs + machine.Cpus[RunsOn].ClockNs - _runsSinceNs;

    /// <summary>State.</summary>
    public TaskState State
    {
        get => Seeing(field);
        internal set
        {
            if (CountedIn is { } live)
            {
                live.Count += (value is TaskState.Runnable or TaskState.Sleeping ? 1 : 0)
                    - (field is TaskState.Runnable or TaskState.Sleeping ? 1 : 0);
            }

            field = Changing(value);
        }
    }

    /// <summary>A recording moves it; it has no script.</summary>
    public bool IsRecorded { get; internal init; }

    /// <summary>What was known where it ran last and where it was woken from; null unless the machine is fine-grained.</summary>
    internal View? KnownMemory { get; set; }

    /// <summary>It is on its way out (<c>PF_EXITING</c>).</summary>
    public bool Exiting { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>Its contexts by kind (<c>perf_event_ctxp</c>); null where it has none.</summary>
    public TaskContexts CtxP => field ??= new TaskContexts(this);

    /// <summary>The events that it has opened and that are not closed (<c>perf_event_list</c>), oldest first.</summary>
    public List<PerfEvent> PerfEventList { get => ChangingFiles(field); } = [];

    /// <summary>Its descriptors and mappings; threads share one table, until one of them executes another program.</summary>
    public FileTable Files
    {
        get
        {
            if (field.Users > 1)
            {
                Book?.Write(Books.FilesAndCgroups);
            }

            return SeeingFiles(field);
        }
        internal set => field = ChangingFiles(value);
    } = new();

    /// <summary>What its work does to the counters, by name of the work.</summary>
    public Work Work { get => Seeing(field); internal set => field = Changing(value); }

    /// <summary>It runs before all others as soon as it is awake.</summary>
    internal bool IsStopper { get; init; }

    internal ExecContext Exec { get; } = new(ContextLevel.Task, PathIds.OfTask(index));

    /// <summary>Stands for «begin» where a result would stand.</summary>
    internal static readonly OpResult Newborn = new(Errno.Ok);

    internal LiveTasks? CountedIn { get; init; }

    internal Message? PendingAnswer { get => Seeing(field); set => field = Changing(value); }

    /// <summary>The processor that it has to move to, or −1.</summary>
    internal int MigrateTo { get => Seeing(field); set => field = Changing(value); } = -1;

    /// <summary>What its actor is told when it arrives on another processor; null when it is not under way.</summary>
    internal OpResult? ArrivingWith { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Its actor has an operation under way already, which follows it.</summary>
    internal bool OpOutstanding { get => Seeing(field); set => field = Changing(value); }

    internal int TimerGeneration { get => Seeing(field); set => field = Changing(value); }

    internal bool WakePending { get => Seeing(field); set => field = Changing(value); }

    /// <summary>It sleeps inside the kernel, until the mutex is its own: no signal and no other wake-up reaches it.</summary>
    internal bool SleepsOnMutex { get => Seeing(field); set => field = Changing(value); }

    internal int EventSequence { get => SeeingFiles(field); set => field = ChangingFiles(value); }

    /// <summary>It has changed processors since it was last on one (<c>sched_migrated</c>).</summary>
    internal bool Migrated { get => Seeing(field); set => field = Changing(value); }

    internal bool HasRun { get => Seeing(field); set => field = Changing(value); }

    /// <summary>Whether it shares its address space and files with its parent.</summary>
    internal bool IsThread { get => Seeing(field); set => field = Changing(value); }

    internal WorkInProgress? Doing { get => Seeing(field); set => field = Changing(value); }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Told of each look and each change; null where nobody asks.</summary>
    internal Footprint? Book { get; init; }

    private T SeeingPlace<T>(T value)
    {
        Book?.Read(Books.OfTaskCpu(Index));
        return value;
    }

    private T ChangingPlace<T>(T value)
    {
        Book?.Write(Books.OfTaskCpu(Index));
        return value;
    }

    private T SeeingFiles<T>(T value)
    {
        Book?.Read(Books.OfTaskFiles(Index));
        return value;
    }

    private T ChangingFiles<T>(T value)
    {
        Book?.Write(Books.OfTaskFiles(Index));
        return value;
    }

    private T Seeing<T>(T value)
    {
        Book?.Read(Books.OfTask(Index));
        return value;
    }

    private T Changing<T>(T value)
    {
        Book?.Write(Books.OfTask(Index));
        return value;
    }
}

/// <summary>The contexts of a task by kind: hardware (0), software (1).</summary>
public sealed class TaskContexts
{
    private readonly PerfContext?[] _byKind = new PerfContext?[2];
    private readonly TaskStruct _task;

    internal TaskContexts(TaskStruct task) => _task = task;

    /// <summary>The context of a kind, or null.</summary>
    /// <param name="kind">The kind.</param>
    public PerfContext? this[int kind]
    {
        get
        {
            _task.Book?.Read(Books.OfTaskContexts(_task.Index));
            return _byKind[kind];
        }

        internal set
        {
            _task.Book?.Write(Books.OfTaskContexts(_task.Index));
            _byKind[kind] = value;
        }
    }
}

/// <summary>Work that is cut short by interrupts: only in a world with a clock.</summary>
internal sealed class WorkInProgress
{
    public required WorkPosition To { get; init; }

    public WorkPosition At { get; set; }

    public required Privilege Mode { get; init; }

    public required Work Work { get; init; }

    public required long UnitNs { get; init; }

    /// <summary>When the first unit began, less the time off the processor.</summary>
    public long StartNs { get; set; }

    /// <summary>Work without an end.</summary>
    public static WorkInProgress Endless(Work work, long unitNs) => new()
    {
        To = WorkPosition.AfterUnits(long.MaxValue),
        Mode = Privilege.User,
        Work = work,
        UnitNs = unitNs,
    };
}

/// <summary>How many tasks have something left to do: kept by their states, so that nobody has to count them at each step.</summary>
internal sealed class LiveTasks
{
    public int Count { get; set; }
}

/// <summary>Names of descriptors → events. Several tasks may share one (threads).</summary>
public sealed class FileTable
{
    private readonly List<(string Name, PerfEvent Event)> _files = [];
    private readonly List<(string Name, PerfEvent Event)> _mappings = [];

    /// <summary>The names in use, oldest first.</summary>
    public IReadOnlyList<(string Name, PerfEvent Event)> Files => _files;

    /// <summary>What is mapped, oldest first. Threads share it as they share descriptors; a child of fork has none of it (VM_DONTCOPY).</summary>
    public IReadOnlyList<(string Name, PerfEvent Event)> Mappings => _mappings;

    /// <summary>How many tasks use the table.</summary>
    public int Users { get; internal set; } = 1;

    /// <summary>The event behind a name, or null.</summary>
    /// <param name="name">The name.</param>
    public PerfEvent? Find(string name)
    {
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            if (_files[i].Name == name)
            {
                return _files[i].Event;
            }
        }

        return null;
    }

    internal void Install(string name, PerfEvent e)
    {
        _files.Add((name, e));
        e.FileRefs++;
    }

    internal bool Close(string name)
    {
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            if (_files[i].Name == name)
            {
                _files.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    internal PerfEvent? Mapped(string name) => _mappings.Find(m => m.Name == name).Event;

    internal void Map(string name, PerfEvent e)
    {
        _mappings.Add((name, e));
        e.FileRefs++;
    }

    internal PerfEvent? Unmap(string name)
    {
        int at = _mappings.FindIndex(m => m.Name == name);
        PerfEvent? e = at < 0 ? null : _mappings[at].Event;
        if (at >= 0)
        {
            _mappings.RemoveAt(at);
        }

        return e;
    }

    internal void CopyFrom(FileTable parents)
    {
        foreach ((string name, PerfEvent e) in parents._files)
        {
            Install(name, e);
        }
    }
}
