namespace ActorPmu.Kernel;

/// <summary>What is wrong with Linux v5.3 itself, each by the name of its scenario in <c>config/findings</c>: a machine may have it mended.</summary>
/// <remarks>A hunt mends all of them, so that what it finds is new. That a fault is gone with its mend, and with no other, shows that the scenario names its cause.</remarks>
[Flags]
public enum LinuxFaults
{
    /// <summary>Linux as it is.</summary>
    None = 0,

    /// <summary><c>perf_event_exit_event()</c>: the child's count is added under <c>child_mutex</c>, in which it leaves the list. As since v5.13 (<c>perf_child_detach()</c>).</summary>
    ExitReadCountsTwice = 1,

    /// <summary><c>local64_add()</c> and <c>local64_set()</c> of one count wait for each other, as <c>atomic64</c> would. Linux has it to this day.</summary>
    ResetIsLost = 2,

    /// <summary><c>event_sched_out()</c> has an <c>smp_wmb()</c> before it stores <c>->oncpu</c> and the state; <c>perf_event_read()</c> has an <c>smp_rmb()</c> after it, where it takes the count for up to date.</summary>
    CountBehindOncpu = 4,

    /// <summary><c>perf_event_open()</c> compares the contexts of leader and sibling with <c>ctx->mutex</c> held. As since v6.2.</summary>
    SiblingBesideMigrate = 8,

    /// <summary><c>__perf_event_ctx_lock_double()</c> locks one mutex once where the group is in the context already.</summary>
    TwoThreadsMoveOneGroup = 16,

    /// <summary><c>perf_read_group()</c> returns −ECHILD where a copy's group is not the leader's. As since v6.6 (32671e3799ca).</summary>
    CloseBesideGroupRead = 32,

    /// <summary><c>perf_event_context_sched_out()</c> does not swap contexts with <c>inherit_stat</c> while somebody with <c>child_mutex</c> adds up their events; <c>perf_event_read()</c> takes <c>ctx->lock</c> of those that are off, too.</summary>
    SwapBesideInheritedRead = 64,

    /// <summary><c>__perf_remove_from_context()</c> with DETACH_GROUP leaves no <c>->group_leader</c> behind. v6.18 still did.</summary>
    SiblingOutlivesLeader = 128,

    /// <summary><c>context_equiv()</c>: contexts with <c>inherit_stat</c> are swapped only where their lists have the same events in the same order.</summary>
    SyncStatPairsUnlike = 256,

    /// <summary><c>perf_group_detach()</c>: brings the times of siblings up to date before they are on their own.</summary>
    ClosedLeaderWasOff = 512,

    /// <summary><c>__perf_event_sync_stat()</c>: brings the times of both events up to date, not only those of the one whose task leaves.</summary>
    SwapLeavesTimeBehind = 1024,

    /// <summary><c>inherit_event()</c>: reads the state of what it copies with <c>child_mutex</c> held.</summary>
    ForkBesideDisable = 2048,

    /// <summary><c>ctx_sched_out()</c>: the context of a task leaves the time of cgroups alone, which is that of the processor's own events.</summary>
    CgroupTimeFromNowhere = 4096,

    /// <summary><c>perf_cgroup_set_timestamp()</c>: what the processor's other context has running is brought up to date, and does not begin again; so it is before an event joins it.</summary>
    CgroupTimeBeginsAgain = 8192,

    /// <summary><c>update_cgrp_time_from_event()</c>: goes by <c>cpuctx->cgrp</c> of the event's processor, and not by the task that reads.</summary>
    CgroupOfTheReader = 16384,

    /// <summary><c>perf_cgroup_sched_out()</c> and <c>_in()</c> compare the next task's cgroup with <c>cpuctx->cgrp</c>, and not with the cgroup of the task that leaves.</summary>
    CgroupMoveBesideSwitch = 32768,

    /// <summary>All of it.</summary>
    All = ExitReadCountsTwice | ResetIsLost | CountBehindOncpu | SiblingBesideMigrate | TwoThreadsMoveOneGroup | CloseBesideGroupRead | SwapBesideInheritedRead
        | SiblingOutlivesLeader | SyncStatPairsUnlike | ClosedLeaderWasOff | SwapLeavesTimeBehind | ForkBesideDisable
        | CgroupTimeFromNowhere | CgroupTimeBeginsAgain | CgroupOfTheReader | CgroupMoveBesideSwitch,
}
