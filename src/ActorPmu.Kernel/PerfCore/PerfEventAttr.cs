namespace ActorPmu.Kernel;

/// <summary>What kind of event is asked for (<c>attr.type</c>).</summary>
public enum PerfType
{
    /// <summary>A generic hardware event, by name.</summary>
    Hardware = 0,

    /// <summary>A software event of the kernel.</summary>
    Software = 1,

    /// <summary>A trace point; counts in the software contexts.</summary>
    Tracepoint = 2,

    /// <summary>A raw event code of the PMU.</summary>
    Raw = 4,

    /// <summary>A hardware breakpoint; the model counts nothing for it.</summary>
    Breakpoint = 5,

    /// <summary>A type that no PMU has registered.</summary>
    Unknown = 0x7fff_ffff,
}

/// <summary>The software events that the model has (<c>PERF_COUNT_SW_*</c>).</summary>
public enum SoftwareEvent
{
    /// <summary>CPU clock.</summary>
    CpuClock = 0,

    /// <summary>Task clock.</summary>
    TaskClock = 1,

    /// <summary>Page faults.</summary>
    PageFaults = 2,

    /// <summary>Context switches.</summary>
    ContextSwitches = 3,

    /// <summary>Moves between processors.</summary>
    CpuMigrations = 4,

    /// <summary>An event that never counts.</summary>
    Dummy = 9,
}

/// <summary>What a read returns (<c>PERF_FORMAT_*</c>).</summary>
[Flags]
public enum ReadFormat : ulong
{
    /// <summary>The value alone.</summary>
    None = 0,

    /// <summary>With the time that the event was enabled.</summary>
    TotalTimeEnabled = 1,

    /// <summary>With the time that it was on the PMU.</summary>
    TotalTimeRunning = 2,

    /// <summary>With its id.</summary>
    Id = 4,

    /// <summary>The whole group.</summary>
    Group = 8,

    /// <summary>With the number of lost samples (Linux 6.0 and later).</summary>
    Lost = 16,
}

/// <summary><c>struct perf_event_attr</c>, as far as it matters to counting.</summary>
/// <remarks>Kernel: include/uapi/linux/perf_event.h, v5.3. Field names are the kernel's.</remarks>
public sealed record PerfEventAttr
{
    /// <summary>Kind of event.</summary>
    public PerfType Type { get; init; }

    /// <summary>Which event of its kind: a code of the PMU, or a <see cref="SoftwareEvent"/>.</summary>
    public ulong Config { get; init; }

    /// <summary>Extension of <see cref="Config"/>; bit 0 asks Arm PMUs for a 64-bit counter.</summary>
    public ulong Config1 { get; init; }

    /// <summary>Extension of <see cref="Config"/>.</summary>
    public ulong Config2 { get; init; }

    /// <summary>Occurrences between two samples, or samples a second if <see cref="Freq"/>; 0 for a counting event.</summary>
    public ulong SamplePeriod { get; init; }

    /// <summary><see cref="SamplePeriod"/> is a frequency.</summary>
    public bool Freq { get; init; }

    /// <summary><c>PERF_SAMPLE_*</c> bits.</summary>
    public ulong SampleType { get; init; }

    /// <summary><c>PERF_SAMPLE_BRANCH_*</c> bits.</summary>
    public ulong BranchSampleType { get; init; }

    /// <summary>What a read returns.</summary>
    public ReadFormat ReadFormat { get; init; }

    /// <summary>Off until enabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>Children get a copy.</summary>
    public bool Inherit { get; init; }

    /// <summary>Only threads get a copy (Linux 5.13 and later).</summary>
    public bool InheritThread { get; init; }

    /// <summary>Children keep their own statistics across context swaps.</summary>
    public bool InheritStat { get; init; }

    /// <summary>Must always be on the PMU.</summary>
    public bool Pinned { get; init; }

    /// <summary>Must be alone on the PMU.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Does not count user mode.</summary>
    public bool ExcludeUser { get; init; }

    /// <summary>Does not count kernel mode.</summary>
    public bool ExcludeKernel { get; init; }

    /// <summary>Does not count the hypervisor.</summary>
    public bool ExcludeHv { get; init; }

    /// <summary>Does not count when idle.</summary>
    public bool ExcludeIdle { get; init; }

    /// <summary>Does not count the host.</summary>
    public bool ExcludeHost { get; init; }

    /// <summary>Does not count guests.</summary>
    public bool ExcludeGuest { get; init; }

    /// <summary>The next exec enables it.</summary>
    public bool EnableOnExec { get; init; }

    /// <summary>The next exec removes it (Linux 5.13 and later).</summary>
    public bool RemoveOnExec { get; init; }

    /// <summary><see cref="WakeupEvents"/> is a watermark in bytes.</summary>
    public bool Watermark { get; init; }

    /// <summary>Wake a poller after so many samples.</summary>
    public uint WakeupEvents { get; init; }

    /// <summary>Skid constraint, 0…3.</summary>
    public int PreciseIp { get; init; }

    /// <summary>Use <see cref="ClockId"/>.</summary>
    public bool UseClockId { get; init; }

    /// <summary>The clock of samples.</summary>
    public int ClockId { get; init; }

    /// <summary>Call chain depth bound.</summary>
    public int SampleMaxStack { get; init; }

    /// <summary>The size that the caller gives the structure, in bytes; 0 for the first published one.</summary>
    public int Size { get; init; } = 112;

    /// <summary>A reserved byte of the caller's structure that is not zero, or −1.</summary>
    public int NonZeroTailAt { get; init; } = -1;

    /// <summary>Whether the event samples (<c>is_sampling_event()</c>).</summary>
    public bool IsSampling => SamplePeriod != 0;

    /// <summary>The modes in which it counts.</summary>
    public Privilege Counts =>
        (ExcludeUser ? 0 : Privilege.User) | (ExcludeKernel ? 0 : Privilege.Kernel)
        | (ExcludeHv ? 0 : Privilege.Hypervisor) | (ExcludeGuest ? 0 : Privilege.Guest) | (ExcludeHost ? Privilege.GuestOnly : 0);
}
