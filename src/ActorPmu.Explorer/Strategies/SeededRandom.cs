using System.Numerics;

namespace ActorPmu.Explorer;

/// <summary>A generator whose numbers depend on seed and stream alone, on every machine and for ever.</summary>
/// <remarks>Source: xoshiro256** 1.0 (Blackman, Vigna), filled by SplitMix64 as its authors advise.</remarks>
public sealed class SeededRandom
{
    private const ulong Golden = 0x9e3779b97f4a7c15;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Makes the generator of a stream.</summary>
    /// <param name="seed">The seed that the user gives.</param>
    /// <param name="stream">Which stream of that seed: the number of a schedule.</param>
    public SeededRandom(ulong seed, ulong stream) => Restart(seed, stream);

    /// <summary>Starts again as another stream.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream.</param>
    public void Restart(ulong seed, ulong stream)
    {
        ulong state = StableHash.Mix(seed + Golden) ^ StableHash.Mix(StableHash.Mix(stream) ^ Golden);
        _s0 = StableHash.Mix(state += Golden);
        _s1 = StableHash.Mix(state += Golden);
        _s2 = StableHash.Mix(state += Golden);
        _s3 = StableHash.Mix(state + Golden);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="below"/>−1; uneven by less than 2^−32 for what a machine offers.</summary>
    /// <param name="below">How many there are to pick from, 1 or more.</param>
    public int Next(int below) => (int)Math.BigMul(Next(), (ulong)below, out _);
}
