using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>How races become other runs.</summary>
public enum Reduction
{
    /// <summary>Whole sequences are planned (wakeup trees): no two runs are equivalent, and none is given up on the way.</summary>
    Optimal,

    /// <summary>Single deliveries are planned (source sets): sound from any start with any sleep set, at the price of runs given up on the way.</summary>
    Source,

    /// <summary>Everything that is not asleep is tried: for comparison.</summary>
    SleepSets,
}

/// <summary>One run of each class of runs that differ only in the order of steps that do not depend on each other.</summary>
/// <remarks>
/// Stateless: a run begins at the start, goes along a prefix that is on the stack, and on from there. Source: Abdulla, Aronis, Jonsson,
/// Sagonas, «Source sets: a foundation for optimal dynamic partial order reduction», J. ACM 64(4), 2017. What is added here: acceptance (a message races with the latest earlier one
/// before which it would have been accepted, and so do those that were left over at the end), answers inside a step (each is a
/// continuation of its own), messages that commute (<see cref="Actor.Commutes"/>), and what steps share (<see cref="World.Footprint"/>).
/// </remarks>
public sealed class DporStrategy : IStrategy
{
    private readonly Reduction _reduction;
    private readonly Comparison<ChannelName>? _pickOrder;
    private readonly ChannelNumbers _channels = new();
    private readonly List<ReducedNode> _nodes = [];
    private readonly Stack<ReducedNode> _spare = [];
    private readonly List<int> _awake = [];
    private readonly RunOrder _order = new();
    private readonly KnownAccesses _known = new();
    private readonly List<int> _options = [];
    private readonly List<int> _optionCounts = [];
    private readonly ReductionJob _job = new([]);
    private readonly int _cutAt = int.MaxValue;
    private readonly List<ReductionJob> _jobs = [];
    private int[] _answers = [];
    private World? _world;
    private bool _isNewRun;
    private int _replayed;
    private int _depth;

    /// <summary>Makes the strategy.</summary>
    /// <param name="reduction">How races become other runs.</param>
    public DporStrategy(Reduction reduction = Reduction.Optimal)
        : this(reduction, null)
    {
    }

    /// <summary>Makes one that is free in another order: for tests that the order does not matter.</summary>
    /// <param name="reduction">How races become other runs.</param>
    /// <param name="pickOrder">Which of two channels is taken first; null for the canonical order, and for the order in which races asked.</param>
    internal DporStrategy(Reduction reduction, Comparison<ChannelName>? pickOrder) => (_reduction, _pickOrder) = (reduction, pickOrder);

    /// <summary>Makes one that cuts the search into parts: each is what follows on a prefix of that length, or a run that is shorter.</summary>
    /// <param name="cutAt">The length, 1 or more.</param>
    /// <param name="known">What is known of accesses.</param>
    internal DporStrategy(int cutAt, IReadOnlyList<KnownAccess> known)
        : this(Reduction.SleepSets, null)
    {
        _cutAt = cutAt;
        _known.Import(known, _channels);
    }

    /// <summary>Makes one that runs a part of a search. Only source sets are complete there: a part may begin with something asleep.</summary>
    /// <param name="job">The part.</param>
    /// <param name="known">What is known of accesses.</param>
    internal DporStrategy(ReductionJob job, IReadOnlyList<KnownAccess> known)
        : this(Reduction.Source, null)
    {
        _job = job;
        _known.Import(known, _channels);
    }

    /// <summary>The parts into which the search was cut, in order.</summary>
    internal IReadOnlyList<ReductionJob> Jobs => _jobs;

    /// <summary>All accesses that are known.</summary>
    internal IReadOnlyList<KnownAccess> Known => _known.Export(_channels);

    /// <inheritdoc/>
    public string Name => "dpor";

    /// <inheritdoc/>
    public bool IsIndexed => false;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public bool RunsOn => true;

    /// <inheritdoc/>
    public bool StartsOver => _known.HasGrown;

    /// <inheritdoc/>
    public ulong? Fingerprint => _order.Fingerprint;

    /// <inheritdoc/>
    public long Again => _replayed;

    /// <summary>Deliveries made for the first time: what is run again to get back to a place does not count.</summary>
    public long EventsExplored { get; private set; }

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _depth = 0;
        _isNewRun = true;
        if (schedule == 0 || _known.HasGrown)
        {
            _nodes.Clear();
            _jobs.Clear();
            _order.Truncate(0);
            _known.Begin();
            _replayed = 0;
            return true;
        }

        if (!TakeNext())
        {
            IsExhausted = true;
            return false;
        }

        _replayed = _nodes.Count - 1;
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (_isNewRun)
        {
            BeginIn(world);
        }

        if (_depth < _replayed)
        {
            return TakeAgain(world, enabled);
        }

        CloseLast(ends: false);
        if (_depth == _cutAt)
        {
            _jobs.Add(JobHere());
            return -1;
        }

        if (_depth == _nodes.Count && _depth < _job.Steps.Count)
        {
            AddNodeOf(_job.Steps[_depth], world, enabled);
        }
        else if (_depth == _nodes.Count && !AddNode(world, enabled))
        {
            return -1;
        }

        ReducedNode node = _nodes[_depth];
        for (int i = 0; i < enabled.Length; i++)
        {
            if (_channels.Of(world, enabled[i]) == node.Channel)
            {
                Deliver(world, node, enabled[i], i);
                return i;
            }
        }

        throw new InvalidOperationException("what a race asked for cannot be delivered");
    }

    /// <inheritdoc/>
    public void GoOn() => _depth = _replayed;

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what)
    {
        if (_depth == 0)
        {
            throw new InvalidOperationException($"{by} asks «{what}» before the first step: dpor knows only choices inside steps");
        }

        int option = _options.Count < _answers.Length ? _answers[_options.Count] : 0;
        _options.Add(option);
        _optionCounts.Add(optionCount);
        return option;
    }

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (_isNewRun || _depth == 0)
        {
            return;
        }

        if (_depth < _replayed)
        {
            throw new InvalidOperationException($"the run ended after {_depth} deliveries where {_replayed} had been made before");
        }

        if (trace.End != RunEnd.Abandoned)
        {
            CloseLast(ends: trace.End == RunEnd.Halted);
            if (_cutAt < int.MaxValue)
            {
                _jobs.Add(JobHere());
            }
        }

        if (_known.HasGrown)
        {
            return;
        }

        if (_reduction == Reduction.Optimal)
        {
            // Those of the prefix as well: what a race asks for is all of the run that does not follow from its earlier event, and the
            // rest of the run is another one each time. (Asking for less loses runs: 56 of 961 with five philosophers.)
            for (int i = 0; i < _order.Events.Count; i++)
            {
                PlanRaces(_order.Events[i]);
            }
        }

        if (_reduction != Reduction.SleepSets)
        {
            PlanPending(_world!, trace.End);
        }
    }

    private void BeginIn(World world)
    {
        _isNewRun = false;
        if (!ReferenceEquals(world, _world))
        {
            _channels.BeginRun();
            _world = world;
        }

        world.Footprint.IsOn = true;
        world.Footprint.Take();
    }

    // The prefix is the one before: only its last event is another one.
    private int TakeAgain(World world, ReadOnlySpan<int> enabled)
    {
        ReducedEvent e = _nodes[_depth].Event!;
        if (e.Position >= enabled.Length || _channels.Of(world, enabled[e.Position]) != e.Channel)
        {
            throw new NotDeterministicException($"delivery {_depth + 1} is not the one that was made there before");
        }

        _options.Clear();
        _optionCounts.Clear();
        _answers = e.Options;
        _depth++;
        world.Footprint.IsOn = _depth == _replayed;
        return e.Position;
    }

    private void Deliver(World world, ReducedNode node, int channel, int position)
    {
        Envelope envelope = world.Head(channel);
        Actor receiver = world.Find(envelope.To)!;
        (Access[] accesses, bool ends) = _known.Of(node.Channel, envelope.Sequence);
        node.Event = new ReducedEvent
        {
            Accesses = accesses,
            Ends = ends,
            Index = _depth,
            Channel = node.Channel,
            Position = position,
            Envelope = envelope,
            Receiver = receiver,
            Cause = (int)world.SentIn(channel) - 1,
            Before = _order.LastOn(node.Channel),
            MaskBefore = receiver.AcceptMask,
        };
        _options.Clear();
        _optionCounts.Clear();
        _answers = node.Answers;
        world.Footprint.IsOn = true;
        world.Footprint.Take();
        _depth++;
        EventsExplored++;
    }

    // What the last step did is known when the next one is asked for.
    private void CloseLast(bool ends)
    {
        if (_depth == 0 || _order.Events.Count == _depth)
        {
            return;
        }

        ReducedEvent e = _nodes[_depth - 1].Event!;
        e.MaskAfter = e.Receiver.AcceptMask;
        _known.Note(e.Channel, e.Envelope.Sequence, _world!.Footprint.Take(), ends);
        if (_options.Count > 0)
        {
            e.Options = [.. _options];
            e.OptionCounts = [.. _optionCounts];
        }

        _order.Add(e);
        if (_reduction == Reduction.Source)
        {
            PlanRaces(e);
        }
    }

    private ReductionJob JobHere() => new([.. _nodes.Select(n => new JobStep([.. n.Asleep.Skip(n.AsleepFromAbove).Select(Named)], Named(n.Event!)))]);

    private NamedDelivery Named(ReducedEvent e) => new(_channels.NameOf(e.Channel), e.Options, e.OptionCounts);

    // A place in the prefix of a part: everything else that could be taken there is of other parts.
    private void AddNodeOf(JobStep step, World world, ReadOnlySpan<int> enabled)
    {
        ReducedNode node = NewNode();
        foreach (NamedDelivery before in step.Before)
        {
            int number = _channels.Of(before.Channel);
            foreach (int channel in enabled)
            {
                if (_channels.Of(world, channel) == number)
                {
                    node.Asleep.Add(Asleep(world, channel, number, before));
                }
            }
        }

        node.Take(_channels.Of(step.Taken.Channel), step.Taken.Options, anyAnswers: false);
        _nodes.Add(node);
    }

    private ReducedEvent Asleep(World world, int channel, int number, NamedDelivery before)
    {
        ReducedEvent asleep = NotTaken(world, channel, number, _depth);
        asleep.Options = before.Options;
        asleep.OptionCounts = before.OptionCounts;
        return asleep;
    }

    private ReducedEvent NotTaken(World world, int channel, int number, int index)
    {
        Envelope head = world.Head(channel);
        Actor receiver = world.Find(head.To)!;
        (Access[] accesses, bool ends) = _known.Of(number, head.Sequence);
        return new ReducedEvent
        {
            Accesses = accesses,
            Ends = ends,
            Index = index,
            Channel = number,
            Position = -1,
            Envelope = head,
            Receiver = receiver,
            Cause = (int)world.SentIn(channel) - 1,
            Before = _order.LastOn(number),
            MaskBefore = receiver.AcceptMask,
        };
    }

    private bool AddNode(World world, ReadOnlySpan<int> enabled)
    {
        ReducedNode node = NewNode();
        if (_depth > 0)
        {
            node.Plan = _nodes[_depth - 1].Then;
        }

        if (node.IsPlanned ? node.TakePlanned() : TakeAny(node, world, enabled))
        {
            _nodes.Add(node);
            return true;
        }

        _spare.Push(node);
        return false;
    }

    private ReducedNode NewNode()
    {
        if (!_spare.TryPop(out ReducedNode? node))
        {
            node = new ReducedNode();
        }

        node.Begin(_depth == 0 ? null : _nodes[_depth - 1]);
        return node;
    }

    private bool TakeAny(ReducedNode node, World world, ReadOnlySpan<int> enabled)
    {
        List<int> awake = _awake;
        awake.Clear();
        for (int i = 0; i < enabled.Length; i++)
        {
            int channel = _channels.Of(world, enabled[i]);
            if (node.FirstAwake(channel) is not null)
            {
                awake.Add(channel);
                if (_pickOrder is null && _reduction != Reduction.SleepSets)
                {
                    break;
                }
            }
        }

        if (awake.Count == 0)
        {
            return false;
        }

        int picked = FirstOf(awake);
        if (_reduction == Reduction.SleepSets)
        {
            node.Backtrack.AddRange(awake);
        }
        else
        {
            node.Backtrack.Add(picked);
        }

        node.Take(picked, node.FirstAwake(picked)!, anyAnswers: true);
        return true;
    }

    private int FirstOf(List<int> channels)
    {
        int first = channels[0];
        for (int i = 1; _pickOrder is not null && i < channels.Count; i++)
        {
            if (_pickOrder(_channels.NameOf(channels[i]), _channels.NameOf(first)) < 0)
            {
                first = channels[i];
            }
        }

        return first;
    }

    // Goes up to the first place where something is left to take.
    private bool TakeNext()
    {
        for (; _nodes.Count > _job.Steps.Count; RemoveLastNode())
        {
            ReducedNode node = _nodes[^1];
            _order.Truncate(_nodes.Count - 1);
            node.Asleep.Add(node.Event!);
            if (node.AnyAnswers && node.FirstAwake(node.Channel) is { } answers)
            {
                node.Take(node.Channel, answers, anyAnswers: true);
                return true;
            }

            if (node.TakePlanned())
            {
                return true;
            }

            node.Backtrack.RemoveAll(c => node.FirstAwake(c) is null);
            if (node.Backtrack.Count > 0)
            {
                int channel = FirstOf(node.Backtrack);
                node.Take(channel, node.FirstAwake(channel)!, anyAnswers: true);
                return true;
            }
        }

        return false;
    }

    private void RemoveLastNode()
    {
        _spare.Push(_nodes[^1]);
        _nodes.RemoveAt(_nodes.Count - 1);
    }

    private void PlanPending(World world, RunEnd end)
    {
        bool halted = end == RunEnd.Halted;
        foreach (int channel in world.NonEmptyChannels)
        {
            Envelope head = world.Head(channel);
            Actor receiver = world.Find(head.To)!;
            bool accepted = (receiver.AcceptMask >> head.AcceptClass & 1) != 0;
            if (accepted && !halted)
            {
                // A bound cut the run here.
                continue;
            }

            ReducedEvent left = NotTaken(world, channel, _channels.Of(world, channel), _order.Events.Count);
            _order.FindRacesOfPending(left);
            PlanRaces(left);
        }
    }

    private void PlanRaces(ReducedEvent later)
    {
        foreach (int earlier in later.Races)
        {
            List<ReducedEvent> reversed = _order.Reversed(earlier, later, wholeRun: _reduction == Reduction.Optimal);
            ReducedNode node = _nodes[earlier];
            if (_reduction == Reduction.Optimal)
            {
                if (!IsCovered(node, reversed))
                {
                    bool canBeFirst = Sequences.InitialOf(reversed, later.Channel, later) == reversed.Count - 1;
                    (node.Plan ??= new WakeupTree()).Insert(reversed, canBeFirst ? node.Asleep.Where(a => a.Channel == later.Channel) : []);
                }
            }
            else if (_reduction == Reduction.Source && !HasInitial(node.Backtrack, reversed, later))
            {
                node.Backtrack.Add(reversed[0].Channel);
            }
        }
    }

    private static bool HasInitial(List<int> channels, List<ReducedEvent> sequence, ReducedEvent last)
    {
        foreach (int channel in channels)
        {
            if (Sequences.InitialOf(sequence, channel, last) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    // Something that was gone into before could just as well come first.
    private static bool IsCovered(ReducedNode node, List<ReducedEvent> sequence)
    {
        foreach (ReducedEvent asleep in node.Asleep)
        {
            int at = Sequences.FirstOn(sequence, asleep.Channel);
            bool first = at < 0 ? Sequences.IsIndependentOf(sequence, asleep)
                : Sequences.InitialOf(sequence, asleep.Channel, sequence[^1]) == at
                    && (at < sequence.Count - 1
                        ? sequence[at].Options.AsSpan().SequenceEqual(asleep.Options)
                        : node.FirstAwake(asleep.Channel) is null);
            if (first)
            {
                return true;
            }
        }

        return false;
    }
}
