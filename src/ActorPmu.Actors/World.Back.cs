using System.Runtime.InteropServices;

namespace ActorPmu.Actors;

/// <content>Single steps, and the way back: for a search that goes on from one state in several directions.</content>
public sealed partial class World
{
    // The steps that can be taken back, and of all of them together: the receivers' numbers, and the channels on which they sent.
    private List<Taken>? _way;
    private readonly List<int> _sentOn = [];
    private bool _notesSent;
    private ulong[] _numbers = [];
    private int _numberCount;
    private int[] _sizes = [];

    /// <summary>Whether steps can be taken back: every actor says its state in numbers (<see cref="Actor.SavedSize"/>), and there is no clock.</summary>
    public bool CanGoBack => !HasClock && Elsewhere is null && _actors.TrueForAll(a => a.SavedSize is not null);

    /// <summary>The channels on which the last step that can be taken back sent, or else all since <see cref="NoteSent"/>, in order; one that was sent twice on stands there twice.</summary>
    public ReadOnlySpan<int> SentInStep => CollectionsMarshal.AsSpan(_sentOn)[(_way is { Count: > 0 } way ? way[^1].SentOnFrom : 0)..];

    /// <summary>From now on it is noted on which channels is sent; what was noted is forgotten. Not for a world whose steps can be taken back.</summary>
    public void NoteSent()
    {
        _notesSent = true;
        _sentOn.Clear();
    }

    /// <summary>Begins a walk by single steps, in place of <see cref="Run"/>.</summary>
    /// <param name="chooser">Who answers what actors ask when they start; null for always the first option.</param>
    /// <exception cref="InvalidOperationException">Steps cannot be taken back here.</exception>
    public void Begin(IChooser? chooser = null)
    {
        _chooser = chooser;
        _sizes = [.. _actors.Select(a => a.SavedSize ?? 0)];
        KeepWay();
        Start();
    }

    /// <summary>From here on every step can be taken back.</summary>
    /// <exception cref="InvalidOperationException">Steps cannot be taken back here.</exception>
    public void KeepWay()
    {
        if (!CanGoBack)
        {
            throw new InvalidOperationException("an actor of this world does not say its state in numbers, or there is a clock");
        }

        _way = [];
        _notesSent = true;
        _sentOn.Clear();
        _numberCount = 0;
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
    /// <exception cref="InvalidOperationException">The step adds an actor.</exception>
    public void Step(int channel, IChooser chooser)
    {
        _chooser = chooser;
        Deliver(channel, 0, 0);
    }

    /// <summary>Takes the last step back.</summary>
    public void TakeBack()
    {
        Taken last = _way![^1];
        _way.RemoveAt(_way.Count - 1);
        for (int i = _sentOn.Count - 1; i >= last.SentOnFrom; i--)
        {
            Channel sent = _channels[_sentOn[i]];
            sent.DropLast();
            if (sent.Count == 0)
            {
                RemoveNonEmpty(_sentOn[i], 0);
            }
        }

        CollectionsMarshal.SetCount(_sentOn, last.SentOnFrom);
        Channel c = _channels[last.Channel];
        if (c.Count == 0)
        {
            InsertNonEmpty(last.Channel);
        }

        c.PutBack(last.Head);
        c.Receiver.Load(_numbers.AsSpan(last.NumbersFrom, _numberCount - last.NumbersFrom));
        c.Receiver.LoadMask(last.Mask);
        _numberCount = last.NumbersFrom;
        Steps--;
        _halted = false;
    }

    /// <summary>Takes steps back.</summary>
    /// <param name="steps">How many remain, 0…<see cref="Steps"/>.</param>
    public void TakeBackTo(long steps)
    {
        while (Steps > steps)
        {
            TakeBack();
        }
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
        _way!.Clear();
        _sentOn.Clear();
        _numberCount = 0;
    }

    // Before a step: what it may change.
    private void Note(int channel, Channel c)
    {
        int size = c.Receiver.SavedSize!.Value;
        if (_numberCount + size > _numbers.Length)
        {
            Array.Resize(ref _numbers, 2 * (_numberCount + size));
        }

        _way!.Add(new Taken(channel, c.Head, c.Receiver.AcceptMask, _numberCount, _sentOn.Count));
        c.Receiver.Save(_numbers.AsSpan(_numberCount, size));
        _numberCount += size;
    }

    private readonly record struct Taken(int Channel, OnItsWay Head, ulong Mask, int NumbersFrom, int SentOnFrom);
}
