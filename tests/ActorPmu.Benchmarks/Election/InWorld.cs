using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Benchmarks.Election;

/// <summary>The election on our world.</summary>
internal static class InWorld
{
    private const int Environment = 1_000;

    /// <summary>Makes what one schedule runs.</summary>
    /// <param name="faulty">Whether clients may hand their lock on by themselves.</param>
    public static Subject Build(bool faulty)
    {
        World world = new();
        List<Violation> found = [];
        world.Add(new Server(what =>
        {
            found.Add(new Violation(Property.OneMaster, world.Steps, what, []));
            world.Halt();
        }));
        for (int c = 1; c <= ElectionRules.Clients; c++)
        {
            world.Add(new Client(c, faulty));
            for (int r = 0; r < ElectionRules.Rounds; r++)
            {
                world.Send(IdOf(Environment), IdOf(c), Lane.Request, 0, new Said(Word.Go, 0));
            }
        }

        return new Subject(world, _ => found);
    }

    private static ActorId IdOf(int index) => new(ActorKind.Node, index);

    private sealed record Said(Word Word, int Value) : Message;

    private sealed class Server : Actor
    {
        private readonly ServerRules _rules;

        public Server(Action<string> fail)
            : base(IdOf(0)) =>
            _rules = new ServerRules((to, word, value) => Host.Send(Id, IdOf(to), Lane.Request, 0, new Said(word, value)), fail);

        public override void Receive(in Envelope envelope)
        {
            Said said = (Said)envelope.Message;
            _rules.Hear(envelope.From.Index, said.Word, said.Value);
        }
    }

    private sealed class Client : Actor
    {
        private readonly ClientRules _rules;

        public Client(int self, bool faulty)
            : base(IdOf(self)) =>
            _rules = new ClientRules(
                self,
                (to, word, value) => Host.Send(Id, IdOf(to), Lane.Request, 0, new Said(word, value)),
                () => faulty && Host.Choose(Id, 2, "hands the lock on") == 1);

        public override void Receive(in Envelope envelope) => _rules.Hear(((Said)envelope.Message).Word);
    }
}
