using ActorPmu.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["quick", ..])
{
    return Quick.Run(args[1..]);
}

if (args is ["strategies"])
{
    return StrategySchedules.Run();
}

if (args is ["live"])
{
    return await LiveDeliveries.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
