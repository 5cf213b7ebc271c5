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
    private readonly DelayTree _tree;
    private readonly DelayCursor _start;
    private readonly long _count;
    private readonly bool _isPart;
    private readonly List<DelayRun> _ran = [];
    private readonly List<(int Point, int Value)> _plan = [];
    private readonly List<DelayPoint> _points = [];
    private ulong[] _places = new ulong[64];
    private ulong _delayed;
    private DelayCursor _cursor;
    private DelayRun _run;

    /// <summary>Makes the strategy.</summary>
    /// <param name="delaysMax">The bound on delays, 0 or more.</param>
    public DelayStrategy(int delaysMax = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delaysMax);
        (_delaysMax, _tree, _start, _count) = (delaysMax, new DelayTree(), DelayCursor.First, long.MaxValue);
    }

    /// <summary>Makes one that runs a part of a level: some schedules with equally many delays.</summary>
    /// <param name="tree">The schedules with fewer; not changed.</param>
    /// <param name="start">The part's first schedule.</param>
    /// <param name="count">How many there are in it.</param>
    internal DelayStrategy(DelayTree tree, DelayCursor start, long count) =>
        (_delaysMax, _tree, _start, _count, _isPart) = (int.MaxValue, tree, start, count, true);

    /// <summary>The part's schedules that were run.</summary>
    internal IReadOnlyList<DelayRun> Ran => _ran;

    /// <summary>The bound on delays.</summary>
    internal int DelaysMax => _delaysMax;

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
            _ran.Clear();
            if (!_isPart)
            {
                _tree.Clear();
            }

            (DelaysCovered, IsExhausted) = (null, false);
            Prepare(_start);
            return true;
        }

        DelayCursor next = _cursor.Parent < 0 ? DelayCursor.BeforeDelays : _cursor;
        if (schedule >= _count || !_tree.Advance(ref next))
        {
            IsExhausted = true;
            DelaysCovered = _isPart ? null : _tree.Runs[^1].Delays;
            return false;
        }

        if (!_isPart)
        {
            DelaysCovered = _tree.Runs[next.Parent].Delays;
            if (DelaysCovered == _delaysMax)
            {
                return false;
            }
        }

        Prepare(next);
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
        if (_points.Count <= _run.Point)
        {
            throw new InvalidOperationException($"the run asked for {_points.Count} choices where {_run.Point + 1} had been asked before");
        }

        DelayRun run = _run with { PointCount = _points.Count, Points = Sparse(_run.Point) };
        if (_isPart)
        {
            _ran.Add(run);
        }
        else
        {
            _tree.Add(run);
        }
    }

    private SortedDictionary<int, DelayPoint>? Sparse(int from)
    {
        SortedDictionary<int, DelayPoint>? sparse = null;
        for (int i = Math.Max(from, 0); i < _points.Count; i++)
        {
            if (i == from || !_points[i].Ordered)
            {
                (sparse ??= []).Add(i, _points[i]);
            }
        }

        return sparse;
    }

    private void Prepare(DelayCursor cursor)
    {
        _cursor = cursor;
        _run = _tree.At(cursor);
        _tree.Plan(_run, _plan);
        _points.Clear();
        Array.Clear(_places);
        _delayed = 0;
    }

    private int Answer(int optionCount, bool ordered)
    {
        int point = _points.Count;
        _points.Add(new DelayPoint(optionCount, ordered));
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
}
