namespace ActorPmu.Actors;

/// <summary>From a pair of numbers to a small number: how the world finds actors and channels.</summary>
/// <remarks>
/// Open addressing with linear probing; nothing ever leaves. It is only ever looked up, never walked through, so its order is nobody's
/// chance. A world is made for each schedule: that is why this is no <see cref="Dictionary{TKey,TValue}"/> (benchmark <c>WorldDeliveries</c>).
/// </remarks>
internal sealed class PairTable
{
    private Entry[] _entries;
    private int _shift;
    private int _count;

    /// <summary>Makes an empty table.</summary>
    /// <param name="bits">It starts with room for 2^<paramref name="bits"/> entries, three quarters of them used at most.</param>
    public PairTable(int bits)
    {
        _entries = new Entry[1 << bits];
        _shift = 64 - bits;
    }

    /// <summary>The number of a pair; −1 when it has none.</summary>
    public int Find(ulong first, ulong second)
    {
        Entry[] entries = _entries;
        for (int at = Home(first, second); ; at = (at + 1) & (entries.Length - 1))
        {
            ref Entry e = ref entries[at];
            if (e.First == first && e.Second == second)
            {
                return e.ValuePlusOne - 1;
            }

            if (e.ValuePlusOne == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Gives a pair that has none a number.</summary>
    /// <param name="value">The number, 0 or more.</param>
    public void Add(ulong first, ulong second, int value)
    {
        if (4 * ++_count > 3 * _entries.Length)
        {
            Grow();
        }

        Put(new Entry(first, second, value + 1));
    }

    private void Put(Entry entry)
    {
        int at = Home(entry.First, entry.Second);
        while (_entries[at].ValuePlusOne != 0)
        {
            at = (at + 1) & (_entries.Length - 1);
        }

        _entries[at] = entry;
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[2 * old.Length];
        _shift--;
        foreach (Entry entry in old)
        {
            if (entry.ValuePlusOne != 0)
            {
                Put(entry);
            }
        }
    }

    // Multiplication carries upwards: the upper bits of the product depend on all bits of both numbers.
    private int Home(ulong first, ulong second) =>
        (int)(((first * 0x9E3779B97F4A7C15) ^ second) * 0xD6E8FEB86659FD93 >> _shift);

    private readonly record struct Entry(ulong First, ulong Second, int ValuePlusOne);
}
