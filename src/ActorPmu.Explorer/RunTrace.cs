using System.Runtime.InteropServices;
using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>What one schedule chose, and the fingerprint of what came of it. One object is filled again for each schedule of a worker.</summary>
public sealed class RunTrace : IStepObserver
{
    private readonly List<Choice> _choices = [];
    private readonly List<int> _stepsAt = [];
    private readonly Dictionary<ActorId, ulong> _deliveredTo = [];
    private ulong _event;

    /// <summary>The answers in order.</summary>
    public IReadOnlyList<Choice> Choices => _choices;

    /// <summary>The number of deliveries.</summary>
    public long Steps { get; private set; }

    /// <summary>Why the run ended.</summary>
    public RunEnd End { get; internal set; }

    /// <summary>The fingerprint of the happens-before order: equal for two runs that differ only in the order of steps with different receivers.</summary>
    /// <remarks>A sum over the deliveries of a hash of receiver, number there, channel, number on the channel and choices inside.</remarks>
    public ulong Fingerprint { get; internal set; }

    /// <summary>Whether somebody else says what the fingerprint is (<see cref="IStrategy.Fingerprint"/>).</summary>
    internal bool IsPrintedElsewhere { get; init; }

    /// <inheritdoc/>
    public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
    {
        _stepsAt.Add(_choices.Count);
        _choices.Add(new Choice(ChoiceKind.Deliver, picked, optionCount));
        if (IsPrintedElsewhere)
        {
            return;
        }

        CloseEvent();
        ulong at = CollectionsMarshal.GetValueRefOrAddDefault(_deliveredTo, envelope.To, out _)++;
        _event = PrintOf(envelope, at);
    }

    /// <inheritdoc/>
    public void Chosen(ActorId by, int optionCount, int option, string what)
    {
        _choices.Add(new Choice(ChoiceKind.Inside, option, optionCount));
        _event = WithAnswer(_event, option);
    }

    /// <inheritdoc/>
    public void Delivered(long step, in Envelope envelope) => Steps = step;

    /// <summary>Forgets everything, for another run.</summary>
    public void Clear()
    {
        _choices.Clear();
        _stepsAt.Clear();
        _deliveredTo.Clear();
        _event = 0;
        Steps = 0;
        Fingerprint = 0;
    }

    /// <summary>Forgets what came after a delivery.</summary>
    /// <param name="steps">How many deliveries remain, 0…<see cref="Steps"/>; with some the fingerprint has to come from elsewhere.</param>
    internal void GoBackTo(long steps)
    {
        if (steps < _stepsAt.Count)
        {
            CollectionsMarshal.SetCount(_choices, _stepsAt[(int)steps]);
            CollectionsMarshal.SetCount(_stepsAt, (int)steps);
        }

        Steps = steps;
    }

    /// <summary>Completes the fingerprint after a run.</summary>
    /// <param name="end">How the run ended.</param>
    public void Close(RunEnd end)
    {
        CloseEvent();
        End = end;
    }

    /// <summary>The hash of a delivery, without choices inside.</summary>
    /// <param name="envelope">What is delivered.</param>
    /// <param name="at">How many deliveries that it depends on came before it: all of its receiver's, where nothing else is known.</param>
    internal static ulong PrintOf(in Envelope envelope, ulong at)
    {
        ulong h = StableHash.Mix(((ulong)envelope.To.Kind << 40) | (uint)envelope.To.Index);
        h = StableHash.Mix(h + at);
        h = StableHash.Mix(h + (((ulong)envelope.From.Kind << 48) | ((ulong)envelope.Lane << 40) | (uint)envelope.From.Index));
        return StableHash.Mix(h + (ulong)envelope.Sequence);
    }

    /// <summary>The hash of a delivery with one choice inside more.</summary>
    internal static ulong WithAnswer(ulong print, int option) => StableHash.Mix(print + (ulong)option + 1);

    private void CloseEvent()
    {
        Fingerprint += _event;
        _event = 0;
    }
}
