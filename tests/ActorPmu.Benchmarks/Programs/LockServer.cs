using ActorPmu.Actors;

namespace ActorPmu.Benchmarks;

/// <summary>Three clients take a server's lock nine times each: acquire, grant, release, acknowledgement; 108 deliveries.</summary>
internal static class LockServer
{
    public const int Clients = 3;
    public const int Rounds = 9;
    public const int Deliveries = Clients * Rounds * 4;

    public static World Build()
    {
        World world = new();
        Server server = new();
        world.Add(server);
        for (int i = 1; i <= Clients; i++)
        {
            world.Add(new Client(i, server.Id));
        }

        return world;
    }

    private sealed record Acquire(ActorId By) : Message;

    private sealed record Grant : Message;

    private sealed record Release(ActorId By) : Message;

    private sealed record Ack : Message;

    private sealed class Server() : Actor(new ActorId(ActorKind.Node, 0))
    {
        private readonly Queue<ActorId> _waiting = new();
        private bool _held;

        public override void Receive(in Envelope envelope)
        {
            switch (envelope.Message)
            {
                case Acquire m when _held:
                    _waiting.Enqueue(m.By);
                    break;
                case Acquire m:
                    _held = true;
                    Host.Send(Id, m.By, Lane.Reply, 0, new Grant());
                    break;
                case Release m:
                    Host.Send(Id, m.By, Lane.Reply, 0, new Ack());
                    _held = _waiting.TryDequeue(out ActorId next);
                    if (_held)
                    {
                        Host.Send(Id, next, Lane.Reply, 0, new Grant());
                    }

                    break;
            }
        }
    }

    private sealed class Client(int index, ActorId server) : Actor(new ActorId(ActorKind.Node, index))
    {
        private int _left = Rounds;

        public override void Start() => Host.Send(Id, server, Lane.Request, 0, new Acquire(Id));

        public override void Receive(in Envelope envelope)
        {
            if (envelope.Message is Grant)
            {
                Host.Send(Id, server, Lane.Request, 0, new Release(Id));
            }
            else if (--_left > 0)
            {
                Host.Send(Id, server, Lane.Request, 0, new Acquire(Id));
            }
        }
    }
}
