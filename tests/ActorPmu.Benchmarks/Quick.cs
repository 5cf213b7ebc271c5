using System.Diagnostics;
using System.Globalization;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>All figures in less than a minute: each beside its yardstick, measured by turns in the same run.</summary>
/// <remarks>A machine that others use too slows both sides of a pair alike; so the ratio is the figure to go by.</remarks>
internal static class Quick
{
    private const int Rounds = 15;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);

    public static int Run(string[] only)
    {
        WorldDeliveries world = new();
        Paths paths = new();
        KernelSchedules kernel = new();
        ReducedSchedules reduced = new();
        Pair[] pairs =
        [
            new("world ping-pong", "plain loop", world.PingPong, world.PingPongPlain),
            new("world lock server", "plain loop", world.LockServer, world.LockServerPlain),
            new("path, 1 deep", "callback", paths.Await, paths.Callback),
            new("path, 3 deep", "callback", paths.AwaitThreeDeep, paths.Callback),
            new("machine, none", "lock server, plain loop", kernel.None, world.LockServerPlain),
            new("machine, v6", "lock server, plain loop", kernel.V6, world.LockServerPlain),
            new("lock server, dpor", "the same, random", reduced.Dpor, reduced.Random),
            new("machine, build", "lock server, plain loop", () => kernel.BuildOnly().Cpus.Count, world.LockServerPlain),
        ];

        Console.WriteLine(Line("", "schedules/s", "steps/s", "bytes/step", "yardstick", "steps/s", "ratio"));
        foreach (Pair pair in pairs)
        {
            if (only.Length == 0 || only.Any(o => pair.Name.Contains(o, StringComparison.Ordinal)))
            {
                Measure(pair);
            }
        }

        return 0;
    }


    private static void Measure(Pair pair)
    {
        Sample(pair.Ours, WarmUp);
        Sample(pair.Yardstick, WarmUp);
        List<double> ours = [];
        List<double> yardstick = [];
        List<double> ratios = [];
        double schedulesOfStep = 0;
        double bytesOfStep = 0;
        for (int i = 0; i < Rounds; i++)
        {
            Sampled a = Sample(pair.Ours, Slice);
            Sampled b = Sample(pair.Yardstick, Slice);
            ours.Add(a.StepsPerSecond);
            yardstick.Add(b.StepsPerSecond);
            ratios.Add(a.StepsPerSecond / b.StepsPerSecond);
            schedulesOfStep = (double)a.Schedules / a.Steps;
            bytesOfStep = (double)a.Bytes / a.Steps;
        }

        Console.WriteLine(Line(
            pair.Name, Number(Median(ours) * schedulesOfStep), Number(Median(ours)), Number(bytesOfStep),
            pair.YardstickName, Number(Median(yardstick)), Median(ratios).ToString("F3", CultureInfo.InvariantCulture)));
    }

    private static Sampled Sample(Func<long> schedule, TimeSpan time)
    {
        long steps = 0;
        long schedules = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        TimeSpan taken;
        do
        {
            for (int i = 0; i < 16; i++)
            {
                steps += schedule();
                schedules++;
            }

            taken = Stopwatch.GetElapsedTime(start);
        }
        while (taken < time);

        return new Sampled(schedules, steps, GC.GetAllocatedBytesForCurrentThread() - bytes, steps / taken.TotalSeconds);
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(string name, string schedules, string steps, string bytes, string yardstick, string its, string ratio) =>
        $"{name,-18} {schedules,12} {steps,12} {bytes,10}   {yardstick,-24} {its,12} {ratio,8}";

    private sealed record Pair(string Name, string YardstickName, Func<long> Ours, Func<long> Yardstick);

    private sealed record Sampled(long Schedules, long Steps, long Bytes, double StepsPerSecond);
}
