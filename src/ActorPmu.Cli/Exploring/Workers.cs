using ActorPmu.Explorer;

namespace ActorPmu.Cli.Exploring;

/// <summary>Runs an exploration on threads; the outcome is that of one worker, to the byte.</summary>
internal static class Workers
{
    private const int ChunkSchedules = 64;

    /// <summary>Explores.</summary>
    /// <param name="exploration">What to explore.</param>
    /// <param name="options">How.</param>
    /// <param name="count">Workers, 1 or more; a strategy that goes through its schedules in order takes one.</param>
    /// <param name="progress">Told how far all workers together are; from any thread.</param>
    /// <param name="cancellation">Ends the search between two schedules.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public static async Task<ExplorationResult> Run(
        Exploration exploration, ExploreOptions options, int count, Action<ExploreProgress> progress, CancellationToken cancellation)
    {
        if (count == 1 || !options.Strategy().IsIndexed)
        {
            return await Task.Run(() => exploration.Run(progress, () => cancellation.IsCancellationRequested), CancellationToken.None)
                .ConfigureAwait(false);
        }

        Chunks chunks = new(exploration, options, progress, cancellation);
        Task[] workers = [.. Enumerable.Range(0, count).Select(_ => Task.Run(chunks.Work, CancellationToken.None))];
        await Task.WhenAll(workers).ConfigureAwait(false);
        return chunks.Result();
    }

    private sealed class Chunks(
        Exploration exploration, ExploreOptions options, Action<ExploreProgress> progress, CancellationToken cancellation)
    {
        private readonly Lock _lock = new();
        private readonly SortedDictionary<long, ExplorationResult> _done = [];
        private readonly SortedDictionary<long, RunCrashException> _crashes = [];
        private readonly HashSet<ulong> _traces = [];
        private ExploreProgress _sum;
        private long _next;
        private long _last = long.MaxValue;

        public void Work()
        {
            while (Take() is var chunk and >= 0)
            {
                long first = chunk * ChunkSchedules;
                try
                {
                    ExplorationResult part = exploration.RunRange(
                        first, Math.Min(ChunkSchedules, options.SchedulesMax - first), null, () => cancellation.IsCancellationRequested);
                    Put(chunk, part);
                }
                catch (RunCrashException e)
                {
                    lock (_lock)
                    {
                        _crashes.Add(chunk, e);
                        _last = Math.Min(_last, chunk);
                    }
                }
            }
        }

        // What lies behind the first chunk that ended early does not count, whoever ran it.
        public ExplorationResult Result()
        {
            List<ExplorationResult> parts = [];
            foreach ((long chunk, ExplorationResult part) in _done)
            {
                if (_crashes.Count > 0 && chunk > _crashes.Keys.First())
                {
                    break;
                }

                parts.Add(part);
                if (part.StoppedAtViolation)
                {
                    return Exploration.Merge(parts);
                }
            }

            if (_crashes.Count > 0)
            {
                throw _crashes.Values.First();
            }

            // A worker that was told to end before it took a chunk has left no part that could say so.
            ExplorationResult all = Exploration.Merge(parts);
            return all with { Interrupted = all.Schedules < options.SchedulesMax };
        }

        private long Take()
        {
            lock (_lock)
            {
                return _next <= _last && _next * ChunkSchedules < options.SchedulesMax && !cancellation.IsCancellationRequested ? _next++ : -1;
            }
        }

        private void Put(long chunk, ExplorationResult part)
        {
            lock (_lock)
            {
                _done.Add(chunk, part);
                if (part.StoppedAtViolation)
                {
                    _last = Math.Min(_last, chunk);
                }

                _traces.UnionWith(part.Traces);
                _sum = new ExploreProgress(
                    _sum.Schedules + part.Schedules, _sum.Steps + part.StepsTotal, _traces.Count,
                    Math.Max(_sum.Violations, part.Violations.Count));
                progress(_sum);
            }
        }
    }
}
