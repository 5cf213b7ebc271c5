namespace ActorPmu.Kernel;

/// <summary>One operation of a task's script.</summary>
public abstract record TaskOp;

/// <summary>Executes instructions.</summary>
/// <param name="Units">How many units, 1 or more.</param>
/// <param name="Mode">In which mode.</param>
/// <param name="Work">What a unit does to the counters; null for the task's own work.</param>
public sealed record WorkOp(long Units, Privilege Mode = Privilege.User, Work? Work = null) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => Mode == Privilege.User ? $"work {Units}" : $"work {Units} in {Mode} mode";
}

/// <summary>The group argument of an open.</summary>
/// <param name="Fd">The name of the leader's descriptor, or null for none.</param>
/// <param name="IsPerfFd">False for a descriptor that is no perf event's.</param>
public sealed record GroupArgument(string? Fd, bool IsPerfFd = true);

/// <summary><c>perf_event_open()</c>.</summary>
/// <param name="Name">The name of the new descriptor.</param>
/// <param name="Attr">The attributes; null for a NULL pointer.</param>
public sealed record OpenOp(string Name, PerfEventAttr? Attr) : TaskOp
{
    /// <summary>The name of the PMU for raw events, or null for the first that accepts.</summary>
    public string? PmuName { get; init; }

    /// <summary>The task to follow: its name, <c>self</c>, or null for pid −1.</summary>
    public string? TargetTask { get; init; } = "self";

    /// <summary>The pid is nobody's.</summary>
    public bool NoSuchPid { get; init; }

    /// <summary>The processor, or −1.</summary>
    public int Cpu { get; init; } = -1;

    /// <summary>The group, or null for none.</summary>
    public GroupArgument? Group { get; init; }

    /// <summary>The cgroup whose descriptor is given with PERF_FLAG_PID_CGROUP, or null.</summary>
    public string? Cgroup { get; init; }

    /// <summary>PERF_FLAG_PID_CGROUP is set.</summary>
    public bool PidCgroup { get; init; }

    /// <summary>PERF_FLAG_PID_CGROUP with a descriptor that is not open.</summary>
    public bool BadCgroupFd { get; init; }

    /// <summary>PERF_FLAG_FD_NO_GROUP.</summary>
    public bool FdNoGroup { get; init; }

    /// <summary>PERF_FLAG_FD_OUTPUT.</summary>
    public bool FdOutput { get; init; }

    /// <summary>A flag that the kernel does not know.</summary>
    public bool UnknownFlag { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"perf_event_open({Name})";
}

/// <summary>What an ioctl asks for (<c>PERF_EVENT_IOC_*</c>).</summary>
public enum IoctlCommand
{
    /// <summary>ENABLE.</summary>
    Enable,

    /// <summary>DISABLE.</summary>
    Disable,

    /// <summary>RESET.</summary>
    Reset,

    /// <summary>REFRESH; the argument is the number of overflows.</summary>
    Refresh,

    /// <summary>PERIOD; the argument is the new period.</summary>
    Period,

    /// <summary>ID.</summary>
    Id,

    /// <summary>A number that the kernel does not know.</summary>
    Unknown,
}

/// <summary><c>ioctl()</c> on an event's descriptor.</summary>
/// <param name="Name">The descriptor.</param>
/// <param name="Command">The command.</param>
/// <param name="Argument">Its argument.</param>
/// <param name="Group">PERF_IOC_FLAG_GROUP is set.</param>
public sealed record IoctlOp(string Name, IoctlCommand Command, ulong Argument = 0, bool Group = false) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"ioctl({Name}, {Command}{(Argument != 0 ? $", {Argument}" : "")}{(Group ? ", GROUP" : "")})";
}

/// <summary><c>read()</c> of an event's descriptor.</summary>
/// <param name="Name">The descriptor.</param>
/// <param name="BufferBytes">The buffer's size in bytes.</param>
public sealed record ReadOp(string Name, int BufferBytes = int.MaxValue) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"read({Name})";
}

/// <summary><c>perf_event_read_local()</c>, as a BPF program on this processor would call it.</summary>
/// <param name="Name">The descriptor.</param>
public sealed record ReadLocalOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"perf_event_read_local({Name})";
}

/// <summary><c>close()</c> of an event's descriptor.</summary>
/// <param name="Name">The descriptor.</param>
public sealed record CloseOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"close({Name})";
}

/// <summary><c>poll()</c> with timeout 0.</summary>
/// <param name="Name">The descriptor.</param>
public sealed record PollOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"poll({Name})";
}

/// <summary><c>mmap()</c> of an event: the page with its counts, and a ring buffer.</summary>
/// <param name="Name">The descriptor.</param>
public sealed record MmapOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"mmap({Name})";
}

/// <summary><c>munmap()</c> of what was mapped under a descriptor's name, which may be closed by now.</summary>
/// <param name="Name">The descriptor.</param>
public sealed record MunmapOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"munmap({Name})";
}

/// <summary>A process reads its own event by the mapped page and <c>rdpmc</c>, and by <c>read()</c> where the page names no counter.</summary>
/// <param name="Name">The descriptor under which it was mapped.</param>
/// <param name="PageAlone">Whether it takes the page's word where that names no counter, and does not call <c>read()</c>.</param>
public sealed record SelfReadOp(string Name, bool PageAlone = false) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"self-monitoring read({Name}){(PageAlone ? " by the page alone" : "")}";
}

/// <summary>Asks for a signal at each overflow (<c>F_SETSIG</c>, <c>O_ASYNC</c>).</summary>
/// <param name="Name">The descriptor.</param>
public sealed record SignalOp(string Name) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"fcntl({Name}, O_ASYNC)";
}

/// <summary><c>prctl(PR_TASK_PERF_EVENTS_ENABLE or _DISABLE)</c>.</summary>
/// <param name="Enable">Which of the two.</param>
public sealed record PrctlOp(bool Enable) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => Enable ? "prctl(PERF_EVENTS_ENABLE)" : "prctl(PERF_EVENTS_DISABLE)";
}

/// <summary><c>fork()</c>, or <c>clone()</c> of a thread.</summary>
/// <param name="Child">The child's name: one of the scenario's tasks.</param>
/// <param name="Thread">Whether files are shared.</param>
/// <param name="KeepFiles">Whether the child keeps its copies of the descriptors.</param>
public sealed record ForkOp(string Child, bool Thread = false, bool KeepFiles = false) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"fork({Child})";
}

/// <summary><c>execve()</c>.</summary>
public sealed record ExecOp : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "exec";
}

/// <summary><c>exit()</c>.</summary>
/// <param name="Reaped">Whether the parent waits for it at once.</param>
public sealed record ExitOp(bool Reaped = true) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "exit";
}

/// <summary>Moves a task to another cgroup.</summary>
/// <param name="Task">The task's name, or <c>self</c>.</param>
/// <param name="Cgroup">The cgroup's name.</param>
public sealed record MoveCgroupOp(string Task, string Cgroup) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"move {Task} to cgroup {Cgroup}";
}

/// <summary>Removes a cgroup's directory.</summary>
/// <param name="Cgroup">The cgroup's name.</param>
public sealed record RemoveCgroupOp(string Cgroup) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"rmdir cgroup {Cgroup}";
}

/// <summary>Moves a task to another processor (<c>sched_setaffinity()</c>).</summary>
/// <param name="Task">The task's name, or <c>self</c>.</param>
/// <param name="Cpu">The processor.</param>
public sealed record MigrateOp(string Task, int Cpu) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"migrate {Task} to cpu/{Cpu}";
}

/// <summary>Sleeps.</summary>
/// <param name="Ns">How long, ns of virtual time.</param>
public sealed record SleepOp(long Ns) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"sleep {Ns} ns";
}

/// <summary>Waits until somebody wakes it.</summary>
public sealed record BlockOp : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "wait";
}

/// <summary>Wakes a task that waits; one that does not will not wait the next time.</summary>
/// <param name="Task">The task's name.</param>
public sealed record WakeOp(string Task) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"wake {Task}";
}

/// <summary>Lets others run (<c>sched_yield()</c>).</summary>
public sealed record YieldOp : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "yield";
}

/// <summary>Takes a processor offline.</summary>
/// <param name="Cpu">The processor; not the caller's own.</param>
public sealed record OfflineOp(int Cpu) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"cpu/{Cpu} offline";
}

/// <summary>Brings a processor online again.</summary>
/// <param name="Cpu">The processor.</param>
public sealed record OnlineOp(int Cpu) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"cpu/{Cpu} online";
}

/// <summary>
/// Takes a processor from the scheduler (<c>sched_cpu_deactivate()</c>, kernel/sched/core.c, v5.3) and sends its tasks away. Value: how many have not
/// gone yet, because they are inside the kernel or share descriptors with one that stays.
/// </summary>
/// <param name="Cpu">The processor.</param>
/// <param name="Leaving">All the processors that go with it: no place for its tasks.</param>
internal sealed record EvacuateOp(int Cpu, IReadOnlyList<int> Leaving) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"cpu/{Cpu} evacuated";
}

/// <summary>Brings a processor online whose node has come.</summary>
/// <param name="Cpu">The processor.</param>
internal sealed record PlugOp(int Cpu) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"cpu/{Cpu} plugged";
}

/// <summary><c>perf_pmu_migrate_context()</c>: moves a processor's events to another one. EINVAL where one of the two is offline.</summary>
/// <param name="From">The source.</param>
/// <param name="To">The destination.</param>
public sealed record MigrateContextOp(int From, int To) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => $"perf_pmu_migrate_context(cpu/{From}, cpu/{To})";
}

/// <summary>Releases what tasks had under way when their node was lost: events without a descriptor, memory that nobody names.</summary>
/// <param name="Tasks">The tasks' indices.</param>
internal sealed record ReapOp(IReadOnlyList<int> Tasks) : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "reap";
}

/// <summary>What a read returned.</summary>
/// <param name="Bytes">The record's length in bytes; 0 is end of file.</param>
/// <param name="Entries">The values in the kernel's order.</param>
/// <param name="TimeEnabledNs">Time enabled, ns.</param>
/// <param name="TimeRunningNs">Time running, ns.</param>
public sealed record ReadRecord(int Bytes, IReadOnlyList<ReadEntry> Entries, long TimeEnabledNs, long TimeRunningNs)
{
    /// <summary>The first value, or 0.</summary>
    public long Value => Entries.Count > 0 ? Entries[0].Value : 0;
}

/// <summary>One value of a read.</summary>
/// <param name="Event">Which event.</param>
/// <param name="Name">The name of its descriptor.</param>
/// <param name="Value">Its count, children included.</param>
public sealed record ReadEntry(EventId Event, string Name, long Value);

/// <summary>How an operation ended.</summary>
/// <param name="Error">The error, or <see cref="Errno.Ok"/>.</param>
public sealed record OpResult(Errno Error)
{
    /// <summary>It worked.</summary>
    public static readonly OpResult Ok = new(Errno.Ok);

    /// <summary>What was read, or null.</summary>
    public ReadRecord? Read { get; init; }

    /// <summary>A number: an id, or poll's events.</summary>
    public long Value { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Error != Errno.Ok ? Error.ToString()
        : Read is null ? "ok"
        : Read.Bytes == 0 ? "end of file"
        : string.Join(", ", Read.Entries.Select(e => $"{e.Name}={e.Value}"));
}

/// <summary>A task's script: what it does next, given how the last operation ended.</summary>
public interface ITaskProgram
{
    /// <summary>The next operation.</summary>
    /// <param name="last">How the last one ended; null at the start.</param>
    /// <returns>The operation; null to exit.</returns>
    TaskOp? Next(OpResult? last);
}
