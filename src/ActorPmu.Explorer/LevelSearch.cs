using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Every state once, those first that take fewest steps: for actors that can be put back to where they were.</summary>
/// <remarks>
/// A state is written down when it is found, taken up once, and left in each direction by one step, which is taken back. A step changes its receiver and
/// channels, and so does the fingerprint. What a violation takes is as short as can be. An end is a state here, and is counted and judged once;
/// a step to a state that was known counts as a run given up.
/// </remarks>
internal sealed class LevelSearch : IChooser
{
    private const int AskedEvery = 1_024;
    private readonly Func<Subject> _build;
    private readonly ExploreOptions _options;
    private readonly Subject _subject;
    private readonly World _world;
    private readonly StateSet _states = new();
    private readonly WorldStates _open = new();
    private readonly ChoicePath _answers = new([]);

    // Of each state, in the order in which they were found: from which one a step leads there, and the how manieth of its steps.
    private readonly List<(int From, int Way)> _found = [];
    private readonly List<StateHash> _names = [];
    private readonly List<Actor> _receivers = [];
    private readonly List<FoundViolation> _violations = [];
    private readonly ulong[] _marks = new ulong[3];
    private int[] _channels = [];
    private StateHash _here;
    private ulong _digest;
    private long _ends;
    private long _deadlocks;
    private long _known;
    private long _steps;
    private long _depth;
    private long _cut;
    private bool _hasBegun;

    /// <summary>Makes a search.</summary>
    /// <param name="build">Makes what one schedule runs, always the same.</param>
    /// <param name="options">How to run; the strategy is not asked.</param>
    public LevelSearch(Func<Subject> build, ExploreOptions options)
    {
        (_build, _options, _subject) = (build, options, build());
        _world = _subject.World;
    }

    /// <summary>Searches.</summary>
    /// <param name="endsMax">The bound on ends.</param>
    /// <param name="progress">Told now and then how far it is, or null.</param>
    /// <param name="cancelled">Asked now and then whether to end, or null.</param>
    public ExplorationResult Run(long endsMax, Action<ExploreProgress>? progress, Func<bool>? cancelled)
    {
        _world.Begin(this);
        _hasBegun = true;
        _here = WholeState();
        Find(-1, 0);
        int levelEnd = _found.Count;
        int taken = 0;
        bool interrupted = false;
        while (_open.Count > 0 && !IsStopped(endsMax))
        {
            if (taken % AskedEvery == 0)
            {
                progress?.Invoke(new ExploreProgress(_ends, _steps, 0, _violations.Count) { Abandoned = _known, StepsLongest = _depth });
                if (cancelled is not null && cancelled())
                {
                    interrupted = true;
                    break;
                }
            }

            _world.Load(_open, _marks);
            (int from, _here) = ((int)_marks[0], new StateHash(_marks[1], _marks[2]));
            if (from >= levelEnd)
            {
                (levelEnd, _depth) = (_found.Count, _depth + 1);
            }

            if (_depth >= _options.StepsMax)
            {
                _cut++;
            }
            else
            {
                GoOn(from, _here, endsMax);
            }

            taken++;
        }

        return Result(interrupted, exhausted: _open.Count == 0 && !IsStopped(endsMax));
    }

    int IChooser.Pick(World world, ReadOnlySpan<int> enabled) => throw new InvalidOperationException("steps are taken one by one");

    int IChooser.Choose(ActorId by, int optionCount, string what) => _hasBegun
        ? _answers.Answer(optionCount)
        : throw new InvalidOperationException($"{by} asks «{what}» before the first step: a search that takes steps back knows only choices inside steps");

    private bool IsStopped(long endsMax) => _ends >= endsMax || (_violations.Count > 0 && !_options.KeepGoing);

    private ExplorationResult Result(bool interrupted, bool exhausted) => new()
    {
        Schedules = _ends,
        Abandoned = _known,
        States = _states.Count,
        StepsTotal = _steps,
        StepsLongest = _depth,
        Digest = _digest,
        Deadlocks = _deadlocks,
        StepBoundHits = _cut,
        Violations = _violations,
        StoppedAtViolation = _violations.Count > 0 && !_options.KeepGoing,
        Interrupted = interrupted,
        Exhausted = exhausted,
    };

    private void GoOn(int from, StateHash start, long endsMax)
    {
        int way = 0;
        ReadOnlySpan<int> open = _world.Open(out _);
        if (_channels.Length < open.Length)
        {
            _channels = new int[2 * open.Length];
        }

        open.CopyTo(_channels);
        for (int i = 0, count = open.Length; i < count; i++)
        {
            int channel = _channels[i];
            _answers.BeginFirst();
            do
            {
                Step(channel, start);
                Find(from, way++);
                _world.TakeBack();
                if (IsStopped(endsMax))
                {
                    return;
                }
            }
            while (_answers.BeginNext());
        }
    }

    private void Step(int channel, StateHash start)
    {
        Actor receiver = ReceiverOf(channel);
        StateHash change = default;
        change -= HashOf(receiver);
        change -= HashOf(channel, _world.Waiting(channel));
        _world.Step(channel, this);
        _answers.End();
        _steps++;
        change += HashOf(receiver);
        change += HashOf(channel, _world.Waiting(channel));
        ReadOnlySpan<int> sent = _world.SentInStep;
        for (int i = 0; i < sent.Length; i++)
        {
            // The last of those on one channel stands for them.
            int before = 0;
            bool isLast = true;
            for (int k = 0; k < sent.Length; k++)
            {
                before += sent[k] == sent[i] ? 1 : 0;
                isLast &= k <= i || sent[k] != sent[i];
            }

            if (isLast && sent[i] != channel)
            {
                int now = _world.Waiting(sent[i]);
                change += HashOf(sent[i], now) - HashOf(sent[i], now - before);
            }
        }

        _here = start + change;
    }

    private void Find(int from, int way)
    {
        _world.Open(out RunEnd? end);
        StateHash state = _here;
        if (end == RunEnd.Halted)
        {
            state.Add((ulong)end);
        }

        if (!_states.Add(state))
        {
            _known++;
            return;
        }

        _digest += state.First;
        _found.Add((from, way));
        if (end is null)
        {
            _world.Save(_open, [(ulong)(_found.Count - 1), _here.First, _here.Second]);
            return;
        }

        _ends++;
        _deadlocks += end == RunEnd.Deadlock ? 1 : 0;
        if (_subject.Judge(end.Value).Count > 0)
        {
            Tell(_found.Count - 1);
        }
    }

    // The way to a state, once more with fresh objects: that shows, too, whether going back left something behind.
    private void Tell(int state)
    {
        List<Choice> choices = ChoicesTo(state);
        Subject subject = _build();
        ReplayChooser chooser = new(choices);
        RunEnd end = subject.World.Run(chooser, _options.StepsMax);
        IReadOnlyList<Violation> violations = subject.Judge(end);
        if (violations.Count == 0 || chooser.Divergence is not null)
        {
            throw new InvalidOperationException("a state violates something that is well when it is come to from the start: some actor or judge keeps what is not in its numbers");
        }

        foreach (Violation violation in violations)
        {
            int at = _violations.FindIndex(v => v.Violation.Signature == violation.Signature);
            if (at < 0)
            {
                _violations.Add(new FoundViolation(violation, _ends - 1, choices, 1));
            }
            else
            {
                _violations[at] = _violations[at] with { Schedules = _violations[at].Schedules + 1 };
            }
        }
    }

    private List<Choice> ChoicesTo(int state)
    {
        List<int> ways = [];
        for (int at = state; _found[at].From >= 0; at = _found[at].From)
        {
            ways.Add(_found[at].Way);
        }

        ways.Reverse();
        List<Choice> choices = [];
        World world = _build().World;
        world.Begin();
        foreach (int way in ways)
        {
            int[] channels = world.Open(out _).ToArray();
            int left = way;
            bool isThere = false;
            for (int picked = 0; !isThere; picked++)
            {
                _answers.BeginFirst();
                do
                {
                    world.Step(channels[picked], this);
                    isThere = left-- == 0;
                    if (isThere)
                    {
                        choices.Add(new Choice(ChoiceKind.Deliver, picked, channels.Length));
                        choices.AddRange(_answers.Choices.Select(c => new Choice(ChoiceKind.Inside, c.Option, c.OptionCount)));
                    }
                    else
                    {
                        world.TakeBack();
                    }
                }
                while (!isThere && _answers.BeginNext());
            }
        }

        return choices;
    }

    private StateHash WholeState()
    {
        StateHash sum = default;
        foreach (Actor actor in _world.Actors)
        {
            sum += HashOf(actor);
        }

        foreach (int channel in _world.NonEmptyChannels)
        {
            sum += HashOf(channel, _world.Waiting(channel));
        }

        return sum;
    }

    private static StateHash HashOf(Actor actor)
    {
        StateHash hash = default;
        hash.Add(actor.Id);
        hash.Add(actor.AcceptMask);
        actor.AddState(ref hash);
        return hash;
    }

    private StateHash HashOf(int channel, int count)
    {
        if (count == 0)
        {
            return default;
        }

        NameUpTo(channel);
        StateHash hash = _names[channel];
        _world.AddMessages(channel, count, ref hash);
        return hash;
    }

    private Actor ReceiverOf(int channel)
    {
        NameUpTo(channel);
        return _receivers[channel];
    }

    private void NameUpTo(int channel)
    {
        for (int c = _names.Count; c <= channel; c++)
        {
            StateHash name = default;
            name.Add(_world.Sender(c));
            name.Add(_world.Receiver(c));
            name.Add((ulong)_world.LaneOf(c));
            _names.Add(name);
            _receivers.Add(_world.Find(_world.Receiver(c))!);
        }
    }
}
