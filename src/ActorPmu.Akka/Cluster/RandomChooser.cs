using ActorPmu.Actors;

namespace ActorPmu.Akka.Cluster;

/// <summary>Picks by a small generator of its own (SplitMix64): the same seed, the same picks.</summary>
internal sealed class RandomChooser(ulong seed) : IChooser
{
    private ulong _state = seed;

    public int Pick(World world, ReadOnlySpan<int> enabled) => Next(enabled.Length);

    public int Choose(ActorId by, int optionCount, string what) => Next(optionCount);

    private int Next(int count)
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (int)((z ^ (z >> 31)) % (ulong)count);
    }
}
