using System.Diagnostics;
using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Explorer.Tests.CoreProtocol;

namespace ActorPmu.Benchmarks.CoreProtocol;

/// <summary>Every state of the core protocol, ours and SPIN's: time to the verdict, by turns in the same run.</summary>
internal static class Verdicts
{
    private const int Times = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Measures.</summary>
    /// <param name="large">Whether also with three users: minutes, and gigabytes.</param>
    public static int Run(bool large)
    {
        Compare(2, 2, Times, depthMax: 1_000_000);
        Console.WriteLine();
        Console.WriteLine($"in {Patience.TotalSeconds:N0} s, for the same two processors and two users:");
        Bounded("states, run again", goesBack: false, new StatesStrategy(), stepsMax: 1_000);
        Bounded("dpor", goesBack: true, new DporStrategy(), stepsMax: 60);
        if (large)
        {
            Console.WriteLine();
            Compare(2, 3, 1, depthMax: 20_000_000);
        }

        return 0;
    }

    private static void Compare(int cpus, int users, int times, int depthMax)
    {
        Console.WriteLine(Line($"{cpus} processors, {users} users", "states", "s to verdict", "states/s", "build s"));
        using InSpin reduced = new(SpinModel.Of(cpus, users));
        using InSpin all = new(SpinModel.Of(cpus, users));
        string? missing = reduced.Build(reduction: true) ?? all.Build(reduction: false);
        (string Name, Func<long> Run, double Build)[] rows =
        [
            ("states", () => Ours(cpus, users), 0),
            .. missing is null
                ? (ReadOnlySpan<(string, Func<long>, double)>)
                    [("SPIN, reduced", () => reduced.Verify(depthMax), reduced.BuildTime.TotalSeconds), ("SPIN, all", () => all.Verify(depthMax), all.BuildTime.TotalSeconds)]
                : [],
        ];
        List<double>[] seconds = [.. rows.Select(_ => new List<double>())];
        long[] states = new long[rows.Length];
        for (int time = times > 1 ? -1 : 0; time < times; time++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                long began = Stopwatch.GetTimestamp();
                states[i] = rows[i].Run();
                if (time >= 0)
                {
                    seconds[i].Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                }
            }
        }

        for (int i = 0; i < rows.Length; i++)
        {
            seconds[i].Sort();
            double median = seconds[i][seconds[i].Count / 2];
            Console.WriteLine(Line(rows[i].Name, Number(states[i], "N0"), Number(median, "N3"), Number(states[i] / median, "N0"), rows[i].Build == 0 ? "" : Number(rows[i].Build, "N1")));
        }

        if (missing is not null)
        {
            Console.WriteLine($"SPIN: {missing}");
        }
    }

    // What does not come to an end here: runs of a protocol that goes on for ever are cut at some length.
    private static void Bounded(string name, bool goesBack, IStrategy strategy, long stepsMax)
    {
        long began = Stopwatch.GetTimestamp();
        Subject Build() => goesBack ? Protocol.Build(2, 2) : new Subject(Protocol.Build(2, 2).World, _ => []);
        ExploreOptions options = new() { Strategy = () => strategy, SchedulesMax = long.MaxValue, StepsMax = stepsMax, KeepGoing = true };
        ExplorationResult result = new Exploration(Build, options).Run(cancelled: () => Stopwatch.GetElapsedTime(began) > Patience);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-24} {(result.States is { } states ? $"{states:N0} states" : $"{result.Schedules:N0} runs of {options.StepsMax:N0} steps")}, {(result.IsComplete ? "complete" : "not through")}"));
    }

    private static long Ours(int cpus, int users)
    {
        ExploreOptions options = new() { Strategy = () => new StatesStrategy(), SchedulesMax = long.MaxValue };
        ExplorationResult result = new Exploration(() => Protocol.Build(cpus, users), options).Run();
        return result.IsComplete ? result.States!.Value : throw new InvalidOperationException("not through");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Line(string name, string states, string seconds, string rate, string build) => $"{name,-24} {states,12} {seconds,13} {rate,12} {build,8}";
}
