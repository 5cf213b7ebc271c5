using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>What the actors of the reference programs say: a word and a number.</summary>
internal sealed record Say(string Word, int Value = 0) : Message
{
    public override string Label => $"{Word} {Value}";

    public override bool AddContent(ref StateHash content)
    {
        content.Add(Word);
        content.Add(Value);
        return true;
    }
}

/// <summary>An actor of a reference program: its handler sees the sender's index and what was said, and its state is a list of numbers.</summary>
internal sealed class Node(int index, Action<Node, int, Say> handle, Func<IEnumerable<int>>? state = null) : Actor(IdOf(index))
{
    public int Index => Id.Index;

    public static ActorId IdOf(int index) => new(ActorKind.Node, index);

    public override void Receive(in Envelope envelope) => handle(this, envelope.From.Index, (Say)envelope.Message);

    public override bool AddState(ref StateHash into)
    {
        if (state is null)
        {
            return false;
        }

        foreach (int number in state())
        {
            into.Add(number);
        }

        return true;
    }

    public void Tell(int to, string word, int value = 0) => Host.Send(Id, IdOf(to), Lane.Request, 0, new Say(word, value));
}
