using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A channel by its name: the index differs from run to run.</summary>
internal readonly record struct ChannelName(ActorId From, ActorId To, Lane Lane) : IComparable<ChannelName>
{
    public int CompareTo(ChannelName other)
    {
        int byFrom = From.CompareTo(other.From);
        int byTo = To.CompareTo(other.To);
        return byFrom != 0 ? byFrom : byTo != 0 ? byTo : Lane.CompareTo(other.Lane);
    }
}

/// <summary>A delivery as the shrinker knows it: what kind of message came on which channel, and what was answered inside.</summary>
internal sealed class Delivery(ChannelName channel, Type type)
{
    public ChannelName Channel => channel;

    public Type Type => type;

    public List<int> Inside { get; } = [];

    /// <summary>It broke into what the last delivery had set off.</summary>
    public bool Preempts { get; set; }

    public bool Matches(World world, int index) =>
        world.Sender(index) == channel.From && world.Receiver(index) == channel.To && world.LaneOf(index) == channel.Lane
        && world.Head(index).Message.GetType() == type;
}

/// <summary>One try of the shrinker: follows a list of deliveries as far as they can be had, then runs on, or chance decides all along.</summary>
internal sealed class Attempt(long stepsMax) : IChooser
{
    private readonly Scribe _scribe = new();
    private readonly List<int> _eligible = [];
    private bool[] _used = [];
    private int _next;
    private IReadOnlyList<int> _inside = [];
    private int _insideNext;

    /// <summary>What to follow.</summary>
    public IReadOnlyList<Delivery> Wanted { get; init; } = [];

    /// <summary>The first of <see cref="Wanted"/> that is left out.</summary>
    public int LeftOutFrom { get; init; }

    /// <summary>How many are left out.</summary>
    public int LeftOutCount { get; init; }

    /// <summary>The delivery at which to run on instead of following; −1 for none.</summary>
    public int RunOnAt { get; init; } = -1;

    /// <summary>How often a channel may deliver at most; unnamed ones as often as they can.</summary>
    public IReadOnlyDictionary<ChannelName, int> Caps { get; init; } = new SortedDictionary<ChannelName, int>();

    /// <summary>Answers what is not followed; null to run on.</summary>
    public SeededRandom? Random { get; init; }

    public Scribe Scribe => _scribe;

    public bool RunsOn => _next < Wanted.Count;

    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        if (world.Steps >= stepsMax)
        {
            return -1;
        }

        _eligible.Clear();
        for (int i = 0; i < enabled.Length; i++)
        {
            ChannelName name = Scribe.NameOf(world, enabled[i]);
            if (!Caps.TryGetValue(name, out int cap) || _scribe.DeliveredOn(name) < cap)
            {
                _eligible.Add(i);
            }
        }

        if (_eligible.Count == 0)
        {
            return -1;
        }

        int position = Decide(world, enabled);
        _scribe.Note(world, enabled, position);
        return position;
    }

    public int Choose(ActorId by, int optionCount, string what)
    {
        int option = _insideNext < _inside.Count ? Math.Min(_inside[_insideNext++], optionCount - 1)
            : Random is not null ? Random.Next(optionCount)
            : 0;
        return _scribe.NoteInside(option, optionCount);
    }

    private int Decide(World world, ReadOnlySpan<int> enabled)
    {
        _inside = [];
        _insideNext = 0;
        if (_used.Length == 0 && Wanted.Count > 0)
        {
            _used = new bool[Wanted.Count];
            _used.AsSpan(LeftOutFrom, LeftOutCount).Fill(true);
        }

        if (_scribe.Made.Count == RunOnAt)
        {
            int position = RunOn(world, enabled);
            for (int w = _next; w < Wanted.Count; w++)
            {
                if (!_used[w] && Wanted[w].Matches(world, enabled[position]))
                {
                    Use(w);
                    break;
                }
            }

            return position;
        }

        for (int w = _next; w < Wanted.Count; w++)
        {
            if (_used[w])
            {
                continue;
            }

            foreach (int position in _eligible)
            {
                if (Wanted[w].Matches(world, enabled[position]))
                {
                    Use(w);
                    _next = w + 1;
                    return position;
                }
            }
        }

        return Random is null ? RunOn(world, enabled) : _eligible[Random.Next(_eligible.Count)];
    }

    private void Use(int wanted)
    {
        _used[wanted] = true;
        _inside = Wanted[wanted].Inside;
    }

    // What the last delivery set off; else more for the same actor; else canonical order, with interrupts from outside last.
    private int RunOn(World world, ReadOnlySpan<int> enabled)
    {
        int best = -1;
        int bestRank = int.MaxValue;
        foreach (int position in _eligible)
        {
            ActorId from = world.Sender(enabled[position]);
            int rank = from == _scribe.Last ? 0
                : world.Receiver(enabled[position]) == _scribe.Last ? 1
                : from.Kind != ActorKind.Environment ? 2
                : 3;
            if (rank < bestRank)
            {
                (best, bestRank) = (position, rank);
            }
        }

        return best;
    }
}
