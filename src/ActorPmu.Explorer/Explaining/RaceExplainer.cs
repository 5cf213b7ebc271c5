using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Finds what a violation hangs on, by counterfactual: turns one race round, or one answer, and looks whether anything is still wrong.</summary>
/// <remarks>
/// The run is made again with the later of two racing deliveries first and all that does not follow from the earlier one as it was; then what
/// follows, in the order of the recording, and on to the end. The pair whose sides change the same field wins over others, then a pair at a context
/// or processor, then the latest. Where no pair does, other schedules, picked by chance, say whether the order matters at all.
/// Meant for runs that have been made short: it makes a run for each race.
/// </remarks>
public sealed class RaceExplainer
{
    private const int PairsMax = 300;
    private const int UncertainPairsMax = 50;
    private const int OthersMax = 100;
    private const int CompletionsMax = 8;
    private const long StepsBeyond = 10;

    // Above this a run has not been made short, and to look for what processors do at the same time would take too long.
    private const int LocklessStepsMax = 1_000;

    private readonly Func<Subject> _build;
    private readonly RunRecording _recording;
    private readonly long _stepsMax;
    private readonly ulong _seed;
    private readonly List<RecordedStep> _deliveries;
    private readonly List<DeliveryName> _names = [];
    private readonly Dictionary<DeliveryName, IReadOnlyList<int>> _inside = [];

    private RaceExplainer(Func<Subject> build, RunRecording recording, long stepsMax, ulong seed)
    {
        _build = build;
        _recording = recording;
        _seed = seed;
        _deliveries = [.. recording.Steps.Where(s => s.Choice.Kind == ChoiceKind.Deliver)];
        _stepsMax = Math.Min(stepsMax, (_deliveries.Count * StepsBeyond) + 1_000);
        NameDeliveries();
    }

    /// <summary>Explains a run.</summary>
    /// <param name="build">Makes what was run.</param>
    /// <param name="recording">The run, with a violation.</param>
    /// <param name="stepsMax">The bound on the steps of a run.</param>
    /// <param name="seed">The seed of the schedules that are picked by chance.</param>
    /// <returns>The explanation; the same for the same arguments.</returns>
    public static Explanation Explain(Func<Subject> build, RunRecording recording, long stepsMax, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(recording);
        return new RaceExplainer(build, recording, stepsMax, seed).Explain();
    }

    private Explanation Explain()
    {
        Pair[] pairs =
        [
            .. _recording.Races.Concat(Further()).Concat(Lockless()).Concat(Undelivered()).Distinct().Select(PairOf)
                .OrderByDescending(p => p.Both.Count > 0)
                .ThenByDescending(p => p.Race.Receiver.Kind is not (ActorKind.Pmu or ActorKind.Allocator or ActorKind.Task))
                .ThenByDescending(p => p.Race.Undelivered is null ? p.Race.Later : p.Race.Earlier).ThenByDescending(p => p.Race.Earlier)
                .Take(PairsMax),
        ];
        return FromPairs(pairs, 0, 0) ?? FromAnswers(pairs.Length) ?? FromPairs([.. pairs.Take(UncertainPairsMax)], 1, CompletionsMax) ?? FromOthers(pairs.Length);
    }

    private Explanation? FromPairs(Pair[] pairs, int completionFirst, int completionLast)
    {
        for (int i = 0; i < pairs.Length; i++)
        {
            if (IsGoodTurned(pairs[i].Race, completionFirst, completionLast))
            {
                return new Explanation(Cause.Race)
                {
                    Race = pairs[i].Race,
                    Both = pairs[i].Both,
                    ByEarlier = pairs[i].ByEarlier,
                    ByLater = pairs[i].ByLater,
                    LaterSentIn = pairs[i].Race.Undelivered?.SentIn ?? At(pairs[i].Race.Later).CausedBy,
                    PairsTried = i + 1,
                    IsCertain = completionFirst == 0,
                };
            }
        }

        return null;
    }

    // The last answer that was not the plain one, answered plainly.
    private Explanation? FromAnswers(int tried)
    {
        RecordedStep[] special = [.. _recording.Steps.Where(s => s.Choice is { Kind: ChoiceKind.Inside, Option: > 0 } && s.Step > 0)];
        foreach (RecordedStep answer in special.Reverse())
        {
            DeliveryName at = _names[(int)answer.Step - 1];
            int index = _recording.Steps.Where(s => s.Choice.Kind == ChoiceKind.Inside && s.Step == answer.Step).TakeWhile(s => !ReferenceEquals(s, answer)).Count();
            int[] plain = [.. _inside[at]];
            plain[index] = 0;
            Dictionary<DeliveryName, IReadOnlyList<int>> inside = new(_inside) { [at] = plain };
            if (IsGood(new Reordered(_names, inside, null)))
            {
                return new Explanation(Cause.Answer)
                {
                    AnswerStep = answer.Step,
                    Question = answer.Label,
                    PairsTried = tried,
                };
            }
        }

        return null;
    }

    private Explanation FromOthers(int tried)
    {
        int broken = 0;
        RandomStrategy chance = new(_seed);
        for (int k = 0; k < OthersMax; k++)
        {
            chance.Begin(k);
            Subject subject = _build();
            RunEnd end = subject.World.Run(chance, _stepsMax);
            broken += subject.Judge(end).Count > 0 ? 1 : 0;
        }

        return new Explanation(broken == OthersMax ? Cause.None : Cause.Several)
        {
            PairsTried = tried,
            OthersTried = OthersMax,
            OthersBroken = broken,
        };
    }

    // What comes after the recorded deliveries may go wrong in its own way, as where a script does the same again: another end of the run may be good.
    private bool IsGoodTurned(Race race, int completionFirst, int completionLast)
    {
        for (int k = completionFirst; k <= completionLast; k++)
        {
            if (IsGood(Turned(race, k == 0 ? null : new SeededRandom(_seed, (ulong)k))))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsGood(Reordered chooser)
    {
        Subject subject = _build();
        RunEnd end = subject.World.Run(chooser, _stepsMax);
        return end == RunEnd.Finished && subject.Judge(end).Count == 0;
    }

    // A race is with the latest delivery before which it could have been; to come before an earlier one may be what matters.
    private IEnumerable<Race> Further()
    {
        if (_deliveries.Count > LocklessStepsMax)
        {
            yield break;
        }

        bool[][] follows = [.. _deliveries.Select(d => FollowsFrom(d.Step))];
        foreach (RecordedStep later in _deliveries)
        {
            for (long step = later.Step - 1; step > later.CausedBy; step--)
            {
                RecordedStep earlier = At(step);
                bool sameChannel = earlier.From == later.From && earlier.Lane == later.Lane;
                if (earlier.To == later.To && !sameChannel && !follows[step - 1][later.CausedBy])
                {
                    yield return new Race(step, later.Step, later.To);
                }
            }
        }
    }

    // Processors also meet in what they touch without a lock: no actor is there to receive both. Each step on a processor, with the latest on
    // another that is not before it, and with the operations of tasks there that are not.
    private IEnumerable<Race> Lockless()
    {
        if (_deliveries.Count > LocklessStepsMax)
        {
            yield break;
        }

        bool[][] follows = [.. _deliveries.Select(d => FollowsFrom(d.Step))];
        foreach (RecordedStep later in _deliveries.Where(d => d.To.Kind == ActorKind.Cpu))
        {
            bool isFirst = true;
            for (long step = later.Step - 1; step >= 1; step--)
            {
                RecordedStep earlier = At(step);
                if (earlier.To.Kind != ActorKind.Cpu || earlier.To == later.To || follows[step - 1][later.Step])
                {
                    continue;
                }

                if (isFirst || earlier.From.Kind == ActorKind.Task)
                {
                    yield return new Race(step, later.Step, earlier.To) { LaterReceiver = later.To };
                }

                isFirst = false;
            }
        }
    }

    // What was sent and did not arrive in time: each delivery at its receiver since then came before it.
    private IEnumerable<Race> Undelivered() =>
        from pending in _recording.Pending
        from step in _deliveries
        where step.To == pending.To && step.Step > pending.SentIn
        select new Race(step.Step, 0, pending.To) { Undelivered = pending };

    // Which steps come after one in the happens-before order, itself included; an exempted one does not, whatever leads to it.
    private bool[] FollowsFrom(long first, long exempted = 0)
    {
        bool[] follows = new bool[_deliveries.Count + 1];
        HashSet<ActorId> receivers = [];
        for (long step = first; step <= _deliveries.Count; step++)
        {
            RecordedStep s = At(step);
            follows[step] = step == first || (step != exempted && (follows[s.CausedBy] || receivers.Contains(s.To)));
            if (follows[step])
            {
                receivers.Add(s.To);
            }
        }

        return follows;
    }

    // All that the earlier one did not lead to keeps its place; what it led to comes after the later one.
    private Reordered Turned(Race race, SeededRandom? beyond)
    {
        DeliveryName earlier = Name(race.Earlier);
        if (race.Undelivered is { } pending)
        {
            DeliveryName first = new(pending.From, pending.To, pending.Lane, pending.Sequence);
            return new Reordered([.. _names.Take((int)race.Earlier - 1), first, .. _names.Skip((int)race.Earlier - 1)], _inside, (first, earlier)) { Beyond = beyond };
        }

        bool[] follows = FollowsFrom(race.Earlier, race.Later);
        List<DeliveryName> order = [.. _names.Take((int)race.Earlier - 1)];
        for (long step = race.Earlier; step <= race.Later; step++)
        {
            if (!follows[step])
            {
                order.Add(Name(step));
            }
        }

        order.AddRange(_names.Skip((int)race.Earlier - 1));
        return new Reordered(order, _inside, (Name(race.Later), earlier)) { Beyond = beyond };
    }

    private Pair PairOf(Race race)
    {
        (List<StateChange> earlier, List<StateChange> later) = (ChangedBy(race.Earlier), race.Later == 0 ? [] : ChangedBy(race.Later));
        string[] both = Places(earlier, c => c.IsShared && !c.IsDetail).Intersect(Places(later, c => c.IsShared && !c.IsDetail), StringComparer.Ordinal).ToArray();
        return new Pair(
            race,
            both.Length > 0 ? both : [.. Places(earlier, c => c.IsShared).Intersect(Places(later, c => c.IsShared), StringComparer.Ordinal)],
            [.. Places(earlier, c => c.IsShared && !c.IsDetail)],
            [.. Places(later, c => c.IsShared && !c.IsDetail)]);
    }

    private static IEnumerable<string> Places(List<StateChange> changes, Func<StateChange, bool> which) =>
        changes.Where(which).Select(c => c.Place).Distinct(StringComparer.Ordinal);

    // What a delivery led to until its sender had its answer, or came back to the same receiver: the section of a lock, the handling of an IPI.
    private List<StateChange> ChangedBy(long of)
    {
        RecordedStep first = At(of);
        bool isLock = first.To.Kind is ActorKind.Context or ActorKind.Mutex;
        HashSet<long> section = [of];
        List<StateChange> changes = [];
        for (long step = of; step <= _deliveries.Count; step++)
        {
            RecordedStep s = At(step);
            if (step != of && !section.Contains(s.CausedBy))
            {
                continue;
            }

            changes.AddRange(s.Fields);
            bool isBack = step != of && (isLock ? s.To == first.To && s.From == first.From : s.To == first.From || s.To.Kind == ActorKind.Task);
            if (!isBack)
            {
                section.Add(step);
            }
        }

        return changes;
    }

    private void NameDeliveries()
    {
        Dictionary<(ActorId From, ActorId To, Lane Lane), int> counts = [];
        List<int>? inside = null;
        foreach (RecordedStep s in _recording.Steps)
        {
            if (s.Choice.Kind == ChoiceKind.Inside)
            {
                inside?.Add(s.Choice.Option);
                continue;
            }

            int sequence = counts.GetValueOrDefault((s.From, s.To, s.Lane));
            counts[(s.From, s.To, s.Lane)] = sequence + 1;
            DeliveryName name = new(s.From, s.To, s.Lane, sequence);
            _names.Add(name);
            _inside[name] = inside = [];
        }
    }

    private RecordedStep At(long step) => _deliveries[(int)step - 1];

    private DeliveryName Name(long step) => _names[(int)step - 1];

    private sealed record Pair(Race Race, IReadOnlyList<string> Both, IReadOnlyList<string> ByEarlier, IReadOnlyList<string> ByLater);
}
