using System.Diagnostics;
using System.Globalization;
using ActorPmu.Benchmarks.Election;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>What a second worker adds, by turns in one run, beside what it adds to a loop that shares nothing: no machine gives 2 quite.</summary>
internal static class WorkerScaling
{
    private const int Chunk = 64;
    private const int Rounds = 11;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(700);

    public static int Run()
    {
        MachineSpec spec = TwoTools.Spec();
        (string Name, Func<long, long> Run)[] rows =
        [
            ("plain loop", PlainLoop),
            ("election, random", seed => Schedules(seed, () => InWorld.Build(faulty: false), s => new RandomStrategy(s))),
            ("election, pos", seed => Schedules(seed, () => InWorld.Build(faulty: false), s => new PosStrategy(s))),
            ("machine, none", seed => Schedules(seed, () => Subject.Of(new Machine(spec, new NoSharing())), s => new RandomStrategy(s))),
            ("machine, v6", seed => Schedules(seed, () => Subject.Of(new Machine(spec, new V6())), s => new RandomStrategy(s))),
        ];
        Console.WriteLine($"{"",-18} {"1 worker",14} {"2 workers",14} {"ratio",7} {"of plain",9}");
        double plain = 0;
        foreach ((string name, Func<long, long> run) in rows)
        {
            Rate(2, WarmUp, run);
            List<double> one = [];
            List<double> two = [];
            for (int i = 0; i < Rounds; i++)
            {
                one.Add(Rate(1, Slice, run));
                two.Add(Rate(2, Slice, run));
            }

            double ratio = Median(one.Zip(two, (a, b) => b / a));
            plain = plain == 0 ? ratio : plain;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-18} {Median(one),14:N0} {Median(two),14:N0} {ratio,7:N3} {ratio / plain,9:N3}"));
        }

        return 0;
    }

    private static long Schedules(long seed, Func<Subject> build, Func<ulong, IStrategy> make)
    {
        ExploreOptions options = new() { Strategy = () => make((ulong)seed), SchedulesMax = Chunk };
        return new Exploration(build, options).Run().Schedules;
    }

    private static long PlainLoop(long seed)
    {
        ulong x = (ulong)seed;
        for (int i = 0; i < 100_000; i++)
        {
            x = StableHash.Mix(x);
        }

        return x == 0 ? 0 : 1;
    }
}
