using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>An actor with a lock that is refused while it is held, and with notes that have nothing to do with it, as a context and its mutex.</summary>
public sealed class RefusalBesideCommutingTests
{
    private const int RunsMax = 100_000;

    [Theory]
    [InlineData(Reduction.Optimal)]
    [InlineData(Reduction.Source)]
    [InlineData(Reduction.SleepSets)]
    public void A_message_that_commutes_hides_no_race_for_the_lock(Reduction reduction)
    {
        SortedSet<string> all = BruteForce.Classes(Build, RunsMax) ?? throw new InvalidOperationException("too many runs");
        (SortedSet<string> distinct, int runs, _) = BruteForce.Run(Build, new DporStrategy(reduction), RunsMax)!.Value;
        Assert.Equal((4, 4, 4), (all.Count, distinct.Count, runs));
    }

    private static World Build()
    {
        World world = new();
        world.Add(new Keeper());
        for (int c = 1; c <= 2; c++)
        {
            world.Add(new Node(c, (self, _, say) =>
            {
                if (say.Word == "granted")
                {
                    self.Host.Send(self.Id, Node.IdOf(0), Lane.Request, 0, new Say("unlock"));
                }
            }));
            world.Send(Node.IdOf(c), Node.IdOf(0), Lane.Request, 0, new Say("note"));
            world.Send(Node.IdOf(c), Node.IdOf(0), Lane.Request, 1, new Say("lock"));
        }

        return world;
    }

    // Notes are kept in order among themselves; class 1 is refused while the lock is held.
    private sealed class Keeper() : Actor(Node.IdOf(0))
    {
        public override bool HasCommuting => true;

        public override bool Commutes(in Envelope a, in Envelope b) => IsNote(a) != IsNote(b);

        public override void Receive(in Envelope envelope)
        {
            switch (((Say)envelope.Message).Word)
            {
                case "lock":
                    AcceptMask = 1;
                    Host.Send(Id, envelope.From, Lane.Reply, 0, new Say("granted"));
                    break;
                case "unlock":
                    AcceptMask = AcceptAll;
                    break;
            }
        }

        private static bool IsNote(in Envelope envelope) => ((Say)envelope.Message).Word == "note";
    }
}
