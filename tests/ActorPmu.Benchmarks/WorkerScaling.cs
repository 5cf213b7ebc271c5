using System.Diagnostics;
using System.Globalization;
using ActorPmu.Benchmarks.Election;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>
/// What a second worker adds, by turns in one run, beside what it adds to a loop that shares nothing, and what a second process adds: two processes
/// share the memory and its caches alone, so that no worker can do better.
/// </summary>
internal static class WorkerScaling
{
    private const int Chunk = 64;
    private const int Rounds = 11;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(700);

    private static readonly MachineSpec Spec = TwoTools.Spec();

    private static readonly (string Name, Func<long, long> Run)[] Rows =
    [
        ("plain loop", PlainLoop),
        ("election, random", seed => Schedules(seed, () => InWorld.Build(faulty: false), s => new RandomStrategy(s))),
        ("election, pos", seed => Schedules(seed, () => InWorld.Build(faulty: false), s => new PosStrategy(s))),
        ("machine, none", seed => Schedules(seed, () => Subject.Of(new Machine(Spec, new NoSharing())), s => new RandomStrategy(s))),
        ("machine, v6", seed => Schedules(seed, () => Subject.Of(new Machine(Spec, new V6())), s => new RandomStrategy(s))),
    ];

    /// <summary>The table; or, with <c>--serve ROW</c>, one of the two processes: a line in, a slice, its rate out.</summary>
    public static int Run(string[] args)
    {
        if (args is ["--serve", var served])
        {
            Serve(Rows[int.Parse(served, CultureInfo.InvariantCulture)].Run);
            return 0;
        }

        Console.WriteLine($"{"",-18} {"1 worker",14} {"2 workers",14} {"ratio",7} {"2 processes",14} {"ratio",7}");
        for (int row = 0; row < Rows.Length; row++)
        {
            Func<long, long> run = Rows[row].Run;
            Rate(2, WarmUp, run);
            using ServingProcess first = new(row);
            using ServingProcess second = new(row);
            List<double> one = [];
            List<double> two = [];
            List<double> alone = [];
            List<double> both = [];
            for (int i = 0; i < Rounds; i++)
            {
                one.Add(Rate(1, Slice, run));
                two.Add(Rate(2, Slice, run));
                alone.Add(ServingProcess.Rate(first));
                both.Add(ServingProcess.Rate(first, second));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Rows[row].Name,-18} {Median(one),14:N0} {Median(two),14:N0} {Ratio(one, two),7:N3} {Median(both),14:N0} {Ratio(alone, both),7:N3}"));
        }

        return 0;
    }

    private static double Ratio(List<double> one, List<double> two) => Median(one.Zip(two, (a, b) => b / a));

    private static void Serve(Func<long, long> run)
    {
        Rate(1, WarmUp, run);
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(Measured.Rate(1, Slice, run).ToString("R", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A process that runs a slice when it is asked to.</summary>
    private sealed class ServingProcess : IDisposable
    {
        private readonly Process _process;

        public ServingProcess(int row)
        {
            _process = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!, [typeof(WorkerScaling).Assembly.Location, "workers", "--serve", row.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            _ = _process.StandardOutput.ReadLine();
        }

        /// <summary>What they do a second, all at the same time.</summary>
        public static double Rate(params ServingProcess[] processes)
        {
            Array.ForEach(processes, p => p._process.StandardInput.WriteLine());
            return processes.Sum(p => double.Parse(p._process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
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
