using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Explorer;

namespace ActorPmu.Kernel.Tests.Memory;

/// <summary>A program of a few accesses on a few processors, and every outcome that it can have.</summary>
internal sealed class Litmus
{
    private readonly List<(Func<CpuMemory, KernelTask>? Path, Func<CpuMemory, KernelTask>? Handler)> _cpus = [];
    private readonly List<Func<long>> _outcome = [];

    public Published<long> X { get; } = new("x", 0);

    public Published<long> Y { get; } = new("y", 0);

    /// <summary>Adds a processor with a path, and an NMI handler that may interrupt it once.</summary>
    public Litmus Cpu(Func<CpuMemory, KernelTask> path, Func<CpuMemory, KernelTask>? nmi = null)
    {
        _cpus.Add((path, nmi));
        return this;
    }

    /// <summary>What to look at when all is over.</summary>
    public Litmus See(params Func<long>[] values)
    {
        _outcome.AddRange(values);
        return this;
    }

    /// <summary>All outcomes, in order: the values with a blank between them, a comma between outcomes.</summary>
    public static string Outcomes(MemoryModel model, Func<Litmus> program)
    {
        SortedSet<string> outcomes = new(StringComparer.Ordinal);
        ExplorationResult all = new Exploration(
            () => program().Build(model, outcomes),
            new ExploreOptions { Strategy = () => new DfsStrategy(), SchedulesMax = 200_000, KeepGoing = true }).Run();
        Assert.True(all.IsComplete);
        Assert.Equal(0, all.Deadlocks);
        return string.Join(", ", outcomes);
    }

    private Subject Build(MemoryModel model, SortedSet<string> outcomes)
    {
        World world = new();
        SharedMemory shared = new(model, addsAtOnce: false);
        for (int i = 0; i < _cpus.Count; i++)
        {
            world.Add(new LitmusCpu(i, shared, _cpus[i].Path, _cpus[i].Handler));
        }

        return new Subject(world, _ =>
        {
            outcomes.Add(string.Join(' ', _outcome.Select(value => value().ToString(CultureInfo.InvariantCulture))));
            return [];
        });
    }
}
