namespace ActorPmu.Scenarios.Traces;

/// <summary>One recorded scheduler event: a closed family, one record for each thing that can happen.</summary>
/// <remarks>Fields are those of include/trace/events/sched.h and cgroup.h of the kernel.</remarks>
public abstract record SchedEvent
{
    // Only the records below can be events.
    private SchedEvent(long timeNs, TraceCpu cpu)
    {
        TimeNs = timeNs;
        Cpu = cpu;
    }

    /// <summary>Nanoseconds on the trace's clock, whose zero is the recorder's (often boot); 0 or more. Ascending, but where the file has it otherwise.</summary>
    public long TimeNs { get; init; }

    /// <summary>The CPU that recorded the event.</summary>
    public TraceCpu Cpu { get; init; }

    /// <summary><c>sched_switch</c>: <paramref name="Prev"/> leaves the CPU and <paramref name="Next"/> takes it.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU that switches.</param>
    /// <param name="Prev">The task that leaves.</param>
    /// <param name="PrevComm">Its name at that time, at most 15 bytes in the kernel.</param>
    /// <param name="PrevState">What it was when it left.</param>
    /// <param name="PrevStateText">The same as the file prints it, such as <c>R+</c>, <c>D|K</c> or <c>4096</c>.</param>
    /// <param name="Next">The task that runs from now on.</param>
    /// <param name="NextComm">Its name at that time.</param>
    public sealed record Switch(
        long TimeNs, TraceCpu Cpu, TracePid Prev, string PrevComm, TaskState PrevState, string PrevStateText, TracePid Next, string NextComm)
        : SchedEvent(TimeNs, Cpu)
    {
        /// <summary>Whether the task that leaves still wants the CPU.</summary>
        public bool PrevStaysRunnable => PrevState is TaskState.Runnable or TaskState.Preempted;
    }

    /// <summary><c>sched_waking</c>, <c>sched_wakeup</c> or <c>sched_wakeup_new</c>.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU of the waker.</param>
    /// <param name="Kind">Which of the three.</param>
    /// <param name="Pid">The task that is woken.</param>
    /// <param name="TargetCpu">The CPU it is to run on.</param>
    public sealed record Wakeup(long TimeNs, TraceCpu Cpu, WakeupKind Kind, TracePid Pid, TraceCpu TargetCpu) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>sched_migrate_task</c>: a task that is not running is given to another CPU.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU that moves the task, often neither of the two.</param>
    /// <param name="Pid">The task moved.</param>
    /// <param name="From">The CPU it was on.</param>
    /// <param name="To">The CPU it goes to.</param>
    public sealed record Migrate(long TimeNs, TraceCpu Cpu, TracePid Pid, TraceCpu From, TraceCpu To) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>sched_process_fork</c>. The child is in its parent's cgroups.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU of the parent.</param>
    /// <param name="Parent">The task that forks.</param>
    /// <param name="Child">The new thread or process.</param>
    public sealed record Fork(long TimeNs, TraceCpu Cpu, TracePid Parent, TracePid Child) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>sched_process_exec</c>.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU of the task.</param>
    /// <param name="Pid">The task after exec.</param>
    /// <param name="OldPid">The thread that called exec: another number when it was not its process's first thread.</param>
    /// <param name="FileName">The program's path.</param>
    public sealed record Exec(long TimeNs, TraceCpu Cpu, TracePid Pid, TracePid OldPid, string FileName) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>sched_process_exit</c>. The task still switches out once after it.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU of the task.</param>
    /// <param name="Pid">The task that exits.</param>
    public sealed record ProcessExit(long TimeNs, TraceCpu Cpu, TracePid Pid) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>cgroup_attach_task</c>: a task moves to a cgroup.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU that moves the task.</param>
    /// <param name="Pid">The task moved.</param>
    /// <param name="Hierarchy">The cgroup hierarchy: 0 is the default one (version 2).</param>
    /// <param name="Path">The cgroup's path in its hierarchy, beginning with <c>/</c>.</param>
    public sealed record CgroupAttach(long TimeNs, TraceCpu Cpu, TracePid Pid, int Hierarchy, string Path) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>cgroup_mkdir</c>.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU that makes the cgroup.</param>
    /// <param name="Hierarchy">The cgroup hierarchy: 0 is the default one (version 2).</param>
    /// <param name="Path">The new cgroup's path.</param>
    public sealed record CgroupMake(long TimeNs, TraceCpu Cpu, int Hierarchy, string Path) : SchedEvent(TimeNs, Cpu);

    /// <summary><c>cgroup_rmdir</c>.</summary>
    /// <param name="TimeNs">See <see cref="SchedEvent.TimeNs"/>.</param>
    /// <param name="Cpu">The CPU that removes the cgroup.</param>
    /// <param name="Hierarchy">The cgroup hierarchy: 0 is the default one (version 2).</param>
    /// <param name="Path">The removed cgroup's path.</param>
    public sealed record CgroupRemove(long TimeNs, TraceCpu Cpu, int Hierarchy, string Path) : SchedEvent(TimeNs, Cpu);
}
