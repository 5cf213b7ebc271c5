namespace ActorPmu.Actors;

/// <summary>States of one world, written down one behind the other and taken out in that order.</summary>
public sealed class WorldStates
{
    private const int ChunkNumbers = 1 << 16;
    private const int ChunkMessages = 1 << 14;
    private readonly Queue<Chunk> _chunks = [];
    private readonly Stack<Chunk> _free = [];
    private Chunk? _last;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    internal Span<ulong> Append(int numbers, int messages, out Span<World.OnItsWay> itsMessages)
    {
        if (_last is null || _last.NumberCount + numbers > _last.Numbers.Length || _last.MessageCount + messages > _last.Messages.Length)
        {
            _last = _free.TryPop(out Chunk? free) && free.Numbers.Length >= numbers && free.Messages.Length >= messages ? free
                : new Chunk(Math.Max(ChunkNumbers, numbers), Math.Max(ChunkMessages, messages));
            _chunks.Enqueue(_last);
        }

        Count++;
        itsMessages = _last.Messages.AsSpan(_last.MessageCount, messages);
        Span<ulong> itsNumbers = _last.Numbers.AsSpan(_last.NumberCount, numbers);
        _last.NumberCount += numbers;
        _last.MessageCount += messages;
        return itsNumbers;
    }

    internal Reader First()
    {
        Chunk chunk = _chunks.Peek();
        if (chunk.NumbersRead == chunk.NumberCount)
        {
            _chunks.Dequeue();
            chunk.Clear();
            _free.Push(chunk);
            chunk = _chunks.Peek();
        }

        Count--;
        return new Reader(chunk);
    }

    internal readonly struct Reader(Chunk chunk)
    {
        public ReadOnlySpan<ulong> Numbers(int count)
        {
            chunk.NumbersRead += count;
            return chunk.Numbers.AsSpan(chunk.NumbersRead - count, count);
        }

        public ref readonly World.OnItsWay Message() => ref chunk.Messages[chunk.MessagesRead++];
    }

    internal sealed class Chunk(int numbers, int messages)
    {
        public readonly ulong[] Numbers = new ulong[numbers];
        public readonly World.OnItsWay[] Messages = new World.OnItsWay[messages];
        public int NumberCount;
        public int MessageCount;
        public int NumbersRead;
        public int MessagesRead;

        public void Clear() => (NumberCount, MessageCount, NumbersRead, MessagesRead) = (0, 0, 0, 0);
    }
}
