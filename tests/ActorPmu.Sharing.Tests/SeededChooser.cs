using ActorPmu.Actors;

namespace ActorPmu.Sharing.Tests;

/// <summary>Picks at random, the same for the same seed on every machine (SplitMix64).</summary>
internal sealed class SeededChooser(ulong seed) : IChooser
{
    private ulong _state = seed;

    public void Reseed(ulong seed) => _state = seed;

    public int Pick(World world, ReadOnlySpan<int> enabled) => Below(enabled.Length);

    public int Choose(ActorId by, int optionCount, string what) => Below(optionCount);

    /// <summary>A number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)(((z >> 32) * (ulong)bound) >> 32);
    }
}
