using ActorPmu.Benchmarks;
using ActorPmu.Benchmarks.CoreProtocol;
using ActorPmu.Benchmarks.Election;
using ActorPmu.Mutation.Tests.Searching;
using BenchmarkDotNet.Running;

if (args is ["quick", ..])
{
    return Quick.Run(args[1..]);
}

if (args is ["strategies"])
{
    return StrategySchedules.Run();
}

if (args is ["workers", ..])
{
    return WorkerScaling.Run(args[1..]);
}

if (args is ["dpor", ..])
{
    return ReducedPrograms.Run(args[1..]);
}

if (args is ["live", ..])
{
    return await LiveDeliveries.Run(args[1..]);
}

if (args is ["nodes"])
{
    return await NodeDeliveries.Run();
}

if (args is ["election", ..])
{
    return Elections.Run(@short: args.Contains("--short"));
}

if (args is ["spin", ..])
{
    return Verdicts.Run(large: args.Contains("--large"));
}

if (args is ["mutants", ..])
{
    return FaultTable.Print(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
