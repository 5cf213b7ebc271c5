using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>What nodes say to one another. Written by <see cref="NodeSerializer"/>.</summary>
internal abstract record NodeMessage;

/// <summary>The first node tells what to build.</summary>
/// <param name="Node">Which node the receiver is.</param>
/// <param name="Paths">The nodes' actors; empty for one that has gone.</param>
/// <param name="NodeOfCpu">The node of each processor.</param>
/// <param name="NodeOfTask">The node of each task's program; empty at the start of a run, when it follows from the processors.</param>
/// <param name="File">The scenario's name.</param>
/// <param name="Text">The scenario.</param>
/// <param name="Design">The sharing design.</param>
/// <param name="Seed">The seed of the picks.</param>
/// <param name="Rt">Whether the kernel is PREEMPT_RT: 1, 0, or −1 for what the scenario says.</param>
internal sealed record BuildMachine(
    int Node, IReadOnlyList<string> Paths, IReadOnlyList<int> NodeOfCpu, IReadOnlyList<int> NodeOfTask, string File, string Text, string Design, long Seed, int Rt)
    : NodeMessage;

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

/// <summary>What happens to a node.</summary>
internal enum NodeChange : byte
{
    /// <summary>It is lost.</summary>
    Lost,

    /// <summary>It leaves in order; its processors are offline.</summary>
    Leaves,

    /// <summary>It comes in the place of one that has gone.</summary>
    Joins,
}

/// <summary>The nodes change: stop, and tell the others all you know.</summary>
/// <param name="Number">Which change it is, from 1; they come one after the other.</param>
/// <param name="Change">What happens.</param>
/// <param name="Node">To which node.</param>
/// <param name="Path">Its actor.</param>
/// <param name="Cpus">The processors that it has, or gets.</param>
internal sealed record ChangeNodes(long Number, NodeChange Change, int Node, string Path, IReadOnlyList<int> Cpus) : NodeMessage;

/// <summary>Nobody has to wait for a node any more.</summary>
internal sealed record NodeGone(int Node) : NodeMessage;

/// <summary>The sender has said all that it had to say before it stopped.</summary>
internal sealed record SaidAll(long Number, int Node) : NodeMessage;

/// <summary>Told to the first node: the sender has done its part of a change.</summary>
/// <param name="Number">The change.</param>
/// <param name="Node">The sender.</param>
/// <param name="Holdings">What is held there of a lost node's locks.</param>
/// <param name="Ceded">What a node that leaves hands over; empty when it cannot yet.</param>
internal sealed record NodeReady(long Number, int Node, IReadOnlyList<ClusterNode.Holding> Holdings, byte[] Ceded) : NodeMessage;

/// <summary>The first node tells one that has come all that it has to know, in parts that fit into frames.</summary>
/// <param name="Number">The change.</param>
/// <param name="Parts">How many parts there are; they come in order.</param>
/// <param name="Bytes">One of them.</param>
internal sealed record BeginHere(long Number, int Parts, byte[] Bytes) : NodeMessage;

/// <summary>It knows.</summary>
internal sealed record BegunHere(long Number) : NodeMessage;

/// <summary>The change is over: go on. Where <paramref name="Done"/> is false all is as it was.</summary>
internal sealed record GoOn(long Number, bool Done) : NodeMessage;

/// <summary>The sender has been asked to end, and would leave in order.</summary>
internal sealed record WantToLeave(int Node) : NodeMessage;

/// <summary>A bug of this program has ended a node.</summary>
internal sealed record NodeBroken(int Node, string What) : NodeMessage;

/// <summary>The run is over: tell what came of it.</summary>
internal sealed record AskOutcome : NodeMessage;

/// <summary>What a node found and last read.</summary>
internal sealed record NodeOutcome(
    int Node, byte[] News, IReadOnlyList<Violation> Violations, IReadOnlyList<LastRead> Reads, long Steps, int Shared, long Messages, long Operations)
    : NodeMessage;

/// <summary>A count that a task read last.</summary>
/// <param name="Task">The task's index.</param>
/// <param name="Fd">The descriptor.</param>
/// <param name="Value">Its value.</param>
public sealed record LastRead(int Task, string Fd, long Value);

/// <summary>The machine is no longer needed.</summary>
internal sealed record EndMachine : NodeMessage;

/// <summary>The sender cannot have the receiver take part, or no longer; why.</summary>
internal sealed record Refuse(string Why) : NodeMessage;
