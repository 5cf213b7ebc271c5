namespace ActorPmu.Kernel;

/// <summary>What a PMU driver answers.</summary>
public enum PmuStatus
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>EAGAIN: no counter is free for it now. (x86 says EINVAL here; <c>event_sched_in()</c> makes EAGAIN of it, v5.3.)</summary>
    Again,

    /// <summary>ENOENT: this PMU does not serve this CPU.</summary>
    NoEntry,

    /// <summary>EINVAL: a group that fits at no time.</summary>
    Invalid,
}
