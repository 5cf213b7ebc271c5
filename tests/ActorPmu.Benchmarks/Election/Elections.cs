using System.Diagnostics;
using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Explorer.Tests;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks.Election;

/// <summary>Two elections under our strategies, Coyote's and SPIN, measured by turns in the same run.</summary>
internal static class Elections
{
    private const int Seeds = 15;
    private const int SeedsOfCoyote = 5;
    private const int ToBugMax = 10_000;
    private const int ToBugMaxOfCoyote = 300;
    private const int Nodes = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(300);
    private static int _times;

    /// <summary>Measures.</summary>
    /// <param name="short">Whether once is enough: to see that it works.</param>
    public static int Run(bool @short)
    {
        _times = @short ? 1 : 9;
        Schedules(@short);
        Console.WriteLine();
        FullVerdict();
        return 0;
    }

    private static void Schedules(bool @short)
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
        rows.Add(new Row("Coyote random, 1 worker", () => Coyote(pct: false, 1), seed => CoyoteToBug(pct: false, seed)) { Seeds = SeedsOfCoyote, Most = ToBugMaxOfCoyote });
        rows.Add(new Row("Coyote random, 2 workers", () => Coyote(pct: false, 2), null));
        rows.Add(new Row("Coyote PCT(10)", () => Coyote(pct: true, 1), seed => CoyoteToBug(pct: true, seed)) { Seeds = SeedsOfCoyote, Most = ToBugMaxOfCoyote });
        List<double>[] rates = [.. rows.Select(_ => new List<double>())];
        for (int round = -1; round < _times; round++)
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
            string toBug = rows[i].ToBug is { } toFault
                ? Number(Median(Enumerable.Range(1, @short ? 1 : rows[i].Seeds).Select(seed => toFault((ulong)seed))), rows[i].Most)
                : "";
            double rate = Median(rates[i]);
            Console.WriteLine(Line(
                rows[i].Name, Number(rate), Number(rate * ElectionRules.Deliveries), ratio.ToString(ratio < 10 ? "N2" : "N0", CultureInfo.InvariantCulture), toBug));
        }
    }

    private static void FullVerdict()
    {
        Console.WriteLine(VerdictLine($"Chang-Roberts({Nodes}), all", "runs or states", "ms to verdict", "build ms"));
        foreach ((string name, Func<IStrategy> make) in new (string, Func<IStrategy>)[] { ("dpor, runs", () => new DporStrategy()), ("states, states", () => new StatesStrategy()) })
        {
            List<double> ours = [];
            long size = 0;
            for (int i = 0; i < _times; i++)
            {
                long began = Stopwatch.GetTimestamp();
                ExploreOptions options = new() { Strategy = make, SchedulesMax = 1_000_000 };
                ExplorationResult result = new Exploration(() => Explore.Unjudged(ReferencePrograms.ChangRoberts(Nodes, ascending: false)), options).Run();
                ours.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                size = result.Exhausted ? result.States ?? result.Schedules : throw new InvalidOperationException($"{name} is not through");
            }

            Console.WriteLine(VerdictLine(name, Number(size), Median(ours).ToString("N1", CultureInfo.InvariantCulture), ""));
        }

        foreach (bool reduction in new[] { true, false })
        {
            string name = reduction ? "SPIN, reduced, states" : "SPIN, all, states";
            using InSpin spin = new(RingModel.Of(Nodes));
            if (spin.Build(reduction) is { } missing)
            {
                Console.WriteLine($"{name,-24} spin: {missing}");
                continue;
            }

            List<double> times = [];
            long states = 0;
            for (int i = 0; i < _times; i++)
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
        return Rate(workers, Slice, seed =>
        {
            ExploreOptions options = new() { Strategy = () => make((ulong)seed), SchedulesMax = Chunk };
            return new Exploration(() => InWorld.Build(faulty: false), options).Run().Schedules;
        });
    }

    private static double Coyote(bool pct, int workers)
    {
        const int Chunk = 10;
        return Rate(workers, Slice, seed =>
        {
            (long schedules, bool failed) = InCoyote.Run(faulty: false, pct, 42 + (uint)seed, Chunk);
            return failed ? throw new InvalidOperationException("Coyote finds a fault in the sound election") : schedules;
        });
    }

    private static double OursToBug(Func<ulong, IStrategy> make, ulong seed)
    {
        ExploreOptions options = new() { Strategy = () => make(seed), SchedulesMax = ToBugMax };
        ExplorationResult result = new Exploration(() => InWorld.Build(faulty: true), options).Run();
        return result.Violations.Count > 0 ? result.Schedules : double.PositiveInfinity;
    }

    private static double CoyoteToBug(bool pct, ulong seed)
    {
        (long schedules, bool failed) = InCoyote.Run(faulty: true, pct, (uint)seed, ToBugMaxOfCoyote);
        return failed ? schedules : double.PositiveInfinity;
    }

    private static string Number(double value, int most = 0) =>
        double.IsInfinity(value) ? $"> {Number(most)}" : value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(string name, string rate, string deliveries, string ratio, string toBug) =>
        $"{name,-24} {rate,12} {deliveries,13} {ratio,10} {toBug,13}";

    private static string VerdictLine(string name, string size, string time, string build) => $"{name,-24} {size,14} {time,14} {build,9}";

    private sealed record Row(string Name, Func<double> Rate, Func<ulong, double>? ToBug)
    {
        public int Seeds { get; init; } = Elections.Seeds;

        public int Most { get; init; } = ToBugMax;
    }
}
