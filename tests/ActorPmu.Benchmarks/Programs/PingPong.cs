using ActorPmu.Actors;

namespace ActorPmu.Benchmarks;

/// <summary>Two actors hand one ball back and forth: 100 deliveries, and never more than one choice.</summary>
internal static class PingPong
{
    public const int Deliveries = 100;

    public static World Build()
    {
        World world = new();
        AddPair(world, 0, Deliveries);
        return world;
    }

    /// <summary>Two more players.</summary>
    public static void AddPair(IActorHost host, int pair, int hitsMax)
    {
        host.Add(new Player(2 * pair, (2 * pair) + 1, hitsMax));
        host.Add(new Player((2 * pair) + 1, 2 * pair, hitsMax));
    }

    private sealed record Ball(int Hits) : Message;

    private sealed class Player(int me, int other, int hitsMax) : Actor(new ActorId(ActorKind.Node, me))
    {
        private readonly ActorId _other = new(ActorKind.Node, other);

        public override void Start()
        {
            if (Id.Index % 2 == 0)
            {
                Host.Send(Id, _other, Lane.Request, 0, new Ball(1));
            }
        }

        public override void Receive(in Envelope envelope)
        {
            int hits = ((Ball)envelope.Message).Hits;
            if (hits < hitsMax)
            {
                Host.Send(Id, _other, Lane.Request, 0, new Ball(hits + 1));
            }
        }
    }
}
