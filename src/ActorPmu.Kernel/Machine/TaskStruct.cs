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
    public int Cpu { get; internal set; } = cpu;

    /// <summary>Its cgroup.</summary>
    public Cgroup Cgroup { get; internal set; } = cgroup;

    /// <summary>State.</summary>
    public TaskState State
    {
        get;
        internal set
        {
            if (CountedIn is { } live)
            {
                live.Count += (value is TaskState.Runnable or TaskState.Sleeping ? 1 : 0)
                    - (field is TaskState.Runnable or TaskState.Sleeping ? 1 : 0);
            }

            field = value;
        }
    }

    /// <summary>A recording moves it; it has no script.</summary>
    public bool IsRecorded { get; internal init; }

    /// <summary>It is on its way out (<c>PF_EXITING</c>).</summary>
    public bool Exiting { get; internal set; }

    /// <summary>Its contexts by kind (<c>perf_event_ctxp</c>); null where it has none.</summary>
    public PerfContext?[] CtxP { get; } = new PerfContext?[2];

    /// <summary>The events that it has opened and that are not closed (<c>perf_event_list</c>), oldest first.</summary>
    public List<PerfEvent> PerfEventList { get; } = [];

    /// <summary>Its descriptors; threads share one table.</summary>
    public FileTable Files { get; internal set; } = new();

    /// <summary>What its work does to the counters, by name of the work.</summary>
    public Work Work { get; internal set; }

    internal ExecContext Exec { get; } = new(ContextLevel.Task, PathIds.OfTask(index));

    /// <summary>Stands for «begin» where a result would stand.</summary>
    internal static readonly OpResult Newborn = new(Errno.Ok);

    internal LiveTasks? CountedIn { get; init; }

    internal Message? PendingAnswer { get; set; }

    /// <summary>The processor that it has to move to, or −1.</summary>
    internal int MigrateTo { get; set; } = -1;

    /// <summary>What its actor is told when it arrives on another processor; null when it is not under way.</summary>
    internal OpResult? ArrivingWith { get; set; }

    /// <summary>Its actor has an operation under way already, which follows it.</summary>
    internal bool OpOutstanding { get; set; }

    internal int TimerGeneration { get; set; }

    internal bool WakePending { get; set; }

    /// <summary>It sleeps inside the kernel, until the mutex is its own: no signal and no other wake-up reaches it.</summary>
    internal bool SleepsOnMutex { get; set; }

    internal int EventSequence { get; set; }

    /// <summary>It has changed processors since it was last on one (<c>sched_migrated</c>).</summary>
    internal bool Migrated { get; set; }

    internal bool HasRun { get; set; }

    /// <summary>Whether it shares its address space and files with its parent.</summary>
    internal bool IsThread { get; set; }

    internal WorkInProgress? Doing { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
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

    /// <summary>The names in use, oldest first.</summary>
    public IReadOnlyList<(string Name, PerfEvent Event)> Files => _files;

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

    internal void CopyFrom(FileTable parents)
    {
        foreach ((string name, PerfEvent e) in parents._files)
        {
            Install(name, e);
        }
    }
}
