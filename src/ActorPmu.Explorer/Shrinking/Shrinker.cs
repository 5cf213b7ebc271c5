using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Makes a violating run short: delta debugging over its deliveries, with exploration inside.</summary>
/// <remarks>
/// A candidate leaves something out; the rest is followed by channel and kind of message, then the run goes on in canonical order, and
/// if that does not show the violation a few random schedules under the candidate's limits try. Only the same signature counts. What is
/// minimised is the number of deliveries, then of preemptions, then the distance from canonical order. The same input gives the same run.
/// Sources: Zeller, Hildebrandt, TSE 2002 (delta debugging); Scott et al., NSDI 2016 (re-exploration inside it).
/// </remarks>
public sealed class Shrinker
{
    private readonly Func<Subject> _build;
    private readonly ShrinkOptions _options;
    private readonly Func<bool>? _cancelled;
    private readonly string _signature;
    private Run _best;
    private int _runs;

    private Shrinker(Func<Subject> build, string signature, ShrinkOptions options, Func<bool>? cancelled)
    {
        _build = build;
        _signature = signature;
        _options = options;
        _cancelled = cancelled;
        _best = new Run([], [], long.MaxValue, int.MaxValue, long.MaxValue);
    }

    private bool IsOver => _runs >= _options.RunsMax || (_cancelled is not null && _cancelled());

    /// <summary>Shrinks the run of a violation. One that does not end has as many steps as the bound: there is nothing to gain, and it stays as it is.</summary>
    /// <param name="build">Makes what is run.</param>
    /// <param name="found">The violation.</param>
    /// <param name="options">How hard to try; null for the usual.</param>
    /// <param name="cancelled">Asked between runs whether to be content with what there is, or null.</param>
    /// <returns>The choices of the shorter run.</returns>
    /// <exception cref="NotDeterministicException">The run does not show the violation: the model is not deterministic.</exception>
    public static IReadOnlyList<Choice> Shrink(
        Func<Subject> build, FoundViolation found, ShrinkOptions? options = null, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.Violation.Property == Property.NoLivelock
            ? found.Choices
            : Shrink(build, found.Choices, found.Violation.Signature, options, cancelled).Choices;
    }

    /// <summary>Shrinks a run.</summary>
    /// <param name="build">Makes what is run.</param>
    /// <param name="choices">The run.</param>
    /// <param name="signature">The signature of its violation (<see cref="Violation.Signature"/>).</param>
    /// <param name="options">How hard to try; null for the usual.</param>
    /// <param name="cancelled">Asked between runs whether to be content with what there is, or null.</param>
    /// <exception cref="NotDeterministicException">The run does not show the violation: the model is not deterministic.</exception>
    public static ShrinkResult Shrink(
        Func<Subject> build, IReadOnlyList<Choice> choices, string signature, ShrinkOptions? options = null, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(choices);
        Shrinker shrinker = new(build, signature, options ?? new ShrinkOptions(), cancelled);
        shrinker.Start(choices);
        long before = shrinker._best.Steps;
        shrinker.Improve();
        Run best = shrinker._best;
        return new ShrinkResult(best.Choices, best.Steps, before, best.Preemptions, shrinker._runs);
    }

    // The given run, seen through an attempt that follows its choices to the letter.
    private void Start(IReadOnlyList<Choice> choices)
    {
        Subject subject = _build();
        Follow follow = new(new ReplayChooser(choices));
        RunEnd end = subject.World.Run(follow, _options.StepsMax);
        if (!subject.Judge(end).Any(v => v.Signature == _signature))
        {
            throw new NotDeterministicException($"the run does not show «{_signature}» again");
        }

        _best = follow.Made;
    }

    private void Improve()
    {
        Run before;
        do
        {
            before = _best;
            Reschedule(new SortedDictionary<ChannelName, int>());
            CapChannels();
            LeaveOut();
            RunOn();
        }
        while (_best != before && !IsOver);
    }

    // Whole schedules by chance, shorter than the best.
    private void Reschedule(SortedDictionary<ChannelName, int> caps)
    {
        for (int k = 0; k < _options.Reschedules && !IsOver; k++)
        {
            Try(new Attempt(_best.Steps - 1) { Caps = caps, Random = new SeededRandom(_options.Seed, (ulong)_runs) });
        }
    }

    // Fewer messages on a channel: an interrupt that need not come, an operation that a task need not reach.
    private void CapChannels()
    {
        foreach (ChannelName channel in Counts(_best).Keys.OrderBy(c => c.From.Kind == ActorKind.Environment ? 0 : 1).ThenBy(c => c))
        {
            foreach (Func<int, int> shorter in (ReadOnlySpan<Func<int, int>>)[_ => 0, n => n / 2, n => n - 1])
            {
                SortedDictionary<ChannelName, int> caps = Counts(_best);
                if (IsOver || !caps.TryGetValue(channel, out int count))
                {
                    break;
                }

                Run before = _best;
                caps[channel] = shorter(count);
                Try(new Attempt(_best.Steps - 1) { Wanted = _best.Made, Caps = caps });
                if (_best == before)
                {
                    Reschedule(caps);
                }
            }
        }
    }

    // Stretches of deliveries, from half of all down to single ones.
    private void LeaveOut()
    {
        for (int size = _best.Made.Count / 2; size >= 1; size /= 2)
        {
            int from = 0;
            while (from < _best.Made.Count && !IsOver)
            {
                int count = Math.Min(size, _best.Made.Count - from);
                if (!Try(new Attempt(_best.Steps) { Wanted = _best.Made, LeftOutFrom = from, LeftOutCount = count }))
                {
                    from += size;
                }
            }
        }
    }

    // Where the run broke into something under way: let that go on first.
    private void RunOn()
    {
        int at = 0;
        while (at < _best.Made.Count && !IsOver)
        {
            if (!_best.Made[at].Preempts || !Try(new Attempt(_best.Steps) { Wanted = _best.Made, RunOnAt = at }))
            {
                at++;
            }
        }
    }

    private bool Try(Attempt attempt)
    {
        _runs++;
        Subject subject = _build();
        RunEnd end = subject.World.Run(attempt, _options.StepsMax);
        Run run = Run.Of(attempt.Scribe);
        if (!run.IsBetterThan(_best) || !subject.Judge(end).Any(v => v.Signature == _signature))
        {
            return false;
        }

        _best = run;
        return true;
    }

    private static SortedDictionary<ChannelName, int> Counts(Run run)
    {
        SortedDictionary<ChannelName, int> counts = [];
        foreach (Delivery d in run.Made)
        {
            counts[d.Channel] = counts.GetValueOrDefault(d.Channel) + 1;
        }

        return counts;
    }

    private sealed record Run(IReadOnlyList<Choice> Choices, IReadOnlyList<Delivery> Made, long Steps, int Preemptions, long PickSum)
    {
        public static Run Of(Scribe scribe) =>
            new(scribe.Choices, scribe.Made, scribe.Made.Count, scribe.Preemptions, scribe.PickSum);

        public bool IsBetterThan(Run other) =>
            Steps != other.Steps ? Steps < other.Steps
            : Preemptions != other.Preemptions ? Preemptions < other.Preemptions
            : PickSum < other.PickSum;
    }

    // An attempt that is told each answer.
    private sealed class Follow(ReplayChooser replay) : IChooser
    {
        private readonly Scribe _scribe = new();

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            int position = replay.Pick(world, enabled);
            if (position >= 0)
            {
                _scribe.Note(world, enabled, position);
            }

            return position;
        }

        public int Choose(ActorId by, int optionCount, string what) =>
            _scribe.NoteInside(replay.Choose(by, optionCount, what), optionCount);

        public Run Made => Run.Of(_scribe);
    }
}
