using System.Diagnostics;
using System.Globalization;
using System.Text;
using ActorPmu.Akka.Cluster;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;
using Akka.Actor;
using Akka.Configuration;

namespace ActorPmu.Benchmarks;

/// <summary>Messages between two nodes of one machine, beside those of bare actors that echo over the same kind of wire.</summary>
/// <remarks>As many echoes are under way as the machine has tasks: each task waits for its answer, too.</remarks>
internal static class NodeDeliveries
{
    private const int Cpus = 16;
    private const int Reads = 300;
    private static readonly TimeSpan EchoTime = TimeSpan.FromSeconds(3);

    public static async Task<int> Run()
    {
        await Ours();
        double ours = await Ours();
        double bare = await Echo();
        double again = await Ours();
        double mean = (ours + again) / 2;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"between two nodes: {mean:N0} messages/s; bare remote echo, {Cpus} under way: {bare:N0}/s; ratio {mean / bare:F2}"));
        return 0;
    }

    private static async Task<double> Ours()
    {
        await using NodeSystem first = NodeSystem.Start(name => Designs.Find(name)!(), 0, null);
        NodeSystem second = NodeSystem.Start(name => Designs.Find(name)!(), 0, first.Address);
        NodeResult result = await first.Lead(new NodeJob { Scenario = Scenario.Parse(Text(), "reads.yaml"), Design = "none", Nodes = 2 });
        await second.Ended();
        return result.Messages / result.Elapsed.TotalSeconds;
    }

    // Each task reads an event of a processor on the other node.
    private static string Text()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {Cpus}, profile: skl-ht }}");
        text.AppendLine("work: { cycles: 1 }").AppendLine("tasks:");
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            text.AppendLine("    script:");
            text.AppendLine(CultureInfo.InvariantCulture, $"      - open: {{ fd: A, event: cycles, cpu: {(cpu + (Cpus / 2)) % Cpus}, task: any }}");
            for (int i = 0; i < Reads; i++)
            {
                text.AppendLine("      - read: A");
            }
        }

        return text.ToString();
    }

    private static async Task<double> Echo()
    {
        Config config = NodeSettings.Load();
        using ActorSystem here = ActorSystem.Create("bare", config);
        using ActorSystem there = ActorSystem.Create("bare", config);
        there.ActorOf(Props.Create(() => new EchoActor()), "echo");
        Address address = ((ExtendedActorSystem)there).Provider.DefaultAddress;
        IActorRef echo = await here.ActorSelection($"{address}/user/echo").ResolveOne(TimeSpan.FromSeconds(30));
        Count count = new();
        IActorRef player = here.ActorOf(Props.Create(() => new PlayerActor(echo, count)));
        for (int i = 0; i < Cpus; i++)
        {
            echo.Tell(i, player);
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        long before = Volatile.Read(ref count.Value);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(EchoTime);
        return 2 * (Volatile.Read(ref count.Value) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Count
    {
        public long Value;
    }

    private sealed class EchoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class PlayerActor(IActorRef echo, Count count) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            count.Value++;
            echo.Tell(message);
        }
    }
}
