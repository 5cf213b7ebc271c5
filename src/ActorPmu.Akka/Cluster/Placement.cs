using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>Which actor lives on which node: a function of the specification and of what nodes asked for, the same everywhere.</summary>
/// <remarks>
/// A processor takes its PMU and its own contexts with it; a task's program, contexts and mutexes are on the node of the processor where
/// the task starts. The first node has the allocator and what belongs to nobody. When a node goes, the first one stands in for it; who comes in
/// its place gets the processors, and the programs stay where they are.
/// </remarks>
internal sealed class Placement
{
    private readonly int[] _nodeOfCpu;
    private readonly int[] _nodeOfTask;

    /// <summary>Spreads the processors in runs of equal length.</summary>
    /// <param name="spec">The machine.</param>
    /// <param name="nodes">How many nodes there are, 1…<see cref="MachineSpec.CpuCount"/>.</param>
    public Placement(MachineSpec spec, int nodes)
        : this(spec, nodes, Even(spec.CpuCount, nodes))
    {
    }

    /// <summary>Puts each processor where it is said to be.</summary>
    /// <param name="spec">The machine.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="nodeOfCpu">The node of each processor.</param>
    /// <param name="nodeOfTask">The node of each task's program; null for that of the processor where it starts.</param>
    public Placement(MachineSpec spec, int nodes, IReadOnlyList<int> nodeOfCpu, IReadOnlyList<int>? nodeOfTask = null)
    {
        Nodes = nodes;
        _nodeOfCpu = [.. nodeOfCpu];
        _nodeOfTask = [.. nodeOfTask ?? [.. spec.Tasks.Select(t => nodeOfCpu[t.Cpu])]];
    }

    public int Nodes { get; }

    /// <summary>The task that takes processors offline and online, or −1: the last of the specification.</summary>
    public int HotplugIndex { get; init; } = -1;

    public int[] NodeOfCpu => _nodeOfCpu;

    public IReadOnlyList<int> NodeOfTasks => _nodeOfTask;

    /// <summary>The processors of a node.</summary>
    public IEnumerable<int> CpusOf(int node) => Enumerable.Range(0, _nodeOfCpu.Length).Where(cpu => _nodeOfCpu[cpu] == node);

    public int NodeOfTask(int task) => task >= 0 && task < _nodeOfTask.Length ? _nodeOfTask[task] : 0;

    /// <summary>The task for which a task context was made.</summary>
    public static int TaskOfContext(ActorId id) => (id.Index - 1_000) % 100_000 / 2;

    public int NodeOf(ActorId id) => CpuOf(id) is var cpu and >= 0 ? _nodeOfCpu[cpu] : id.Kind switch
    {
        ActorKind.Context => NodeOfTask(TaskOfContext(id)),
        ActorKind.Task => NodeOfTask(id.Index),
        ActorKind.Mutex when id.Index >= ChildMutexes => NodeOfTask((id.Index - ChildMutexes) / PerfCore.EventIdsPerTask),
        ActorKind.Mutex when id.Index > 0 => NodeOfTask((id.Index - 1) / 2),
        _ => 0,
    };

    /// <summary>The processor that an actor belongs to, or −1.</summary>
    public static int CpuOf(ActorId id) => id.Kind switch
    {
        ActorKind.Cpu => id.Index,
        ActorKind.Pmu => id.Index / 4,
        ActorKind.Context when id.Index < 1_000 => id.Index / 2,
        _ => -1,
    };

    /// <summary>A node is gone: another one stands in for it.</summary>
    public void Rehome(int gone, int heir)
    {
        Replace(_nodeOfCpu, gone, heir);
        Replace(_nodeOfTask, gone, heir);
    }

    /// <summary>A node has come: processors go there.</summary>
    public void Give(IEnumerable<int> cpus, int node)
    {
        foreach (int cpu in cpus)
        {
            _nodeOfCpu[cpu] = node;
        }
    }

    internal const int ChildMutexes = 1_000_000;

    internal static int[] Even(int cpus, int nodes) => [.. Enumerable.Range(0, cpus).Select(cpu => cpu * nodes / cpus)];

    private static void Replace(int[] all, int what, int with)
    {
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = all[i] == what ? with : all[i];
        }
    }
}
