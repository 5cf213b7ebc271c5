using System.Globalization;
using ActorPmu.Akka.Live;
using ActorPmu.Explorer;
using ActorPmu.Reporting;

namespace ActorPmu.Cli.Exploring;

/// <summary>Runs live, then makes what broke short and writes its replay files.</summary>
internal sealed class LiveSearch(
    SearchRequest request, LiveOptions options, string? settings, ProgressLine progress, CancellationToken cancellation)
{
    /// <summary>Does it all.</summary>
    public async Task<LiveReport> Run()
    {
        request.Out.Prepare();
        LiveResult result = await progress.While(Live).ConfigureAwait(false);
        return new LiveReport
        {
            Runs = new ExploreReport
            {
                Scenario = request.Scenario,
                Design = request.Design().Name,
                PreemptRt = request.PreemptRt ?? request.Scenario.Spec.PreemptRt,
                Strategy = "live",
                Seed = request.Seed,
                Options = new ExploreOptions { Strategy = () => new RandomStrategy(request.Seed), StepsMax = request.StepsMax, KeepGoing = true },
                Result = new ExplorationResult
                {
                    Schedules = result.Runs,
                    StepsTotal = result.Steps,
                    StepsLongest = result.StepsLongest,
                    StepBoundHits = result.StepBoundHits,
                    Deadlocks = result.Deadlocks,
                    SharedSchedules = result.SharedRuns,
                    Violations = result.Violations,
                    Interrupted = result.Interrupted,
                },
                Violations = new Explainer(request, "live", cancellation).Explain(result.Violations),
            },
            Traces = result.Traces,
            Machines = options.Machines,
            Elapsed = result.Elapsed,
            BoundedBy = Bound(result),
        };
    }

    private async Task<LiveResult> Live()
    {
        await using LiveSystem akka = AkkaStart.With(settings, () => LiveSystem.Start(LiveSettings.Load(settings)));
        return await akka.Run(
            host => request.Scenario.SubjectIn(host, request.Design(), request.PreemptRt), options,
            p => progress.Report(new ExploreProgress(p.Runs, p.Steps, (int)p.Traces, p.Violations)), cancellation).ConfigureAwait(false);
    }

    private string Bound(LiveResult result) =>
        result.Interrupted ? "interruption"
        : result.Runs >= options.RunsMax ? string.Create(CultureInfo.InvariantCulture, $"runs {options.RunsMax:#,0}")
        : string.Create(CultureInfo.InvariantCulture, $"{options.TimeMax!.Value.TotalSeconds:0.###} s");
}
