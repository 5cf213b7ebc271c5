namespace ActorPmu.Explorer;

/// <summary>A search by partial orders in parts that can be run apart, by any number of workers: the outcome is the same.</summary>
/// <remarks>
/// A part is a prefix with what other parts go into at its places (sleep sets), and is run with source sets: wakeup trees would lose runs
/// there. What steps share must be taken alike in all parts: where a part's run shows more, everything is run again with what is known then.
/// The outcome is that of running the parts in order up to the first that violates something, or shows more. A search that ends soon is not
/// cut at all. Steps: <see cref="Begin"/>, then <see cref="RunPart"/> for each part from any thread, and <see cref="StartOver"/> where the first part that shows more is known.
/// </remarks>
public sealed class ReducedSearch
{
    // A search that ends, or meets a violation, within so many runs is not cut.
    private const long WholeMax = 256;

    // So many parts keep a few workers busy, and their prefixes cost little beside what follows them.
    private const int PartsWanted = 64;
    private const int PartsMax = 4_096;
    private const int PrefixMax = 512;

    private readonly Exploration _exploration;
    private readonly Exploration _cutting;
    private readonly ExploreOptions _options;
    private IReadOnlyList<KnownAccess> _known = [];
    private IReadOnlyList<ReductionJob> _parts = [];
    private long _startedOver;

    /// <summary>Makes a search.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run; the strategy is not asked.</param>
    public ReducedSearch(Func<Subject> build, ExploreOptions options)
    {
        _exploration = new Exploration(build, options);
        _cutting = new Exploration(build, options with { KeepGoing = true });
        _options = options;
    }

    /// <summary>How many parts there are.</summary>
    public int PartCount => _parts.Count;

    /// <summary>How often a run showed that steps touch more than was known, and everything was run again.</summary>
    public long StartedOver => _startedOver;

    /// <summary>What is known of accesses, a line each: what <see cref="Continue"/> takes.</summary>
    public IReadOnlyList<string> Knowledge => [.. _known.Select(k => k.ToText())];

    /// <summary>Runs it whole, and cuts it if that does not end soon.</summary>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <returns>The outcome, or null when it has been cut.</returns>
    public ExplorationResult? Begin(Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null)
    {
        DporStrategy whole = new();
        ExplorationResult result = _exploration.RunWith(whole, 0, Math.Min(WholeMax, _options.SchedulesMax), progress, cancelled);
        if (result.Exhausted || result.StoppedAtViolation || result.Interrupted || _options.SchedulesMax <= WholeMax)
        {
            return result;
        }

        _startedOver = result.StartedOver;
        _known = whole.Known;
        Cut();
        return null;
    }

    /// <summary>Goes on where another process was.</summary>
    /// <param name="knowledge">What was known.</param>
    /// <param name="startedOver">How often it had begun again.</param>
    /// <exception cref="FormatException">A line says nothing.</exception>
    public void Continue(IEnumerable<string> knowledge, long startedOver)
    {
        (_known, _startedOver) = ([.. knowledge.Select(KnownAccess.Parse)], startedOver);
        Cut();
    }

    /// <summary>Runs a part; from any thread.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="schedulesMax">The bound on its schedules.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ReducedPart RunPart(int part, long schedulesMax, Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null)
    {
        DporStrategy strategy = new(_parts[part], _known);
        ExplorationResult result = _exploration.RunWith(strategy, 0, schedulesMax, progress, cancelled, endsWhereItStartsOver: true);
        return new ReducedPart(result, strategy.StartsOver && !result.StoppedAtViolation ? strategy.Known : null);
    }

    /// <summary>Takes note of what a part showed that was not known: everything is run again, in other parts. No part may be running.</summary>
    /// <param name="part">What came of the first such part.</param>
    public void StartOver(ReducedPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        _known = part.Known ?? throw new ArgumentException("the part showed nothing new", nameof(part));
        _startedOver++;
        Cut();
    }

    // Deeper and deeper, until there are parts enough. What is cut depends on what is known in the end alone.
    private void Cut()
    {
        bool knewAll = false;
        while (!knewAll)
        {
            knewAll = true;
            for (int at = 1; at <= PrefixMax; at += 1 + (at / 4))
            {
                DporStrategy cutter = new(at, _known);
                knewAll &= _cutting.RunWith(cutter, 0, long.MaxValue, null, () => cutter.Jobs.Count > PartsMax).StartedOver == 0;
                _known = cutter.Known;
                if (cutter.Jobs.Count > PartsMax)
                {
                    break;
                }

                _parts = [.. cutter.Jobs];
                if (_parts.Count >= PartsWanted)
                {
                    break;
                }
            }
        }
    }
}

/// <summary>What came of a part of a search.</summary>
public sealed class ReducedPart
{
    internal ReducedPart(ExplorationResult result, IReadOnlyList<KnownAccess>? known) => (Result, Known) = (result, known);

    /// <summary>What came of it.</summary>
    public ExplorationResult Result { get; }

    /// <summary>Whether it showed accesses that were not known: then everything is to be run again.</summary>
    public bool ShowedMore => Known is not null;

    internal IReadOnlyList<KnownAccess>? Known { get; }
}
