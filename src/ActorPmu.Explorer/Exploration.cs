using System.Runtime.InteropServices;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Runs schedules, one after the other, and folds what they show.</summary>
/// <remarks>
/// A host that has threads gives each worker ranges (<see cref="RunRange"/>) and puts the results together in the order of the ranges
/// (<see cref="Merge"/>): the outcome is that of one worker, to the byte.
/// </remarks>
public sealed class Exploration
{
    private readonly Func<Subject> _build;
    private readonly ExploreOptions _options;

    /// <summary>Makes an exploration.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run.</param>
    public Exploration(Func<Subject> build, ExploreOptions options)
    {
        _build = build ?? throw new ArgumentNullException(nameof(build));
        _options = options ?? throw new ArgumentNullException(nameof(options));
    }

    /// <summary>Explores a machine with one worker.</summary>
    /// <param name="build">Makes the machine of one schedule, always the same.</param>
    /// <param name="endCheck">Looks at a machine whose run ended by itself, after the machine's own checks; null for nothing.</param>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public static ExplorationResult Run(
        Func<Machine> build,
        Action<Machine, RunEnd>? endCheck,
        ExploreOptions options,
        Action<ExploreProgress>? progress = null,
        Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new Exploration(() => Subject.Of(build(), endCheck), options).Run(progress, cancelled);
    }

    /// <summary>Explores with one worker, up to the bound on schedules.</summary>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult Run(Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null) =>
        RunRange(0, _options.SchedulesMax, progress, cancelled);

    /// <summary>Runs a range of schedules. Only strategies that are indexed can start elsewhere than at 0.</summary>
    /// <param name="first">The number of the first schedule.</param>
    /// <param name="count">How many to run at most.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult RunRange(long first, long count, Action<ExploreProgress>? progress = null, Func<bool>? cancelled = null)
    {
        IStrategy strategy = _options.Strategy();
        if (first != 0 && !strategy.IsIndexed)
        {
            throw new ArgumentException($"strategy {strategy.Name} goes through its schedules in order: it cannot start at {first}", nameof(first));
        }

        return strategy is StatesStrategy && _build().CanGoBack
            ? new LevelSearch(_build, _options).Run(count, progress, cancelled)
            : RunWith(strategy, first, count, progress, cancelled);
    }

    /// <summary>Runs schedules of a strategy.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="first">The number of the first schedule.</param>
    /// <param name="count">How many to run at most.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <param name="endsWhereItStartsOver">Whether it ends where the strategy would have all run again.</param>
    internal ExplorationResult RunWith(
        IStrategy strategy, long first, long count, Action<ExploreProgress>? progress, Func<bool>? cancelled, bool endsWhereItStartsOver = false)
    {
        Tally tally = new(first) { Collector = _options.Covers ? new CoverageCollector() : null };
        RunTrace trace = new() { IsPrintedElsewhere = strategy.Fingerprint is not null };
        Subject? last = null;
        for (long k = first; tally.Schedules < count; k++)
        {
            if (cancelled is not null && cancelled())
            {
                tally.Interrupted = true;
                break;
            }

            if (!strategy.Begin(k))
            {
                tally.Exhausted = strategy.IsExhausted;
                break;
            }

            last = SubjectFor(strategy, trace, last);
            RunOne(strategy, last, trace, tally, k);
            if (endsWhereItStartsOver && strategy.StartsOver && !tally.HasViolation)
            {
                return tally.Result();
            }

            if (progress is not null && tally.Schedules % _options.ProgressEvery == 0)
            {
                progress(tally.Progress);
            }

            if (tally.HasViolation && !_options.KeepGoing)
            {
                tally.Stopped = true;
                break;
            }
        }

        // The bound may fall on the last schedule that there is: that is a complete search.
        if (tally.Schedules == count && !tally.Stopped && !strategy.IsIndexed && !strategy.Begin(first + count + tally.Abandoned))
        {
            tally.Exhausted = strategy.IsExhausted;
        }

        tally.States = strategy.States;
        tally.DelaysCovered = strategy.DelaysCovered;
        return tally.Result();
    }

    /// <summary>Puts the results of neighbouring ranges together.</summary>
    /// <param name="parts">The parts in the order of their ranges; what follows a part that stopped at a violation is left out.</param>
    public static ExplorationResult Merge(IReadOnlyList<ExplorationResult> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Tally tally = new(parts.Count > 0 ? parts[0].First : 0);
        tally.Expect(parts.Sum(p => p.Traces.Count));
        foreach (ExplorationResult part in parts)
        {
            tally.Add(part);
            if (part.StoppedAtViolation)
            {
                break;
            }
        }

        return tally.Result();
    }

    // Where steps can be taken back, the last run's subject goes on from where this run leaves it.
    private Subject SubjectFor(IStrategy strategy, RunTrace trace, Subject? last)
    {
        bool canGoBack = trace.IsPrintedElsewhere && !_options.Covers;
        if (canGoBack && last is { CanGoBack: true } && strategy.Again > 0)
        {
            last.World.TakeBackTo(strategy.Again);
            trace.GoBackTo(strategy.Again);
            strategy.GoOn();
            return last;
        }

        trace.Clear();
        Subject subject = _build();
        if (canGoBack && subject.CanGoBack)
        {
            subject.World.KeepWay();
        }

        return subject;
    }

    private void RunOne(IStrategy strategy, Subject subject, RunTrace trace, Tally tally, long schedule)
    {
        IReadOnlyList<Violation> violations;
        try
        {
            IStepObserver observer = tally.Collector is { } collector ? collector.Begin(subject, trace) : trace;
            RunEnd end = subject.World.Run(strategy, _options.StepsMax, observer);
            trace.Close(end);

            // Before anybody looks at everything there is: that is no part of the last step.
            strategy.Ended(trace);
            trace.Fingerprint = strategy.Fingerprint ?? trace.Fingerprint;
            tally.Collector?.End(subject, end != RunEnd.Abandoned);
            violations = subject.Judge(end);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new RunCrashException(schedule, [.. trace.Choices], e);
        }

        if (trace.End == RunEnd.Abandoned && !strategy.StartsOver)
        {
            tally.Abandoned++;
            return;
        }

        if (strategy.StartsOver && (violations.Count == 0 || _options.KeepGoing))
        {
            tally.Clear();
            return;
        }

        tally.Add(schedule, subject, trace, violations);
        tally.Width = Math.Max(tally.Width, strategy.Width);
    }

    /// <summary>A sum of schedules, and of results of ranges in their order.</summary>
    internal sealed class Tally(long first)
    {
        private readonly List<ulong> _traces = [];
        private readonly List<bool> _repeated = [];
        private readonly Dictionary<ulong, int> _seen = [];
        private readonly List<FoundViolation> _violations = [];
        private ulong _digest;
        private long _stepsTotal;
        private long _stepsLongest;
        private long _stepBoundHits;
        private long _deadlocks;
        private long _shared;
        private long _muxBound;
        private int _seenOnce;
        private CoverageSheet? _coverage;

        public CoverageCollector? Collector { get; init; }

        public long Schedules { get; private set; }

        public long Abandoned { get; set; }

        public long StartedOver { get; private set; }

        public long? States { get; set; }

        public bool Stopped { get; set; }

        public bool Interrupted { get; set; }

        public bool Exhausted { get; set; }

        public int Width { get; set; }

        public int? DelaysCovered { get; set; }

        public bool HasViolation => _violations.Count > 0;

        public ExploreProgress Progress => new(Schedules, _stepsTotal, _traces.Count, _violations.Count)
        {
            Abandoned = Abandoned,
            StepsLongest = _stepsLongest,
            TracesSeenOnce = _seenOnce,
        };

        public void Add(long schedule, Subject subject, RunTrace trace, IReadOnlyList<Violation> violations)
        {
            Schedules++;
            _stepsTotal += trace.Steps;
            _stepsLongest = Math.Max(_stepsLongest, trace.Steps);
            _stepBoundHits += trace.End == RunEnd.StepBound ? 1 : 0;
            _deadlocks += trace.End == RunEnd.Deadlock ? 1 : 0;
            _shared += subject.Machine is { Shared: > 0 } ? 1 : 0;
            _muxBound += subject.Machine is { MuxBoundHit: true } ? 1 : 0;
            AddTrace(trace.Fingerprint, again: false);
            for (int i = 0; i < violations.Count; i++)
            {
                // A schedule counts once for each signature.
                string signature = violations[i].Signature;
                if (!violations.Take(i).Any(v => v.Signature == signature))
                {
                    AddViolation(new FoundViolation(violations[i], schedule, [.. trace.Choices], 1));
                }
            }
        }

        /// <summary>Makes room for so many traces.</summary>
        public void Expect(int traces)
        {
            _traces.EnsureCapacity(traces);
            _repeated.EnsureCapacity(traces);
            _seen.EnsureCapacity(traces);
        }

        public void Clear()
        {
            _traces.Clear();
            _repeated.Clear();
            _seen.Clear();
            _seenOnce = 0;
            Width = 0;
            _violations.Clear();
            (_digest, _stepsTotal, _stepsLongest, _stepBoundHits, _deadlocks, _shared, _muxBound) = (0, 0, 0, 0, 0, 0, 0);
            Schedules = 0;
            Abandoned = 0;
            StartedOver++;
        }

        public void Add(ExplorationResult part)
        {
            Schedules += part.Schedules;
            Abandoned += part.Abandoned;
            StartedOver += part.StartedOver;
            States ??= part.States;
            _stepsTotal += part.StepsTotal;
            _stepsLongest = Math.Max(_stepsLongest, part.StepsLongest);
            _stepBoundHits += part.StepBoundHits;
            _deadlocks += part.Deadlocks;
            _shared += part.SharedSchedules;
            _muxBound += part.MuxBoundSchedules;
            Stopped |= part.StoppedAtViolation;
            Interrupted |= part.Interrupted;
            Exhausted |= part.Exhausted;
            Width = Math.Max(Width, part.Width);
            DelaysCovered ??= part.DelaysCovered;
            if (part.Coverage is { } covered)
            {
                (_coverage ??= new CoverageSheet()).Add(covered);
            }

            for (int i = 0; i < part.Traces.Count; i++)
            {
                AddTrace(part.Traces[i], part.Repeated[i]);
            }

            foreach (FoundViolation v in part.Violations)
            {
                AddViolation(v);
            }
        }

        public ExplorationResult Result() => new()
        {
            First = first,
            Schedules = Schedules,
            Abandoned = Abandoned,
            StartedOver = StartedOver,
            States = States,
            StepsTotal = _stepsTotal,
            StepsLongest = _stepsLongest,
            Traces = _traces,
            Repeated = _repeated,
            Width = Width,
            DelaysCovered = DelaysCovered,
            Digest = _digest,
            Violations = _violations,
            StepBoundHits = _stepBoundHits,
            Deadlocks = _deadlocks,
            SharedSchedules = _shared,
            MuxBoundSchedules = _muxBound,
            StoppedAtViolation = Stopped,
            Interrupted = Interrupted,
            Exhausted = Exhausted,
            Coverage = Collector?.Result() ?? _coverage,
        };

        private void AddTrace(ulong fingerprint, bool again)
        {
            ref int at = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, fingerprint, out bool known);
            if (!known)
            {
                at = _traces.Count;
                _traces.Add(fingerprint);
                _repeated.Add(again);
                _seenOnce += again ? 0 : 1;
                _digest += fingerprint;
            }
            else if (!_repeated[at])
            {
                _repeated[at] = true;
                _seenOnce--;
            }
        }

        private void AddViolation(FoundViolation found)
        {
            string signature = found.Violation.Signature;
            int at = _violations.FindIndex(v => v.Violation.Signature == signature);
            if (at < 0)
            {
                _violations.Add(found);
            }
            else
            {
                _violations[at] = _violations[at] with { Schedules = _violations[at].Schedules + found.Schedules };
            }
        }
    }
}
