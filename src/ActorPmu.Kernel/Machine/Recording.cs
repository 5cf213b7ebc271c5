using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>A schedule that was recorded on another machine and drives the processors of this one.</summary>
/// <remarks>
/// Its moves must fit one another: a task is on one processor at most, forks, exits and execs are those of the task that is
/// there, a task runs only after its fork. Whoever makes one of a trace sees to that. Needs a clock.
/// </remarks>
public sealed record Recording
{
    /// <summary>Its tasks. They are numbered from 0 here; in the machine they come after those with a script.</summary>
    public required IReadOnlyList<RecordedTask> Tasks { get; init; }

    /// <summary>What happened, in the order in which it is played. Times do not go back.</summary>
    public required IReadOnlyList<RecordedMove> Moves { get; init; }

    /// <summary>How many tasks must wait for its end (<see cref="AwaitRecordingOp"/>) before it starts; 0 to start with the machine.</summary>
    public int Watchers { get; init; }
}

/// <summary>A task of a recording: no script, only user work while it is on a processor.</summary>
/// <param name="Name">Its name, unique in the machine.</param>
/// <param name="Forked">Whether a move forks it; otherwise it is there, asleep, from the start.</param>
public sealed record RecordedTask(string Name, bool Forked)
{
    /// <summary>What a unit of its work does to the counters.</summary>
    public Work Work { get; init; }

    /// <summary>Its cgroup's name at the start; null for the root. A forked task takes its parent's.</summary>
    public string? Cgroup { get; init; }
}

/// <summary>One thing that happened in a recording: a closed family.</summary>
/// <param name="TimeNs">When, ns since the recording's start.</param>
/// <param name="Cpu">The processor on which it happened.</param>
public abstract record RecordedMove(long TimeNs, int Cpu) : Message;

/// <summary>The processor switches to a task, or idles.</summary>
/// <param name="TimeNs">See <see cref="RecordedMove"/>.</param>
/// <param name="Cpu">See <see cref="RecordedMove"/>.</param>
/// <param name="Task">The recording's task, or −1 for idle.</param>
public sealed record RecordedSwitch(long TimeNs, int Cpu, int Task) : RecordedMove(TimeNs, Cpu)
{
    /// <inheritdoc/>
    public override string Label => Task < 0 ? "recorded switch to idle" : $"recorded switch to {Task}";
}

/// <summary>The task on the processor forks.</summary>
/// <param name="TimeNs">See <see cref="RecordedMove"/>.</param>
/// <param name="Cpu">See <see cref="RecordedMove"/>.</param>
/// <param name="Child">The recording's task that is born.</param>
public sealed record RecordedFork(long TimeNs, int Cpu, int Child) : RecordedMove(TimeNs, Cpu)
{
    /// <inheritdoc/>
    public override string Label => $"recorded fork of {Child}";
}

/// <summary>The task on the processor exits; it leaves with the next switch.</summary>
/// <param name="TimeNs">See <see cref="RecordedMove"/>.</param>
/// <param name="Cpu">See <see cref="RecordedMove"/>.</param>
public sealed record RecordedExit(long TimeNs, int Cpu) : RecordedMove(TimeNs, Cpu)
{
    /// <inheritdoc/>
    public override string Label => "recorded exit";
}

/// <summary>The task on the processor executes another program.</summary>
/// <param name="TimeNs">See <see cref="RecordedMove"/>.</param>
/// <param name="Cpu">See <see cref="RecordedMove"/>.</param>
public sealed record RecordedExec(long TimeNs, int Cpu) : RecordedMove(TimeNs, Cpu)
{
    /// <inheritdoc/>
    public override string Label => "recorded exec";
}

/// <summary>A task moves to another cgroup; the task on the processor moves it, or nobody where it idles and the moved task sleeps.</summary>
/// <param name="TimeNs">See <see cref="RecordedMove"/>.</param>
/// <param name="Cpu">See <see cref="RecordedMove"/>.</param>
/// <param name="Task">The recording's task that is moved.</param>
/// <param name="Cgroup">The cgroup's name.</param>
public sealed record RecordedCgroupMove(long TimeNs, int Cpu, int Task, string Cgroup) : RecordedMove(TimeNs, Cpu)
{
    /// <inheritdoc/>
    public override string Label => $"recorded move of {Task} to cgroup {Cgroup}";
}

/// <summary>Waits for the end of the recording; at its end if it is over already.</summary>
public sealed record AwaitRecordingOp : TaskOp
{
    /// <inheritdoc/>
    public override string ToString() => "wait for the recording's end";
}
