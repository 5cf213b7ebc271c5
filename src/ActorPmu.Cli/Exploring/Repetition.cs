using System.Globalization;
using ActorPmu.Explorer;

namespace ActorPmu.Cli.Exploring;

/// <summary>Searches many times with successive seeds, and tells how many schedules each strategy needs to the first violation.</summary>
internal sealed class Repetition(SearchRequest request, CancellationToken cancellation)
{
    /// <summary>Searches, and writes a row for each strategy.</summary>
    /// <param name="strategies">Their names.</param>
    /// <param name="times">How many searches for each.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>The exit code: whether any search met a violation.</returns>
    public async Task<int> Run(IReadOnlyList<string> strategies, int times, TextWriter output)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request.SecondsMax is { } seconds)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"schedules to the first violation, {request.Scenario.Name} with {request.Design().Name}, seeds {request.Seed} to {request.Seed + (ulong)times - 1}, up to {request.SchedulesMax:#,0} each"))
            .ConfigureAwait(false);
        await output.WriteLineAsync($"{"strategy",-10} {"searches",9} {"not found",10} {"least",10} {"quartile",10} {"median",10} {"quartile",10} {"most",10}").ConfigureAwait(false);
        bool found = false;
        foreach (string strategy in strategies)
        {
            long?[] needed = await Task.Run(() => Needed(strategy, times, limit.Token), CancellationToken.None).ConfigureAwait(false);
            long[] sorted = [.. needed.Where(n => n is not null).Select(n => n!.Value).Order()];
            long notFound = sorted.Count(n => n == long.MaxValue);
            found |= sorted.Length > notFound;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{strategy,-10} {sorted.Length,9:#,0} {notFound,10:#,0} {At(sorted, 0),10} {At(sorted, 0.25),10} {At(sorted, 0.5),10} {At(sorted, 0.75),10} {At(sorted, 1),10}"))
                .ConfigureAwait(false);
        }

        if (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }

        if (limit.IsCancellationRequested)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"bounded by seconds {request.SecondsMax:0.###}")).ConfigureAwait(false);
        }

        return found ? ExitCode.Violation : ExitCode.Ok;
    }

    // For each seed the schedules that it took, the last one included; the greatest number for not found; null for a search that did not end.
    private long?[] Needed(string strategy, int times, CancellationToken end)
    {
        long?[] needed = new long?[times];

        // A strategy without chance does the same for each seed: once is enough.
        bool isByChance = Make(strategy, request.Seed).IsIndexed;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = request.Workers };
        Parallel.For(0, isByChance ? times : 1, parallel, (i, loop) =>
        {
            if (end.IsCancellationRequested)
            {
                loop.Stop();
                return;
            }

            ExploreOptions options = Exploring.Search.OptionsOf(
                request with { Seed = request.Seed + (ulong)i, KeepGoing = false }, strategy, request.SchedulesMax);
            ExplorationResult result = new Exploration(request.Build, options).Run(cancelled: () => end.IsCancellationRequested);
            needed[i] = result.StoppedAtViolation ? result.Violations[0].Schedule + 1 : result.Interrupted ? null : long.MaxValue;
        });
        return isByChance ? needed : [needed[0]];
    }

    private static IStrategy Make(string strategy, ulong seed) => Strategies.Get(strategy)!(new StrategySettings { Seed = seed, Length = 1 });

    // The smallest value that so many are not above; what was not found lies above everything.
    private static string At(long[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return "-";
        }

        long value = sorted[Math.Max((int)Math.Ceiling(share * sorted.Length) - 1, 0)];
        return value == long.MaxValue ? "-" : value.ToString("#,0", CultureInfo.InvariantCulture);
    }
}
