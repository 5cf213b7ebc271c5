using ActorPmu.Sharing.Tests;

namespace ActorPmu.Benchmarks;

/// <summary>What anybody would write first: queues, a list of those that are not empty, a random pick, a handler.</summary>
/// <remarks>
/// Yardstick for the world: the same programs, messages as records, a FIFO queue for each pair of nodes, and nothing of what makes the
/// world useful (names, lanes, acceptance, canonical order, observers, a clock, growing at run time).
/// </remarks>
internal sealed class PlainLoop
{
    private readonly Queue<object>[] _queues;
    private readonly List<int> _nonEmpty = [];
    private readonly int _nodeCount;
    private readonly PlainProgram _program;

    public PlainLoop(int nodeCount, PlainProgram program)
    {
        _nodeCount = nodeCount;
        _program = program;
        _queues = new Queue<object>[nodeCount * nodeCount];
        for (int i = 0; i < _queues.Length; i++)
        {
            _queues[i] = new Queue<object>();
        }
    }

    public void Send(int from, int to, object message)
    {
        int queue = (to * _nodeCount) + from;
        if (_queues[queue].Count == 0)
        {
            _nonEmpty.Add(queue);
        }

        _queues[queue].Enqueue(message);
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>How many deliveries there were.</returns>
    public int Run(SeededChooser chooser)
    {
        int deliveries = 0;
        _program.Start(this);
        while (_nonEmpty.Count > 0)
        {
            int at = chooser.Below(_nonEmpty.Count);
            int queue = _nonEmpty[at];
            object message = _queues[queue].Dequeue();
            if (_queues[queue].Count == 0)
            {
                _nonEmpty.RemoveAt(at);
            }

            deliveries++;
            _program.Receive(this, queue / _nodeCount, message);
        }

        return deliveries;
    }
}

/// <summary>A program of the plain loop: all its nodes at once.</summary>
internal abstract class PlainProgram
{
    public abstract void Start(PlainLoop loop);

    public abstract void Receive(PlainLoop loop, int node, object message);
}

/// <summary><see cref="PingPong"/> for the plain loop.</summary>
internal sealed class PlainPingPong : PlainProgram
{
    private sealed record Ball(int Hits);

    public override void Start(PlainLoop loop) => loop.Send(0, 1, new Ball(1));

    public override void Receive(PlainLoop loop, int node, object message)
    {
        int hits = ((Ball)message).Hits;
        if (hits < PingPong.Deliveries)
        {
            loop.Send(node, 1 - node, new Ball(hits + 1));
        }
    }
}

/// <summary><see cref="LockServer"/> for the plain loop.</summary>
internal sealed class PlainLockServer : PlainProgram
{
    private readonly Queue<int> _waiting = new();
    private readonly int[] _left = [0, LockServer.Rounds, LockServer.Rounds, LockServer.Rounds];
    private bool _held;

    private sealed record Acquire(int By);

    private sealed record Grant;

    private sealed record Release(int By);

    private sealed record Ack;

    public override void Start(PlainLoop loop)
    {
        for (int client = 1; client <= LockServer.Clients; client++)
        {
            loop.Send(client, 0, new Acquire(client));
        }
    }

    public override void Receive(PlainLoop loop, int node, object message)
    {
        switch (message)
        {
            case Acquire m when _held:
                _waiting.Enqueue(m.By);
                break;
            case Acquire m:
                _held = true;
                loop.Send(0, m.By, new Grant());
                break;
            case Release m:
                loop.Send(0, m.By, new Ack());
                _held = _waiting.TryDequeue(out int next);
                if (_held)
                {
                    loop.Send(0, next, new Grant());
                }

                break;
            case Grant:
                loop.Send(node, 0, new Release(node));
                break;
            default:
                if (--_left[node] > 0)
                {
                    loop.Send(node, 0, new Acquire(node));
                }

                break;
        }
    }
}
