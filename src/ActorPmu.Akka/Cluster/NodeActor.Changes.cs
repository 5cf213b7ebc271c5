using ActorPmu.Akka.Wire;
using Akka.Actor;

namespace ActorPmu.Akka.Cluster;

/// <content>
/// Nodes come and go: first all that is under way between the others arrives, then each does its part, then they go on. The first node's
/// <see cref="LeadActor"/> says what comes after what.
/// </content>
internal sealed partial class NodeActor
{
    private const int PartBytesMax = 4 << 20;
    private readonly HashSet<(long Number, int Node)> _said = [];
    private readonly List<byte[]> _begin = [];
    private readonly Dictionary<int, NodeReady> _ready = [];
    private int[] _lostCpus = [];
    private int[] _lostTasks = [];
    private ChangeNodes? _change;
    private bool _wantsToLeave;
    private bool _isReady;
    private bool _isCollected;

    private void ReceiveChange(object message)
    {
        switch (message)
        {
            case ChangeNodes m:
                Stop(m);
                break;
            case NodeGone m:
                _alive.Remove(m.Node);
                GetReady();
                Collect();
                break;
            case SaidAll m:
                _said.Add((m.Number, m.Node));
                GetReady();
                break;
            case NodeReady m:
                _ready[m.Node] = m;
                Collect();
                break;
            case Commit:
                Guarded(CommitChange);
                break;
            case BeginHere m:
                Guarded(() => Begin(m));
                break;
            case GoOn m when m.Number == _change?.Number:
                Resume(_change, m.Done);
                break;
            case Unplug m:
                _hotplug.AddUnplug(m.Node, m.Cpus);
                WakeHotplug();
                break;
            case Plug m:
                _hotplug.AddPlug(m.Cpus);
                WakeHotplug();
                break;
            case LeaveInOrder when _node is null:
                End(null);
                break;
            case LeaveInOrder:
                _wantsToLeave = true;
                AskToLeave();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AskToLeave()
    {
        if (_wantsToLeave && _runs)
        {
            _lead.Tell(new WantToLeave(_node!.Node));
        }
    }

    private void WakeHotplug()
    {
        _node!.WakeHotplug();
        _idle = false;
        Work();
    }

    private void Stop(ChangeNodes m)
    {
        (_change, _isReady, _isCollected) = (m, false, false);
        _ready.Clear();
        if (m.Change == NodeChange.Lost)
        {
            _alive.Remove(m.Node);
        }

        _node!.Flush(Send);
        foreach (int other in _alive.Where(n => n != _node.Node))
        {
            _nodes[other].Tell(new NodeBatch(_node.News(other)));
            _nodes[other].Tell(new SaidAll(m.Number, _node.Node));
        }

        GetReady();
    }

    // All others have said all: nothing is under way to this node.
    private void GetReady()
    {
        if (_change is not { } change || _isReady || !_alive.All(n => n == _node!.Node || _said.Contains((change.Number, n))))
        {
            return;
        }

        _isReady = true;
        _said.RemoveWhere(s => s.Number <= change.Number);
        IReadOnlyList<ClusterNode.Holding> holdings = [];
        byte[] ceded = [];
        if (change.Change == NodeChange.Lost)
        {
            _lostCpus = [.. _placement!.CpusOf(change.Node)];
            _lostTasks = [.. _node!.Machine.Tasks
                .Where(t => t.Index != _node.HotplugIndex && (_placement.NodeOfTask(t.Index) == change.Node || _lostCpus.Contains(t.Cpu)))
                .Select(t => t.Index)];
            holdings = _node.Bury(change.Node);
        }
        else if (change.Change == NodeChange.Leaves && change.Node == _node!.Node)
        {
            ceded = _node.Cede() ?? [];
            _lead.Tell(Outcome([]));
        }

        _nodes[0].Tell(new NodeReady(change.Number, _node!.Node, holdings, ceded));
    }

    // On the first node.
    private void Collect()
    {
        if (_change is not { } change || _isCollected || _node!.Node != 0 || _alive.Any(n => !_ready.TryGetValue(n, out NodeReady? r) || r.Number != change.Number))
        {
            return;
        }

        _isCollected = true;
        bool canGoOn = change.Change != NodeChange.Leaves || (_ready.TryGetValue(change.Node, out NodeReady? leaves) && leaves.Ceded.Length > 0);
        _lead.Tell(new Collected(change.Number, canGoOn));
    }

    private void CommitChange()
    {
        ChangeNodes change = _change!;
        bool done = true;
        switch (change.Change)
        {
            case NodeChange.Lost:
                _node!.TakeOver(_lostCpus, _lostTasks, [.. _ready.OrderBy(r => r.Key).SelectMany(r => r.Value.Holdings)]);
                _hotplug.AddLost(change.Node, _lostCpus, _lostTasks);
                _node.WakeHotplug();
                break;
            case NodeChange.Leaves:
                _node!.Left(change.Node, _ready[change.Node].Ceded);
                break;
            case NodeChange.Joins:
                done = Admit(change);
                break;
        }

        _lead.Tell(new Committed(change.Number, done));
    }

    private bool Admit(ChangeNodes change)
    {
        if (_node!.Cede(change.Cpus) is not { } ceded)
        {
            return false;
        }

        _node.Joined(change.Node, change.Cpus);
        WireWriter w = new();
        w.Bytes(_node.Everything(change.Node));
        w.Bytes(ceded);
        byte[][] parts = [.. w.ToArray().Chunk(PartBytesMax)];
        IActorRef joins = Resolve(change.Path);
        foreach (byte[] part in parts)
        {
            joins.Tell(new BeginHere(change.Number, parts.Length, part));
        }

        return true;
    }

    private void Begin(BeginHere m)
    {
        _begin.Add(m.Bytes);
        if (_begin.Count == m.Parts)
        {
            WireReader r = new(_begin.SelectMany(b => b).ToArray());
            _node!.Begin(r.Bytes(), r.Bytes().ToArray());
            r.End();
            _begin.Clear();
            _lead.Tell(new BegunHere(m.Number));
        }
    }

    private void Resume(ChangeNodes change, bool done)
    {
        _change = null;
        switch (change.Change)
        {
            case NodeChange.Lost:
                _node!.AskAgain();
                break;
            case NodeChange.Leaves when done:
                _alive.Remove(change.Node);
                if (_node!.Node != 0)
                {
                    _node.Left(change.Node, null);
                }

                break;
            case NodeChange.Joins when done:
                _alive.Add(change.Node);
                _nodes[change.Node] = Resolve(change.Path);
                if (_node!.Node != 0)
                {
                    _node.Joined(change.Node, change.Cpus);
                }

                break;
        }

        _idle = false;
        Work();
    }

    // ---- said on the first node alone ----

    /// <summary>All nodes have done their part; whether the change can be made.</summary>
    internal sealed record Collected(long Number, bool CanBeMade);

    /// <summary>Make the change.</summary>
    internal sealed record Commit;

    /// <summary>Whether it is made.</summary>
    internal sealed record Committed(long Number, bool Done);

    /// <summary>Take a node's processors offline: it wants to leave.</summary>
    internal sealed record Unplug(int Node, IReadOnlyList<int> Cpus);

    /// <summary>A node's processors are offline.</summary>
    internal sealed record Unplugged(int Node);

    /// <summary>Bring processors online: their node has come.</summary>
    internal sealed record Plug(IReadOnlyList<int> Cpus);

    /// <summary>This process has been asked to end.</summary>
    internal sealed record LeaveInOrder;
}
