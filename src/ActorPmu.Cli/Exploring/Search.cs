using System.Globalization;
using System.Text;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Exploring;

/// <summary>What an exploration from the command line is asked for.</summary>
internal sealed record SearchRequest
{
    public required Scenario Scenario { get; init; }

    public required Func<ISharingDesign> Design { get; init; }

    /// <summary>The strategy's name; null to pick one.</summary>
    public string? Strategy { get; init; }

    public ulong Seed { get; init; }

    public long SchedulesMax { get; init; }

    public long StepsMax { get; init; }

    public bool? PreemptRt { get; init; }

    public bool KeepGoing { get; init; }

    public bool Shrinks { get; init; }

    public int Workers { get; init; }

    /// <summary>What <c>pct</c> is told of depth (d).</summary>
    public int Depth { get; init; } = 3;

    /// <summary>What <c>pct</c> is told of a run's length (n); 0 to measure it.</summary>
    public int Length { get; init; }

    /// <summary>The bound on delays, or null.</summary>
    public int? DelaysMax { get; init; }

    /// <summary>The bound on time, seconds, or null.</summary>
    public double? SecondsMax { get; init; }

    /// <summary>Where to write down how far it is, or null.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Where another process wrote down how far it was, or null.</summary>
    public string? Resume { get; init; }

    /// <summary>Where replay files go.</summary>
    public required OutFolder Out { get; init; }

    /// <summary>Whether the first violation's scenario is made small, too.</summary>
    public bool ShrinksScenario { get; init; }

    /// <summary>Whether it is told what the runs cover.</summary>
    public bool Coverage { get; init; }

    /// <summary>Whether the runs are watched for what they cover: it is told, or the scenario expects something of it.</summary>
    public bool Covers => Coverage || Scenario.Expectations.Sometimes.Count > 0;

    /// <summary>What makes the machine of one schedule.</summary>
    public Func<Subject> Build => () => SubjectOf(Scenario, Design, PreemptRt);

    /// <summary>A scenario's machine, with what the scenario expects of sharing.</summary>
    public static Subject SubjectOf(Scenario scenario, Func<ISharingDesign> design, bool? preemptRt) =>
        scenario.SubjectIn(new World(), design(), preemptRt);
}

/// <summary>Picks a strategy, explores, shrinks, writes replay files.</summary>
internal sealed class Search(SearchRequest request, ProgressLine progress, CancellationToken cancellation)
{
    private CancellationToken _limit;
    private CheckpointFile? _checkpoints;

    // How many schedules an exhaustive search may have to be tried unasked.
    private const long DfsSchedulesMax = 20_000;

    // How many schedules a reduced search may have to be tried unasked.
    private const long DporSchedulesMax = 2_000;

    // What is left where nothing ends soon.
    private const string Last = "turns";

    // A guess this far above that is believed without trying.
    private const double HopelessFactor = 1_000;

    /// <summary>Does it all.</summary>
    /// <param name="explains">Whether violating runs are made short, explained and written.</param>
    /// <returns>The report, without a time.</returns>
    public async Task<ExploreReport> Run(bool explains = true)
    {
        if (explains)
        {
            request.Out.Prepare();
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request.SecondsMax is { } seconds)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        _limit = limit.Token;
        (ExploreOptions options, ExplorationResult result, string strategy, string? reason) =
            await progress.While(Explore).ConfigureAwait(false);
        if (result.Interrupted && !cancellation.IsCancellationRequested)
        {
            result = result with { Interrupted = false, TimedOut = true };
        }

        if (_checkpoints?.Problem is { } problem)
        {
            request.Out.Note(problem);
        }

        return new ExploreReport
        {
            Scenario = request.Scenario,
            Design = request.Design().Name,
            PreemptRt = request.PreemptRt ?? request.Scenario.Spec.PreemptRt,
            Strategy = strategy,
            StrategyReason = reason,
            Seed = request.Seed,
            Options = options,
            Result = result,
            DesignShares = CoveredDesign.HasHooks(request.Design()),
            TellsCoverage = request.Coverage,
            Violations = explains ? new Explainer(request, strategy, cancellation).Explain(result.Violations) : [],
            Small = explains && request.ShrinksScenario && result.Violations is [var first, ..] ? MakeSmall(first) : null,
        };
    }

    private SmallScenarioFile MakeSmall(FoundViolation found)
    {
        SmallScenario? small = SmallScenario.Of(
            request.Scenario, found.Violation, request.Design, request.PreemptRt, request.Seed, request.StepsMax, () => cancellation.IsCancellationRequested);
        return new SmallScenarioFile(
            small,
            small is null ? null : request.Out.Write(
                $"{request.Scenario.Name}-{(uint)StableHash.Fnv1a(StableHash.FnvBasis, small.Scenario.Text):x8}.yaml", small.Scenario.Text));
    }

    private async Task<(ExploreOptions Options, ExplorationResult Result, string Strategy, string? Reason)> Explore()
    {
        if (request.Strategy is { } asked)
        {
            ExploreOptions options = Options(asked, request.SchedulesMax);
            return (options, await Explore(options).ConfigureAwait(false), asked, null);
        }

        (double smallest, double mean) = TreeEstimate.Of(request.Build, request.Seed, request.StepsMax);
        string reason;
        if (smallest > DfsSchedulesMax * HopelessFactor)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"picked: dfs would need some {mean:0e+0} schedules");
        }
        else
        {
            ExploreOptions dfs = Options("dfs", DfsSchedulesMax);
            ExplorationResult all = await Explore(dfs).ConfigureAwait(false);
            if (all.Exhausted || all.StoppedAtViolation || all.Interrupted)
            {
                string why = all.Exhausted ? "picked: it ends" : all.StoppedAtViolation ? "picked: it meets a violation" : "picked";
                return (dfs, all, "dfs", why);
            }

            reason = string.Create(CultureInfo.InvariantCulture, $"picked: dfs did not end within {DfsSchedulesMax:#,0} schedules");
        }

        ExploreOptions dpor = Options("dpor", DporSchedulesMax);
        ExplorationResult reduced = await Explore(dpor).ConfigureAwait(false);
        if (reduced.Exhausted || reduced.Interrupted)
        {
            return (dpor, reduced, "dpor", $"{reason}; dpor ends");
        }

        // Which of them is the best one is seen afterwards.
        ExploreOptions chosen = Options(Last, request.SchedulesMax);
        return (chosen, await Explore(chosen).ConfigureAwait(false), Last, $"{reason}; dpor not within {DporSchedulesMax:#,0}");
    }

    private ExploreOptions Options(string strategy, long schedulesMax) => OptionsOf(request, strategy, schedulesMax);

    /// <summary>How a search by a strategy is run.</summary>
    /// <exception cref="WrongInputException">There is no such strategy.</exception>
    public static ExploreOptions OptionsOf(SearchRequest request, string strategy, long schedulesMax)
    {
        Func<StrategySettings, IStrategy> make = Strategies.Get(strategy)
            ?? throw new WrongInputException(
                $"unknown strategy \"{strategy}\"; {Suggest.For(strategy, [.. Strategies.All.Select(s => s.Name)])}");
        StrategySettings settings = new()
        {
            Seed = request.Seed,
            Depth = request.Depth,
            DelaysMax = request.DelaysMax ?? int.MaxValue,

            // Measured once, so that a schedule depends on its number alone and any worker can run it.
            Length = Strategies.NeedsLength(strategy) && request.Length == 0
                ? (int)Math.Min(TreeEstimate.LongestOf(request.Build, request.Seed, request.StepsMax), int.MaxValue)
                : request.Length,
        };
        return new ExploreOptions
        {
            Strategy = () => make(settings),
            SchedulesMax = schedulesMax,
            StepsMax = request.StepsMax,
            KeepGoing = request.KeepGoing,
            Covers = request.Covers,
            DelaysMax = strategy == "delay" ? request.DelaysMax : null,
            SecondsMax = request.SecondsMax,
            Pct = strategy == "pct" ? settings : null,
        };
    }

    private Subject CoveredBuild() =>
        SearchRequest.SubjectOf(request.Scenario, () => CoveredDesign.Around(request.Design()), request.PreemptRt);

    private Task<ExplorationResult> Explore(ExploreOptions options)
    {
        IStrategy strategy = options.Strategy();
        progress.Shows(strategy, strategy.Name == "dfs" ? TreeEstimate.Of(request.Build, request.Seed, request.StepsMax).Mean : null);
        return Workers.Run(request.Coverage ? CoveredBuild : request.Build, options, request.Workers, CheckpointFor(strategy, options), progress.Report, _limit);
    }

    private CheckpointFile? CheckpointFor(IStrategy strategy, ExploreOptions options)
    {
        if (request.Checkpoint is null && request.Resume is null)
        {
            return null;
        }

        if (request.Covers)
        {
            throw new WrongInputException("--checkpoint and --resume do not keep what was covered: leave out --coverage, or what the scenario expects sometimes");
        }

        IReadOnlyList<(string Name, string Value)> settings =
        [
            ("tool", ToolVersion.Text),
            ("scenario", Printable(request.Scenario.Name)),
            ("scenario-text", ReplayFiles.Sha256(request.Scenario.Text)),
            ("design", request.Design().Name),
            ("rt", $"{request.PreemptRt ?? request.Scenario.Spec.PreemptRt}"),
            ("strategy", strategy.Name),
            ("seed", request.Seed.ToString(CultureInfo.InvariantCulture)),
            ("schedules", options.SchedulesMax.ToString(CultureInfo.InvariantCulture)),
            ("max-steps", options.StepsMax.ToString(CultureInfo.InvariantCulture)),
            ("keep-going", $"{options.KeepGoing}"),
            ("delays", (options.DelaysMax ?? -1).ToString(CultureInfo.InvariantCulture)),
            ("depth", (Strategies.NeedsLength(strategy.Name) ? request.Depth : 0).ToString(CultureInfo.InvariantCulture)),
            ("length", (options.Pct?.Length ?? (Strategies.NeedsLength(strategy.Name) ? request.Length : 0)).ToString(CultureInfo.InvariantCulture)),
        ];
        OutputFiles.Prepare("--checkpoint", request.Checkpoint ?? request.Resume);
        _checkpoints = new CheckpointFile(request.Checkpoint ?? request.Resume, settings)
        {
            Resumed = request.Resume is { } file ? CheckpointFile.Read(file, settings) : null,
        };
        _checkpoints.Begin();
        return _checkpoints;
    }

    // A setting is a line of the file.
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
