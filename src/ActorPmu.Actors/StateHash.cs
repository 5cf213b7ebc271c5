using System.Runtime.CompilerServices;

namespace ActorPmu.Actors;

/// <summary>A hash of 128 bits that is the same in every process: two chains of 64 bits with seeds and mixers of their own.</summary>
/// <remarks>
/// With n different states the odds that any two of them share a hash are below n²/2¹²⁹: 10⁻²⁷ for a million. Mixers: the finalizers of
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) and of MurmurHash3.
/// </remarks>
public struct StateHash : IEquatable<StateHash>
{
    private ulong _first;
    private ulong _second;

    /// <summary>Makes one of its halves.</summary>
    /// <param name="first">As <see cref="First"/>.</param>
    /// <param name="second">As <see cref="Second"/>.</param>
    public StateHash(ulong first, ulong second) => (_first, _second) = (first, second);

    /// <summary>The first half.</summary>
    public readonly ulong First => _first;

    /// <summary>The second half.</summary>
    public readonly ulong Second => _second;

    /// <summary>Adds a number; the order in which things are added counts.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value)
    {
        ulong a = _first + value + 0x9e3779b97f4a7c15;
        a = (a ^ (a >> 30)) * 0xbf58476d1ce4e5b9;
        a = (a ^ (a >> 27)) * 0x94d049bb133111eb;
        _first = a ^ (a >> 31);
        ulong b = (ulong.RotateLeft(_second, 23) ^ value) + 0xd1b54a32d192ed03;
        b = (b ^ (b >> 33)) * 0xff51afd7ed558ccd;
        b = (b ^ (b >> 33)) * 0xc4ceb9fe1a85ec53;
        _second = b ^ (b >> 33);
    }

    /// <summary>Adds a number.</summary>
    /// <param name="value">The number.</param>
    public void Add(long value) => Add((ulong)value);

    /// <summary>Adds a text: its length and its UTF-16 code units.</summary>
    /// <param name="text">The text.</param>
    public void Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Add((ulong)text.Length);
        foreach (char c in text)
        {
            Add((ulong)c);
        }
    }

    /// <summary>Adds the name of an actor.</summary>
    /// <param name="id">The name.</param>
    public void Add(ActorId id) => Add(((ulong)id.Kind << 32) | (uint)id.Index);

    /// <summary>Adds another hash.</summary>
    /// <param name="hash">The other.</param>
    public void Add(StateHash hash)
    {
        Add(hash._first);
        Add(hash._second);
    }

    /// <summary>The sum of two hashes: the same in either order, for what has no order.</summary>
    public static StateHash operator +(StateHash a, StateHash b) => new() { _first = a._first + b._first, _second = a._second + b._second };

    /// <summary>Takes a hash out of a sum.</summary>
    public static StateHash operator -(StateHash a, StateHash b) => new() { _first = a._first - b._first, _second = a._second - b._second };

    /// <summary>Whether two hashes are equal.</summary>
    public static bool operator ==(StateHash a, StateHash b) => a.Equals(b);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(StateHash a, StateHash b) => !a.Equals(b);

    /// <inheritdoc/>
    public readonly bool Equals(StateHash other) => _first == other._first && _second == other._second;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is StateHash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)_first;
}
