using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>A program made from numbers: actors whose reactions, refusals, answers inside and commuting words follow from a seed.</summary>
/// <param name="Seed">The seed of the actors' tables.</param>
/// <param name="Actors">How many actors.</param>
/// <param name="Messages">How many messages there are at the start.</param>
/// <param name="Sends">How many messages may be sent at most.</param>
/// <param name="Refuses">Whether actors refuse messages in some of their states.</param>
/// <param name="Chooses">Whether steps ask for answers inside.</param>
/// <param name="Commutes">Whether some words commute.</param>
/// <param name="Halts">Whether some steps end the run.</param>
/// <param name="Shares">Whether steps look at and change what others see.</param>
internal sealed record GeneratedProgram(
    ulong Seed, int Actors, int Messages, int Sends, bool Refuses, bool Chooses, bool Commutes, bool Halts, bool Shares)
{
    private const int Words = 4;
    private const int Books = 2;

    public World Build()
    {
        World world = new();
        int[] books = new int[Books];
        for (int i = 0; i < Actors; i++)
        {
            world.Add(new Member(this, i, books, world));
        }

        SeededRandom random = new(Seed, 1);
        for (int m = 0; m < Messages; m++)
        {
            int to = random.Next(Actors);
            world.Send(Node.IdOf(100 + random.Next(2)), Node.IdOf(to), Lane.Request, Class(random.Next(Words)), new Say("w" + random.Next(Words), Sends));
        }

        return world;
    }

    private byte Class(int word) => (byte)(Refuses ? word & 1 : 0);

    private int Table(int what, int a, int b, int c, int below) =>
        (int)(StableHash.Mix(StableHash.Mix(StableHash.Mix(StableHash.Mix(Seed + (ulong)what) + (ulong)a) + (ulong)b) + (ulong)c) % (ulong)below);

    /// <summary>Words w2 and w3 add to a counter that nothing reads: they commute with one another where that is declared.</summary>
    private sealed class Member(GeneratedProgram program, int index, int[] books, World world) : Actor(Node.IdOf(index))
    {
        private int _state;
        private int _sum;

        public override int? SavedSize => program.Shares ? null : 2;

        public override bool HasCommuting => program.Commutes;

        public override void Save(Span<ulong> into) => (into[0], into[1]) = ((ulong)_state, (ulong)_sum);

        public override void Load(ReadOnlySpan<ulong> from) => (_state, _sum) = ((int)from[0], (int)from[1]);

        public override bool Commutes(in Envelope a, in Envelope b) => program.Commutes && IsAdding(a.Message) && IsAdding(b.Message);

        public override void Receive(in Envelope envelope)
        {
            Say say = (Say)envelope.Message;
            int word = say.Word[1] - '0';
            if (program.Commutes && IsAdding(say))
            {
                _sum += word;
                if (say.Value > 0 && envelope.From.Index >= 100 && program.Table(9, index, word, envelope.From.Index, 2) == 0)
                {
                    // On a channel for each sender: what is sent on one channel would not commute.
                    Tell(program.Table(10, index, word, envelope.From.Index, program.Actors), word & 1, say.Value - 1, envelope.From.Index == 100 ? Lane.Irq : Lane.Nmi);
                }

                return;
            }

            int answer = program.Chooses && program.Table(1, index, word, _state, 4) == 0 ? Host.Choose(Id, 2, "which") : 0;
            int seen = program.Shares ? Share(word) : 0;
            _state = program.Table(2, index, word, (_state * 4) + (answer * 2) + seen, 3);
            if (program.Halts && program.Table(3, index, word, _state, 9) == 0)
            {
                Host.Halt();
            }

            int sends = say.Value > 0 ? program.Table(4, index, word, _state, 3) : 0;
            for (int k = 0; k < sends; k++)
            {
                int to = program.Table(5, index, k, (word * 3) + _state, program.Actors);
                Tell(to, program.Table(6, index, k, (word * 3) + _state, Words), say.Value - 1, Lane.Request);
            }

            if (program.Refuses)
            {
                AcceptMask = program.Table(7, index, _state, 0, 3) switch { 0 => 1UL, 1 => 2UL, _ => AcceptAll };
            }
        }

        private static bool IsAdding(Message message) => message is Say { Word: "w2" or "w3" };

        private int Share(int word)
        {
            int book = program.Table(8, index, word, _state, Books * 3);
            if (book >= Books * 2)
            {
                return 0;
            }

            ulong place = (ulong)(book % Books);
            if (book < Books)
            {
                world.Footprint.Read(place);
                return books[place] & 1;
            }

            world.Footprint.Write(place);
            books[place] = (books[place] * 3) + word + 1;
            return 0;
        }

        private void Tell(int to, int word, int value, Lane lane) =>
            Host.Send(Id, Node.IdOf(to), lane, program.Class(word), new Say("w" + word, value));
    }
}
