using Akka.Actor;
using Akka.Cluster;

namespace ActorPmu.Akka.Cluster;

/// <content>
/// Nodes come and go while the machine runs, one after the other. Who is lost is out at once, so that nobody waits for it, and buried in its turn.
/// </content>
internal sealed partial class LeadActor
{
    private readonly List<int> _toBury = [];
    private readonly List<int> _toLeave = [];
    private readonly List<Member> _waiting = [];
    private readonly HashSet<int> _leaving = [];
    private readonly HashSet<int> _free = [];
    private readonly Dictionary<int, NodeOutcome> _parting = [];
    private readonly List<NodeOutcome> _partings = [];
    private readonly List<string> _news = [];
    private int[][] _cpusOf = [];
    private ChangeNodes? _change;
    private Member? _joining;
    private bool _joinerIsGone;
    private bool _isCommitted;
    private long _changes;

    private bool IsExpecting => _leaving.Count > 0 || _waiting.Exists(m => Place(m) >= 0);

    private void ReceiveChange(object message)
    {
        switch (message)
        {
            case WantToLeave m when _alive.Contains(m.Node) && _leaving.Add(m.Node):
                Say($"{_nodes[m.Node].Address} wants to leave: its processors go offline");
                _refs[0].Tell(new NodeActor.Unplug(m.Node, _cpusOf[m.Node]));
                break;
            case NodeActor.Unplugged m:
                if (_leaving.Contains(m.Node))
                {
                    _toLeave.Add(m.Node);
                }
                else
                {
                    _free.Add(m.Node);
                }

                Next();
                break;
            case MachineBuilt m:
                JoinerBuilt(m);
                break;
            case NodeActor.Collected m when m.Number == _change?.Number:
                Collected(m.CanBeMade);
                break;
            case NodeActor.Committed m when m.Number == _change?.Number:
                Committed(m.Done);
                break;
            case BegunHere m when m.Number == _change?.Number && _isCommitted:
                End(done: true);
                break;
            case Tick.AgainValue:
                Next();
                break;
            case NoPlace m when _waiting.Remove(m.Member):
                NodeOf(m.Member).Tell(new Refuse(
                    $"the machine runs already, with {_nodes.Length} nodes, and all their processors are taken; a node can come in the place of one that has gone"));
                break;
        }
    }

    // Who comes back is a new node, too: it gets the processors of one that went, and all that is known.
    private void Came(Member member)
    {
        if (_end is not null)
        {
            NodeOf(member).Tell(new Refuse("the run is over"));
            return;
        }

        if (NodeSystem.CpusAsked(member) is { } asked && !_cpusOf.Skip(1).Any(c => asked.Cpus.SequenceEqual(c)))
        {
            NodeOf(member).Tell(new Refuse(
                $"--cpus {asked}: the machine runs already, and no node of it has exactly these processors; they are {string.Join(", ", _cpusOf.Skip(1).Select(c => new CpuRequest(c)))}"));
            return;
        }

        Say($"node {member.Address} is here and waits for a place");
        _waiting.Add(member);
        Timers.StartSingleTimer(member.UniqueAddress, new NoPlace(member), _times.WaitForPlace);
        Next();
    }

    private void Removed(Member member)
    {
        int node = Array.FindIndex(_nodes, n => n.UniqueAddress.Equals(member.UniqueAddress));
        _members.RemoveAll(m => m.UniqueAddress.Equals(member.UniqueAddress));
        _waiting.RemoveAll(m => m.UniqueAddress.Equals(member.UniqueAddress));
        if (_joining is { } joining && joining.UniqueAddress.Equals(member.UniqueAddress))
        {
            JoinerGone();
            return;
        }

        if (node <= 0 || _end is not null || !_alive.Contains(node) || _done.Task.IsCompleted)
        {
            return;
        }

        if (!Runs)
        {
            Fail($"node {member.Address} was lost before the machine ran");
            return;
        }

        Lose(node);
    }

    private void Lose(int node)
    {
        _alive.Remove(node);
        _leaving.Remove(node);
        _toLeave.Remove(node);
        _lastQuiet = (-1, -1);
        _toBury.Add(node);
        Say($"node {_nodes[node].Address} is lost");
        foreach (int other in _alive)
        {
            _refs[other].Tell(new NodeGone(node));
        }

        Next();
    }

    private void Next()
    {
        if (_change is not null || _end is not null || !Runs)
        {
            return;
        }

        if (_toBury.Count > 0)
        {
            int lost = _toBury[0];
            _toBury.RemoveAt(0);
            Begin(NodeChange.Lost, lost, "");
        }
        else if (_toLeave.Count > 0)
        {
            int leaves = _toLeave[0];
            _toLeave.RemoveAt(0);
            Begin(NodeChange.Leaves, leaves, "");
        }
        else if (_waiting.Find(m => Place(m) >= 0) is { } joins)
        {
            Admit(joins, Place(joins));
        }
    }

    // Which of those that went it can come for, or −1.
    private int Place(Member member) =>
        _free.Order().Where(n => NodeSystem.CpusAsked(member) is not { } asked || asked.Cpus.SequenceEqual(_cpusOf[n])).DefaultIfEmpty(-1).First();

    private void Begin(NodeChange change, int node, string path)
    {
        _lastQuiet = (-1, -1);
        _isCommitted = false;
        _change = new ChangeNodes(++_changes, change, node, path, _cpusOf[node]);
        foreach (int other in _alive)
        {
            _refs[other].Tell(_change);
        }
    }

    // It builds its part first; the others go on meanwhile, but nobody else comes or goes.
    private void Admit(Member member, int node)
    {
        _waiting.Remove(member);
        Timers.Cancel(member.UniqueAddress);
        (_joining, _joinerIsGone) = (member, false);
        _change = new ChangeNodes(0, NodeChange.Joins, node, PathOf(member), _cpusOf[node]);
        string[] paths = [.. Enumerable.Range(0, _nodes.Length).Select(n => _alive.Contains(n) ? PathOf(_nodes[n]) : "")];
        int[] nodeOfCpu = _placement!.NodeOfCpu;
        BuildMachine build = ToBuild(node, paths, [.. _placement.NodeOfTasks, 0]);
        NodeOf(member).Tell(build with { NodeOfCpu = [.. nodeOfCpu.Select((n, cpu) => _cpusOf[node].Contains(cpu) ? node : n)] });
    }

    private void JoinerBuilt(MachineBuilt m)
    {
        if (m.Problem.Length > 0)
        {
            NodeOf(_joining!).Tell(new Refuse(m.Problem));
            JoinerGone();
            return;
        }

        _free.Remove(m.Node);
        Begin(NodeChange.Joins, m.Node, PathOf(_joining!));
    }

    private void JoinerGone()
    {
        _joinerIsGone = true;
        if (_change!.Number == 0)
        {
            // The others have not heard of it.
            (_change, _joining) = (null, null);
            Next();
        }
        else if (_isCommitted)
        {
            End(done: true);
        }
    }

    private void Collected(bool canBeMade)
    {
        if (canBeMade && !(_change!.Change == NodeChange.Joins && _joinerIsGone))
        {
            _refs[0].Tell(new NodeActor.Commit());
        }
        else
        {
            End(done: false);
        }
    }

    private void Committed(bool done)
    {
        _isCommitted = done;
        if (!done || _change!.Change != NodeChange.Joins || _joinerIsGone)
        {
            End(done);
        }
    }

    private void End(bool done)
    {
        ChangeNodes change = _change!;
        _change = null;
        if (done && change.Change == NodeChange.Leaves)
        {
            // What it handed over is done by the first node now, and must not be done twice.
            _alive.Remove(change.Node);
        }

        foreach (int other in _alive)
        {
            _refs[other].Tell(new GoOn(change.Number, done));
        }

        switch (change.Change)
        {
            case NodeChange.Lost:
                _placement!.Rehome(change.Node, 0);
                _news.Add($"{_nodes[change.Node].Address} was lost; its processors went offline");
                break;
            case NodeChange.Leaves when done:
                HasLeft(change.Node);
                break;
            case NodeChange.Leaves when _alive.Contains(change.Node):
                // A processor there had something to do still.
                _toLeave.Add(change.Node);
                break;
            case NodeChange.Joins:
                HasJoined(change, done);
                break;
        }

        Timers.StartSingleTimer("again", Tick.Again, _times.AskEvery);
    }

    private void HasLeft(int node)
    {
        _placement!.Rehome(node, 0);
        if (_parting.Remove(node, out NodeOutcome? parting))
        {
            _partings.Add(parting);
        }

        _toBury.Remove(node);
        _leaving.Remove(node);
        _free.Add(node);
        _refs[node].Tell(new EndMachine());
        _news.Add($"{_nodes[node].Address} left; its tasks moved away, and its processors went offline");
        Say($"{_nodes[node].Address} has left");
    }

    private void HasJoined(ChangeNodes change, bool done)
    {
        Member member = _joining!;
        _joining = null;
        if (!done)
        {
            _free.Add(change.Node);
            if (!_joinerIsGone)
            {
                _waiting.Add(member);
            }

            return;
        }

        _placement!.Give(change.Cpus, change.Node);
        (_nodes[change.Node], _refs[change.Node]) = (member, NodeOf(member));
        _alive.Add(change.Node);
        string came = $"{member.Address} came; processors {new CpuRequest(change.Cpus)} are online again";
        _news.Add(came);
        Say(came);
        if (_joinerIsGone)
        {
            Lose(change.Node);
            return;
        }

        _refs[change.Node].Tell(new RunMachine());
        _refs[0].Tell(new NodeActor.Plug(change.Cpus));
    }

    private void Say(string what) => _job.Progress?.Invoke(what);

    private sealed record NoPlace(Member Member);
}
