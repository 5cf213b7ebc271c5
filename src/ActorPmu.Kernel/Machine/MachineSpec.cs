namespace ActorPmu.Kernel;

/// <summary>A cgroup to be made before the run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">Its parent's name; null for the root.</param>
public sealed record CgroupSpec(string Name, string? Parent);

/// <summary>A task of the run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cpu">The processor on which it starts.</param>
/// <param name="Program">What it does. A fresh one for every run.</param>
public sealed record TaskSpec(string Name, int Cpu, Func<ITaskProgram> Program)
{
    /// <summary>Its cgroup's name; null for the root.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Whether somebody forks it; otherwise it is there from the start.</summary>
    public bool Forked { get; init; }

    /// <summary>What its work does to the counters; null for the machine's.</summary>
    public Work? Work { get; init; }

    /// <summary>Whether it runs before all others as soon as it is awake (<c>stop_sched_class</c>).</summary>
    internal bool IsStopper { get; init; }
}

/// <summary>An interrupt that comes from outside, at any moment of an exploration.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Cpu">Where.</param>
/// <param name="Times">How often, 1 or more.</param>
public sealed record Injection(InjectionKind Kind, int Cpu, int Times)
{
    /// <summary>For a PMI: the task whose descriptor it reads.</summary>
    public string? Task { get; init; }

    /// <summary>For a PMI: the descriptor that its handler reads.</summary>
    public string? Event { get; init; }
}

/// <summary>What can be injected.</summary>
public enum InjectionKind
{
    /// <summary>The scheduler's tick: the running task may lose the processor.</summary>
    Tick,

    /// <summary>The multiplexing timer, armed or not.</summary>
    MuxTimer,

    /// <summary>A performance monitoring interrupt whose handler reads an event.</summary>
    Pmi,
}

/// <summary>Everything that makes up a machine to run. Immutable: one specification, many runs.</summary>
public sealed record MachineSpec
{
    /// <summary>Processors, 1…64.</summary>
    public int CpuCount { get; init; } = 2;

    /// <summary>Hardware.</summary>
    public required HardwareProfile Profile { get; init; }

    /// <summary>Whether the kernel is PREEMPT_RT.</summary>
    public bool PreemptRt { get; init; }

    /// <summary>Whether the NMI watchdog takes its counter: a pinned event on cycles on each processor.</summary>
    public bool Watchdog { get; init; }

    /// <summary>Cgroups, parents first.</summary>
    public IReadOnlyList<CgroupSpec> Cgroups { get; init; } = [];

    /// <summary>Tasks.</summary>
    public IReadOnlyList<TaskSpec> Tasks { get; init; } = [];

    /// <summary>A recorded schedule that drives the processors, or null. Needs a clock.</summary>
    public Recording? Recording { get; init; }

    /// <summary>Interrupts from outside.</summary>
    public IReadOnlyList<Injection> Injections { get; init; } = [];

    /// <summary>How many allocations may fail in a run.</summary>
    public int AllocationFailures { get; init; }

    /// <summary>How often the armed multiplexing timer may fire in an exploration. With a clock it fires as long as it is armed.</summary>
    public int MuxFires { get; init; } = 1;

    /// <summary><c>perf_event_mux_interval_ms</c>, in ns. Counts only where there is a clock.</summary>
    public long MuxIntervalNs { get; init; } = 4_000_000;

    /// <summary>Time from one tick to the next, ns; 0 for no tick. Counts only where there is a clock.</summary>
    public long TickNs { get; init; }

    /// <summary>Kernel instructions that a tick executes, in units of <see cref="KernelWork"/>.</summary>
    public int TickUnits { get; init; }

    /// <summary>Time that a rotation takes from the task under it for each event that it moves, ns. Counts only where there is a clock.</summary>
    public long MoveNs { get; init; }

    /// <summary>What a task's unit of work does to the counters.</summary>
    public Work Work { get; init; }

    /// <summary>What a unit of the kernel's own work does to the counters.</summary>
    public Work KernelWork { get; init; }

    /// <summary>Time that a unit of work takes, ns; also the step of a processor's clock in an exploration.</summary>
    public long UnitNs { get; init; } = 1_000;

    /// <summary>Time that a system call takes, ns. Counts only where there is a clock.</summary>
    public long SyscallNs { get; init; } = 1_000;

    /// <summary><c>kernel.perf_event_paranoid</c>; tasks without privileges are refused above.</summary>
    public int PerfEventParanoid { get; init; } = 2;

    /// <summary>Whether the tasks may do anything (CAP_SYS_ADMIN).</summary>
    public bool Privileged { get; init; } = true;

    /// <summary>
    /// <c>kernel.perf_event_max_sample_rate</c>, samples a second: the largest frequency that can be asked for, and, over HZ, how often an event
    /// may overflow between two ticks. A machine with a clock and without a tick throttles nobody.
    /// </summary>
    public ulong MaxSampleRate { get; init; } = 100_000;

    /// <summary>Whether every access to a published field is a step of its own, so that an NMI can land in front of it.</summary>
    public bool FineGrained { get; init; }

    /// <summary>In which order other processors see stores to published fields. Counts only with <see cref="FineGrained"/>.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.Weak;

    /// <summary>Which of Linux's own faults are mended.</summary>
    public LinuxFaults Mended { get; init; }

    /// <summary>Kernel version whose answers are wanted where versions differ: major × 100 + minor.</summary>
    public int KernelVersion { get; init; } = 503;
}
