namespace ActorPmu.Scenarios.Conform;

/// <summary>One operation of a case, its defaults filled in. Names of tasks, events and cgroups have been given by an earlier step.</summary>
public abstract record ConformStep;

/// <summary>fork, or the start of a thread; events with inherit follow.</summary>
/// <param name="Name">The new task.</param>
/// <param name="Parent">Who forks.</param>
/// <param name="Thread">A thread instead of a process.</param>
/// <param name="KeepFds">The child keeps its copies of the event fds; otherwise it closes them at once.</param>
/// <param name="Cpu">Where it starts; null: on its parent's CPU.</param>
public sealed record TaskStep(string Name, string Parent, bool Thread, bool KeepFds, int? Cpu) : ConformStep;

/// <summary>The task runs, produces units of work (f, a, b b, c c c, d d d d each), and blocks.</summary>
/// <param name="Task">Who works.</param>
/// <param name="Units">How many units.</param>
public sealed record WorkStep(string Task, long Units) : ConformStep;

/// <summary>The task runs and does cheap system calls: counts in kernel mode.</summary>
/// <param name="Task">Who calls.</param>
/// <param name="Calls">How many calls.</param>
public sealed record SyscallsStep(string Task, long Calls) : ConformStep;

/// <summary>The task runs and produces no counts.</summary>
/// <param name="Task">Who runs.</param>
/// <param name="Ms">CPU time, milliseconds.</param>
public sealed record SpinStep(string Task, long Ms) : ConformStep;

/// <summary>Two tasks run side by side, sharing the CPU if on the same, and produce no counts.</summary>
/// <param name="Task">One of them.</param>
/// <param name="Task2">The other.</param>
/// <param name="Ms">CPU time of each, milliseconds.</param>
public sealed record Spin2Step(string Task, string Task2, long Ms) : ConformStep;

/// <summary>Nobody runs.</summary>
/// <param name="Ms">For how long, milliseconds.</param>
public sealed record SleepStep(long Ms) : ConformStep;

/// <summary>Moves a task to a CPU; it runs there from its next run on.</summary>
/// <param name="Task">Who is moved.</param>
/// <param name="Cpu">Where to.</param>
public sealed record PinStep(string Task, int Cpu) : ConformStep;

/// <summary>execve.</summary>
/// <param name="Task">Who calls it.</param>
public sealed record ExecStep(string Task) : ConformStep;

/// <summary>Exit; the parent reaps.</summary>
/// <param name="Task">Who exits.</param>
public sealed record ExitStep(string Task) : ConformStep;

/// <summary>Exit without being reaped.</summary>
/// <param name="Task">Who exits.</param>
public sealed record ZombieStep(string Task) : ConformStep;

/// <summary>mkdir of a cgroup.</summary>
/// <param name="Name">The new cgroup.</param>
/// <param name="Parent">Where; <c>root</c> is the root.</param>
public sealed record CgroupCreateStep(string Name, string Parent) : ConformStep;

/// <summary>rmdir of a cgroup.</summary>
/// <param name="Name">Which.</param>
public sealed record CgroupRemoveStep(string Name) : ConformStep;

/// <summary>Write to cgroup.procs.</summary>
/// <param name="Task">Who moves.</param>
/// <param name="To">Where to; <c>root</c> is the root.</param>
public sealed record CgroupMoveStep(string Task, string To) : ConformStep;

/// <summary>perf_event_open by the controlling task.</summary>
/// <param name="Ev">The event's name; a name may be opened again.</param>
/// <param name="Call">The arguments.</param>
public sealed record OpenStep(string Ev, OpenCall Call) : ConformStep;

/// <summary>Opens siblings until refused, then closes them all.</summary>
/// <param name="Ev">The event name given, or null.</param>
/// <param name="Call">The arguments of each open.</param>
/// <param name="Max">How many opens at most.</param>
public sealed record OpenManyStep(string? Ev, OpenCall Call, long Max) : ConformStep;

/// <summary>read(2) on an event.</summary>
/// <param name="Ev">Which event.</param>
/// <param name="Size">The buffer's size in bytes; null: large enough.</param>
/// <param name="By">Who reads.</param>
/// <param name="Ratio">Over which time the recorded ratio is taken.</param>
public sealed record ReadStep(string Ev, long? Size, string By, RatioSpan Ratio) : ConformStep;

/// <summary>ioctl(2) on an event.</summary>
/// <param name="Ev">Which event.</param>
/// <param name="Command">Which request; <see cref="IoctlCommand.Other"/>: <paramref name="Number"/>.</param>
/// <param name="Number">The request number of <see cref="IoctlCommand.Other"/>, else 0.</param>
/// <param name="Argument">The argument; bit 0 is PERF_IOC_FLAG_GROUP. For PERIOD the new period.</param>
/// <param name="By">Who calls.</param>
public sealed record IoctlStep(string Ev, IoctlCommand Command, ulong Number, ulong Argument, string By) : ConformStep
{
    /// <summary>Whether the argument has PERF_IOC_FLAG_GROUP; without meaning for REFRESH, PERIOD and ID.</summary>
    public bool WholeGroup => (Argument & 1) != 0;
}

/// <summary>close(2) of an event by the controlling task.</summary>
/// <param name="Ev">Which event.</param>
public sealed record CloseStep(string Ev) : ConformStep;

/// <summary>prctl with PR_TASK_PERF_EVENTS_ENABLE or _DISABLE.</summary>
/// <param name="Task">Who calls.</param>
/// <param name="Enable">Which of the two.</param>
public sealed record PrctlStep(string Task, bool Enable) : ConformStep;

/// <summary>poll(2) with timeout 0.</summary>
/// <param name="Ev">Which event.</param>
public sealed record PollStep(string Ev) : ConformStep;

/// <summary>Maps a ring buffer of one page.</summary>
/// <param name="Ev">Which event.</param>
public sealed record MmapStep(string Ev) : ConformStep;

/// <summary>Asks for one queued signal for each overflow.</summary>
/// <param name="Ev">Which event.</param>
public sealed record SignalStep(string Ev) : ConformStep;

/// <summary>How many POLL_IN and POLL_HUP signals came since last asked.</summary>
public sealed record SignalsStep : ConformStep;

/// <summary>How many objects of a slab cache are in use.</summary>
/// <param name="Cache">The cache, such as <c>kmalloc-1k</c>.</param>
public sealed record SlabStep(string Cache) : ConformStep;

/// <summary>The time that a recorded running/enabled ratio is about.</summary>
public enum RatioSpan
{
    /// <summary>All the time since the event was opened.</summary>
    All,

    /// <summary>The time since the last read of the same fd.</summary>
    SinceLastRead,
}

/// <summary>The requests of perf's ioctl that cases name.</summary>
public enum IoctlCommand
{
    /// <summary>PERF_EVENT_IOC_ENABLE.</summary>
    Enable,

    /// <summary>PERF_EVENT_IOC_DISABLE.</summary>
    Disable,

    /// <summary>PERF_EVENT_IOC_RESET.</summary>
    Reset,

    /// <summary>PERF_EVENT_IOC_REFRESH.</summary>
    Refresh,

    /// <summary>PERF_EVENT_IOC_PERIOD.</summary>
    Period,

    /// <summary>PERF_EVENT_IOC_ID.</summary>
    Id,

    /// <summary>A request number.</summary>
    Other,
}
