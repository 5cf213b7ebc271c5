using ActorPmu.Actors;
using ActorPmu.Sharing.Tests;
using BenchmarkDotNet.Attributes;

namespace ActorPmu.Benchmarks;

/// <summary>One random schedule of a small program, on the world and on a plain loop.</summary>
[MemoryDiagnoser]
public class WorldDeliveries
{
    private readonly SeededChooser _chooser = new(42);

    [Benchmark(OperationsPerInvoke = Benchmarks.PingPong.Deliveries)]
    public long PingPong() => Run(Benchmarks.PingPong.Build(), _chooser);

    [Benchmark(OperationsPerInvoke = Benchmarks.PingPong.Deliveries)]
    public long PingPongPlain() => new PlainLoop(2, new PlainPingPong()).Run(_chooser);

    [Benchmark(OperationsPerInvoke = Benchmarks.LockServer.Deliveries)]
    public long LockServer() => Run(Benchmarks.LockServer.Build(), _chooser);

    [Benchmark(OperationsPerInvoke = Benchmarks.LockServer.Deliveries)]
    public long LockServerPlain() => new PlainLoop(1 + Benchmarks.LockServer.Clients, new PlainLockServer()).Run(_chooser);

    internal static long Run(World world, SeededChooser chooser)
    {
        world.Run(chooser, long.MaxValue);
        return world.Steps;
    }
}
