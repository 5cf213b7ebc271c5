namespace ActorPmu.Kernel;

/// <summary>Where code runs (as a mode), or the places in which an event counts (as a filter).</summary>
/// <remarks>
/// As a filter: what is left after exclude_user, exclude_kernel, exclude_hv and exclude_guest of perf_event_attr took their bit away, and what
/// exclude_host adds.
/// As a mode: at least one bit; a guest's user space is <c>Guest | User</c>, and an event counts there when its filter has both bits.
/// </remarks>
[Flags]
public enum Privilege : byte
{
    /// <summary>Nowhere: a filter that counts nothing. No mode.</summary>
    None = 0,

    /// <summary>User space.</summary>
    User = 1,

    /// <summary>The kernel.</summary>
    Kernel = 2,

    /// <summary>The hypervisor.</summary>
    Hypervisor = 4,

    /// <summary>A guest, rather than the host.</summary>
    Guest = 8,

    /// <summary>As a filter alone: not on the host, which is wherever no guest runs (exclude_host).</summary>
    GuestOnly = 16,
}
