using System.Diagnostics;
using ActorPmu.Actors;
using ActorPmu.Kernel;
using Akka.Actor;
using Akka.Cluster;
using static Akka.Cluster.ClusterEvent;

namespace ActorPmu.Akka.Cluster;

/// <summary>Waits until all nodes are there, has the machine built and run, notices who is lost, and collects what came of it.</summary>
internal sealed class LeadActor : UntypedActor, IWithTimers
{
    private readonly NodeJob _job;
    private readonly TaskCompletionSource<NodeResult> _done;
    private readonly TimeSpan _askEvery;
    private readonly TimeSpan _wait;
    private readonly List<Member> _members = [];
    private readonly List<int> _lost = [];
    private readonly Dictionary<int, NodeStatus> _statuses = [];
    private readonly Dictionary<int, NodeOutcome> _outcomes = [];
    private readonly HashSet<int> _built = [];
    private Member[] _nodes = [];
    private IActorRef[] _refs = [];
    private HashSet<int> _alive = [];
    private (long Sent, long Steps) _lastQuiet = (-1, -1);
    private NodeOutcome[]? _others;
    private RunEnd? _end;
    private long _round;
    private long _began;
    private TimeSpan _elapsed;

    public LeadActor(NodeJob job, TaskCompletionSource<NodeResult> done, TimeSpan askEvery, TimeSpan wait) =>
        (_job, _done, _askEvery, _wait) = (job, done, askEvery, wait);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        global::Akka.Cluster.Cluster.Get(Context.System).Subscribe(
            Self, SubscriptionInitialStateMode.InitialStateAsEvents, typeof(MemberUp), typeof(MemberRemoved));
        Timers.StartSingleTimer("wait", Tick.Late, _wait);
    }

    protected override void PreRestart(Exception reason, object message) => _done.TrySetException(reason);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MemberUp m when m.Member.HasRole("actorpmu") && _nodes.Length == 0:
                _members.Add(m.Member);
                _job.Progress?.Invoke($"node {m.Member.Address} is here ({_members.Count} of {_job.Nodes})");
                if (_members.Count == _job.Nodes)
                {
                    Build();
                }

                break;
            case MemberUp m when m.Member.HasRole("actorpmu") && !Array.Exists(_nodes, n => n.UniqueAddress.Equals(m.Member.UniqueAddress)):
                // Who comes back is a new node, too: what its processors had is gone, and they have gone offline.
                NodeOf(m.Member).Tell(new Refuse($"the machine runs already, with {_nodes.Length} nodes; a processor that went offline with its node stays so"));
                break;
            case MemberRemoved m:
                Removed(m.Member);
                break;
            case MachineBuilt m:
                Built(m);
                break;
            case NodeStatus m:
                TakeNote(m);
                break;
            case NodeOutcome m:
                TakeNote(m);
                break;
            case Tick.AskValue:
                Ask();
                break;
            case Tick.LateValue when _nodes.Length == 0:
                Fail($"{_members.Count} of {_job.Nodes} nodes have come in {_wait.TotalSeconds:0} s");
                break;
        }
    }

    private void Build()
    {
        _nodes = [.. _members.Order(Member.AgeOrdering)];
        UniqueAddress self = global::Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress;
        _nodes = [.. _nodes.OrderBy(m => m.UniqueAddress.Equals(self) ? 0 : 1)];
        string[] paths = [.. _nodes.Select(PathOf)];
        _refs = [.. _nodes.Select(NodeOf)];
        _alive = [.. Enumerable.Range(0, _nodes.Length)];
        int rt = _job.PreemptRt is { } given ? (given ? 1 : 0) : -1;
        for (int i = 0; i < _refs.Length; i++)
        {
            _refs[i].Tell(new BuildMachine(i, paths, _job.Scenario.File, _job.Scenario.Text, _job.Design, (long)_job.Seed, rt));
        }
    }

    private void Built(MachineBuilt m)
    {
        if (m.Problem.Length > 0)
        {
            Fail($"node {_nodes[m.Node].Address} cannot build its part: {m.Problem}");
            return;
        }

        _built.Add(m.Node);
        if (_built.Count == _nodes.Length)
        {
            _job.Progress?.Invoke("running");
            _began = Stopwatch.GetTimestamp();
            foreach (IActorRef node in _refs)
            {
                node.Tell(new RunMachine());
            }

            Timers.StartPeriodicTimer("ask", Tick.Ask, _askEvery);
        }
    }

    private void Ask()
    {
        if (_end is null)
        {
            _round++;
            _statuses.Clear();
            foreach (int node in _alive)
            {
                _refs[node].Tell(new AskStatus(_round));
            }
        }
    }

    // Two rounds in which nobody had anything to do, nothing was under way, and nothing happened in between.
    private void TakeNote(NodeStatus m)
    {
        if (m.Round != _round || _end is not null)
        {
            return;
        }

        _statuses[m.Node] = m;
        if (_statuses.Count < _alive.Count)
        {
            return;
        }

        _job.Told?.Invoke(_statuses.Values.Sum(s => s.Operations));
        (long sent, long steps) = (_statuses.Values.Sum(s => s.Sent), _statuses.Values.Sum(s => s.Steps));
        bool allHeard = sent == _statuses.Values.Sum(s => s.Received);
        bool quiet = allHeard && _statuses.Values.All(s => s.Idle);
        if (quiet && _lastQuiet == (sent, steps))
        {
            _elapsed = Stopwatch.GetElapsedTime(_began);
            _end = _statuses.Values.Sum(s => s.TasksLeft) == 0 ? RunEnd.Finished : RunEnd.Deadlock;
            foreach (int node in _alive)
            {
                _refs[node].Tell(new AskOutcome());
            }
        }

        _lastQuiet = quiet ? (sent, steps) : (-1, -1);
    }

    private void TakeNote(NodeOutcome m)
    {
        if (_others is { } judged)
        {
            Finish(m, judged);
            return;
        }

        _outcomes[m.Node] = m;
        if (_done.Task.IsCompleted || _outcomes.Count < _alive.Count)
        {
            return;
        }

        NodeOutcome[] others = [.. _outcomes.Where(o => o.Key != 0).OrderBy(o => o.Key).Select(o => o.Value)];
        _refs[0].Tell(new NodeActor.Judge(others, _end!.Value));
        _others = others;
    }

    private void Finish(NodeOutcome whole, NodeOutcome[] others)
    {
        _done.TrySetResult(new NodeResult
        {
            End = _end!.Value,
            Nodes = [.. _nodes.Select(n => n.Address.ToString())],
            Lost = [.. _lost],
            Violations = [.. whole.Violations, .. others.SelectMany(o => o.Violations)],
            Reads = [.. whole.Reads.Concat(others.SelectMany(o => o.Reads)).OrderBy(r => r.Task).ThenBy(r => r.Fd, StringComparer.Ordinal)],
            Elapsed = _elapsed,
            Steps = whole.Steps + others.Sum(o => o.Steps),
            Messages = _statuses.Values.Sum(s => s.Sent),
            Operations = _statuses.Values.Sum(s => s.Operations),
            Shared = whole.Shared + others.Sum(o => o.Shared),
        });
        foreach (int node in _alive.Where(n => n != 0))
        {
            _refs[node].Tell(new EndMachine());
        }
    }

    private void Removed(Member member)
    {
        int node = Array.FindIndex(_nodes, n => n.UniqueAddress.Equals(member.UniqueAddress));
        _members.RemoveAll(m => m.UniqueAddress.Equals(member.UniqueAddress));
        if (node < 0 || _end is not null || !_alive.Remove(node))
        {
            return;
        }

        if (_built.Count < _nodes.Length)
        {
            Fail($"node {member.Address} was lost before the machine ran");
            return;
        }

        _job.Progress?.Invoke($"node {member.Address} is lost");
        _lost.Add(node);
        _lastQuiet = (-1, -1);
        foreach (int other in _alive)
        {
            _refs[other].Tell(new NodeLost(node));
        }
    }

    private static string PathOf(Member member) => $"{member.Address}/user/{NodeActor.Name}";

    private static IActorRef NodeOf(Member member) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(PathOf(member));

    private void Fail(string what) => _done.TrySetException(new NodeException(what));

    private sealed class Tick
    {
        public static readonly AskValue Ask = new();
        public static readonly LateValue Late = new();

        public sealed class AskValue;

        public sealed class LateValue;
    }
}
