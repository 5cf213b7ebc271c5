using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Comparing;

/// <summary>Fills all cells on threads. Each cell is filled by one of them, and lands in its own place.</summary>
internal static class Comparison
{
    /// <summary>Runs all cells.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="claims">The rows wanted.</param>
    /// <param name="designs">The columns wanted.</param>
    /// <param name="runner">Who fills a cell.</param>
    /// <param name="costs">Who measures the costs; null to leave them out.</param>
    /// <param name="workers">Threads, 1 or more.</param>
    /// <param name="progress">Told how many cells are filled; from any thread.</param>
    /// <param name="cancellation">Ends it; what has been filled by then is told.</param>
    public static async Task<CompareReport> Run(
        Matrix matrix, IReadOnlyList<Claim> claims, IReadOnlyList<Func<ISharingDesign>> designs, CellRunner runner,
        CostRuns? costs, int workers, Action<int, int> progress, CancellationToken cancellation)
    {
        CompareCell?[] cells = new CompareCell[claims.Count * designs.Count];
        int columns = costs is null ? 0 : matrix.Costs.Count;
        CostSeries?[] series = new CostSeries?[designs.Count * columns];
        int next = -1;
        int done = 0;
        Task[] tasks = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(Work, CancellationToken.None))];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return new CompareReport(
            matrix, [.. designs.Select(d => d().Name)], claims, [.. cells.Select((cell, at) => cell ?? Missing(at))], [.. series.OfType<CostSeries>()]);

        CompareCell Missing(int at) => new()
        {
            Claim = claims[at / designs.Count], Design = designs[at % designs.Count]().Name, Verdict = Verdict.NotReached, Why = "interrupted",
        };

        void Work()
        {
            int all = cells.Length + series.Length;
            while (Interlocked.Increment(ref next) is var at && at < all && !cancellation.IsCancellationRequested)
            {
                if (at < cells.Length)
                {
                    try
                    {
                        cells[at] = runner.Run(claims[at / designs.Count], designs[at % designs.Count]);
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                }
                else
                {
                    series[at - cells.Length] = Measure(costs!, matrix.Costs[(at - cells.Length) % columns], designs[(at - cells.Length) / columns]);
                }

                progress(Interlocked.Increment(ref done), all);
            }
        }
    }

    // A design that fails has no costs; its cells say why.
    private static CostSeries? Measure(CostRuns costs, CostQuantity quantity, Func<ISharingDesign> design)
    {
        try
        {
            return costs.Of(quantity, design);
        }
        catch (RunCrashException)
        {
            return null;
        }
    }
}
