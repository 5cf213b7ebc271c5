using ActorPmu.Actors;
using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Akka.Actor;
using Serilog;

namespace ActorPmu.Akka.Cluster;

/// <summary>A node's place in Akka: takes batches in, lets its part of the machine work, sends batches out.</summary>
internal sealed class NodeActor(Func<string, ISharingDesign> designs, int turn, TaskCompletionSource<string?> ended) : UntypedActor
{
    private readonly List<LastRead> _reads = [];
    private readonly HashSet<(int Lost, int Node)> _said = [];
    private readonly Dictionary<int, NodeBuried> _buried = [];
    private readonly Reaper _reaper = new();
    private int[] _lostCpus = [];
    private int[] _lostTasks = [];
    private IActorRef[] _nodes = [];
    private HashSet<int> _alive = [];
    private ClusterNode? _node;
    private Placement? _placement;
    private IActorRef _lead = ActorRefs.Nobody;
    private bool _runs;
    private bool _turnComes;
    private bool _idle;
    private bool _judging;
    private int _losing = -1;
    private long _operations;

    public const string Name = "node";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BuildMachine m:
                Build(m);
                break;
            case RunMachine:
                _runs = true;
                Work();
                break;
            case Turn:
                _turnComes = false;
                Work();
                break;
            case NodeBatch m:
                TakeIn(m);
                break;
            case AskStatus m:
                Sender.Tell(new NodeStatus(
                    m.Round, _node!.Node, _idle && _losing < 0, _node.Sent, _node.Received, _node.TasksLeft, _node.World.Steps, _operations));
                break;
            case NodeLost m:
                Lose(m.Lost);
                break;
            case SaidAll m:
                _said.Add((m.Lost, m.Node));
                BuryWhenAllIsSaid();
                break;
            case NodeBuried m:
                Buried(m);
                break;
            case GoOn:
                _node!.AskAgain();
                _losing = -1;
                Work();
                break;
            case AskOutcome:
                Sender.Tell(Outcome());
                break;
            case Judge m:
                Sender.Tell(JudgeAll(m));
                break;
            case EndMachine:
                End(null);
                break;
            case Refuse m:
                End(m.Why);
                break;
            case Terminated:
                End("the first node is gone, and with it what holds the machine together");
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // A node that went on with half a step made would believe something else than the others.
    protected override void PreRestart(Exception reason, object message) =>
        End(reason is WireException ? $"{reason.Message}; run it on one machine, with explore or run" : $"this node broke: {reason.Message}");

    private void Build(BuildMachine m)
    {
        _lead = Context.Watch(Sender);
        try
        {
            Scenario scenario = Scenario.Parse(m.Text, m.File);
            MachineSpec spec = scenario.Spec with { Tasks = [.. scenario.Spec.Tasks, _reaper.Spec] };
            _placement = new Placement(spec, m.Paths.Count) { ReaperIndex = scenario.Tasks.Count };
            ISharingDesign design = designs(m.Design);
            _node = new ClusterNode(m.Node, _placement, host => Watched(scenario, design, host, m.Rt), (ulong)m.Seed);
            _reaper.Machine = _node.Machine;
            _nodes = [.. m.Paths.Select(p => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(p))];
            _alive = [.. Enumerable.Range(0, _nodes.Length)];
            Sender.Tell(new MachineBuilt(m.Node, ""));
        }
        catch (Exception e) when (e is InputError or ArgumentException)
        {
            Sender.Tell(new MachineBuilt(m.Node, e.Message));
        }
    }

    private Machine Watched(Scenario scenario, ISharingDesign design, IActorHost host, int rt)
    {
        Machine machine = scenario.Build(design, host, [_reaper.Spec], rt < 0 ? null : rt > 0);
        Action<Machine, TaskStruct, TaskOp, OpResult> judge = machine.AfterOperation!;
        machine.AfterOperation = (m, task, op, result) =>
        {
            judge(m, task, op, result);
            _operations += task.Index < scenario.Tasks.Count ? 1 : 0;
            if (!_judging && result.Read is { Bytes: > 0 } read && op is ReadOp)
            {
                foreach (ReadEntry entry in read.Entries)
                {
                    _reads.RemoveAll(r => r.Task == task.Index && r.Fd == entry.Name);
                    _reads.Add(new LastRead(task.Index, entry.Name, entry.Value));
                }
            }
        };
        return machine;
    }

    private void TakeIn(NodeBatch m)
    {
        try
        {
            _node!.Receive(m.Bytes);
        }
        catch (WireException e)
        {
            // What comes after it cannot be understood either: better no node than one that believes something else than the others.
            Log.Error(e, "a batch from {Sender} cannot be read; this node ends", Sender.Path.ToString());
            End($"a batch cannot be read: {e.Message}");
            return;
        }

        _idle = false;
        if (_runs && _losing < 0 && !_turnComes)
        {
            Work();
        }
    }

    // Why is null where all is done. The first node ends when whoever led has had the result.
    private void End(string? why)
    {
        ended.TrySetResult(why);
        Context.System.Terminate();
    }

    private void Work()
    {
        if (!_runs || _losing >= 0)
        {
            return;
        }

        bool more = _node!.Run(turn);
        _node.Flush(Send);
        _idle = !more;
        if (more && !_turnComes)
        {
            _turnComes = true;
            Self.Tell(Turn.Instance);
        }
    }

    private void Send(int node, byte[] batch)
    {
        if (_alive.Contains(node))
        {
            _nodes[node].Tell(new NodeBatch(batch));
        }
    }

    // ---- a lost node: first all that is under way between the others arrives, then each forgets it, then they go on ----

    private void Lose(int lost)
    {
        _losing = lost;
        _alive.Remove(lost);
        _node!.Flush(Send);
        foreach (int other in _alive.Where(n => n != _node.Node))
        {
            _nodes[other].Tell(new NodeBatch(_node.News(other)));
            _nodes[other].Tell(new SaidAll(_node.Node, lost));
        }

        BuryWhenAllIsSaid();
    }

    private void BuryWhenAllIsSaid()
    {
        if (_losing < 0 || !_alive.All(n => n == _node!.Node || _said.Contains((_losing, n))))
        {
            return;
        }

        int[] cpus = [.. _placement!.CpusOf(_losing)];
        _lostTasks = [.. _node!.Machine.Tasks
            .Where(t => t.Index != _node.ReaperIndex && (_placement.NodeOfTask(t.Index) == _losing || cpus.Contains(t.Cpu)))
            .Select(t => t.Index)];
        _lostCpus = cpus;
        _nodes[0].Tell(new NodeBuried(_node.Node, _losing, _node.Bury(_losing)));
    }

    private void Buried(NodeBuried m)
    {
        _buried[m.Node] = m;
        if (_alive.Any(n => !_buried.ContainsKey(n)))
        {
            return;
        }

        _node!.TakeOver(_lostCpus, _lostTasks, [.. _buried.OrderBy(b => b.Key).SelectMany(b => b.Value.Holdings)]);
        _reaper.Add(_lostCpus, _lostTasks);
        _node.WakeReaper();
        _buried.Clear();
        foreach (int node in _alive)
        {
            _nodes[node].Tell(new GoOn(m.Lost));
        }
    }

    private NodeOutcome Outcome() => new(
        _node!.Node, _node.Node == 0 ? [] : _node.News(0), _node.Machine.Violations, _reads, _node.World.Steps, _node.Machine.Shared);

    // The first node knows all in the end, and looks at what is left.
    private NodeOutcome JudgeAll(Judge m)
    {
        Machine machine = _node!.Machine;
        _judging = true;
        foreach (NodeOutcome other in m.Others)
        {
            _node.Receive(other.News);
            foreach (LastRead read in other.Reads)
            {
                ReadRecord record = new(8, [new ReadEntry(new EventId(0), read.Fd, read.Value)], 0, 0);
                machine.AfterOperation!(machine, machine.Tasks[read.Task], new ReadOp(read.Fd), new OpResult(Errno.Ok) { Read = record });
            }
        }

        machine.CheckEnd(m.End);
        return Outcome();
    }

    /// <summary>What the others found; how the run ended.</summary>
    internal sealed record Judge(IReadOnlyList<NodeOutcome> Others, RunEnd End);

    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }
}
