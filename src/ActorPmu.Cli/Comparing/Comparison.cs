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
    /// <param name="workers">Threads, 1 or more.</param>
    /// <param name="progress">Told how many cells are filled; from any thread.</param>
    /// <param name="cancellation">Ends it between two cells.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<CompareReport> Run(
        Matrix matrix, IReadOnlyList<Claim> claims, IReadOnlyList<Func<ISharingDesign>> designs, CellRunner runner,
        int workers, Action<int, int> progress, CancellationToken cancellation)
    {
        CompareCell[] cells = new CompareCell[claims.Count * designs.Count];
        int next = -1;
        int done = 0;
        Task[] tasks = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(Work, CancellationToken.None))];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return new CompareReport(matrix, [.. designs.Select(d => d().Name)], claims, cells);

        void Work()
        {
            while (Interlocked.Increment(ref next) is var at && at < cells.Length && !cancellation.IsCancellationRequested)
            {
                cells[at] = runner.Run(claims[at / designs.Count], designs[at % designs.Count]);
                progress(Interlocked.Increment(ref done), cells.Length);
            }
        }
    }
}
