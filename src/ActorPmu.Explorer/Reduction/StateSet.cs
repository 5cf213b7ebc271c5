using System.Runtime.CompilerServices;
using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A set of fingerprints that only grows: one array, 16 bytes a place, three of four places taken at most.</summary>
internal sealed class StateSet
{
    private StateHash[] _places = new StateHash[1 << 10];
    private bool _hasZero;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them, in no order that means anything: the same for the same additions.</summary>
    public IEnumerable<StateHash> All => _hasZero ? _places.Where(p => p != default).Append(default) : _places.Where(p => p != default);

    /// <summary>Adds one.</summary>
    /// <returns>Whether it was not there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(in StateHash hash)
    {
        StateHash[] places = _places;
        int mask = places.Length - 1;
        for (int at = hash.GetHashCode() & mask; ; at = (at + 1) & mask)
        {
            ref StateHash place = ref places[at];
            if (place == default)
            {
                return AddAt(ref place, hash);
            }

            if (place == hash)
            {
                return false;
            }
        }
    }

    /// <summary>Whether one is there.</summary>
    public bool Contains(in StateHash hash)
    {
        int mask = _places.Length - 1;
        int at = hash.GetHashCode() & mask;
        while (_places[at] != default && _places[at] != hash)
        {
            at = (at + 1) & mask;
        }

        return hash == default ? _hasZero : _places[at] == hash;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _places = new StateHash[1 << 10];
        (_hasZero, Count) = (false, 0);
    }

    private bool AddAt(ref StateHash place, in StateHash hash)
    {
        if (hash == default)
        {
            if (_hasZero)
            {
                return false;
            }

            _hasZero = true;
            Count++;
            return true;
        }

        place = hash;
        Count++;
        if (Count > _places.Length / 4 * 3)
        {
            Grow();
        }

        return true;
    }

    private void Grow()
    {
        StateHash[] larger = new StateHash[_places.Length * 2];
        int mask = larger.Length - 1;
        foreach (StateHash hash in _places)
        {
            if (hash != default)
            {
                int at = hash.GetHashCode() & mask;
                while (larger[at] != default)
                {
                    at = (at + 1) & mask;
                }

                larger[at] = hash;
            }
        }

        _places = larger;
    }
}
