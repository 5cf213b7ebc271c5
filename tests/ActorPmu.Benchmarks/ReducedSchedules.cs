using ActorPmu.Actors;
using ActorPmu.Explorer;
using BenchmarkDotNet.Attributes;

namespace ActorPmu.Benchmarks;

/// <summary>One run of the lock server, picked by dpor and by chance: what it costs to know which runs are equivalent.</summary>
[MemoryDiagnoser]
public class ReducedSchedules
{
    private readonly DporStrategy _dpor = new();
    private readonly RandomStrategy _random = new(42);
    private readonly RunTrace _trace = new();
    private long _reduced;
    private long _picked;

    [Benchmark]
    public long Dpor() => Run(_dpor, _reduced++);

    [Benchmark]
    public long Random() => Run(_random, _picked++);

    private long Run(IStrategy strategy, long schedule)
    {
        if (!strategy.Begin(schedule))
        {
            throw new InvalidOperationException($"{strategy.Name} is through after {schedule} runs");
        }

        World world = LockServer.Build();
        _trace.Clear();
        _trace.Close(world.Run(strategy, long.MaxValue, _trace));
        strategy.Ended(_trace);
        return world.Steps;
    }
}
