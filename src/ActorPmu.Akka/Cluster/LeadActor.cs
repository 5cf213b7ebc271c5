using System.Diagnostics;
using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Akka.Actor;
using Akka.Cluster;
using static Akka.Cluster.ClusterEvent;

namespace ActorPmu.Akka.Cluster;

/// <summary>Waits until all nodes are there, has the machine built and run, notices who comes and goes, and collects what came of it.</summary>
internal sealed partial class LeadActor : UntypedActor, IWithTimers
{
    private readonly NodeJob _job;
    private readonly TaskCompletionSource<NodeResult> _done;
    private readonly LeadTimes _times;
    private readonly List<Member> _members = [];
    private readonly Dictionary<int, NodeStatus> _statuses = [];
    private readonly Dictionary<int, NodeOutcome> _outcomes = [];
    private readonly HashSet<int> _built = [];
    private Member[] _nodes = [];
    private IActorRef[] _refs = [];
    private HashSet<int> _alive = [];
    private Placement? _placement;
    private (long Sent, long Steps) _lastQuiet = (-1, -1);
    private NodeOutcome[]? _others;
    private RunEnd? _end;
    private long _round;
    private long _began;
    private TimeSpan _elapsed;

    public LeadActor(NodeJob job, TaskCompletionSource<NodeResult> done, LeadTimes times) => (_job, _done, _times) = (job, done, times);

    public ITimerScheduler Timers { get; set; } = null!;

    private bool Runs => _nodes.Length > 0 && _built.Count == _nodes.Length;

    protected override void PreStart()
    {
        global::Akka.Cluster.Cluster.Get(Context.System).Subscribe(
            Self, SubscriptionInitialStateMode.InitialStateAsEvents, typeof(MemberUp), typeof(MemberRemoved));
        Timers.StartSingleTimer("wait", Tick.Late, _times.WaitForNodes);
    }

    protected override void PreRestart(Exception reason, object message) => _done.TrySetException(reason);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MemberUp m when m.Member.HasRole(NodeSystem.Role) && _nodes.Length == 0:
                _members.Add(m.Member);
                _job.Progress?.Invoke($"node {m.Member.Address} is here ({_members.Count} of {_job.Nodes})");
                if (_members.Count == _job.Nodes)
                {
                    Build();
                }

                break;
            case MemberUp m when m.Member.HasRole(NodeSystem.Role) && !Array.Exists(_nodes, n => n.UniqueAddress.Equals(m.Member.UniqueAddress)):
                Came(m.Member);
                break;
            case MemberRemoved m:
                Removed(m.Member);
                break;
            case MachineBuilt m when _joining is null:
                Built(m);
                break;
            case NodeStatus m:
                TakeNote(m);
                break;
            case NodeOutcome m:
                TakeNote(m);
                break;
            case NodeBroken m:
                _done.TrySetException(new InvalidOperationException($"node {m.Node}: {m.What}"));
                break;
            case Tick.AskValue:
                Ask();
                break;
            case Tick.LateValue when _nodes.Length == 0:
                Fail($"{_members.Count} of {_job.Nodes} nodes have come in {_times.WaitForNodes.TotalSeconds:0} s");
                break;
            default:
                ReceiveChange(message);
                break;
        }
    }

    private void Build()
    {
        UniqueAddress self = global::Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress;
        Member[] nodes = [.. _members.Order(Member.AgeOrdering).OrderBy(m => m.UniqueAddress.Equals(self) ? 0 : 1)];
        MachineSpec spec = _job.Scenario.Spec;
        CpuRequest?[] asked = [.. nodes.Select(NodeSystem.CpusAsked)];
        try
        {
            int[] nodeOfCpu = CpuRequest.Place(spec.CpuCount, asked, [.. nodes.Select(n => n.Address.ToString())]);
            Refusals.Check(_job.Scenario, new Placement(spec, nodes.Length, nodeOfCpu));
            _placement = new Placement(spec, nodes.Length, nodeOfCpu);
        }
        catch (Exception e) when (e is InputError or NodeException)
        {
            _nodes = nodes;
            foreach (Member node in nodes.Skip(1))
            {
                NodeOf(node).Tell(new Refuse(e.Message));
            }

            Fail(e.Message);
            return;
        }

        _nodes = nodes;
        _refs = [.. _nodes.Select(NodeOf)];
        _alive = [.. Enumerable.Range(0, _nodes.Length)];
        _cpusOf = [.. Enumerable.Range(0, _nodes.Length).Select(n => _placement.CpusOf(n).ToArray())];
        string[] paths = [.. _nodes.Select(PathOf)];
        for (int i = 0; i < _refs.Length; i++)
        {
            _job.Progress?.Invoke($"node {_nodes[i].Address} runs processors {new CpuRequest(_cpusOf[i])}");
            _refs[i].Tell(ToBuild(i, paths, []));
        }
    }

    private BuildMachine ToBuild(int node, IReadOnlyList<string> paths, IReadOnlyList<int> nodeOfTask) => new(
        node, paths, _placement!.NodeOfCpu, nodeOfTask, _job.Scenario.File, _job.Scenario.Text, _job.Design, (long)_job.Seed,
        _job.PreemptRt is { } given ? (given ? 1 : 0) : -1);

    private void Built(MachineBuilt m)
    {
        if (m.Problem.Length > 0)
        {
            Fail($"node {_nodes[m.Node].Address} cannot build its part: {m.Problem}");
            return;
        }

        _built.Add(m.Node);
        if (Runs)
        {
            _job.Progress?.Invoke("running");
            _began = Stopwatch.GetTimestamp();
            foreach (IActorRef node in _refs)
            {
                node.Tell(new RunMachine());
            }

            Timers.StartPeriodicTimer("ask", Tick.Ask, _times.AskEvery);
        }
    }

    private void Ask()
    {
        if (_end is null && _change is null)
        {
            _round++;
            _statuses.Clear();
            foreach (int node in _alive)
            {
                _refs[node].Tell(new AskStatus(_round));
            }
        }
    }

    // Two rounds in which nobody had anything to do, nothing was under way, and nothing happened in between. Who is about to come or go does so first.
    private void TakeNote(NodeStatus m)
    {
        if (m.Round != _round || _end is not null || _change is not null || !_alive.Contains(m.Node))
        {
            return;
        }

        _statuses[m.Node] = m;
        if (_statuses.Count < _alive.Count)
        {
            return;
        }

        _job.Told?.Invoke(_statuses.Values.Sum(s => s.Operations) + _partings.Sum(p => p.Operations));
        (long sent, long steps) = (_statuses.Values.Sum(s => s.Sent), _statuses.Values.Sum(s => s.Steps));
        bool allHeard = sent == _statuses.Values.Sum(s => s.Received);
        bool quiet = allHeard && _statuses.Values.All(s => s.Idle);
        if (quiet && _lastQuiet == (sent, steps) && !IsExpecting)
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
        if (_end is null)
        {
            _parting[m.Node] = m;
            return;
        }

        if (_others is { } judged)
        {
            Finish(m, judged);
            return;
        }

        _outcomes[m.Node] = m;
        if (_done.Task.IsCompleted || _alive.Any(n => !_outcomes.ContainsKey(n)))
        {
            return;
        }

        NodeOutcome[] others = [.. _outcomes.Where(o => o.Key != 0).OrderBy(o => o.Key).Select(o => o.Value)];
        _refs[0].Tell(new NodeActor.Judge(others, _end!.Value));
        _others = others;
    }

    private void Finish(NodeOutcome whole, NodeOutcome[] others)
    {
        NodeOutcome[] all = [whole, .. others, .. _partings];
        _done.TrySetResult(new NodeResult
        {
            End = _end!.Value,
            Nodes = _nodes.Length,
            News = _news,
            Violations = [.. all.SelectMany(o => o.Violations)],
            Reads = [.. whole.Reads.OrderBy(r => r.Task).ThenBy(r => r.Fd, StringComparer.Ordinal)],
            Elapsed = _elapsed,
            Steps = all.Sum(o => o.Steps),
            Messages = all.Sum(o => o.Messages),
            Operations = all.Sum(o => o.Operations),
            Shared = all.Sum(o => o.Shared),
        });
        foreach (int node in _alive.Where(n => n != 0))
        {
            _refs[node].Tell(new EndMachine());
        }

        foreach (Member member in _waiting)
        {
            NodeOf(member).Tell(new EndMachine());
        }
    }

    private static string PathOf(Member member) => $"{member.Address}/user/{NodeActor.Name}";

    private static IActorRef NodeOf(Member member) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(PathOf(member));

    private void Fail(string what) => _done.TrySetException(new NodeException(what));

    private sealed class Tick
    {
        public static readonly AskValue Ask = new();
        public static readonly LateValue Late = new();
        public static readonly AgainValue Again = new();

        public sealed class AskValue;

        public sealed class LateValue;

        public sealed class AgainValue;
    }
}

/// <summary>How long the first node waits for what.</summary>
/// <param name="AskEvery">Between two questions how far the others are.</param>
/// <param name="WaitForNodes">For all nodes to come.</param>
/// <param name="WaitForPlace">A node that comes while the machine runs: for another one to go.</param>
internal sealed record LeadTimes(TimeSpan AskEvery, TimeSpan WaitForNodes, TimeSpan WaitForPlace);
