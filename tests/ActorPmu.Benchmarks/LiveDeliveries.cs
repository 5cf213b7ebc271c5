using System.Diagnostics;
using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Akka.Live;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using Akka.Configuration;
using static ActorPmu.Benchmarks.Measured;

namespace ActorPmu.Benchmarks;

/// <summary>Live deliveries beside bare Akka's, measured by turns in the same run, on the same dispatcher with as many actors and messages.</summary>
/// <remarks>
/// Processor time for each delivery says where it goes, whoever else uses the machine: a live machine pays for Akka, for the shells with the
/// recorder, and for what the machine does in the deterministic world too, where the last rows measure it on one thread.
/// </remarks>
internal static class LiveDeliveries
{
    private const int Rounds = 9;
    private const int PairsOfActors = 4;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);

    private sealed record Sampled(double PerSecond, double CpuNs);

    public static async Task<int> Run(string[] only)
    {
        int machines = Environment.ProcessorCount;
        await using LiveSystem steady = LiveSystem.Start(Settings(hesitateOneIn: 0));
        await using LiveSystem hesitant = LiveSystem.Start(Settings(hesitateOneIn: 32));
        using BareAkka bare = new(Settings(hesitateOneIn: 0), machines * PairsOfActors);
        (string Name, Func<Task<double>> Sample)[] rows =
        [
            ("bare Akka ping-pong", () => bare.Sample(Slice)),
            ("shells, ping-pong", () => Sample(steady, PingPong, machines)),
            ("shells, ping-pong, hesitating", () => Sample(hesitant, PingPong, machines)),
            ("machine, none", () => Sample(steady, Machine, machines)),
            ("machine, none, hesitating", () => Sample(hesitant, Machine, machines)),
            ("in the world: ping-pong", () => InWorld(PingPong, new RunTrace())),
            ("in the world: machine", () => InWorld(Machine, null)),
            ("in the world: machine, recorded", () => InWorld(Machine, new RunTrace())),
            ("machines, built and not run", BuiltOnly),
        ];
        rows = [.. rows.Where((r, i) => i == 0 || only.Length == 0 || only.Any(o => r.Name.Contains(o, StringComparison.Ordinal)))];
        List<Sampled>[] samples = [.. rows.Select(_ => new List<Sampled>())];
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                Sampled sample = await Measured(rows[i].Sample);
                if (round >= 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        Console.WriteLine($"{"",-32} {"deliveries/s",14} {"of bare",10} {"CPU ns each",12} {"of bare",10}");
        for (int i = 0; i < rows.Length; i++)
        {
            double ratio = Median(samples[i].Zip(samples[0], (ours, its) => ours.PerSecond / its.PerSecond));
            double cpuRatio = Median(samples[i].Zip(samples[0], (ours, its) => its.CpuNs / ours.CpuNs));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rows[i].Name,-32} {Median(samples[i].Select(s => s.PerSecond)),14:N0} {ratio,10:F3} {Median(samples[i].Select(s => s.CpuNs)),12:N0} {cpuRatio,10:F3}"));
        }

        return 0;
    }

    private static async Task<Sampled> Measured(Func<Task<double>> sample)
    {
        GC.Collect();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        double perSecond = await sample();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Sampled(perSecond, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalNanoseconds / (perSecond * seconds));
    }

    private static Config Settings(int hesitateOneIn) =>
        ConfigurationFactory.ParseString(FormattableString.Invariant($"actorpmu.live.hesitate-one-in = {hesitateOneIn}"))
            .WithFallback(LiveSettings.Load());

    private static async Task<double> Sample(LiveSystem akka, Func<IActorHost, Subject> build, int machines)
    {
        LiveResult result = await akka.Run(build, new LiveOptions { TimeMax = Slice, Machines = machines, StepsMax = long.MaxValue });
        return result.Steps / result.Elapsed.TotalSeconds;
    }

    private static Task<double> InWorld(Func<IActorHost, Subject> build, RunTrace? trace)
    {
        SeededChooser chooser = new(42);
        return OnOneThread(() =>
        {
            World world = new();
            Subject subject = build(world);
            trace?.Clear();
            RunEnd end = world.Run(chooser, long.MaxValue, trace);
            trace?.Close(end);
            subject.Judge(end);
            return world.Steps;
        });
    }

    // As many deliveries as a run would have had.
    private static Task<double> BuiltOnly()
    {
        Machine run = new(TwoTools.Spec(), new NoSharing());
        run.World.Run(new SeededChooser(42), long.MaxValue);
        return OnOneThread(() => Machine(new World()).Machine is null ? 0 : run.World.Steps);
    }

    private static Task<double> OnOneThread(Func<long> steps)
    {
        long start = Stopwatch.GetTimestamp();
        long made = 0;
        while (Stopwatch.GetElapsedTime(start) < Slice)
        {
            made += steps();
        }

        return Task.FromResult(made / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static Subject PingPong(IActorHost host)
    {
        for (int pair = 0; pair < PairsOfActors; pair++)
        {
            Benchmarks.PingPong.AddPair(host, pair, hitsMax: 10_000);
        }

        return new Subject(host, _ => []);
    }

    private static Subject Machine(IActorHost host) => Subject.Of(new Machine(TwoTools.Spec(), new NoSharing(), host));
}
