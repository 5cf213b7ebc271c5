using System.Globalization;
using System.Security.Cryptography;
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

    public required string OutDir { get; init; }

    /// <summary>What makes the machine of one schedule.</summary>
    public Func<Subject> Build => () => SubjectOf(Scenario, Design, PreemptRt);

    /// <summary>A scenario's machine, with what the scenario expects of sharing.</summary>
    public static Subject SubjectOf(Scenario scenario, Func<ISharingDesign> design, bool? preemptRt) =>
        scenario.SubjectIn(new World(), design(), preemptRt);
}

/// <summary>Picks a strategy, explores, shrinks, writes replay files.</summary>
internal sealed class Search(SearchRequest request, ProgressLine progress, CancellationToken cancellation)
{
    // How many schedules an exhaustive search may have to be tried unasked.
    private const long DfsSchedulesMax = 20_000;

    // How many schedules a reduced search may have to be tried unasked.
    private const long DporSchedulesMax = 2_000;

    // A guess this far above that is believed without trying.
    private const double HopelessFactor = 1_000;

    /// <summary>Does it all.</summary>
    /// <returns>The report, without a time.</returns>
    public async Task<ExploreReport> Run()
    {
        ReplayFiles.Prepare(request.OutDir);
        (ExploreOptions options, ExplorationResult result, string strategy, string? reason) =
            await progress.While(Explore).ConfigureAwait(false);
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
            Violations = new Explainer(request, strategy, cancellation).Explain(result.Violations),
        };
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

        ExploreOptions random = Options("random", request.SchedulesMax);
        return (random, await Explore(random).ConfigureAwait(false), "random", reason);
    }

    private ExploreOptions Options(string strategy, long schedulesMax)
    {
        Func<ulong, IStrategy> make = Strategies.Find(strategy)
            ?? throw new WrongInputException(
                $"unknown strategy \"{strategy}\"; {Suggest.For(strategy, [.. Strategies.All.Select(s => s.Name)])}");
        return new ExploreOptions
        {
            Strategy = () => make(request.Seed),
            SchedulesMax = schedulesMax,
            StepsMax = request.StepsMax,
            KeepGoing = request.KeepGoing,
        };
    }

    private Task<ExplorationResult> Explore(ExploreOptions options) =>
        Workers.Run(new Exploration(request.Build, options), options, request.Workers, progress.Report, cancellation);

    /// <summary>The digest by which a replay file knows its scenario.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
