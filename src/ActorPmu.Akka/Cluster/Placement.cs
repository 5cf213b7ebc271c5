using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>Which actor lives on which node: a function of the specification, the same everywhere.</summary>
/// <remarks>
/// A processor takes its PMU and its own contexts with it; a task's program, contexts and mutexes are on the node of the processor where
/// the task starts. The first node has the allocator and what belongs to nobody.
/// </remarks>
internal sealed class Placement
{
    private readonly MachineSpec _spec;
    private readonly int[] _nodeOfCpu;

    /// <summary>Spreads the processors in runs of equal length.</summary>
    /// <param name="spec">The machine.</param>
    /// <param name="nodes">How many nodes there are, 1…<see cref="MachineSpec.CpuCount"/>.</param>
    public Placement(MachineSpec spec, int nodes)
    {
        _spec = spec;
        Nodes = nodes;
        _nodeOfCpu = [.. Enumerable.Range(0, spec.CpuCount).Select(cpu => cpu * nodes / spec.CpuCount)];
    }

    public int Nodes { get; }

    /// <summary>The task that cleans up after a lost node, or −1: the last of the specification.</summary>
    public int ReaperIndex { get; init; } = -1;

    public int[] NodeOfCpu => _nodeOfCpu;

    /// <summary>The processors of a node.</summary>
    public IEnumerable<int> CpusOf(int node) => Enumerable.Range(0, _nodeOfCpu.Length).Where(cpu => _nodeOfCpu[cpu] == node);

    public int NodeOfTask(int task) => task >= 0 && task < _spec.Tasks.Count ? _nodeOfCpu[_spec.Tasks[task].Cpu] : 0;

    /// <summary>The task for which a task context was made.</summary>
    public static int TaskOfContext(ActorId id) => (id.Index - 1_000) % 100_000 / 2;

    public int NodeOf(ActorId id) => id.Kind switch
    {
        ActorKind.Cpu => _nodeOfCpu[id.Index],
        ActorKind.Pmu => _nodeOfCpu[id.Index / 4],
        ActorKind.Context when id.Index < 1_000 => _nodeOfCpu[id.Index / 2],
        ActorKind.Context => NodeOfTask(TaskOfContext(id)),
        ActorKind.Task => NodeOfTask(id.Index),
        ActorKind.Mutex when id.Index >= ChildMutexes => NodeOfTask((id.Index - ChildMutexes) / PerfCore.EventIdsPerTask),
        ActorKind.Mutex when id.Index > 0 => NodeOfTask((id.Index - 1) / 2),
        _ => 0,
    };

    /// <summary>A node is gone: another one stands in for it.</summary>
    public void Rehome(int gone, int heir)
    {
        for (int cpu = 0; cpu < _nodeOfCpu.Length; cpu++)
        {
            _nodeOfCpu[cpu] = _nodeOfCpu[cpu] == gone ? heir : _nodeOfCpu[cpu];
        }
    }

    internal const int ChildMutexes = 1_000_000;
}
