namespace ActorPmu.Kernel;

/// <summary>What a machine has to know when its processors live on several nodes.</summary>
/// <param name="node">Which of the nodes this is, from 0.</param>
/// <param name="nodes">How many there are.</param>
/// <remarks>
/// Each node has a replica of the machine and runs the actors that live there. What a replica learns from the others comes with their
/// messages; what the kernel does in one step without a lock (reference counts) is asked from one place (<see cref="RefPut"/>).
/// </remarks>
internal abstract class Distribution(int node, int nodes)
{
    public int Node { get; } = node;

    public int Nodes { get; } = nodes;

    /// <summary>Whether two processors live on one node.</summary>
    public abstract bool AreTogether(int cpu, int other);

    /// <summary>An event came into being here.</summary>
    public abstract void EventMade(PerfEvent e);

    /// <summary>A task's context came into being here.</summary>
    public abstract void ContextMade(PerfContext ctx);
}
