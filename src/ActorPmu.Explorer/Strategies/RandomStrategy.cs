using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Each open question is answered by chance, all answers alike.</summary>
/// <param name="seed">The seed; schedule <em>k</em> depends on it and on <em>k</em> alone.</param>
public sealed class RandomStrategy(ulong seed) : IStrategy
{
    private readonly SeededRandom _random = new(seed, 0);

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public bool IsIndexed => true;

    /// <inheritdoc/>
    public bool IsExhausted => false;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _random.Restart(seed, (ulong)schedule);
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled) => enabled.Length == 1 ? 0 : _random.Next(enabled.Length);

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
    }
}
