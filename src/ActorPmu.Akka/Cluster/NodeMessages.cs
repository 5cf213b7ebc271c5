using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>What nodes say to one another. Written by <see cref="NodeSerializer"/>.</summary>
internal abstract record NodeMessage;

/// <summary>The first node tells what to build. <paramref name="Paths"/> are the nodes' actors, in the order of their processors.</summary>
internal sealed record BuildMachine(int Node, IReadOnlyList<string> Paths, string File, string Text, string Design, long Seed, int Rt) : NodeMessage;

/// <summary>The part is built; or why it is not.</summary>
internal sealed record MachineBuilt(int Node, string Problem) : NodeMessage;

/// <summary>All parts are built: run.</summary>
internal sealed record RunMachine : NodeMessage;

/// <summary>Messages of the machine, and the news that go with them (<see cref="ClusterNode"/>).</summary>
internal sealed record NodeBatch(byte[] Bytes) : NodeMessage;

/// <summary>Asks for a <see cref="NodeStatus"/>.</summary>
internal sealed record AskStatus(long Round) : NodeMessage;

/// <summary>How far a node is.</summary>
internal sealed record NodeStatus(long Round, int Node, bool Idle, long Sent, long Received, int TasksLeft, long Steps, long Operations) : NodeMessage;

/// <summary>A node is lost: stop, and tell the others all you know.</summary>
internal sealed record NodeLost(int Lost) : NodeMessage;

/// <summary>The sender has said all that it had to say before it stopped.</summary>
internal sealed record SaidAll(int Node, int Lost) : NodeMessage;

/// <summary>The lost node is forgotten here; what is held of its locks.</summary>
internal sealed record NodeBuried(int Node, int Lost, IReadOnlyList<ClusterNode.Holding> Holdings) : NodeMessage;

/// <summary>The first node stands in for the lost one: go on.</summary>
internal sealed record GoOn(int Lost) : NodeMessage;

/// <summary>The run is over: tell what came of it.</summary>
internal sealed record AskOutcome : NodeMessage;

/// <summary>What a node found and last read.</summary>
internal sealed record NodeOutcome(
    int Node, byte[] News, IReadOnlyList<Violation> Violations, IReadOnlyList<LastRead> Reads, long Steps, int Shared) : NodeMessage;

/// <summary>A count that a task read last.</summary>
/// <param name="Task">The task's index.</param>
/// <param name="Fd">The descriptor.</param>
/// <param name="Value">Its value.</param>
public sealed record LastRead(int Task, string Fd, long Value);

/// <summary>The machine is no longer needed.</summary>
internal sealed record EndMachine : NodeMessage;

/// <summary>The sender cannot have the receiver take part, or no longer; why.</summary>
internal sealed record Refuse(string Why) : NodeMessage;
