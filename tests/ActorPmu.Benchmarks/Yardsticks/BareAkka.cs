using System.Diagnostics;
using ActorPmu.Akka.Live;
using Akka.Actor;
using Akka.Configuration;

namespace ActorPmu.Benchmarks;

/// <summary>Pairs of Akka actors that hand a ball back and forth, and nothing else: what Akka itself takes.</summary>
internal sealed class BareAkka : IDisposable
{
    private readonly ActorSystem _system;
    private readonly Count[] _counts;

    public BareAkka(Config settings, int pairs)
    {
        _system = ActorSystem.Create("bare", settings);
        _counts = [.. Enumerable.Range(0, pairs).Select(_ => new Count())];
    }

    public async Task<double> Sample(TimeSpan time)
    {
        foreach (Count count in _counts)
        {
            count.Delivered = 0;
        }

        IActorRef[] players = [.. _counts.SelectMany(c => (IActorRef[])[Player(c), Player(c)])];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < players.Length; i += 2)
        {
            players[i].Tell(new Ball(), players[i + 1]);
        }

        await Task.Delay(time);
        double perSecond = _counts.Sum(c => Volatile.Read(ref c.Delivered)) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (IActorRef player in players)
        {
            await player.GracefulStop(TimeSpan.FromSeconds(10));
        }

        return perSecond;
    }

    public void Dispose() => _system.Dispose();

    private IActorRef Player(Count count) =>
        _system.ActorOf(Props.Create(() => new PlayerActor(count)).WithDispatcher(LiveSystem.Dispatcher));

    private sealed class Ball;

    private sealed class Count
    {
        public long Delivered;
    }

    // A message of its own for each delivery, as the shells have.
    private sealed class PlayerActor(Count count) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            count.Delivered++;
            Sender.Tell(new Ball(), Self);
        }
    }
}
