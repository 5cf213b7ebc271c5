namespace ActorPmu.Explorer;

/// <summary>A search of every schedule in parts that can be run apart, by any number of workers: the outcome is that of one in one piece.</summary>
/// <remarks>
/// A part is a prefix of choices, or a run that has no more of them; in the order of the parts, all runs stand in the order of <see cref="DfsStrategy"/>. A
/// search that ends soon is not cut. Steps: <see cref="Begin"/> or <see cref="Continue"/>, then <see cref="RunPart"/> for each part from any thread.
/// </remarks>
public sealed class DfsSearch
{
    // A search that ends, or meets a violation, within so many runs is not cut.
    private const long WholeMax = 64;

    // Unlike those of a reduction, parts differ much in size: there are more of them. Their prefixes are all that they cost.
    private const int PartsWanted = 512;
    private const int PartsMax = 8_192;
    private const int PrefixMax = 512;

    private readonly Exploration _exploration;
    private readonly Exploration _cutting;
    private readonly ExploreOptions _options;
    private IReadOnlyList<(int Option, int OptionCount)[]> _parts = [];

    /// <summary>Makes a search.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run; the strategy is not asked.</param>
    public DfsSearch(Func<Subject> build, ExploreOptions options)
    {
        _exploration = new Exploration(build, options);
        _cutting = new Exploration(build, options with { KeepGoing = true });
        _options = options;
    }

    /// <summary>How many parts there are.</summary>
    public int PartCount => _parts.Count;

    /// <summary>Runs it whole, and cuts it if that does not end soon.</summary>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <returns>The outcome, or null when it has been cut.</returns>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult? Begin(Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null)
    {
        ExplorationResult result = _exploration.RunWith(new DfsStrategy(), 0, Math.Min(WholeMax, _options.SchedulesMax), progress, cancelled);
        if (result.Exhausted || result.StoppedAtViolation || result.Interrupted || _options.SchedulesMax <= WholeMax)
        {
            return result;
        }

        Continue();
        return null;
    }

    /// <summary>Cuts it: the parts are the same in every process.</summary>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public void Continue()
    {
        for (int at = 1; at <= PrefixMax && _parts.Count < PartsWanted; at++)
        {
            DfsStrategy cutter = new(at);
            _cutting.RunWith(cutter, 0, long.MaxValue, null, () => cutter.Parts.Count > PartsMax);
            if (cutter.Parts.Count > PartsMax)
            {
                return;
            }

            _parts = cutter.Parts;
        }
    }

    /// <summary>Runs a part; from any thread.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="schedulesMax">The bound on its schedules.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <returns>The part's own result: its schedules are numbered from 0.</returns>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult RunPart(int part, long schedulesMax, Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null) =>
        _exploration.RunWith(new DfsStrategy(_parts[part]), 0, schedulesMax, progress, cancelled);
}
