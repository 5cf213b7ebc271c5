using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>Hands a recording's moves to the processors, one at a time.</summary>
/// <remarks>
/// The next move is sent when the one before has been carried out, so that what happened at one instant happens in the
/// recording's order on all processors, and a long recording does not sit in channels.
/// </remarks>
internal sealed class RecordingPlayer(Machine machine, Recording recording)
{
    private const int FirstSender = 50_000;

    private readonly List<TaskStruct> _watchers = [];
    private int _next;
    private long _startNs;
    private bool _started;

    /// <summary>All moves have been carried out.</summary>
    public bool Ended { get; private set; }

    /// <summary>Moves carried out.</summary>
    public int Played => _started && !Ended ? _next - 1 : _next;

    /// <summary>Starts at once if nobody is to wait for the end.</summary>
    public void Boot()
    {
        if (recording.Watchers == 0)
        {
            Begin();
        }
    }

    /// <summary>A task waits for the end; the last of those expected starts the recording.</summary>
    public void Await(TaskStruct watcher)
    {
        _watchers.Add(watcher);
        if (!_started && _watchers.Count == recording.Watchers)
        {
            Begin();
        }
    }

    /// <summary>The move under way has been carried out.</summary>
    public void Next()
    {
        if (_next == recording.Moves.Count)
        {
            End();
            return;
        }

        RecordedMove move = recording.Moves[_next++];
        IActorHost world = machine.Host;
        world.Send(
            Sender(move.Cpu), new ActorId(ActorKind.Cpu, move.Cpu), Lane.Irq, Accept.Irq, move,
            Math.Max(0, _startNs + move.TimeNs - world.NowNs));
    }

    private static ActorId Sender(int cpu) => new(ActorKind.Environment, FirstSender + cpu);

    private void Begin()
    {
        _started = true;
        _startNs = machine.Host.NowNs;
        Next();
    }

    private void End()
    {
        Ended = true;
        for (int i = 0; i < _watchers.Count; i++)
        {
            TaskStruct task = _watchers[i];
            machine.Host.Send(
                Sender(task.Cpu), new ActorId(ActorKind.Cpu, task.Cpu), Lane.Irq, Accept.Wake, new WakeTask(task.Index));
        }
    }
}
