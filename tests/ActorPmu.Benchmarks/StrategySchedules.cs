using System.Diagnostics;
using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>Schedules a second of each strategy beside random's, measured by turns on one machine; those by chance with one worker and with two.</summary>
internal static class StrategySchedules
{
    private const int Rounds = 9;
    private const long Schedules = 200;

    public static int Run()
    {
        (string Name, Func<double> Sample)[] rows =
        [
            .. Strategies.All.Select(s => (s.Name, (Func<double>)(() => Rate(s.Name, 1)))),
            .. Strategies.All.Where(s => Make(s.Name).IsIndexed).Select(s => (s.Name + ", 2 workers", (Func<double>)(() => Rate(s.Name, 2)))),
        ];
        List<double>[] samples = [.. rows.Select(_ => new List<double>())];
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                double sample = rows[i].Sample();
                if (round >= 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        Console.WriteLine($"{"",-20} {"schedules/s",12} {"of random",10}");
        for (int i = 0; i < rows.Length; i++)
        {
            double ratio = Median(samples[i].Zip(samples[0], (ours, its) => ours / its));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[i].Name,-20} {Median(samples[i]),12:N0} {ratio,10:F2}"));
        }

        return 0;
    }

    private static IStrategy Make(string name) => Strategies.Get(name)!(new StrategySettings { Length = 400 });

    private static double Rate(string name, int workers)
    {
        MachineSpec spec = TwoTools.Spec();
        Exploration exploration = new(
            () => Subject.Of(new Machine(spec, new NoSharing())),
            new ExploreOptions { Strategy = () => Make(name), SchedulesMax = Schedules, KeepGoing = true });
        long start = Stopwatch.GetTimestamp();
        ExplorationResult[] parts = new ExplorationResult[workers];
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, w =>
            parts[w] = exploration.RunRange(w * (Schedules / workers), Schedules / workers));
        return Exploration.Merge(parts).Schedules / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
