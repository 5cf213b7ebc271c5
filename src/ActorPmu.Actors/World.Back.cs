namespace ActorPmu.Actors;

/// <content>Single steps, and the way back: for a search that goes on from one state in several directions.</content>
public sealed partial class World
{
    private List<int>? _sentInStep;
    private int[] _sizes = [];
    private ulong[] _before = [];
    private ulong _maskBefore;
    private int _channelBefore;
    private OnItsWay _headBefore;

    /// <summary>Whether steps can be taken back: every actor says its state in numbers (<see cref="Actor.SavedSize"/>), and there is no clock.</summary>
    public bool CanGoBack => !HasClock && Elsewhere is null && _actors.TrueForAll(a => a.SavedSize is not null);

    /// <summary>The channels on which was sent since <see cref="NoteSent"/>, or by the last <see cref="Step"/>, in order; one that was sent twice on stands there twice.</summary>
    public IReadOnlyList<int> SentInStep => _sentInStep ?? (IReadOnlyList<int>)[];

    /// <summary>From now on it is noted on which channels is sent; what was noted is forgotten.</summary>
    public void NoteSent()
    {
        _sentInStep ??= [];
        _sentInStep.Clear();
    }

    /// <summary>Begins a walk by single steps, in place of <see cref="Run"/>.</summary>
    /// <exception cref="InvalidOperationException">Steps cannot be taken back here.</exception>
    public void Begin()
    {
        if (!CanGoBack)
        {
            throw new InvalidOperationException("an actor of this world does not say its state in numbers, or there is a clock");
        }

        _sizes = [.. _actors.Select(a => a.SavedSize!.Value)];
        _before = new ulong[_sizes.DefaultIfEmpty().Max()];
        Start();
        _sentInStep = [];
    }

    /// <summary>What can be delivered now.</summary>
    /// <param name="end">Why nothing is, as a run would say it; null where there is something.</param>
    /// <returns>Channels in canonical order; empty at an end. Valid up to the next call.</returns>
    public ReadOnlySpan<int> Open(out RunEnd? end)
    {
        int count = _halted ? 0 : CollectEnabled();
        end = _halted ? RunEnd.Halted
            : Finished is not null && Finished() ? RunEnd.Finished
            : count > 0 ? null
            : Finished is null && _nonEmptyCount == 0 ? RunEnd.Finished
            : RunEnd.Deadlock;
        return end is null ? _enabled.AsSpan(0, count) : [];
    }

    /// <summary>Delivers a channel's head.</summary>
    /// <param name="channel">The channel, one of those that are open.</param>
    /// <param name="chooser">Who answers inside the step.</param>
    /// <exception cref="InvalidOperationException">The step added an actor.</exception>
    public void Step(int channel, IChooser chooser)
    {
        _chooser = chooser;
        Channel c = _channels[channel];
        Actor receiver = c.Receiver;
        _channelBefore = channel;
        _headBefore = c.Head;
        _maskBefore = receiver.AcceptMask;
        int actorCount = _actors.Count;
        receiver.Save(_before.AsSpan(0, receiver.SavedSize!.Value));
        _sentInStep!.Clear();
        Envelope envelope = new(c.From, c.To, c.Lane, c.Head.AcceptClass, c.Delivered, 0, c.Head.Message);
        c.Dequeue();
        if (c.Count == 0)
        {
            RemoveNonEmpty(channel, 0);
        }

        Steps++;
        receiver.Receive(envelope);
        if (_actors.Count != actorCount)
        {
            throw new InvalidOperationException($"{receiver.Id} added an actor: that cannot be taken back");
        }
    }

    /// <summary>Takes the last step back.</summary>
    public void TakeBack()
    {
        for (int i = _sentInStep!.Count - 1; i >= 0; i--)
        {
            Channel sent = _channels[_sentInStep[i]];
            sent.DropLast();
            if (sent.Count == 0)
            {
                RemoveNonEmpty(_sentInStep[i], 0);
            }
        }

        Channel c = _channels[_channelBefore];
        if (c.Count == 0)
        {
            InsertNonEmpty(_channelBefore);
        }

        c.PutBack(_headBefore);
        c.Receiver.Load(_before.AsSpan(0, c.Receiver.SavedSize!.Value));
        c.Receiver.LoadMask(_maskBefore);
        Steps--;
        _halted = false;
    }

    /// <summary>How many messages a channel holds.</summary>
    /// <param name="channel">The channel's index.</param>
    public int Waiting(int channel) => _channels[channel].Count;

    /// <summary>Adds classes and contents of a channel's first messages.</summary>
    /// <param name="channel">The channel's index.</param>
    /// <param name="count">How many messages, 1…<see cref="Waiting"/>.</param>
    /// <param name="into">Where to add them.</param>
    /// <exception cref="InvalidOperationException">A message does not say what it says (<see cref="Message.AddContent"/>).</exception>
    public void AddMessages(int channel, int count, ref StateHash into)
    {
        Channel c = _channels[channel];
        for (int place = 0; place < count; place++)
        {
            ref readonly OnItsWay pending = ref c.InLine(place);
            into.Add((ulong)(count - place) << 8 | pending.AcceptClass);
            if (!pending.Message.AddContent(ref into))
            {
                throw new InvalidOperationException($"«{pending.Message.Label}» does not say its content");
            }
        }
    }

    /// <summary>Writes the state down, behind those that are there.</summary>
    /// <param name="into">Where.</param>
    /// <param name="marks">Numbers to go with it; of all states equally many.</param>
    public void Save(WorldStates into, ReadOnlySpan<ulong> marks)
    {
        ArgumentNullException.ThrowIfNull(into);
        int numbers = 1 + marks.Length + _nonEmptyCount;
        int messages = 0;
        foreach (int size in _sizes)
        {
            numbers += size + 1;
        }

        foreach (int channel in NonEmptyChannels)
        {
            messages += _channels[channel].Count;
        }

        Span<ulong> at = into.Append(numbers, messages, out Span<OnItsWay> itsMessages);
        marks.CopyTo(at);
        at[marks.Length] = (ulong)_nonEmptyCount;
        at = at[(marks.Length + 1)..];
        for (int i = 0; i < _sizes.Length; i++)
        {
            at[0] = _actors[i].AcceptMask;
            _actors[i].Save(at.Slice(1, _sizes[i]));
            at = at[(_sizes[i] + 1)..];
        }

        int k = 0;
        for (int i = 0; i < _nonEmptyCount; i++)
        {
            Channel c = _channels[_nonEmpty[i]];
            at[i] = ((ulong)(uint)_nonEmpty[i] << 32) | (uint)c.Count;
            for (int place = 0; place < c.Count; place++)
            {
                itsMessages[k++] = c.InLine(place);
            }
        }
    }

    /// <summary>Goes to the state that was written down first, and takes it out.</summary>
    /// <param name="from">From where; there must be one.</param>
    /// <param name="marks">Takes the numbers that went with it: as many as those.</param>
    public void Load(WorldStates from, Span<ulong> marks)
    {
        ArgumentNullException.ThrowIfNull(from);
        WorldStates.Reader reader = from.First();
        reader.Numbers(marks.Length).CopyTo(marks);
        int nonEmptyCount = (int)reader.Numbers(1)[0];
        for (int i = 0; i < _sizes.Length; i++)
        {
            ReadOnlySpan<ulong> its = reader.Numbers(1 + _sizes[i]);
            _actors[i].LoadMask(its[0]);
            _actors[i].Load(its[1..]);
        }

        foreach (int channel in NonEmptyChannels)
        {
            _channels[channel].Clear();
        }

        _nonEmptyCount = nonEmptyCount;
        ReadOnlySpan<ulong> channels = reader.Numbers(_nonEmptyCount);
        for (int i = 0; i < _nonEmptyCount; i++)
        {
            _nonEmpty[i] = (int)(channels[i] >> 32);
            Channel c = _channels[_nonEmpty[i]];
            for (uint left = (uint)channels[i]; left > 0; left--)
            {
                c.Enqueue(reader.Message());
            }
        }

        _halted = false;
    }
}
