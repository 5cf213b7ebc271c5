namespace ActorPmu.Explorer;

/// <summary>A delay-bounded search in parts that can be run apart, by any number of workers: the outcome is that of one in one piece.</summary>
/// <remarks>
/// It goes level by level: all schedules with no delay, with one, with two. What a level's schedules are follows from those of the levels before; a part is
/// some of them in a row. Steps: for each level <see cref="RunPart"/> for each part from any thread, then <see cref="NextLevel"/>, until there is none.
/// </remarks>
public sealed class DelaySearch
{
    private const int PartSchedules = 64;

    private readonly Exploration _exploration;
    private readonly int _delaysMax;
    private readonly DelayTree _tree = new();
    private readonly List<DelayCursor> _parts = [DelayCursor.First];
    private DelayRun[]?[] _ran = new DelayRun[]?[1];
    private long _schedules = 1;

    /// <summary>Makes a search.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run; its strategy must be <see cref="DelayStrategy"/>, and says the bound on delays.</param>
    public DelaySearch(Func<Subject> build, ExploreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _exploration = new Exploration(build, options);
        _delaysMax = options.Strategy() is DelayStrategy strategy ? strategy.DelaysMax : throw new ArgumentException("the strategy is another one", nameof(options));
    }

    /// <summary>How many delays the schedules of this level have.</summary>
    public int Level { get; private set; }

    /// <summary>How many parts this level has, 1 or more.</summary>
    public int PartCount => _parts.Count;

    /// <summary>Runs a part; from any thread.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="schedulesMax">The bound on its schedules.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <returns>The part's own result: its schedules are numbered from 0.</returns>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult RunPart(int part, long schedulesMax, Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null)
    {
        DelayStrategy strategy = new(_tree, _parts[part], Math.Min(PartSchedules, _schedules - ((long)part * PartSchedules)));
        ExplorationResult result = _exploration.RunWith(strategy, 0, schedulesMax, progress, cancelled);
        _ran[part] = [.. strategy.Ran];
        return result;
    }

    /// <summary>Goes to the schedules with one delay more. All parts of this level must be done.</summary>
    /// <returns>Whether there are any, and whether that is so because there are no more, or because of the bound on delays.</returns>
    public (bool IsThere, bool IsExhausted) NextLevel()
    {
        foreach (DelayRun run in _ran.SelectMany(r => r!))
        {
            _tree.Add(run);
        }

        // The first schedule of the level that is done.
        DelayCursor at = FirstOf(Level);
        bool isThere = _tree.Advance(ref at);
        if (!isThere || Level == _delaysMax)
        {
            return (false, !isThere);
        }

        Level++;
        Cut();
        return (true, false);
    }

    /// <summary>What is to be known to go on in another process, a line each: what <see cref="Continue"/> takes.</summary>
    /// <param name="done">The parts of this level that are done.</param>
    public IReadOnlyList<string> Knowledge(IEnumerable<long> done)
    {
        ArgumentNullException.ThrowIfNull(done);
        return [Line("runs", _tree.Runs), .. done.Select(part => Line(FormattableString.Invariant($"ran {part}"), _ran[part]!))];
    }

    /// <summary>Goes on where another process was. Call it once, before anything else.</summary>
    /// <param name="knowledge">What was known.</param>
    /// <param name="done">The parts that are done.</param>
    /// <exception cref="KnowledgeException">A line says nothing that can be, or a part is missing.</exception>
    public void Continue(IReadOnlyList<string> knowledge, IEnumerable<long> done)
    {
        ArgumentNullException.ThrowIfNull(knowledge);
        ArgumentNullException.ThrowIfNull(done);
        int line = 0;
        try
        {
            Read(knowledge, [.. done], ref line);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new KnowledgeException(line, e.Message);
        }
    }

    private void Read(IReadOnlyList<string> knowledge, long[] parts, ref int line)
    {
        foreach (string run in Words(knowledge.Count > 0 ? knowledge[0] : "", "runs"))
        {
            DelayRun next = DelayRun.Parse(run, _tree);
            if (_tree.Count == 0 ? next.Parent >= 0 : next.Delays < _tree.Runs[^1].Delays || next.Delays == 0)
            {
                throw new FormatException($"\"{run}\" is not in its place");
            }

            _tree.Add(next);
        }

        if (_tree.Count > 0)
        {
            Level = _tree.Runs[^1].Delays + 1;
            Cut();
        }

        if (knowledge.Count != parts.Length + 1)
        {
            throw new FormatException($"it has the schedules of {knowledge.Count - 1} parts, and {parts.Length} are done");
        }

        for (int i = 0; i < parts.Length; i++)
        {
            line = i + 1;
            if (parts[i] >= PartCount)
            {
                throw new FormatException($"there is no part {parts[i]}: there are {PartCount}");
            }

            string[] runs = Words(knowledge[i + 1], FormattableString.Invariant($"ran {parts[i]}"));
            _ran[parts[i]] = [.. runs.Select(run => DelayRun.Parse(run, _tree))];
            CheckPart(parts[i]);
        }
    }

    // What is told of a part has to be the schedules that the part has.
    private void CheckPart(long part)
    {
        DelayCursor at = _parts[(int)part];
        DelayRun[] ran = _ran[part]!;
        for (int i = 0; i < ran.Length; i++)
        {
            if (new DelayCursor(ran[i].Parent, ran[i].Point, ran[i].Value) != at)
            {
                throw new FormatException($"part {part} has another schedule than \"{ran[i].ToText()}\"");
            }

            if (at.Parent >= 0)
            {
                _tree.Advance(ref at);
            }
        }
    }

    private void Cut()
    {
        _parts.Clear();
        DelayCursor at = FirstOf(Level - 1);
        _schedules = 0;
        while (_tree.Advance(ref at, Level))
        {
            if (_schedules++ % PartSchedules == 0)
            {
                _parts.Add(at);
            }
        }

        _ran = new DelayRun[]?[_parts.Count];
    }

    // Before what follows from the first schedule of a level.
    private DelayCursor FirstOf(int level)
    {
        int first = _tree.Count;
        while (first > 0 && _tree.Runs[first - 1].Delays >= level)
        {
            first--;
        }

        return first == 0 ? DelayCursor.BeforeDelays : new DelayCursor(first, -1, 0);
    }

    private static string Line(string start, IEnumerable<DelayRun> runs) => string.Join(' ', [start, .. runs.Select(r => r.ToText())]);

    private static string[] Words(string line, string start) => line == start ? []
        : line.StartsWith(start + " ", StringComparison.Ordinal) ? line[(start.Length + 1)..].Split(' ')
        : throw new FormatException($"\"{(line.Length > 40 ? line[..40] : line)}\" is not what was run: {start}");
}
