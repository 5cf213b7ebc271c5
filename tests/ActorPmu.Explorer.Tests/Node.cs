using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>What the actors of the reference programs say: a word and a number.</summary>
internal sealed record Say(string Word, int Value = 0) : Message
{
    public override string Label => $"{Word} {Value}";
}

/// <summary>An actor of a reference program: its handler sees the sender's index and what was said.</summary>
internal sealed class Node(int index, Action<Node, int, Say> handle) : Actor(IdOf(index))
{
    public int Index => Id.Index;

    public static ActorId IdOf(int index) => new(ActorKind.Node, index);

    public override void Receive(in Envelope envelope) => handle(this, envelope.From.Index, (Say)envelope.Message);

    public void Tell(int to, string word, int value = 0) => Host.Send(Id, IdOf(to), Lane.Request, 0, new Say(word, value));
}
