namespace ActorPmu.Scenarios.Traces;

/// <summary>Which of the kernel's three wakeup tracepoints printed a wakeup. One wakeup may pass through two of them.</summary>
public enum WakeupKind
{
    /// <summary><c>sched_waking</c>: the waker begins. The target CPU is the one the task last ran on, not yet the chosen one.</summary>
    Waking,

    /// <summary><c>sched_wakeup</c>: the task is on the run queue of the target CPU.</summary>
    Woken,

    /// <summary><c>sched_wakeup_new</c>: a just-forked task is on the run queue of the target CPU.</summary>
    WokenAfterFork,
}
