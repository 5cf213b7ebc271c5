namespace ActorPmu.Scenarios.Conform;

/// <summary>The arguments of one perf_event_open, the defaults filled in.</summary>
/// <param name="Type">What the event counts.</param>
/// <param name="Task">The pid argument; not looked at when <paramref name="Cgroup"/> is there.</param>
/// <param name="Cpu">The cpu argument; -1 is any CPU.</param>
/// <param name="Group">The group_fd argument.</param>
/// <param name="Cgroup">Null: no cgroup event.</param>
/// <param name="Flags">The flags argument without PID_CGROUP of <paramref name="Cgroup"/>: <see cref="FdNoGroup"/> and the like, unknown bits too.</param>
/// <param name="ReadFormat">attr.read_format: <see cref="FormatEnabled"/> and the like, unknown bits too.</param>
/// <param name="Attr">The other fields of the attr.</param>
public sealed record OpenCall(
    ConformEventType Type, TaskRef Task, int Cpu, GroupRef Group, CgroupRef? Cgroup, ulong Flags, ulong ReadFormat, EventAttr Attr)
{
    /// <summary>PERF_FORMAT_TOTAL_TIME_ENABLED.</summary>
    public const ulong FormatEnabled = 1;

    /// <summary>PERF_FORMAT_TOTAL_TIME_RUNNING.</summary>
    public const ulong FormatRunning = 2;

    /// <summary>PERF_FORMAT_ID.</summary>
    public const ulong FormatId = 4;

    /// <summary>PERF_FORMAT_GROUP.</summary>
    public const ulong FormatGroup = 8;

    /// <summary>PERF_FORMAT_LOST.</summary>
    public const ulong FormatLost = 16;

    /// <summary>PERF_FLAG_FD_NO_GROUP.</summary>
    public const ulong FdNoGroup = 1;

    /// <summary>PERF_FLAG_FD_OUTPUT.</summary>
    public const ulong FdOutput = 2;

    /// <summary>PERF_FLAG_PID_CGROUP.</summary>
    public const ulong PidCgroup = 4;

    /// <summary>PERF_FLAG_FD_CLOEXEC.</summary>
    public const ulong FdCloexec = 8;

    /// <summary>attr.type of a <see cref="ConformEventType.Raw"/> event; null for the others.</summary>
    public uint? RawType { get; init; }

    /// <summary>attr.config of a <see cref="ConformEventType.Raw"/> event; null for the others.</summary>
    public ulong? RawConfig { get; init; }

    /// <summary>attr.size in bytes; null: the kernel's own size.</summary>
    public uint? Size { get; init; }

    /// <summary>The byte of the attr buffer that is 0xff; null: none.</summary>
    public int? TailAt { get; init; }

    /// <summary>The attr argument is a NULL pointer.</summary>
    public bool NullAttr { get; init; }

    /// <summary>Whether the event sees kernel mode, where the recording of counts is less exact.</summary>
    public bool CountsKernelMode => Attr.ExcludeUser || !Attr.ExcludeKernel;
}
