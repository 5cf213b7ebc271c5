using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every schedule once, those first that differ least from one that delivers messages in the order in which they were sent.</summary>
/// <remarks>
/// Delay-bounded scheduling. Source: Emmi, Qadeer, Rakamarić, POPL 2011. Messages wait in one line, in the order of sending; a delay sends the
/// first that can be delivered to the end of the line. An answer inside a step other than the first counts as a delay too. A schedule with
/// k+1 delays is one with k and a last delay: so schedules come in order of their delays, each once, and what is kept is one entry for each
/// schedule that was run.
/// </remarks>
public sealed class DelayStrategy : IStrategy
{
    private readonly int _delaysMax;
    private readonly List<Run> _runs = [];
    private readonly List<(int Point, int Value)> _plan = [];
    private readonly List<Point> _points = [];
    private ulong[] _places = new ulong[64];
    private ulong _delayed;
    private Cursor _cursor;

    /// <summary>Makes the strategy.</summary>
    /// <param name="delaysMax">The bound on delays, 0 or more.</param>
    public DelayStrategy(int delaysMax = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delaysMax);
        _delaysMax = delaysMax;
    }

    /// <inheritdoc/>
    public string Name => "delay";

    /// <inheritdoc/>
    public bool IsIndexed => false;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public int? DelaysCovered { get; private set; }

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        if (schedule == 0)
        {
            _runs.Clear();
            _cursor = new Cursor(0, 0, 0);
            (DelaysCovered, IsExhausted) = (null, false);
            Prepare(new Run(-1, -1, 0, 0));
            return true;
        }

        if (!Advance())
        {
            IsExhausted = true;
            DelaysCovered = _runs[^1].Delays;
            return false;
        }

        int delays = _runs[_cursor.Parent].Delays + 1;
        DelaysCovered = delays - 1;
        if (delays > _delaysMax)
        {
            return false;
        }

        Prepare(new Run(_cursor.Parent, _cursor.Point, _cursor.Value, delays));
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        TakePlaces(world);
        int skips = enabled.Length == 1 ? 0 : Answer(enabled.Length, ordered: true);
        for (; skips > 0; skips--)
        {
            // Behind all that was sent up to here, and behind what was delayed before.
            _places[enabled[First(enabled)]] = PlaceOf((ulong)world.Steps, ++_delayed);
        }

        int first = First(enabled);
        _places[enabled[first]] = 0;
        return first;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => Answer(optionCount, ordered: false);

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
        Run run = _runs[^1];
        if (_points.Count <= run.Point)
        {
            throw new InvalidOperationException($"the run asked for {_points.Count} choices where {run.Point + 1} had been asked before");
        }

        _runs[^1] = run with { PointCount = _points.Count, Points = Sparse(run.Point) };
    }

    // Answers inside steps, and the last delay's own point: all others are deliveries that can be delayed once.
    private SortedDictionary<int, Point>? Sparse(int from)
    {
        SortedDictionary<int, Point>? sparse = null;
        for (int i = Math.Max(from, 0); i < _points.Count; i++)
        {
            if (i == from || !_points[i].Ordered)
            {
                (sparse ??= []).Add(i, _points[i]);
            }
        }

        return sparse;
    }

    private void Prepare(Run run)
    {
        _runs.Add(run);
        _plan.Clear();
        for (Run at = run; at.Parent >= 0; at = _runs[at.Parent])
        {
            // A point that was delayed twice is planned by the later delay.
            if (_plan.Count == 0 || _plan[^1].Point != at.Point)
            {
                _plan.Add((at.Point, at.Value));
            }
        }

        _points.Clear();
        Array.Clear(_places);
        _delayed = 0;
    }

    private int Answer(int optionCount, bool ordered)
    {
        int point = _points.Count;
        _points.Add(new Point(optionCount, ordered));
        if (_plan.Count == 0 || _plan[^1].Point != point)
        {
            return 0;
        }

        int value = _plan[^1].Value;
        _plan.RemoveAt(_plan.Count - 1);
        return value < optionCount
            ? value
            : throw new InvalidOperationException($"choice {point} has {optionCount} options where it had more before");
    }

    // The next schedule that has one delay more than a schedule that was run, behind its last one.
    private bool Advance()
    {
        (int parent, int point, int value) = _cursor;
        for (; parent < _runs.Count; parent++, point = -1)
        {
            Run run = _runs[parent];
            if (point < 0)
            {
                point = Math.Max(run.Point, 0);
                value = run.Point == point ? run.Value : 0;
            }

            for (; point < run.PointCount; point++, value = 0)
            {
                Point there = new(2, true);
                if (run.Points is not null && run.Points.TryGetValue(point, out Point known))
                {
                    there = known;
                }

                // One delay leads from one place in line to the next, and from an answer's first option to any other.
                bool isLast = point == run.Point;
                int most = !there.Ordered ? (isLast ? value : there.OptionCount - 1) : isLast ? Math.Min(run.Value + 1, there.OptionCount - 1) : 1;
                if (value < most)
                {
                    _cursor = new Cursor(parent, point, value + 1);
                    return true;
                }
            }
        }

        return false;
    }

    private void TakePlaces(World world)
    {
        if (_places.Length < world.ChannelCount)
        {
            Array.Resize(ref _places, 2 * world.ChannelCount);
        }

        foreach (int channel in world.NonEmptyChannels)
        {
            if (_places[channel] == 0)
            {
                _places[channel] = PlaceOf((ulong)world.SentIn(channel), 0);
            }
        }
    }

    private int First(ReadOnlySpan<int> enabled)
    {
        int first = 0;
        for (int i = 1; i < enabled.Length; i++)
        {
            first = _places[enabled[i]] < _places[enabled[first]] ? i : first;
        }

        return first;
    }

    // What was sent in a step comes before what was delayed then; what was sent together, in canonical order.
    private static ulong PlaceOf(ulong step, ulong delayed) => ((step + 1) << 24) | delayed;

    private readonly record struct Point(int OptionCount, bool Ordered);

    private readonly record struct Cursor(int Parent, int Point, int Value);

    // The last delay of a schedule, and the schedule that has all but that one.
    private readonly record struct Run(int Parent, int Point, int Value, int Delays)
    {
        public int PointCount { get; init; }

        public SortedDictionary<int, Point>? Points { get; init; }
    }
}
