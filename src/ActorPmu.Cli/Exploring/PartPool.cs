using ActorPmu.Explorer;

namespace ActorPmu.Cli.Exploring;

/// <summary>Runs numbered parts of a search on threads, and folds their results in order: as if one thread had run them one after the other.</summary>
/// <remarks>What lies behind the first part that ended the search does not count, whoever ran it.</remarks>
internal sealed class PartPool(ExploreOptions options, Action<ExploreProgress> progress, CancellationToken cancellation)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Outcome> _waiting = [];
    private ExplorationMerge _merge = new();
    private readonly SortedDictionary<long, long> _running = [];
    private long _next;
    private long _merged;
    private long _last = long.MaxValue;
    private bool _ended;
    private bool _exhausted = true;
    private RunCrashException? _crash;

    /// <summary>How many parts there are.</summary>
    public required long PartCount { get; init; }

    /// <summary>Runs a part with a bound on its schedules, and tells how far it is; also gives what makes all parts obsolete, if it showed that.</summary>
    public required Func<long, long, Action<ExploreProgress>, Func<bool>, (ExplorationResult Result, ReducedPart? More)> RunPart { get; init; }

    /// <summary>Whether each part numbers its schedules from 0, and its result says whether it is exhausted.</summary>
    public bool AreNumberedApart { get; init; }

    /// <summary>What was put together before these parts, and goes on with them; for parts that follow from others.</summary>
    public ExplorationMerge Merge { get => _merge; init => _merge = value; }

    /// <summary>Whether it went through all parts.</summary>
    public bool IsThrough => _merged >= PartCount && !_merge.Result.StoppedAtViolation;

    /// <summary>Where it is written down how far it is, or null.</summary>
    public CheckpointFile? Checkpoints { get; init; }

    /// <summary>Adds to a checkpoint what the pool does not know.</summary>
    public Func<Checkpoint, Checkpoint> Complete { get; init; } = checkpoint => checkpoint;

    /// <summary>What came of the first part that makes all parts obsolete, or null.</summary>
    public ReducedPart? ShowedMore { get; private set; }

    /// <summary>Takes what another process had done.</summary>
    /// <param name="checkpoint">How far it had come.</param>
    /// <exception cref="CheckpointInputException">It has parts that there are not.</exception>
    public void Continue(Checkpoint checkpoint)
    {
        CheckParts(checkpoint);
        _merge.Add(checkpoint.Merged);
        _merged = _next = checkpoint.MergedParts;
        _ended = checkpoint.Merged.StoppedAtViolation || (_merge.Progress.Schedules >= options.SchedulesMax && _merged < PartCount);
        foreach ((long part, ExplorationResult result) in checkpoint.Others)
        {
            _waiting[part] = new Outcome(result, null, null);
        }

        Fold();
    }

    /// <summary>Runs all parts, or up to the one that ends the search.</summary>
    /// <param name="workers">How many threads.</param>
    public async Task Run(int workers)
    {
        Task[] all = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(Work, CancellationToken.None))];
        await Task.WhenAll(all).ConfigureAwait(false);
        if (_crash is not null)
        {
            throw _crash;
        }

        if (Checkpoints is not null && ShowedMore is null)
        {
            Checkpoints.Write(Complete(Here()));
        }
    }

    /// <summary>All that was found.</summary>
    public ExplorationResult Result()
    {
        bool all = _merged >= PartCount;
        if (!all && !_ended)
        {
            // It was told to end: what was done on the way is told too.
            foreach (Outcome outcome in _waiting.Values)
            {
                if (outcome.Result is { } result)
                {
                    _merge.Add(result, AreNumberedApart);
                }
            }
        }

        ExplorationResult merged = _merge.Result;
        return merged with { Exhausted = AreNumberedApart && all && _exhausted && !merged.StoppedAtViolation, Interrupted = !all && !_ended };
    }

    private void CheckParts(Checkpoint checkpoint)
    {
        int odd = 0;
        while (odd < checkpoint.Others.Count && checkpoint.Others[odd].Part < PartCount)
        {
            odd++;
        }

        if (checkpoint.MergedParts > PartCount || odd < checkpoint.Others.Count)
        {
            CheckpointSource source = checkpoint.Source!;
            throw new CheckpointInputException(
                source.File, checkpoint.MergedParts > PartCount ? source.MergedLine : source.OtherLines[odd], 1,
                $"this search has {PartCount} parts: there cannot be {(checkpoint.MergedParts > PartCount ? checkpoint.MergedParts : $"a part {checkpoint.Others[odd].Part}")}; begin without --resume");
        }
    }

    private void Work()
    {
        while (Take() is var part and >= 0)
        {
            Outcome outcome;
            try
            {
                (ExplorationResult result, ReducedPart? more) = RunPart(
                    part, options.SchedulesMax, here => Report(part, here.Schedules), () => cancellation.IsCancellationRequested || Volatile.Read(ref _ended));
                outcome = new Outcome(result, more, null);
            }
            catch (RunCrashException e)
            {
                outcome = new Outcome(null, null, e);
            }

            lock (_lock)
            {
                _waiting[part] = outcome;
                _running.Remove(part);
                if (outcome.Ends)
                {
                    _last = Math.Min(_last, part);
                }

                Fold();
                progress(Progress());
                if (Checkpoints is { IsDue: true } && !_ended)
                {
                    Checkpoints.Write(Complete(Here()));
                }
            }
        }
    }

    private long Take()
    {
        lock (_lock)
        {
            while (_waiting.ContainsKey(_next))
            {
                _next++;
            }

            return !_ended && _next <= _last && _next < PartCount && !cancellation.IsCancellationRequested ? _next++ : -1;
        }
    }

    private void Fold()
    {
        while (!_ended && _waiting.TryGetValue(_merged, out Outcome outcome) && outcome.Result?.Interrupted != true)
        {
            _waiting.Remove(_merged);
            (_crash, ShowedMore) = (outcome.Crash, outcome.More);
            if (_crash is not null || ShowedMore is not null)
            {
                _ended = true;
                return;
            }

            ExplorationResult result = outcome.Result!;
            long left = options.SchedulesMax - _merge.Progress.Schedules;
            if (result.Schedules > left)
            {
                // One worker would have stopped in the middle of it.
                result = RunPart(_merged, left, _ => { }, () => cancellation.IsCancellationRequested).Result;
            }

            _merge.Add(result, AreNumberedApart);
            _merged++;
            _exhausted &= result.Exhausted;
            _ended = result.StoppedAtViolation || (_merge.Progress.Schedules >= options.SchedulesMax && _merged < PartCount);
        }
    }

    private void Report(long part, long schedules)
    {
        lock (_lock)
        {
            _running[part] = schedules;
            progress(Progress());
        }
    }

    private ExploreProgress Progress()
    {
        ExploreProgress here = _merge.Progress;
        return here with
        {
            Schedules = here.Schedules + _waiting.Values.Sum(o => o.Result?.Schedules ?? 0) + _running.Values.Sum(),
            Jobs = AreNumberedApart ? ((int)(_merged + _waiting.Count), (int)PartCount) : (0, 0),
        };
    }

    private Checkpoint Here() => new()
    {
        Settings = Checkpoints!.Settings,
        MergedParts = _merged,
        Merged = _merge.Result,
        Others = [.. _waiting.Where(w => w.Value is { Result.Interrupted: false, More: null }).Select(w => (w.Key, w.Value.Result!))],
    };

    private readonly record struct Outcome(ExplorationResult? Result, ReducedPart? More, RunCrashException? Crash)
    {
        public bool Ends => Crash is not null || More is not null || Result!.StoppedAtViolation;
    }
}
