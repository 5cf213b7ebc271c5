using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Each message draws a priority when it can be delivered; the highest goes first, and those that it raced with draw again.</summary>
/// <remarks>
/// Partial order sampling. Source: Yuan, Yang, Gu, «Partial order aware concurrency sampling», CAV 2018. Two deliveries race when they have
/// the same receiver. Answers inside a step are by chance, all alike. A step in a warm run allocates nothing.
/// </remarks>
/// <param name="seed">The seed; schedule <em>k</em> depends on it and on <em>k</em> alone.</param>
public sealed class PosStrategy(ulong seed) : IStrategy
{
    private readonly SeededRandom _random = new(seed, 0);

    // By channel; 0 where the head has not drawn.
    private ulong[] _priorities = new ulong[64];

    /// <inheritdoc/>
    public string Name => "pos";

    /// <inheritdoc/>
    public bool IsIndexed => true;

    /// <inheritdoc/>
    public bool IsExhausted => false;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _random.Restart(seed, (ulong)schedule);
        Array.Clear(_priorities);
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (_priorities.Length < world.ChannelCount)
        {
            Array.Resize(ref _priorities, 2 * world.ChannelCount);
        }

        int best = 0;
        for (int i = 0; i < enabled.Length; i++)
        {
            ref ulong priority = ref _priorities[enabled[i]];
            if (priority == 0)
            {
                priority = _random.Next() | 1;
            }

            best = priority > _priorities[enabled[best]] ? i : best;
        }

        ActorId receiver = world.Receiver(enabled[best]);
        foreach (int channel in enabled)
        {
            if (world.Receiver(channel) == receiver)
            {
                _priorities[channel] = 0;
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
    }
}
