using System.Diagnostics;

namespace ActorPmu.Actors;

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    /// <summary>Nothing is left to do.</summary>
    Finished,

    /// <summary>Something is left to do and nobody can do it.</summary>
    Deadlock,

    /// <summary>The step bound was reached.</summary>
    StepBound,

    /// <summary>An actor or an observer asked for the end (<see cref="IHost.Halt"/>).</summary>
    Halted,

    /// <summary>The chooser declined to go on.</summary>
    Abandoned,
}

/// <summary>Decides everything that is open: which channel is next, and what <see cref="IHost.Choose"/> returns.</summary>
public interface IChooser
{
    /// <summary>Picks the next delivery.</summary>
    /// <param name="world">The world, for its channels' heads.</param>
    /// <param name="enabled">The channels whose head can be delivered, in canonical order; at least one.</param>
    /// <returns>A position in <paramref name="enabled"/>, or −1 to abandon the run.</returns>
    int Pick(World world, ReadOnlySpan<int> enabled);

    /// <summary>Answers a choice inside a step.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="optionCount">How many options there are, 2 or more.</param>
    /// <param name="what">What is chosen, in one line.</param>
    /// <returns>The option, 0…<paramref name="optionCount"/>−1.</returns>
    int Choose(ActorId by, int optionCount, string what);

    /// <summary>Whether what can still be delivered is delivered when the run's purpose is fulfilled (<see cref="World.Finished"/>).</summary>
    /// <remarks>A search by partial orders needs runs that nothing can follow; a replay has to follow it there.</remarks>
    bool RunsOn => false;
}

/// <summary>Sees each step; never changes one.</summary>
public interface IStepObserver
{
    /// <summary>Called before a delivery.</summary>
    /// <param name="step">The step's number, from 1.</param>
    /// <param name="envelope">What is about to be delivered.</param>
    /// <param name="optionCount">How many deliveries were possible.</param>
    /// <param name="picked">Which of them was picked.</param>
    void Delivering(long step, in Envelope envelope, int optionCount, int picked);

    /// <summary>Called when a choice inside a step was answered.</summary>
    void Chosen(ActorId by, int optionCount, int option, string what);

    /// <summary>Called after the delivery ran to completion.</summary>
    void Delivered(long step, in Envelope envelope);
}

/// <summary>The deterministic host: one thread, one delivery at a time, in the order that a chooser decides.</summary>
/// <remarks>
/// A channel is (sender, receiver, lane) and FIFO; only its head can be delivered, and only if the receiver's mask has its class.
/// Canonical order is by receiver, kind of sender, lane, index of sender. A step in a warm run allocates nothing of its own (benchmark <c>WorldDeliveries</c>).
/// </remarks>
public sealed partial class World : IActorHost
{
    private readonly List<Actor> _actors = [];
    private readonly PairTable _actorIndices = new(bits: 5);
    private readonly PairTable _channelIndices = new(bits: 5);
    private Channel[] _channels = new Channel[32];
    private int _channelCount;
    private int[] _nonEmpty = new int[16];
    private int _nonEmptyCount;
    private int[] _enabled = new int[16];
    private IChooser? _chooser;
    private IStepObserver? _observer;
    private bool _halted;
    private bool _started;

    /// <summary>Makes an empty world.</summary>
    /// <param name="hasClock">Whether messages and work take virtual time.</param>
    public World(bool hasClock = false) => HasClock = hasClock;

    /// <inheritdoc/>
    public long NowNs { get; private set; }

    /// <inheritdoc/>
    public bool HasClock { get; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <summary>How many channels exist; their indices are 0…<see cref="ChannelCount"/>−1 in order of first use.</summary>
    public int ChannelCount => _channelCount;

    /// <summary>What the step under way touches beside its receiver's own state.</summary>
    public Footprint Footprint { get; } = new();

    /// <inheritdoc/>
    public Func<bool>? Finished { get; set; }

    /// <summary>The actors that live on other nodes; null when all of them live here.</summary>
    public IElsewhere? Elsewhere { get; init; }

    /// <summary>The actors in the order in which they were added.</summary>
    public IReadOnlyList<Actor> Actors => _actors;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Steps can be taken back here (<see cref="KeepWay"/>), but not this one.</exception>
    public void Add(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Find(actor.Id) is not null)
        {
            throw new ArgumentException($"there are two actors called {actor.Id}", nameof(actor));
        }

        if (_way is { Count: > 0 })
        {
            throw new InvalidOperationException($"{actor.Id} is added in a step that may be taken back");
        }

        actor.Attach(this);
        _actorIndices.Add(KeyOf(actor.Id), 0, _actors.Count);
        _actors.Add(actor);
    }

    /// <inheritdoc/>
    public void Spawn(Actor actor)
    {
        Add(actor);
        if (_started)
        {
            actor.Start();
        }
    }

    /// <inheritdoc/>
    public Actor? Find(ActorId id) => _actorIndices.Find(KeyOf(id), 0) is var index and >= 0 ? _actors[index] : null;

    /// <inheritdoc/>
    public void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message, long delayNs = 0)
    {
        if (Elsewhere is { } elsewhere && elsewhere.Has(to))
        {
            elsewhere.Send(from, to, lane, acceptClass, message);
            return;
        }

        int channel = ChannelOf(from, to, lane);
        Channel c = _channels[channel];
        if (c.Count == 0)
        {
            InsertNonEmpty(channel);
        }

        c.Enqueue(new OnItsWay(message, acceptClass, (int)Steps, HasClock ? NowNs + delayNs : 0));
        if (_notesSent)
        {
            _sentOn.Add(channel);
        }
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(optionCount, 1);
        if (optionCount == 1 || _chooser is null)
        {
            return 0;
        }

        int option = _chooser.Choose(by, optionCount, what);
        if (option < 0 || option >= optionCount)
        {
            throw new InvalidOperationException($"the chooser answered {option} of {optionCount} options to «{what}»");
        }

        _observer?.Chosen(by, optionCount, option, what);
        return option;
    }

    /// <inheritdoc/>
    public void Halt() => _halted = true;

    /// <summary>The head of a channel that is not empty.</summary>
    /// <param name="channel">The channel's index.</param>
    public Envelope Head(int channel)
    {
        Channel c = _channels[channel];
        Debug.Assert(c.Count > 0, "only a channel with a message has a head");
        return new Envelope(c.From, c.To, c.Lane, c.Head.AcceptClass, c.Delivered, c.Head.DueNs, c.Head.Message);
    }

    /// <summary>A message under way on a channel, and its class.</summary>
    /// <param name="channel">The channel's index.</param>
    /// <param name="sequence">The message's number on the channel, as <see cref="Envelope.Sequence"/>; sent and not delivered yet.</param>
    public (Message Message, byte AcceptClass) Pending(int channel, int sequence)
    {
        OnItsWay pending = _channels[channel].At(sequence);
        return (pending.Message, pending.AcceptClass);
    }

    /// <summary>The class and due time of a channel's head, without building an envelope.</summary>
    /// <param name="channel">The channel's index.</param>
    public (Lane Lane, long DueNs) HeadTime(int channel)
    {
        Channel c = _channels[channel];
        return (c.Lane, c.Head.DueNs);
    }

    /// <summary>The number of the step that sent a channel's head; 0 for what was there before the first.</summary>
    /// <param name="channel">The channel's index.</param>
    public int SentIn(int channel) => _channels[channel].Head.SentIn;

    /// <summary>The receiver of a channel.</summary>
    /// <param name="channel">The channel's index.</param>
    public ActorId Receiver(int channel) => _channels[channel].To;

    /// <summary>The sender of a channel.</summary>
    /// <param name="channel">The channel's index.</param>
    public ActorId Sender(int channel) => _channels[channel].From;

    /// <summary>How many messages have been sent on a channel, delivered ones included.</summary>
    /// <param name="channel">The channel's index.</param>
    /// <remarks>Compared before and after a step, it says which messages that step sent: the causes of later deliveries.</remarks>
    public int Sent(int channel) => _channels[channel].Delivered + _channels[channel].Count;

    /// <summary>The lane of a channel.</summary>
    /// <param name="channel">The channel's index.</param>
    public Lane LaneOf(int channel) => _channels[channel].Lane;

    /// <summary>The channels that hold messages now, whether or not their heads are accepted, in canonical order.</summary>
    public ReadOnlySpan<int> NonEmptyChannels => _nonEmpty.AsSpan(0, _nonEmptyCount);

    /// <summary>Runs until nothing is left, a bound is hit, or somebody halts the run.</summary>
    /// <param name="chooser">Who decides what is open.</param>
    /// <param name="stepsMax">The step bound.</param>
    /// <param name="observer">Who watches, if anybody.</param>
    public RunEnd Run(IChooser chooser, long stepsMax, IStepObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(chooser);
        _chooser = chooser;
        _observer = observer;
        Start();
        while (!_halted)
        {
            int enabledCount = CollectEnabled();
            if (Finished is not null && Finished() && (enabledCount == 0 || !chooser.RunsOn))
            {
                return RunEnd.Finished;
            }

            if (enabledCount == 0)
            {
                return Finished is null && _nonEmptyCount == 0 ? RunEnd.Finished : RunEnd.Deadlock;
            }

            if (Steps >= stepsMax)
            {
                return RunEnd.StepBound;
            }

            int picked = chooser.Pick(this, _enabled.AsSpan(0, enabledCount));
            if (picked < 0)
            {
                return RunEnd.Abandoned;
            }

            Deliver(_enabled[picked], picked, enabledCount);
        }

        return RunEnd.Halted;
    }

    /// <summary>Takes back some of what was sent and not delivered: its sender is gone.</summary>
    /// <param name="which">Says which, by sender, receiver and message.</param>
    public void Forget(Func<ActorId, ActorId, Message, bool> which)
    {
        ArgumentNullException.ThrowIfNull(which);
        foreach (int channel in NonEmptyChannels.ToArray())
        {
            Channel c = _channels[channel];
            List<OnItsWay> kept = [];
            while (c.Count > 0)
            {
                if (!which(c.From, c.To, c.Head.Message))
                {
                    kept.Add(c.Head);
                }

                c.Dequeue();
            }

            RemoveNonEmpty(channel, 0);
            foreach (OnItsWay pending in kept)
            {
                if (c.Count == 0)
                {
                    InsertNonEmpty(channel);
                }

                c.Enqueue(pending);
            }
        }
    }

    /// <inheritdoc/>
    public bool HasMessagesOnlyFrom(ActorKind kind)
    {
        foreach (int channel in NonEmptyChannels)
        {
            if (_channels[channel].From.Kind != kind)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public IReadOnlyList<WaitEdge> Waits()
    {
        List<WaitEdge> edges = [];
        foreach (Actor actor in _actors)
        {
            actor.DescribeWaits(edges);
        }

        return edges;
    }

    private void Start()
    {
        if (_started)
        {
            return;
        }

        _started = true;
        for (int i = 0; i < _actors.Count; i++)
        {
            if (Elsewhere is null || !Elsewhere.Has(_actors[i].Id))
            {
                _actors[i].Start();
            }
        }
    }

    private void Deliver(int channel, int picked, int enabledCount)
    {
        Channel c = _channels[channel];
        Envelope envelope = new(c.From, c.To, c.Lane, c.Head.AcceptClass, c.Delivered, c.Head.DueNs, c.Head.Message);
        Actor receiver = c.Receiver;
        if (_way is not null)
        {
            Note(channel, c);
        }

        c.Dequeue();
        if (c.Count == 0)
        {
            RemoveNonEmpty(channel, picked);
        }

        if (envelope.DueNs > NowNs)
        {
            NowNs = envelope.DueNs;
        }

        Steps++;
        _observer?.Delivering(Steps, envelope, enabledCount, picked);
        receiver.Receive(envelope);
        _observer?.Delivered(Steps, envelope);
    }

    private int CollectEnabled()
    {
        if (_enabled.Length < _nonEmptyCount)
        {
            _enabled = new int[_nonEmpty.Length];
        }

        int count = 0;
        Channel[] channels = _channels;
        foreach (int channel in NonEmptyChannels)
        {
            Channel c = channels[channel];
            if ((c.Receiver.AcceptMask >> c.Head.AcceptClass & 1) != 0)
            {
                _enabled[count++] = channel;
            }
        }

        return count;
    }

    private int ChannelOf(ActorId from, ActorId to, Lane lane)
    {
        ulong sender = (KeyOf(from) << 8) | (byte)lane;
        int channel = _channelIndices.Find(sender, KeyOf(to));
        return channel >= 0 ? channel : NewChannel(sender, from, to, lane);
    }

    // The sender may be nobody's name: a timer, or a scenario's injection.
    private int NewChannel(ulong sender, ActorId from, ActorId to, Lane lane)
    {
        Actor receiver = Find(to) ?? throw new ArgumentException($"there is no actor called {to}");
        if (_channelCount == _channels.Length)
        {
            Array.Resize(ref _channels, _channelCount * 2);
        }

        _channelIndices.Add(sender, KeyOf(to), _channelCount);
        _channels[_channelCount] = new Channel(from, receiver, lane);
        return _channelCount++;
    }

    private static ulong KeyOf(ActorId id) => ((ulong)id.Kind << 32) | (uint)id.Index;

    private void InsertNonEmpty(int channel)
    {
        if (_nonEmptyCount == _nonEmpty.Length)
        {
            Array.Resize(ref _nonEmpty, _nonEmptyCount * 2);
        }

        int at = _nonEmptyCount;
        while (at > 0 && Compare(channel, _nonEmpty[at - 1]) < 0)
        {
            _nonEmpty[at] = _nonEmpty[at - 1];
            at--;
        }

        _nonEmpty[at] = channel;
        _nonEmptyCount++;
    }

    // The enabled channels are some of the non-empty ones in the same order: the channel is there or further on.
    private void RemoveNonEmpty(int channel, int atLeastAt)
    {
        int at = atLeastAt;
        while (_nonEmpty[at] != channel)
        {
            at++;
        }

        _nonEmptyCount--;
        for (; at < _nonEmptyCount; at++)
        {
            _nonEmpty[at] = _nonEmpty[at + 1];
        }
    }

    private int Compare(int left, int right)
    {
        ulong a = _channels[left].OrderKey;
        ulong b = _channels[right].OrderKey;
        return a != b ? a.CompareTo(b) : _channels[left].From.Index.CompareTo(_channels[right].From.Index);
    }

    internal readonly record struct OnItsWay(Message Message, byte AcceptClass, int SentIn, long DueNs);

    // Most channels hold one message at most: the head lies in the channel itself, the rest in a ring that few channels need.
    private sealed class Channel
    {
        public readonly ActorId From;
        public readonly ActorId To;
        public readonly Lane Lane;
        public readonly Actor Receiver;
        public readonly ulong OrderKey;
        public int Delivered;
        public int Count;
        public OnItsWay Head;
        private OnItsWay[]? _rest;
        private int _restHead;

        public Channel(ActorId from, Actor receiver, Lane lane)
        {
            From = from;
            To = receiver.Id;
            Lane = lane;
            Receiver = receiver;

            // Receiver, sender's kind, lane; the sender's index is compared apart when these are equal.
            OrderKey = ((ulong)To.Kind << 56) | ((ulong)(uint)To.Index << 16) | ((ulong)from.Kind << 8) | (byte)lane;
        }

        public void Enqueue(in OnItsWay pending)
        {
            if (Count++ == 0)
            {
                Head = pending;
            }
            else
            {
                EnqueueBehind(pending, Count - 2);
            }
        }

        public ref readonly OnItsWay At(int sequence) =>
            ref sequence == Delivered ? ref Head : ref _rest![(_restHead + sequence - Delivered - 1) & (_rest.Length - 1)];

        public void Dequeue()
        {
            Delivered++;
            if (--Count == 0)
            {
                Head = default;
                return;
            }

            Head = _rest![_restHead];
            _rest[_restHead] = default;
            _restHead = (_restHead + 1) & (_rest.Length - 1);
        }

        /// <summary>Takes the last message back.</summary>
        public void DropLast()
        {
            if (--Count == 0)
            {
                Head = default;
            }
            else
            {
                _rest![(_restHead + Count - 1) & (_rest.Length - 1)] = default;
            }
        }

        /// <summary>Puts the message that was dequeued last back to the head.</summary>
        public void PutBack(in OnItsWay head)
        {
            Delivered--;
            if (Count++ > 0)
            {
                // There is room: where the messages moved to when the head was taken, or in the larger ring.
                _restHead = (_restHead - 1) & (_rest!.Length - 1);
                _rest[_restHead] = Head;
            }

            Head = head;
        }

        /// <summary>The message at a place in line.</summary>
        public ref readonly OnItsWay InLine(int place) => ref At(Delivered + place);

        /// <summary>Forgets all messages.</summary>
        public void Clear()
        {
            while (Count > 0)
            {
                DropLast();
            }
        }

        private void EnqueueBehind(in OnItsWay pending, int restCount)
        {
            _rest ??= new OnItsWay[4];
            if (restCount == _rest.Length)
            {
                OnItsWay[] larger = new OnItsWay[restCount * 2];
                for (int i = 0; i < restCount; i++)
                {
                    larger[i] = _rest[(_restHead + i) & (restCount - 1)];
                }

                _rest = larger;
                _restHead = 0;
            }

            _rest[(_restHead + restCount) & (_rest.Length - 1)] = pending;
        }
    }
}
