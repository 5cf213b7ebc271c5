using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Chains of messages that cause one another have random priorities; at a few random steps the chain that is first becomes last.</summary>
/// <remarks>
/// PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010) for messages: PCTCP (Ozkan, Majumdar, Niksic, Tabaei Befrouei,
/// Weissenbacher, OOPSLA 2018). A violation that d messages in the right order bring about is met by a schedule with a probability of at
/// least 1/(w²·n^(d−1)), where w is the greatest number of messages that are pairwise unordered by cause, and n the number of steps. That
/// holds for given answers inside steps; these are by chance, all alike.
/// </remarks>
public sealed class PctStrategy : IStrategy
{
    private readonly ulong _seed;
    private readonly int _lengthGiven;
    private readonly SeededRandom _random;
    private readonly ChainPartition _chains = new();
    private readonly int[] _changes;
    private ulong[] _priorities = new ulong[16];
    private int[] _chainOf = new int[64];
    private int _length;
    private int _steps;

    /// <summary>Makes the strategy.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="depth">How many messages have to come in the right order (d), 1 or more.</param>
    /// <param name="length">How many steps a run has (n), 1 or more; 0 to go by the longest run so far, which makes a schedule depend on those before it.</param>
    public PctStrategy(ulong seed, int depth = 3, int length = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _seed = seed;
        _lengthGiven = length;
        _random = new SeededRandom(seed, 0);
        _changes = new int[depth - 1];
    }

    /// <inheritdoc/>
    public string Name => "pct";

    /// <inheritdoc/>
    public bool IsIndexed => _lengthGiven > 0;

    /// <inheritdoc/>
    public bool IsExhausted => false;

    /// <inheritdoc/>
    public int Width => _chains.Width;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _random.Restart(_seed, (ulong)schedule);
        _length = _lengthGiven > 0 ? _lengthGiven : Math.Max(_length, 1);
        for (int i = 0; i < _changes.Length; i++)
        {
            _changes[i] = 1 + _random.Next(_length);
        }

        _chains.Clear();
        Array.Clear(_priorities);
        Array.Clear(_chainOf);
        _steps = 0;
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (_chainOf.Length < world.ChannelCount)
        {
            Array.Resize(ref _chainOf, 2 * world.ChannelCount);
        }

        foreach (int channel in world.NonEmptyChannels)
        {
            if (_chainOf[channel] == 0)
            {
                _chainOf[channel] = 1 + _chains.Add(channel, world.SentIn(channel));
            }
        }

        if (_priorities.Length < _chains.Count)
        {
            Array.Resize(ref _priorities, 2 * _chains.Count);
        }

        _steps++;
        int first = Highest(enabled);
        for (int i = 0; i < _changes.Length; i++)
        {
            if (_changes[i] == _steps)
            {
                _priorities[_chainOf[enabled[first]] - 1] = (ulong)i + 1;
                first = Highest(enabled);
            }
        }

        _chains.Deliver(_chainOf[enabled[first]] - 1, enabled[first], _steps);
        _chainOf[enabled[first]] = 0;
        return first;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);

    /// <inheritdoc/>
    public void Ended(RunTrace trace) => _length = Math.Max(_length, _steps);

    /// <summary>The least probability with which one schedule meets a violation that needs <paramref name="depth"/> messages in the right order.</summary>
    /// <param name="width">The greatest number of messages that are pairwise unordered by cause (w), 1 or more.</param>
    /// <param name="length">Steps of a run (n), 1 or more.</param>
    /// <param name="depth">How many messages (d), 1 or more.</param>
    public static double Guarantee(int width, long length, int depth) => 1 / ((double)width * width * Math.Pow(length, depth - 1));

    // A new chain draws above all that a change point gives.
    private int Highest(ReadOnlySpan<int> enabled)
    {
        int best = 0;
        ulong highest = 0;
        for (int i = 0; i < enabled.Length; i++)
        {
            ref ulong priority = ref _priorities[_chainOf[enabled[i]] - 1];
            if (priority == 0)
            {
                priority = _random.Next() | (1UL << 63);
            }

            (best, highest) = priority > highest ? (i, priority) : (best, highest);
        }

        return best;
    }
}
