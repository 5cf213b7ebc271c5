using System.Diagnostics.CodeAnalysis;

namespace ActorPmu.Scenarios.Conform;

/// <summary>The bit field of <c>struct perf_event_attr</c>, at the kernel's positions (include/uapi/linux/perf_event.h, v6.18).</summary>
/// <remarks>A case cannot say the bits <c>task</c> and <c>cgroup</c>: these names are the arguments of the call.</remarks>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "the kernel's field has 64 bits")]
public enum AttrBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Off until enabled.</summary>
    Disabled = 1UL << 0,

    /// <summary>Children inherit it.</summary>
    Inherit = 1UL << 1,

    /// <summary>Must always be on the PMU.</summary>
    Pinned = 1UL << 2,

    /// <summary>Only group on the PMU.</summary>
    Exclusive = 1UL << 3,

    /// <summary>Does not count user mode.</summary>
    ExcludeUser = 1UL << 4,

    /// <summary>Does not count kernel mode.</summary>
    ExcludeKernel = 1UL << 5,

    /// <summary>Does not count the hypervisor.</summary>
    ExcludeHv = 1UL << 6,

    /// <summary>Does not count the idle task.</summary>
    ExcludeIdle = 1UL << 7,

    /// <summary>mmap records.</summary>
    Mmap = 1UL << 8,

    /// <summary>comm records.</summary>
    Comm = 1UL << 9,

    /// <summary>The sample period is a frequency.</summary>
    Freq = 1UL << 10,

    /// <summary>Counts of each task are kept.</summary>
    InheritStat = 1UL << 11,

    /// <summary>The next exec enables it.</summary>
    EnableOnExec = 1UL << 12,

    /// <summary>fork and exit records.</summary>
    Task = 1UL << 13,

    /// <summary>wakeup_watermark instead of wakeup_events.</summary>
    Watermark = 1UL << 14,

    /// <summary>Low bit of precise_ip.</summary>
    PreciseIpLow = 1UL << 15,

    /// <summary>High bit of precise_ip.</summary>
    PreciseIpHigh = 1UL << 16,

    /// <summary>Data mmap records.</summary>
    MmapData = 1UL << 17,

    /// <summary>Sample fields on all records.</summary>
    SampleIdAll = 1UL << 18,

    /// <summary>Does not count the host.</summary>
    ExcludeHost = 1UL << 19,

    /// <summary>Does not count guests.</summary>
    ExcludeGuest = 1UL << 20,

    /// <summary>No kernel call chains.</summary>
    ExcludeCallchainKernel = 1UL << 21,

    /// <summary>No user call chains.</summary>
    ExcludeCallchainUser = 1UL << 22,

    /// <summary>mmap records with inode.</summary>
    Mmap2 = 1UL << 23,

    /// <summary>comm records tell exec.</summary>
    CommExec = 1UL << 24,

    /// <summary>clockid holds.</summary>
    UseClockid = 1UL << 25,

    /// <summary>Context switch records.</summary>
    ContextSwitch = 1UL << 26,

    /// <summary>The ring buffer is written backward.</summary>
    WriteBackward = 1UL << 27,

    /// <summary>Namespace records.</summary>
    Namespaces = 1UL << 28,

    /// <summary>ksymbol records.</summary>
    Ksymbol = 1UL << 29,

    /// <summary>BPF records.</summary>
    BpfEvent = 1UL << 30,

    /// <summary>AUX output instead of an event.</summary>
    AuxOutput = 1UL << 31,

    /// <summary>cgroup records.</summary>
    Cgroup = 1UL << 32,

    /// <summary>Text poke records.</summary>
    TextPoke = 1UL << 33,

    /// <summary>Build ids in mmap2 records.</summary>
    BuildId = 1UL << 34,

    /// <summary>Only threads inherit it.</summary>
    InheritThread = 1UL << 35,

    /// <summary>The next exec removes it.</summary>
    RemoveOnExec = 1UL << 36,

    /// <summary>SIGTRAP on overflow.</summary>
    Sigtrap = 1UL << 37,

    /// <summary>User call chains are deferred.</summary>
    DeferCallchain = 1UL << 38,

    /// <summary>Takes the deferred call chains.</summary>
    DeferOutput = 1UL << 39,
}
