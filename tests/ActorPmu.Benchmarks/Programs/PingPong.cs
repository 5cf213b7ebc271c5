using ActorPmu.Actors;

namespace ActorPmu.Benchmarks;

/// <summary>Two actors hand one ball back and forth: 100 deliveries, and never more than one choice.</summary>
internal static class PingPong
{
    public const int Deliveries = 100;

    public static World Build()
    {
        World world = new();
        world.Add(new Player(0, 1));
        world.Add(new Player(1, 0));
        return world;
    }

    private sealed record Ball(int Hits) : Message;

    private sealed class Player(int me, int other) : Actor(new ActorId(ActorKind.Node, me))
    {
        private readonly ActorId _other = new(ActorKind.Node, other);

        public override void Start()
        {
            if (Id.Index == 0)
            {
                Host.Send(Id, _other, Lane.Request, 0, new Ball(1));
            }
        }

        public override void Receive(in Envelope envelope)
        {
            int hits = ((Ball)envelope.Message).Hits;
            if (hits < Deliveries)
            {
                Host.Send(Id, _other, Lane.Request, 0, new Ball(hits + 1));
            }
        }
    }
}
