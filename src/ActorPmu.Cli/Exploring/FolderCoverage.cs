using ActorPmu.Explorer;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Exploring;

/// <summary>Explores every scenario of a folder and adds up what they cover. A violation is told in one line and does not end the search.</summary>
internal sealed class FolderCoverage(
    CliContext context, SearchRequest request, IReadOnlyList<Scenario> scenarios, string? junit, CancellationToken cancellation)
{
    private const string RandomName = "random";

    /// <summary>Does it all.</summary>
    /// <param name="json">Whether JSON is printed.</param>
    /// <param name="everything">Whether what was taken is shown, too.</param>
    /// <param name="silent">Whether nothing is said on the way.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> Run(bool json, bool everything, bool silent)
    {
        List<ExploreReport> reports = [];
        CoverageSheet sum = new();
        foreach (Scenario scenario in scenarios)
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            // A line for each scenario; what breaks is explained when it is explored by itself.
            SearchRequest one = request with { Scenario = scenario, Strategy = request.Strategy ?? RandomName, KeepGoing = true, Shrinks = false };
            ExploreReport report = await new Search(one, new ProgressLine(context, silent), cancellation).Run(explains: false).ConfigureAwait(false);
            reports.Add(report);
            sum.Add(report.Result.Coverage!);
        }

        await context.Output.WriteAsync(json ? FolderReport.Json(request.Design().Name, reports, sum) : FolderReport.Text(request.Design().Name, reports, scenarios.Count, sum, everything)).ConfigureAwait(false);
        if (junit is not null)
        {
            OutputFiles.Write("--junit", junit, ExploreJUnit.Write(reports));
        }

        return reports.Count < scenarios.Count || reports.Exists(r => r.Result.Interrupted) ? ExitCode.Interrupted
            : reports.Exists(r => r.Result.Violations.Count > 0) ? ExitCode.Violation
            : reports.Exists(Emptiness.BreaksExpectation) ? ExitCode.Bounded
            : ExitCode.Ok;
    }
}
