using ActorPmu.Actors;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>Any order, but the same one for the same seed.</summary>
internal sealed class RandomChooser(int seed) : IChooser
{
    private readonly Random _random = new(seed);

    public int Pick(World world, ReadOnlySpan<int> enabled) => _random.Next(enabled.Length);

    public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);
}
