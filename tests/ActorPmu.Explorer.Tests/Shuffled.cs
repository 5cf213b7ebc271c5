using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>Orders of channels that have nothing to do with the canonical one.</summary>
internal static class Shuffled
{
    public static Comparison<ChannelName> By(ulong seed) => (a, b) => Hash(a, seed).CompareTo(Hash(b, seed));

    private static ulong Hash(ChannelName c, ulong seed) =>
        StableHash.Mix(StableHash.Mix(StableHash.Mix(StableHash.Mix(seed) + (ulong)c.From.Index) + (ulong)c.To.Index) + (ulong)c.Lane);
}
