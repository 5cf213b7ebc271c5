namespace ActorPmu.Kernel;

/// <summary>A path's stores since its last compiler barrier, and which of them an NMI that interrupts it finds done.</summary>
/// <remarks>
/// The compiler keeps the order of stores to one field, and of volatile ones (<c>WRITE_ONCE()</c>) among each other; it may move a plain store across
/// any other. A store can thus be found missing only if one that was written after it, and may be moved before it, is there. At most
/// <see cref="StoresMax"/> stores are kept: older ones count as done.
/// </remarks>
internal sealed class StoreWindow
{
    public const int StoresMax = 8;

    private readonly List<Entry> _entries = [];

    /// <summary>Whether there is a store in here that the compiler may move.</summary>
    public bool HasPlain
    {
        get
        {
            for (int i = 0; i < _entries.Count; i++)
            {
                if (_entries[i].IsPlain)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Add(int location, int store, bool isPlain)
    {
        if (_entries.Count == StoresMax)
        {
            _entries.RemoveAt(0);
        }

        _entries.Add(new Entry(location, store, isPlain, Found.Unknown));
    }

    public void Clear() => _entries.Clear();

    public void NmiBegins()
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            _entries[i] = _entries[i] with { Found = Found.Unknown };
        }
    }

    /// <summary>The number of the oldest store to a field in here, or null.</summary>
    public int? FirstTo(int location)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Location == location)
            {
                return _entries[i].Store;
            }
        }

        return null;
    }

    /// <summary>What a load may find, newest first.</summary>
    /// <param name="location">The field.</param>
    /// <param name="before">The store that was there before those in here.</param>
    /// <param name="options">Where to put the stores' numbers.</param>
    /// <returns>How many there are, 1 or more.</returns>
    public int Options(int location, int before, Span<int> options)
    {
        int count = 0;
        bool later = false;
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            Entry e = _entries[i];
            if (e.Location != location)
            {
                continue;
            }

            if (e.Found != Found.Missing)
            {
                options[count++] = e.Store;
                later |= e.Found == Found.Done || !CanBeMissing(i);
                if (later)
                {
                    return count;
                }
            }
        }

        options[count++] = before;
        return count;
    }

    /// <summary>A load found a store: it and what must precede it are done, what must follow the missing ones is missing.</summary>
    public void Saw(int location, int store)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Location == location)
            {
                Settle(i, _entries[i].Store <= store ? Found.Done : Found.Missing);
            }
        }
    }

    /// <summary>All stores to a field are done: the NMI has written there itself.</summary>
    public void SeeAll(int location) => Saw(location, int.MaxValue);

    private static bool Ordered(in Entry a, in Entry b) => a.Location == b.Location || !(a.IsPlain || b.IsPlain);

    // Something later must have overtaken it.
    private bool CanBeMissing(int at)
    {
        for (int i = at + 1; i < _entries.Count; i++)
        {
            if (!Ordered(_entries[at], _entries[i]) && _entries[i].Found != Found.Missing)
            {
                return true;
            }

            if (Ordered(_entries[at], _entries[i]) && _entries[i].Found != Found.Done && CanBeMissing(i))
            {
                return true;
            }
        }

        return false;
    }

    private void Settle(int at, Found found)
    {
        if (_entries[at].Found == found)
        {
            return;
        }

        _entries[at] = _entries[at] with { Found = found };
        int step = found == Found.Done ? -1 : 1;
        for (int i = at + step; i >= 0 && i < _entries.Count; i += step)
        {
            if (_entries[i].Found == Found.Unknown && Ordered(_entries[i], _entries[at]))
            {
                Settle(i, found);
            }
        }
    }

    private enum Found : byte
    {
        Unknown,
        Done,
        Missing,
    }

    private readonly record struct Entry(int Location, int Store, bool IsPlain, Found Found);
}
