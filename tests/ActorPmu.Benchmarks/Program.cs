using ActorPmu.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["quick", ..])
{
    return Quick.Run(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
