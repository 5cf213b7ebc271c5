using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>The happens-before order of a run under way: receiver order, and sent before delivered. Finds the races.</summary>
/// <remarks>
/// Two deliveries race when they have one receiver, differ in channel, the later one's message was not caused by the earlier delivery,
/// and the receiver would have accepted it then. Only the latest such earlier delivery counts: what lies before is ordered through it.
/// </remarks>
internal sealed class HappensBefore(World world)
{
    private readonly Dictionary<ActorId, int> _slots = [];
    private readonly List<List<Event>> _at = [];
    private readonly Dictionary<(int Channel, int Sequence), Event> _senders = [];
    private readonly List<int> _sent = [];
    private readonly List<(Race Race, Event Later)> _races = [];
    private Event? _now;
    private bool _begun;

    public IReadOnlyList<Race> Races => [.. _races.Select(r => r.Race)];

    /// <summary>Notes a delivery; returns the step that sent its message, 0 for none.</summary>
    public long Delivering(long step, in Envelope envelope)
    {
        if (!_begun)
        {
            // What is under way now was sent before the first step.
            _begun = true;
            NoteSent(null);
        }

        int slot = SlotOf(envelope.To);
        List<Event> there = _at[slot];
        Event? cause = _senders.GetValueOrDefault((ChannelOf(envelope), envelope.Sequence));
        int[] clock = Join(there.Count > 0 ? there[^1].Clock : [], cause?.Clock ?? [], slot);
        clock[slot] = there.Count + 1;
        Event now = new(step, slot, there.Count + 1, clock, world.Find(envelope.To)!.AcceptMask, envelope.From, envelope.Lane);
        FindRace(now, there, cause, envelope);
        there.Add(now);
        _now = now;
        return cause?.Step ?? 0;
    }

    public void Delivered() => NoteSent(_now);

    public Race? LastRaceBeforeTheEnd()
    {
        if (_now is null)
        {
            return null;
        }

        Race? other = null;
        for (int i = _races.Count - 1; i >= 0; i--)
        {
            (Race race, Event later) = _races[i];
            if (_now.Clock.Length <= later.Slot || _now.Clock[later.Slot] < later.Index)
            {
                continue;
            }

            if (race.Receiver.Kind is not (ActorKind.Pmu or ActorKind.Allocator or ActorKind.Task))
            {
                return race;
            }

            other ??= race;
        }

        return other;
    }

    private void FindRace(Event now, List<Event> there, Event? cause, in Envelope envelope)
    {
        for (int i = there.Count - 1; i >= 0; i--)
        {
            Event earlier = there[i];
            bool sameChannel = earlier.From == envelope.From && earlier.Lane == envelope.Lane;
            bool caused = cause is not null && cause.Clock.Length > now.Slot && cause.Clock[now.Slot] >= earlier.Index;
            if (sameChannel || caused)
            {
                return;
            }

            if ((earlier.MaskBefore >> envelope.AcceptClass & 1) != 0)
            {
                _races.Add((new Race(earlier.Step, now.Step, envelope.To), now));
                return;
            }
        }
    }

    // Which messages the step sent is seen by the number of messages that each channel has had.
    private void NoteSent(Event? by)
    {
        for (int c = 0; c < world.ChannelCount; c++)
        {
            if (c == _sent.Count)
            {
                _sent.Add(0);
            }

            int sent = world.Sent(c);
            for (int k = _sent[c]; by is not null && k < sent; k++)
            {
                _senders[(c, k)] = by;
            }

            _sent[c] = sent;
        }
    }

    private int ChannelOf(in Envelope envelope)
    {
        for (int c = 0; c < world.ChannelCount; c++)
        {
            if (world.Receiver(c) == envelope.To && world.Sender(c) == envelope.From && world.LaneOf(c) == envelope.Lane)
            {
                return c;
            }
        }

        throw new InvalidOperationException($"a message came from {envelope.From} to {envelope.To} on no channel");
    }

    private int SlotOf(ActorId id)
    {
        if (!_slots.TryGetValue(id, out int slot))
        {
            slot = _at.Count;
            _slots.Add(id, slot);
            _at.Add([]);
        }

        return slot;
    }

    private static int[] Join(int[] a, int[] b, int slot)
    {
        int[] joined = new int[Math.Max(slot + 1, Math.Max(a.Length, b.Length))];
        a.CopyTo(joined, 0);
        for (int i = 0; i < b.Length; i++)
        {
            joined[i] = Math.Max(joined[i], b[i]);
        }

        return joined;
    }

    private sealed record Event(long Step, int Slot, int Index, int[] Clock, ulong MaskBefore, ActorId From, Lane Lane);
}
