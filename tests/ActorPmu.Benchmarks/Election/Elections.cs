using System.Diagnostics;
using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Explorer.Tests;

namespace ActorPmu.Benchmarks.Election;

/// <summary>Two elections under our strategies, Coyote's and SPIN, measured by turns in the same run.</summary>
internal static class Elections
{
    private const int Rounds = 9;
    private const int Verdicts = 9;
    private const int Seeds = 15;
    private const int ToBugMax = 500;
    private const int Nodes = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(300);

    public static int Run()
    {
        Schedules();
        Console.WriteLine();
        FullVerdict();
        return 0;
    }

    private static void Schedules()
    {
        // What sets out to run all schedules is measured to its verdict, below.
        List<Row> rows = [];
        foreach (string name in new[] { "random", "pct", "pos" })
        {
            Func<StrategySettings, IStrategy> known = Strategies.Get(name)!;
            IStrategy Make(ulong seed) => known(new StrategySettings { Seed = seed, Length = ElectionRules.Deliveries });
            rows.Add(new Row($"{name}, 1 worker", () => Ours(Make, 1), seed => OursToBug(Make, seed)));
            rows.Add(new Row($"{name}, 2 workers", () => Ours(Make, 2), null));
        }

        int yardstick = rows.Count;
        rows.Add(new Row("Coyote random", () => Coyote(pct: false), seed => CoyoteToBug(pct: false, seed)));
        rows.Add(new Row("Coyote PCT(10)", () => Coyote(pct: true), seed => CoyoteToBug(pct: true, seed)));
        List<double>[] rates = [.. rows.Select(_ => new List<double>())];
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < rows.Count; i++)
            {
                double rate = rows[i].Rate();
                if (round >= 0)
                {
                    rates[i].Add(rate);
                }
            }
        }

        Console.WriteLine(Line("election, 96 deliveries", "schedules/s", "deliveries/s", "of Coyote", "to the fault"));
        for (int i = 0; i < rows.Count; i++)
        {
            double ratio = Median(rates[i].Zip(rates[yardstick], (a, b) => a / b));
            string toBug = rows[i].ToBug is { } toFault ? Number(Median(Enumerable.Range(1, Seeds).Select(s => toFault((ulong)s)))) : "";
            double rate = Median(rates[i]);
            Console.WriteLine(Line(
                rows[i].Name, Number(rate), Number(rate * ElectionRules.Deliveries), ratio.ToString(ratio < 10 ? "N2" : "N0", CultureInfo.InvariantCulture), toBug));
        }
    }

    private static void FullVerdict()
    {
        Console.WriteLine(VerdictLine($"Chang-Roberts({Nodes}), all", "runs or states", "ms to verdict", "build ms"));
        List<double> ours = [];
        long schedules = 0;
        for (int i = 0; i < Verdicts; i++)
        {
            long began = Stopwatch.GetTimestamp();
            ExploreOptions options = new() { Strategy = () => new DporStrategy(), SchedulesMax = 1_000_000 };
            ExplorationResult result = new Exploration(() => Explore.Unjudged(ReferencePrograms.ChangRoberts(Nodes, ascending: false)), options).Run();
            ours.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            schedules = result.IsComplete ? result.Schedules : throw new InvalidOperationException("dpor is not through");
        }

        Console.WriteLine(VerdictLine("dpor", Number(schedules), Median(ours).ToString("N1", CultureInfo.InvariantCulture), ""));

        foreach (bool reduction in new[] { true, false })
        {
            string name = reduction ? "SPIN, partial order" : "SPIN, no reduction";
            using InSpin spin = new();
            if (spin.Build(Nodes, reduction) is { } missing)
            {
                Console.WriteLine($"{name,-24} spin: {missing}");
                continue;
            }

            List<double> times = [];
            long states = 0;
            for (int i = 0; i < Verdicts; i++)
            {
                long began = Stopwatch.GetTimestamp();
                states = spin.Verify();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            Console.WriteLine(VerdictLine(
                name, Number(states), Median(times).ToString("N1", CultureInfo.InvariantCulture), Number(spin.BuildTime.TotalMilliseconds)));
        }
    }

    private static double Ours(Func<ulong, IStrategy> make, int workers)
    {
        const int Chunk = 64;
        long seed = 0;
        long began = Stopwatch.GetTimestamp();
        long done = 0;
        void Work()
        {
            while (Stopwatch.GetElapsedTime(began) < Slice)
            {
                ulong mine = (ulong)Interlocked.Increment(ref seed);
                ExploreOptions options = new() { Strategy = () => make(mine), SchedulesMax = Chunk };
                Interlocked.Add(ref done, new Exploration(() => InWorld.Build(faulty: false), options).Run().Schedules);
            }
        }

        Thread[] others = [.. Enumerable.Range(1, workers - 1).Select(_ => new Thread(Work))];
        Array.ForEach(others, t => t.Start());
        Work();
        Array.ForEach(others, t => t.Join());
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double OursToBug(Func<ulong, IStrategy> make, ulong seed)
    {
        ExploreOptions options = new() { Strategy = () => make(seed), SchedulesMax = ToBugMax };
        ExplorationResult result = new Exploration(() => InWorld.Build(faulty: true), options).Run();
        return result.Violations.Count > 0 ? result.Schedules : double.PositiveInfinity;
    }

    private static double Coyote(bool pct)
    {
        const int Chunk = 10;
        long began = Stopwatch.GetTimestamp();
        long done = 0;
        while (Stopwatch.GetElapsedTime(began) < Slice)
        {
            (long schedules, bool failed) = InCoyote.Run(faulty: false, pct, seed: 42 + (uint)done, Chunk);
            done += failed ? throw new InvalidOperationException("Coyote finds a fault in the sound election") : schedules;
        }

        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double CoyoteToBug(bool pct, ulong seed)
    {
        (long schedules, bool failed) = InCoyote.Run(faulty: true, pct, (uint)seed, ToBugMax);
        return failed ? schedules : double.PositiveInfinity;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Number(double value) => double.IsInfinity(value) ? $"> {ToBugMax}" : value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(string name, string rate, string deliveries, string ratio, string toBug) =>
        $"{name,-24} {rate,12} {deliveries,13} {ratio,10} {toBug,13}";

    private static string VerdictLine(string name, string size, string time, string build) => $"{name,-24} {size,14} {time,14} {build,9}";

    private sealed record Row(string Name, Func<double> Rate, Func<ulong, double>? ToBug);
}
