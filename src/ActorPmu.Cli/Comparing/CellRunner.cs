using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Cli.Exploring;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Comparing;

/// <summary>Fills one cell: puts a claim to a design. One cell is one thread's work, so that any number of workers gives the same bytes.</summary>
internal sealed class CellRunner(Matrix matrix, CostRuns costs, OutFolder folder, bool shrinks, CancellationToken cancellation)
{
    // A guess this far above the bound on exhaustive searches is believed without trying.
    private const double HopelessFactor = 1_000;

    // A replay is to be read.
    private const int WitnessMax = 64;

    private static readonly SortedSet<Property> Nothing = [];
    private static readonly SortedSet<Property> LeaksAlone = [Property.NoLeak];

    /// <summary>Runs it.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="design">Makes the design.</param>
    /// <exception cref="OperationCanceledException">Somebody asked for the end.</exception>
    public CompareCell Run(Claim claim, Func<ISharingDesign> design)
    {
        try
        {
            return claim switch
            {
                HoldsClaim holds => Explored(holds, holds.Properties, design),
                FreeClaim free => Explored(free, LeaksAlone, design),
                SharesClaim shares => Shared(shares, design),
                CostClaim cost => Cost(cost, design),
                _ => throw new InvalidOperationException($"nobody runs claims of kind {claim.Kind}"),
            };
        }
        catch (RunCrashException e)
        {
            ISharingDesign failed = design();
            DesignFault? fault = DesignFault.Of(e, DesignFault.IsUsers(failed));
            return new CompareCell
            {
                Claim = claim, Design = failed.Name, Verdict = Verdict.Failed, IsFaultOfDesign = fault is not null,
                Why = fault?.InOneLine ?? $"{e.InnerException?.GetType().Name}: {e.InnerException?.Message}".ReplaceLineEndings(" "),
            };
        }
    }

    private CompareCell Explored(ExploredClaim claim, IReadOnlySet<Property> properties, Func<ISharingDesign> design)
    {
        List<ExploreReport> runs = [];
        foreach (Part part in PartsOf(claim, properties, design))
        {
            ExploreReport report = Search(part);
            if (report.Result.Violations is [{ } found, ..])
            {
                ExplainedViolation explained = Explain(part, report, found);
                runs.Add(report with { Violations = [explained] });
                return new CompareCell
                {
                    Claim = claim, Design = part.Name, Verdict = Verdict.Broken, Runs = runs, ReplayPath = explained.ReplayPath,
                    Why = $"{part.Where}: {Properties.Name(found.Violation.Property)}: {found.Violation.What}",
                };
            }

            runs.Add(report);
        }

        return new CompareCell
        {
            Claim = claim, Design = design().Name, Runs = runs,
            Verdict = runs.TrueForAll(r => r.Result.IsComplete) ? Verdict.Holds : Verdict.Bounded,
            Why = Extent(runs),
        };
    }

    private CompareCell Shared(SharesClaim claim, Func<ISharingDesign> design)
    {
        List<ExploreReport> runs = [];
        List<string> seen = [];
        foreach (Part part in PartsOf(claim, Nothing, design))
        {
            CounterTally tally = new();
            Part counting = part with { AtEnd = tally.Take };
            ExploreReport report = Search(counting);
            runs.Add(report);
            bool wrongSharing = claim.Sharing switch
            {
                SharingExpectation.Sometimes => report.Result.SharedSchedules == 0,
                SharingExpectation.Never => report.Result.SharedSchedules > 0,
                _ => false,
            };
            string what = string.Create(
                CultureInfo.InvariantCulture,
                $"{part.Where}: shared in {report.Result.SharedSchedules:#,0} of {Plural.Of(report.Result.Schedules, "schedule")}, at most {tally.Most} in use of a PMU's counters");
            seen.Add(what);
            if (wrongSharing || claim.Counters is { } counters && !counters.Has(tally.Most))
            {
                return new CompareCell
                {
                    Claim = claim, Design = part.Name, Verdict = Verdict.Broken, Runs = runs, ReplayPath = WriteFirst(counting), Why = what,
                };
            }
        }

        // What was seen to happen happens; that no schedule needs more counters is only as good as the search.
        bool certain = runs.TrueForAll(r => r.Result.IsComplete) || (claim.Counters is null && claim.Sharing == SharingExpectation.Sometimes);
        return new CompareCell
        {
            Claim = claim, Design = design().Name, Runs = runs, Verdict = certain ? Verdict.Holds : Verdict.Bounded,
            Why = string.Join("; ", seen),
        };
    }

    private CompareCell Cost(CostClaim claim, Func<ISharingDesign> design)
    {
        CostSeries series = costs.Of(claim.Quantity, design);
        int tooMuch = series.Values.ToList().FindIndex(v => v.Value > claim.AtMost);
        bool tooFast = claim.Growth is { } allowed && series.Growth is { } growth && growth.Order > allowed;
        CompareCell cell = new()
        {
            Claim = claim, Design = series.Design, Verdict = Verdict.Holds, Series = series, Why = CompareText.Describe(series),
        };
        if (series.NotReachedAt is null && tooMuch < 0 && !tooFast)
        {
            return cell;
        }

        // The smallest size that shows it; how something grows is seen from the first two.
        int n = series.NotReachedAt ?? (tooMuch >= 0 ? series.Values[tooMuch].N : claim.Quantity.Sizes[1]);
        Scenario scenario = NarrowedScenario.Of(claim.Quantity.Program.With(Math.Min(n, WitnessMax)), Nothing);
        RunRecording recording = RunRecording.Of(
            () => SearchRequest.SubjectOf(scenario, design, null), new FirstChooser(), matrix.Bounds.StepsMax);
        return cell with { Verdict = Verdict.Broken, ReplayPath = Write(claim, scenario, series.Design, null, recording, null, "first") };
    }

    private IEnumerable<Part> PartsOf(ExploredClaim claim, IReadOnlySet<Property> properties, Func<ISharingDesign> design)
    {
        foreach (Scenario scenario in claim.Scenarios)
        {
            Scenario narrowed = NarrowedScenario.Of(scenario, properties);
            foreach (bool? rt in claim.PreemptRt)
            {
                yield return new Part(claim, narrowed, design, rt);
            }
        }
    }

    private ExploreReport Search(Part part)
    {
        ExploreReport last = null!;
        foreach (string strategy in part.Claim.Strategy is { } own ? [own] : matrix.Bounds.Strategies)
        {
            ExploreOptions options = Options(part, strategy, part.Claim.SchedulesMax);
            ExploreReport report = Report(part, strategy, options, Explore(part, options));
            if (report.Result.Violations.Count > 0)
            {
                return report;
            }

            last = last is null ? report : report with { Result = Both(last.Result, report.Result) };
        }

        ExplorationResult result = last.Result;
        if (result.Violations.Count == 0 && IsWorthTrying(part))
        {
            ExploreOptions options = Options(part, matrix.Bounds.Exhaustive, matrix.Bounds.ExhaustiveMax);
            ExplorationResult all = Explore(part, options);
            if (all.IsComplete || all.Violations.Count > 0)
            {
                return Report(part, matrix.Bounds.Exhaustive, options, all);
            }
        }

        return last;
    }

    // Two searches of one part, of which a cell tells the numbers.
    private static ExplorationResult Both(ExplorationResult a, ExplorationResult b) => b with
    {
        Schedules = a.Schedules + b.Schedules, SharedSchedules = a.SharedSchedules + b.SharedSchedules, StepsTotal = a.StepsTotal + b.StepsTotal,
        StepsLongest = Math.Max(a.StepsLongest, b.StepsLongest),
    };

    // What dfs has ahead of it can be guessed; a search that leaves out equivalent schedules has to be tried.
    private bool IsWorthTrying(Part part) => matrix.Bounds.ExhaustiveMax > 0
        && (matrix.Bounds.Exhaustive != "dfs"
            || TreeEstimate.Of(part.Build, matrix.Bounds.Seed, matrix.Bounds.StepsMax).Smallest <= matrix.Bounds.ExhaustiveMax * HopelessFactor);

    private ExplorationResult Explore(Part part, ExploreOptions options)
    {
        ExplorationResult result = new Exploration(part.Build, options).Run(cancelled: () => cancellation.IsCancellationRequested);
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private ExploreOptions Options(Part part, string strategy, long schedulesMax)
    {
        Func<StrategySettings, IStrategy> make = Strategies.Get(strategy)!;
        StrategySettings settings = new()
        {
            Seed = matrix.Bounds.Seed,
            Length = Strategies.NeedsLength(strategy) ? (int)Math.Min(TreeEstimate.LongestOf(part.Build, matrix.Bounds.Seed, matrix.Bounds.StepsMax), int.MaxValue) : 0,
        };
        return new ExploreOptions
        {
            Strategy = () => make(settings), SchedulesMax = schedulesMax, StepsMax = matrix.Bounds.StepsMax,
        };
    }

    private ExploreReport Report(Part part, string strategy, ExploreOptions options, ExplorationResult result) => new()
    {
        Scenario = part.Scenario,
        Design = part.Name,
        PreemptRt = part.IsPreemptRt,
        Strategy = strategy,
        Seed = matrix.Bounds.Seed,
        Options = options,
        Result = result,
    };

    private ExplainedViolation Explain(Part part, ExploreReport report, FoundViolation found)
    {
        ShrinkOptions options = new() { StepsMax = matrix.Bounds.StepsMax, Seed = matrix.Bounds.Seed };
        IReadOnlyList<Choice> choices = shrinks
            ? Shrinker.Shrink(part.Build, found, options, () => cancellation.IsCancellationRequested)
            : found.Choices;
        RunRecording recording = RunRecording.Of(part.Build, new ReplayChooser(choices), matrix.Bounds.StepsMax);
        return new ExplainedViolation(
            found, recording, found.Choices.Count(c => c.Kind == ChoiceKind.Deliver), Write(part, recording, found.Violation.Signature, report.Strategy));
    }

    // Nothing is violated in a schedule that does not share: the first one shows it as well as any.
    private string? WriteFirst(Part part)
    {
        IStrategy strategy = Strategies.Find("random")!(matrix.Bounds.Seed);
        strategy.Begin(0);
        return Write(part, RunRecording.Of(part.Build, strategy, matrix.Bounds.StepsMax), null, strategy.Name);
    }

    private string? Write(Part part, RunRecording recording, string? signature, string strategy) =>
        Write(part.Claim, part.Scenario, part.Name, part.PreemptRt, recording, signature, strategy);

    private string? Write(
        Claim claim, Scenario scenario, string design, bool? rt, RunRecording recording, string? signature, string strategy) =>
        folder.Write(
            $"{claim.Id}-{design}.replay",
            ReplayFiles.Text(recording, signature, scenario, design, rt, (strategy, matrix.Bounds.Seed, matrix.Bounds.StepsMax)));

    private static string Extent(List<ExploreReport> runs)
    {
        long schedules = runs.Sum(r => r.Result.Schedules);
        long shared = runs.Sum(r => r.Result.SharedSchedules);
        int complete = runs.Count(r => r.Result.IsComplete);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"no violation in {Plural.Of(schedules, "schedule")}, {shared:#,0} of them with sharing; {complete} of {Plural.Of(runs.Count, "search", "searches")} complete");
    }

    /// <summary>A scenario under a kernel.</summary>
    private sealed record Part(ExploredClaim Claim, Scenario Scenario, Func<ISharingDesign> Design, bool? PreemptRt)
    {
        public string Name { get; } = Design().Name;

        public Action<Machine>? AtEnd { get; init; }

        public bool IsPreemptRt => PreemptRt ?? Scenario.Spec.PreemptRt;

        public string Where
        {
            get
            {
                List<string> on = Claim.Profile is { } profile ? [profile] : [];
                if (Claim.Profile is not null && Scenario.Spec.FineGrained)
                {
                    on.Add("fine-grained");
                }

                if (IsPreemptRt)
                {
                    on.Add("PREEMPT_RT");
                }

                return on.Count > 0 ? $"{Scenario.Name} ({string.Join(", ", on)})" : Scenario.Name;
            }
        }

        public Func<Subject> Build => () => AtEnd is null
            ? SearchRequest.SubjectOf(Scenario, Design, PreemptRt)
            : Subject.Of(Scenario.Build(Design(), PreemptRt), (machine, _) => AtEnd(machine));
    }

    private sealed class CounterTally
    {
        public int Most { get; private set; }

        public void Take(Machine machine) => Most = Math.Max(Most, machine.Costs.CountersMax);
    }
}
