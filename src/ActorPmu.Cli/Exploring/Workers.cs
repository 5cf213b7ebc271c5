using ActorPmu.Explorer;

namespace ActorPmu.Cli.Exploring;

/// <summary>Runs an exploration on threads; the outcome is that of one worker, to the byte.</summary>
internal static class Workers
{
    private const int ChunkSchedules = 64;

    /// <summary>Explores.</summary>
    /// <param name="build">Makes what one schedule runs.</param>
    /// <param name="options">How.</param>
    /// <param name="count">Workers, 1 or more.</param>
    /// <param name="checkpoints">Where it is written down how far it is, or null.</param>
    /// <param name="progress">Told how far all workers together are; from any thread.</param>
    /// <param name="cancellation">Ends the search between two schedules.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public static Task<ExplorationResult> Run(
        Func<Subject> build, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        IStrategy strategy = options.Strategy();
        Exploration exploration = new(build, options);
        if (strategy is DporStrategy)
        {
            return RunReduced(new ReducedSearch(build, options), options, count, checkpoints, progress, cancellation);
        }

        if (strategy is DfsStrategy)
        {
            return RunDfs(new DfsSearch(build, options), options, count, checkpoints, progress, cancellation);
        }

        if (strategy is DelayStrategy)
        {
            return RunDelay(new DelaySearch(build, options), options, count, checkpoints, progress, cancellation);
        }

        if (strategy is StatesStrategy && !build().CanGoBack)
        {
            return RunStates(new StateSearch(build, options), options, count, checkpoints, progress, cancellation);
        }

        return strategy.IsIndexed
            ? RunRanges(exploration, options, count, checkpoints, progress, cancellation)
            : Task.Run(() => exploration.Run(progress, () => cancellation.IsCancellationRequested), CancellationToken.None);
    }

    private static async Task<ExplorationResult> RunRanges(
        Exploration exploration, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        // Ranges are the same whatever the bound is, so that a search can go on to a higher one.
        PartPool pool = new(options, progress, cancellation)
        {
            PartCount = ((options.SchedulesMax - 1) / ChunkSchedules) + 1,
            RunPart = (part, _, _, cancelled) =>
                (exploration.RunRange(part * ChunkSchedules, Math.Min(ChunkSchedules, options.SchedulesMax - (part * ChunkSchedules)), null, cancelled), null),
            Checkpoints = checkpoints,
        };
        return await RunAll(pool, count, checkpoints).ConfigureAwait(false);
    }

    private static async Task<ExplorationResult> RunDfs(
        DfsSearch search, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        if (checkpoints?.Resumed is not null)
        {
            search.Continue();
        }
        else if (await Task.Run(() => search.Begin(progress, () => cancellation.IsCancellationRequested), CancellationToken.None)
            .ConfigureAwait(false) is { } whole)
        {
            return whole;
        }

        PartPool pool = new(options, progress, cancellation)
        {
            PartCount = search.PartCount,
            AreNumberedApart = true,
            RunPart = (part, max, told, cancelled) => (search.RunPart((int)part, max, told, cancelled), null),
            Checkpoints = checkpoints,
        };
        return await RunAll(pool, count, checkpoints).ConfigureAwait(false);
    }

    // Level by level: what one has follows from those before.
    private static async Task<ExplorationResult> RunDelay(
        DelaySearch search, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        Checkpoint? resumed = checkpoints?.Resumed;
        if (resumed is not null)
        {
            GoOn(resumed, c => search.Continue(c.Own, DoneIn(c)));
        }

        ExplorationMerge merge = new();
        while (true)
        {
            PartPool pool = new(options, progress, cancellation)
            {
                PartCount = search.PartCount,
                AreNumberedApart = true,
                Merge = merge,
                RunPart = (part, max, told, cancelled) => (search.RunPart((int)part, max, told, cancelled), null),
                Checkpoints = checkpoints,
                Complete = checkpoint => checkpoint with { Own = search.Knowledge(DoneIn(checkpoint)) },
            };
            if (resumed is not null)
            {
                pool.Continue(resumed);
                resumed = null;
            }

            await pool.Run(count).ConfigureAwait(false);
            ExplorationResult result = pool.Result();
            if (!pool.IsThrough)
            {
                return result with { DelaysCovered = search.Level > 0 ? search.Level - 1 : null, Exhausted = false };
            }

            (bool isThere, bool isExhausted) = search.NextLevel();
            if (!isThere)
            {
                return result with { DelaysCovered = search.Level, Exhausted = isExhausted };
            }

            // A bound on schedules that falls on the end of a level leaves the next one.
            if (result.Schedules >= options.SchedulesMax)
            {
                return result with { DelaysCovered = search.Level - 1, Exhausted = false };
            }
        }
    }

    // Batch by batch: between two of them is where it is written down how far it is, and where it ends.
    private static async Task<ExplorationResult> RunStates(
        StateSearch search, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        ExplorationMerge merge = new();
        if (checkpoints?.Resumed is { } resumed)
        {
            GoOn(resumed, c => search.Continue(c.Own));
            merge.Add(resumed.Merged);
        }

        bool isStopped = merge.Result.StoppedAtViolation;
        while (!isStopped && search.Left > 0 && merge.Progress.Schedules < options.SchedulesMax && !cancellation.IsCancellationRequested)
        {
            int runs = search.NextBatch();
            int next = -1;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(count, runs)).Select(_ => Task.Run(Work, CancellationToken.None))).ConfigureAwait(false);
            int taken = 0;
            while (taken < runs && !isStopped && merge.Progress.Schedules < options.SchedulesMax)
            {
                ExplorationResult one = search.Take(taken++);
                merge.Add(one, isNumberedApart: true);
                isStopped = one.StoppedAtViolation;
            }

            search.Leave(taken);
            progress(merge.Progress);
            if (checkpoints is { IsDue: true })
            {
                checkpoints.Write(Here());
            }

            void Work()
            {
                while (Interlocked.Increment(ref next) is var i && i < runs)
                {
                    search.Run(i);
                }
            }
        }

        checkpoints?.Write(Here());
        bool isInterrupted = !isStopped && search.Left > 0 && merge.Progress.Schedules < options.SchedulesMax;
        return merge.Result with { States = search.States, Exhausted = !isStopped && search.Left == 0, Interrupted = isInterrupted };

        Checkpoint Here() => new() { Settings = checkpoints.Settings, Merged = merge.Result, Own = search.Knowledge() };
    }

    private static IEnumerable<long> DoneIn(Checkpoint checkpoint)
    {
        for (long part = 0; part < checkpoint.MergedParts; part++)
        {
            yield return part;
        }

        foreach ((long part, _) in checkpoint.Others)
        {
            yield return part;
        }
    }

    private static void GoOn(Checkpoint checkpoint, Action<Checkpoint> go)
    {
        try
        {
            go(checkpoint);
        }
        catch (KnowledgeException e)
        {
            CheckpointSource source = checkpoint.Source!;
            throw new CheckpointInputException(source.File, source.OwnLines[Math.Min(e.Line, source.OwnLines.Count - 1)], 1, $"{e.Message}; begin without --resume");
        }
    }

    private static async Task<ExplorationResult> RunAll(PartPool pool, int count, CheckpointFile? checkpoints)
    {
        if (checkpoints?.Resumed is { } resumed)
        {
            pool.Continue(resumed);
        }

        await pool.Run(count).ConfigureAwait(false);
        return pool.Result();
    }

    private static async Task<ExplorationResult> RunReduced(
        ReducedSearch search, ExploreOptions options, int count, CheckpointFile? checkpoints, Action<ExploreProgress> progress,
        CancellationToken cancellation)
    {
        Checkpoint? resumed = checkpoints?.Resumed;
        if (resumed is not null)
        {
            search.Continue(resumed.Knowledge, resumed.StartedOver);
        }
        else if (await Task.Run(() => search.Begin(progress, () => cancellation.IsCancellationRequested), CancellationToken.None)
            .ConfigureAwait(false) is { } whole)
        {
            return whole;
        }

        while (true)
        {
            PartPool pool = new(options, progress, cancellation)
            {
                PartCount = search.PartCount,
                AreNumberedApart = true,
                RunPart = (part, max, told, cancelled) =>
                {
                    ReducedPart done = search.RunPart((int)part, max, told, cancelled);
                    return (done.Result, done.ShowedMore ? done : null);
                },
                Checkpoints = checkpoints,
                Complete = checkpoint => checkpoint with { Knowledge = search.Knowledge, StartedOver = search.StartedOver },
            };
            if (resumed is not null)
            {
                pool.Continue(resumed);
                resumed = null;
            }

            await pool.Run(count).ConfigureAwait(false);
            if (pool.ShowedMore is not { } more)
            {
                ExplorationResult result = pool.Result();
                return result with { StartedOver = search.StartedOver };
            }

            search.StartOver(more);
        }
    }
}
