using ActorPmu.Akka.Wire;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Akka.Actor;
using Serilog;

namespace ActorPmu.Akka.Cluster;

/// <summary>A node's place in Akka: takes batches in, lets its part of the machine work, sends batches out.</summary>
internal sealed partial class NodeActor(Func<string, ISharingDesign> designs, int turn, TaskCompletionSource<string?> ended) : UntypedActor
{
    private IActorRef[] _nodes = [];
    private HashSet<int> _alive = [];
    private CpuHotplug _hotplug = new();
    private ClusterNode? _node;
    private Placement? _placement;
    private IActorRef _lead = ActorRefs.Nobody;
    private bool _runs;
    private bool _turnComes;
    private bool _idle;

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
                AskToLeave();
                Work();
                break;
            case Turn:
                _turnComes = false;
                Work();
                break;
            case NodeBatch m:
                Guarded(() => TakeIn(m));
                break;
            case AskStatus m:
                Sender.Tell(new NodeStatus(
                    m.Round, _node!.Node, _idle && _change is null, _node.Sent, _node.Received, _node.TasksLeft, _node.World.Steps, _node.Operations));
                break;
            case AskOutcome:
                Sender.Tell(Outcome(_node!.Node == 0 ? [] : _node.News(0)));
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
                ReceiveChange(message);
                break;
        }
    }

    // The actors of the machine are in here: what they throw ends the run, and no second one begins in their place. A node that went on with
    // half a step made would believe something else than the others.
    protected override void PreRestart(Exception reason, object message)
    {
        if (reason is WireException)
        {
            End($"{reason.Message}; run it on one machine, with explore or run");
            return;
        }

        _lead.Tell(new NodeBroken(_node?.Node ?? -1, reason.ToString()));
        if (_node?.Node != 0)
        {
            ended.TrySetException(reason);
            Context.System.Terminate();
        }
    }

    private void Build(BuildMachine m)
    {
        _lead = Context.Watch(Sender);
        try
        {
            Scenario scenario = Scenario.Parse(m.Text, m.File);
            _hotplug = new CpuHotplug(Math.Max(0, m.NodeOfCpu.ToList().IndexOf(0)));
            MachineSpec spec = scenario.Spec with { Tasks = [.. scenario.Spec.Tasks, _hotplug.Spec] };
            _placement = new Placement(spec, m.Paths.Count, m.NodeOfCpu, m.NodeOfTask.Count == 0 ? null : m.NodeOfTask) { HotplugIndex = scenario.Tasks.Count };
            ISharingDesign design = designs(m.Design);
            _node = new ClusterNode(
                m.Node, _placement, host => scenario.Build(design, host, [_hotplug.Spec], m.Rt < 0 ? null : m.Rt > 0), (ulong)m.Seed);
            _hotplug.Machine = _node.Machine;
            _nodes = [.. m.Paths.Select(Resolve)];
            _alive = [.. Enumerable.Range(0, _nodes.Length).Where(n => n == m.Node || m.Paths[n].Length > 0)];
            Sender.Tell(new MachineBuilt(m.Node, ""));
        }
        catch (Exception e) when (e is InputError or ArgumentException)
        {
            Sender.Tell(new MachineBuilt(m.Node, e.Message));
        }
    }

    private static IActorRef Resolve(string path) =>
        path.Length == 0 ? ActorRefs.Nobody : ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path);

    private void TakeIn(NodeBatch m)
    {
        _node!.Receive(m.Bytes);
        _idle = false;
        if (_runs && _change is null && !_turnComes)
        {
            Work();
        }
    }

    private void Guarded(Action takeIn)
    {
        try
        {
            takeIn();
        }
        catch (WireException e)
        {
            // What comes after it cannot be understood either: better no node than one that believes something else than the others.
            Log.Error(e, "a batch from {Sender} cannot be read; this node ends", Sender.Path.ToString());
            End($"a batch cannot be read: {e.Message}");
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
        if (!_runs || _change is not null)
        {
            return;
        }

        bool more = _node!.Run(turn);
        _node.Flush(Send);
        _idle = !more;
        if (_hotplug.TakeDone() is var node and >= 0)
        {
            _lead.Tell(new Unplugged(node));
        }

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

    private NodeOutcome Outcome(byte[] news) => new(
        _node!.Node, news, _node.Machine.Violations, _node.Reads, _node.World.Steps, _node.Machine.Shared, _node.SentInAll, _node.Operations);

    // The first node knows all in the end, and looks at what is left.
    private NodeOutcome JudgeAll(Judge m)
    {
        foreach (NodeOutcome other in m.Others)
        {
            _node!.Receive(other.News);
            foreach (LastRead read in other.Reads)
            {
                _node.Remember(read);
            }
        }

        _node!.Machine.CheckEnd(m.End);
        return Outcome([]);
    }

    /// <summary>What the others found; how the run ended.</summary>
    internal sealed record Judge(IReadOnlyList<NodeOutcome> Others, Actors.RunEnd End);

    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }
}
