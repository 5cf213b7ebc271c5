using System.Diagnostics;
using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Akka.Live;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using ActorPmu.Sharing.Tests;
using Akka.Configuration;

namespace ActorPmu.Benchmarks;

/// <summary>Live deliveries beside bare Akka's, measured by turns in the same run, on the same dispatcher with as many actors and messages.</summary>
internal static class LiveDeliveries
{
    private const int Rounds = 9;
    private const int PairsOfActors = 4;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);

    public static async Task<int> Run()
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
        ];
        List<double>[] samples = [.. rows.Select(_ => new List<double>())];
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                double sample = await rows[i].Sample();
                if (round >= 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        Console.WriteLine($"{"",-32} {"deliveries/s",14} {"of bare",10}");
        for (int i = 0; i < rows.Length; i++)
        {
            double ratio = Median(samples[i].Zip(samples[0], (ours, its) => ours / its));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[i].Name,-32} {Median(samples[i]),14:N0} {ratio,10:F3}"));
        }

        return 0;
    }

    private static Config Settings(int hesitateOneIn) =>
        ConfigurationFactory.ParseString(FormattableString.Invariant($"actorpmu.live.hesitate-one-in = {hesitateOneIn}"))
            .WithFallback(LiveSettings.Load());

    private static async Task<double> Sample(LiveSystem akka, Func<IActorHost, Subject> build, int machines)
    {
        LiveResult result = await akka.Run(build, new LiveOptions { TimeMax = Slice, Machines = machines, StepsMax = long.MaxValue });
        return result.Steps / result.Elapsed.TotalSeconds;
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

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
