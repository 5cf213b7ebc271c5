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
/// Canonical order is by receiver, sender, lane. A step in a warm run allocates nothing of its own (benchmark <c>WorldDeliveries</c>).
/// </remarks>
public sealed class World : IHost
{
    private const int LaneCount = (int)Lane.ReplyNmi + 1;

    private readonly List<Actor> _actors = [];
    private readonly Dictionary<ActorId, int> _slots = [];
    private readonly List<int[]> _channelsBySender = [];
    private Channel[] _channels = new Channel[64];
    private int _channelCount;
    private int[] _nonEmpty = new int[64];
    private int _nonEmptyCount;
    private int[] _enabled = new int[64];
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

    /// <summary>How many deliveries have been made.</summary>
    public long Steps { get; private set; }

    /// <summary>How many channels exist; their indices are 0…<see cref="ChannelCount"/>−1 in order of first use.</summary>
    public int ChannelCount => _channelCount;

    /// <summary>Asked when nothing is enabled, and before each step when given: is the run's purpose fulfilled?</summary>
    public Func<bool>? Finished { get; set; }

    /// <summary>The actors in the order in which they were added.</summary>
    public IReadOnlyList<Actor> Actors => _actors;

    /// <summary>Adds an actor before the run.</summary>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public void Add(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!_slots.TryAdd(actor.Id, _actors.Count))
        {
            throw new ArgumentException($"there are two actors called {actor.Id}", nameof(actor));
        }

        actor.Attach(this);
        _actors.Add(actor);
        _channelsBySender.Add([]);
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

    /// <summary>The actor of that name, or null.</summary>
    public Actor? Find(ActorId id) => _slots.TryGetValue(id, out int slot) ? _actors[slot] : null;

    /// <inheritdoc/>
    public void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message, long delayNs = 0)
    {
        int channel = ChannelOf(from, to, lane);
        ref Channel c = ref _channels[channel];
        if (c.Count == 0)
        {
            InsertNonEmpty(channel);
        }

        c.Enqueue(new Pending(message, acceptClass, HasClock ? NowNs + delayNs : 0));
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
        ref Channel c = ref _channels[channel];
        Debug.Assert(c.Count > 0, "only a channel with a message has a head");
        ref Pending p = ref c.Peek();
        return new Envelope(c.From, c.To, c.Lane, p.AcceptClass, c.Delivered, p.DueNs, p.Message);
    }

    /// <summary>The class and due time of a channel's head, without building an envelope.</summary>
    /// <param name="channel">The channel's index.</param>
    public (Lane Lane, long DueNs) HeadTime(int channel)
    {
        ref Channel c = ref _channels[channel];
        return (c.Lane, c.Peek().DueNs);
    }

    /// <summary>The receiver of a channel.</summary>
    /// <param name="channel">The channel's index.</param>
    public ActorId Receiver(int channel) => _channels[channel].To;

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
        if (!_started)
        {
            _started = true;
            for (int i = 0; i < _actors.Count; i++)
            {
                _actors[i].Start();
            }
        }

        while (!_halted)
        {
            int enabledCount = CollectEnabled();
            if (Finished is not null && Finished())
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

            Deliver(_enabled[picked], enabledCount, picked);
        }

        return RunEnd.Halted;
    }

    /// <summary>The wait-for edges of all actors, for explaining a deadlock.</summary>
    public IReadOnlyList<WaitEdge> Waits()
    {
        List<WaitEdge> edges = [];
        foreach (Actor actor in _actors)
        {
            actor.DescribeWaits(edges);
        }

        return edges;
    }

    private void Deliver(int channel, int enabledCount, int picked)
    {
        ref Channel c = ref _channels[channel];
        int sequence = c.Delivered;
        Pending p = c.Dequeue();
        if (c.Count == 0)
        {
            RemoveNonEmpty(channel);
        }

        if (p.DueNs > NowNs)
        {
            NowNs = p.DueNs;
        }

        Envelope envelope = new(c.From, c.To, c.Lane, p.AcceptClass, sequence, p.DueNs, p.Message);
        Actor receiver = _actors[c.ToSlot];
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
        for (int i = 0; i < _nonEmptyCount; i++)
        {
            ref Channel c = ref _channels[_nonEmpty[i]];
            if ((_actors[c.ToSlot].AcceptMask >> c.Peek().AcceptClass & 1) != 0)
            {
                _enabled[count++] = _nonEmpty[i];
            }
        }

        return count;
    }

    private int ChannelOf(ActorId from, ActorId to, Lane lane)
    {
        int senderSlot = SlotOf(from, mayBeOutside: true);
        int receiverSlot = SlotOf(to, mayBeOutside: false);
        int[] row = _channelsBySender[senderSlot];
        int at = (receiverSlot * LaneCount) + (int)lane;
        if (at >= row.Length)
        {
            Array.Resize(ref row, Math.Max(at + 1, _actors.Count * LaneCount));
            _channelsBySender[senderSlot] = row;
        }

        if (row[at] != 0)
        {
            return row[at] - 1;
        }

        if (_channelCount == _channels.Length)
        {
            Array.Resize(ref _channels, _channelCount * 2);
        }

        _channels[_channelCount] = new Channel(from, to, lane, receiverSlot);
        row[at] = ++_channelCount;
        return _channelCount - 1;
    }

    // A sender that is no actor (a timer, a scenario's injection) gets a slot of its own, without a behaviour behind it.
    private int SlotOf(ActorId id, bool mayBeOutside)
    {
        if (_slots.TryGetValue(id, out int slot))
        {
            return slot;
        }

        if (!mayBeOutside)
        {
            throw new ArgumentException($"there is no actor called {id}");
        }

        Add(new Outside(id));
        return _actors.Count - 1;
    }

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

    private void RemoveNonEmpty(int channel)
    {
        int at = Array.IndexOf(_nonEmpty, channel, 0, _nonEmptyCount);
        _nonEmptyCount--;
        Array.Copy(_nonEmpty, at + 1, _nonEmpty, at, _nonEmptyCount - at);
    }

    private int Compare(int left, int right)
    {
        ulong a = _channels[left].OrderKey;
        ulong b = _channels[right].OrderKey;
        return a != b ? a.CompareTo(b) : _channels[left].From.Index.CompareTo(_channels[right].From.Index);
    }

    private readonly record struct Pending(Message Message, byte AcceptClass, long DueNs);

    private sealed class Outside(ActorId id) : Actor(id)
    {
        public override void Receive(in Envelope envelope) =>
            throw new InvalidOperationException($"{Id} is outside the machine and receives nothing");
    }

    private struct Channel
    {
        public readonly ActorId From;
        public readonly ActorId To;
        public readonly Lane Lane;
        public readonly int ToSlot;
        public readonly ulong OrderKey;
        public int Delivered;
        public int Count;
        private Pending[] _ring;
        private int _head;

        public Channel(ActorId from, ActorId to, Lane lane, int toSlot)
        {
            From = from;
            To = to;
            Lane = lane;
            ToSlot = toSlot;

            // Receiver, sender's kind, lane; the sender's index is compared apart when these are equal.
            OrderKey = ((ulong)to.Kind << 56) | ((ulong)(uint)to.Index << 16) | ((ulong)from.Kind << 8) | (byte)lane;
            _ring = new Pending[4];
        }

        public readonly ref Pending Peek() => ref _ring[_head];

        public void Enqueue(in Pending pending)
        {
            if (Count == _ring.Length)
            {
                Pending[] larger = new Pending[Count * 2];
                for (int i = 0; i < Count; i++)
                {
                    larger[i] = _ring[(_head + i) & (Count - 1)];
                }

                _ring = larger;
                _head = 0;
            }

            _ring[(_head + Count) & (_ring.Length - 1)] = pending;
            Count++;
        }

        public Pending Dequeue()
        {
            Pending pending = _ring[_head];
            _ring[_head] = default;
            _head = (_head + 1) & (_ring.Length - 1);
            Count--;
            Delivered++;
            return pending;
        }
    }
}
