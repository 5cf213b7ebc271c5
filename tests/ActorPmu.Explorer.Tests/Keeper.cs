using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>Keeps the order of the senders of what it received, 15 to a number, and can go back.</summary>
/// <param name="messageCount">How many messages it may receive.</param>
internal sealed class Keeper(int messageCount) : Actor(Node.IdOf(0))
{
    private const int InOne = 15;
    private readonly ulong[] _order = new ulong[(messageCount / InOne) + 1];
    private ulong _count;

    public override int? SavedSize => _order.Length + 1;

    public override void Receive(in Envelope envelope)
    {
        ref ulong last = ref _order[_count++ / InOne];
        last = (last * 16) + (ulong)envelope.From.Index;
    }

    public override void Save(Span<ulong> into)
    {
        into[0] = _count;
        _order.CopyTo(into[1..]);
    }

    public override void Load(ReadOnlySpan<ulong> from)
    {
        _count = from[0];
        from[1..].CopyTo(_order);
    }
}
