using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using BenchmarkDotNet.Attributes;

namespace ActorPmu.Benchmarks;

/// <summary>One random schedule of a whole machine: two tools that count the same on one processor.</summary>
[MemoryDiagnoser]
public class KernelSchedules
{
    private readonly MachineSpec _spec = TwoTools.Spec();
    private readonly SeededChooser _chooser = new(42);

    [Benchmark]
    public long None() => Run(new NoSharing());

    [Benchmark]
    public long V6() => Run(new V6());

    /// <summary>What a schedule costs before its first step.</summary>
    [Benchmark]
    public Machine BuildOnly() => new(_spec, new NoSharing());

    private long Run(ISharingDesign design)
    {
        Machine machine = new(_spec, design);
        RunEnd end = machine.World.Run(_chooser, 10_000);
        return end == RunEnd.Finished ? machine.World.Steps : throw new InvalidOperationException($"the run ended with {end}");
    }
}
