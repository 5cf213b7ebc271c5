namespace ActorPmu.Scenarios.Traces;

/// <summary>What a task was when it left its CPU (<c>prev_state</c> of sched_switch).</summary>
public enum TaskState
{
    /// <summary><c>R</c>, 0: still wants the CPU. Tools that drop the preemption mark print this for a preempted task too.</summary>
    Runnable,

    /// <summary><c>R+</c>, <c>p</c>, or the numeric preemption bit: still wants the CPU, and was preempted.</summary>
    Preempted,

    /// <summary><c>S</c>, 1: TASK_INTERRUPTIBLE.</summary>
    Sleeping,

    /// <summary><c>D</c>, 2: TASK_UNINTERRUPTIBLE.</summary>
    Blocked,

    /// <summary><c>T</c>, 4, <c>t</c>, 8: stopped by a signal or by a tracer.</summary>
    Stopped,

    /// <summary><c>X</c>, <c>Z</c>, <c>x</c>: exited, it does not run again.</summary>
    Dead,

    /// <summary><c>I</c>: TASK_IDLE, a kernel thread that sleeps without counting as load. Old tools print <c>W</c> for it.</summary>
    Idle,

    /// <summary><c>P</c>: TASK_PARKED.</summary>
    Parked,

    /// <summary>Printed, but with a letter or bit not known here.</summary>
    Other,
}
