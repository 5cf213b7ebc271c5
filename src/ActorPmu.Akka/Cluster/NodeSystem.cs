using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using Akka.Actor;
using Akka.Configuration;

namespace ActorPmu.Akka.Cluster;

/// <summary>What the first node has to do.</summary>
public sealed record NodeJob
{
    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The design's name: each node makes its own.</summary>
    public required string Design { get; init; }

    /// <summary>How many nodes make the machine, 1 or more.</summary>
    public required int Nodes { get; init; }

    /// <summary>The seed of each node's picks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the kernel is PREEMPT_RT; null for what the scenario says.</summary>
    public bool? PreemptRt { get; init; }

    /// <summary>Told what happens, in one line; null for nobody.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Told now and then how many operations of tasks are done; null for nobody.</summary>
    public Action<long>? Told { get; init; }
}

/// <summary>What came of a run on several nodes.</summary>
public sealed record NodeResult
{
    /// <summary>How it ended.</summary>
    public required RunEnd End { get; init; }

    /// <summary>The nodes' addresses, in the order of their processors.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Which of them were lost on the way.</summary>
    public required IReadOnlyList<int> Lost { get; init; }

    /// <summary>What was found, on all nodes.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>What each descriptor was at its last read.</summary>
    public required IReadOnlyList<LastRead> Reads { get; init; }

    /// <summary>How long it ran, from the moment at which all parts were built; the last look included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Deliveries on all nodes.</summary>
    public required long Steps { get; init; }

    /// <summary>Messages between nodes; since the last loss, if there was one.</summary>
    public required long Messages { get; init; }

    /// <summary>Operations of tasks that ended.</summary>
    public required long Operations { get; init; }

    /// <summary>How often two events shared a counter.</summary>
    public required int Shared { get; init; }
}

/// <summary>The nodes did not come together, or one could not do its part.</summary>
/// <param name="message">What happened.</param>
public sealed class NodeException(string message) : Exception(message);

/// <summary>This process as a node.</summary>
public sealed class NodeSystem : IAsyncDisposable
{
    private const string Name = "actorpmu";
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);
    private readonly ActorSystem _system;
    private readonly IActorRef _node;
    private readonly Task<string?> _ended;

    private NodeSystem(ActorSystem system, IActorRef node, Task<string?> ended) => (_system, _node, _ended) = (system, node, ended);

    /// <summary>The address that others name as seed: host and port.</summary>
    public string Address
    {
        get
        {
            Address own = global::Akka.Cluster.Cluster.Get(_system).SelfAddress;
            return string.Create(CultureInfo.InvariantCulture, $"{own.Host}:{own.Port}");
        }
    }

    /// <summary>Ends when the node has ended, by itself or because it is no longer needed.</summary>
    /// <exception cref="NodeException">It could not take part to the end; the text says why.</exception>
    public async Task Ended()
    {
        await _system.WhenTerminated.ConfigureAwait(false);
        string? why = _ended.IsCompleted ? await _ended.ConfigureAwait(false) : "the first node is gone, or cannot be reached any more";
        if (why is not null)
        {
            throw new NodeException(why);
        }
    }

    /// <summary>Starts a node.</summary>
    /// <param name="designs">Makes a design from its name.</param>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="seed">The first node's host and port; null to be the first node.</param>
    /// <param name="host">The name or address by which others reach this machine; null for the settings'.</param>
    /// <param name="settings">The settings of <c>hocon/node.conf</c>; null for that file.</param>
    public static NodeSystem Start(Func<string, ISharingDesign> designs, int port, string? seed, string? host = null, Config? settings = null)
    {
        Config config = settings ?? NodeSettings.Load();
        string own = FormattableString.Invariant($"akka.remote.dot-netty.tcp.port = {port}\n")
            + (host is null ? "" : $"akka.remote.dot-netty.tcp.hostname = \"{host}\"\n")
            + (seed is null ? "" : $"akka.cluster.seed-nodes = [\"akka.tcp://{Name}@{seed}\"]");
        ActorSystem system = ActorSystem.Create(Name, ConfigurationFactory.ParseString(own).WithFallback(config));
        int turn = system.Settings.Config.GetInt(NodeSettings.Turn);
        TaskCompletionSource<string?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef node = system.ActorOf(Props.Create(() => new NodeActor(designs, turn, ended)), NodeActor.Name);
        if (seed is null)
        {
            global::Akka.Cluster.Cluster cluster = global::Akka.Cluster.Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
        }

        return new NodeSystem(system, node, ended.Task);
    }

    /// <summary>Leads a run.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NodeException">The nodes did not come together, or this one could not go on.</exception>
    public async Task<NodeResult> Lead(NodeJob job, CancellationToken cancellation = default)
    {
        TaskCompletionSource<NodeResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan every = _system.Settings.Config.GetTimeSpan(NodeSettings.AskEvery);
        TimeSpan wait = _system.Settings.Config.GetTimeSpan(NodeSettings.WaitForNodes);
        _system.ActorOf(Props.Create(() => new LeadActor(job, done, every, wait)), "lead");
        await Task.WhenAny(done.Task, _ended).WaitAsync(cancellation).ConfigureAwait(false);
        return !done.Task.IsCompleted && await _ended.ConfigureAwait(false) is { } why
            ? throw new NodeException(why)
            : await done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Leaves: says nothing more, and lets the others know at once, for whom its processors go offline.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_system.WhenTerminated.IsCompleted)
        {
            await _node.GracefulStop(StopTime).ConfigureAwait(false);
        }

        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).ConfigureAwait(false);
    }
}
