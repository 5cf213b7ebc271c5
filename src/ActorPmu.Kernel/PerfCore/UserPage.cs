namespace ActorPmu.Kernel;

/// <summary>What a process that has mapped an event reads without a system call.</summary>
/// <remarks>Kernel: <c>struct perf_event_mmap_page</c>, include/uapi/linux/perf_event.h, v5.3, as far as it is about the count.</remarks>
public sealed class UserPage
{
    /// <summary>The sequence count: odd while the page is written (<c>lock</c>).</summary>
    public uint Lock { get; internal set; }

    /// <summary>1 + the number of the counter that counts for the event; 0 when none does, or the driver does not tell (<c>index</c>).</summary>
    public int Index { get; internal set; }

    /// <summary>The count less the counter's value; the count where <see cref="Index"/> is 0 (<c>offset</c>).</summary>
    public long Offset { get; internal set; }

    /// <summary>Time enabled, ns.</summary>
    public long TimeEnabled { get; internal set; }

    /// <summary>Time on the PMU, ns.</summary>
    public long TimeRunning { get; internal set; }

    /// <summary>Whether user space may read counters (<c>cap_user_rdpmc</c>). On x86; on Arm from v5.17 on.</summary>
    public bool CapUserRdpmc { get; internal set; }

    /// <summary>How many mappings there are (<c>mmap_count</c>).</summary>
    internal int Mappings { get; set; }

    internal UserPageSeen Seen => new(Lock, Index, Offset, TimeEnabled, TimeRunning);
}

/// <summary>What a reader of a <see cref="UserPage"/> has loaded.</summary>
/// <param name="Lock">The sequence count.</param>
/// <param name="Index">1 + the counter, or 0.</param>
/// <param name="Offset">What to add to the counter's value.</param>
/// <param name="TimeEnabled">Time enabled, ns.</param>
/// <param name="TimeRunning">Time on the PMU, ns.</param>
public readonly record struct UserPageSeen(uint Lock, int Index, long Offset, long TimeEnabled, long TimeRunning);
