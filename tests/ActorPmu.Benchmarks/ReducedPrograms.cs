using System.Diagnostics;
using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Explorer.Tests;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>The standard programs under dpor, one worker: how many interleavings, and how many a second, beside the same number of runs by chance.</summary>
internal static class ReducedPrograms
{
    private const int RunsByChance = 40_000;
    private const int Rounds = 7;

    private static readonly (string Name, Func<World> Build)[] Programs =
    [
        ("nsend(9,1)", () => ReferencePrograms.NSend(9, 1)),
        ("nsend(5,2)", () => ReferencePrograms.NSend(5, 2)),
        ("lock(2,5)", () => ReferencePrograms.Lock(2, 5)),
        ("2pc(5)", () => ReferencePrograms.TwoPhaseCommit(5)),
        ("Chang-Roberts(5)", () => ReferencePrograms.ChangRoberts(5, ascending: false)),
    ];

    public static int Run(string[] only)
    {
        Console.WriteLine($"{"program",-18} {"interleavings",14} {"given up",9} {"a second",12} {"by chance",12} {"ratio",6}");
        foreach ((string name, Func<World> build) in Programs.Where(p => only.Length == 0 || only.Any(o => p.Name.StartsWith(o, StringComparison.OrdinalIgnoreCase))))
        {
            List<double> reduced = [];
            List<double> chance = [];
            ExplorationResult? result = null;
            for (int round = 0; round < Rounds; round++)
            {
                long began = Stopwatch.GetTimestamp();
                result = InParts(new ReducedSearch(Make, new ExploreOptions { Strategy = () => new DporStrategy(), SchedulesMax = long.MaxValue }));
                reduced.Add(result.Schedules / Stopwatch.GetElapsedTime(began).TotalSeconds);

                began = Stopwatch.GetTimestamp();
                long runs = new Exploration(Make, Explore.RandomOptions(1, RunsByChance)).Run().Schedules;
                chance.Add(runs / Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            if (!result!.Exhausted)
            {
                throw new InvalidOperationException($"{name} is not through");
            }

            (double a, double b) = (Median(reduced), Median(chance));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-18} {result.Schedules,14:N0} {result.Abandoned,9:N0} {a,12:N0} {b,12:N0} {a / b,6:N2}"));

            Subject Make()
            {
                World world = build();
                return Explore.Unjudged(world, world.CanGoBack);
            }
        }

        return 0;
    }

    // As the command line does with one worker.
    private static ExplorationResult InParts(ReducedSearch search)
    {
        if (search.Begin() is { } whole)
        {
            return whole;
        }

        return Exploration.Merge([.. Enumerable.Range(0, search.PartCount).Select(k => search.RunPart(k, long.MaxValue).Result)]);
    }
}
