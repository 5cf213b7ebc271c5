namespace ActorPmu.Explorer;

/// <summary>Hashes that are the same in every process and on every machine.</summary>
public static class StableHash
{
    /// <summary>Where a chain of <see cref="Fnv1a"/> begins.</summary>
    public const ulong FnvBasis = 0xcbf29ce484222325;

    private const ulong FnvPrime = 0x100000001b3;

    /// <summary>FNV-1a, 64 bits, over the UTF-16 code units of a text, low byte first.</summary>
    /// <param name="chain">The value so far, or <see cref="FnvBasis"/>.</param>
    /// <param name="text">What to add.</param>
    public static ulong Fnv1a(ulong chain, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            chain = (chain ^ (byte)c) * FnvPrime;
            chain = (chain ^ (byte)(c >> 8)) * FnvPrime;
        }

        return chain;
    }

    /// <summary>Spreads a number over 64 bits; one to one.</summary>
    /// <param name="value">The number.</param>
    /// <remarks>Source: the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</remarks>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
