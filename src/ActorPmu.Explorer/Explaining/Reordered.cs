using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A delivery by its channel and its number there: the same in every order that delivers it.</summary>
internal readonly record struct DeliveryName(ActorId From, ActorId To, Lane Lane, int Sequence)
{
    public static DeliveryName Of(in Envelope envelope) => new(envelope.From, envelope.To, envelope.Lane, envelope.Sequence);
}

/// <summary>Makes known deliveries in a given order, as far as the machine lets it, then runs on; interrupts from outside come last.</summary>
internal sealed class Reordered : IChooser
{
    private readonly Dictionary<DeliveryName, int> _ranks = [];
    private readonly Dictionary<DeliveryName, IReadOnlyList<int>> _inside;
    private readonly DeliveryName? _first;
    private readonly DeliveryName? _second;
    private IReadOnlyList<int> _answers = [];
    private int _next;
    private bool _firstMade;

    /// <summary>Takes an order.</summary>
    /// <param name="order">The deliveries, in the order wished for.</param>
    /// <param name="inside">The answers inside each, in order; what is not there is answered with option 0.</param>
    /// <param name="pair">Two deliveries of which the first must come first: the run is abandoned where it cannot. Null for none.</param>
    public Reordered(
        IEnumerable<DeliveryName> order, Dictionary<DeliveryName, IReadOnlyList<int>> inside, (DeliveryName First, DeliveryName Second)? pair)
    {
        foreach (DeliveryName name in order)
        {
            _ranks.TryAdd(name, _ranks.Count);
        }

        _inside = inside;
        (_first, _second) = (pair?.First, pair?.Second);
        _firstMade = pair is null;
    }

    /// <summary>Picks among what is not in the order; null for canonical order.</summary>
    public SeededRandom? Beyond { get; init; }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        int best = -1;
        int bestRank = int.MaxValue;
        DeliveryName bestName = default;
        for (int i = 0; i < enabled.Length; i++)
        {
            DeliveryName name = DeliveryName.Of(world.Head(enabled[i]));
            int rank = _ranks.TryGetValue(name, out int known) ? known
                : name.From.Kind == ActorKind.Environment ? int.MaxValue - 1
                : _ranks.Count;
            if (rank < bestRank && (_firstMade || name != _second))
            {
                (best, bestRank, bestName) = (i, rank, name);
            }
        }

        if (Beyond is not null && best >= 0 && bestRank >= _ranks.Count)
        {
            best = Beyond.Next(enabled.Length);
            bestName = DeliveryName.Of(world.Head(enabled[best]));
            if (!_firstMade && bestName == _second)
            {
                return -1;
            }
        }

        if (best >= 0)
        {
            _firstMade |= bestName == _first;
            _answers = _inside.GetValueOrDefault(bestName, []);
            _next = 0;
        }

        return best;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) =>
        _next < _answers.Count ? Math.Min(_answers[_next++], optionCount - 1) : 0;
}
