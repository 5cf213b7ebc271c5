using System.Runtime.InteropServices;
using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>The happens-before order of the run under way, kept as a stack: a search takes events off its end and puts others there.</summary>
/// <remarks>
/// Two events are ordered when they depend on each other (<see cref="ReducedEvent.AreDependent"/>), when one sent the other's message,
/// or when they share a channel. A race is a dependent pair that nothing else orders, and whose later event would have been accepted
/// without the earlier one and what followed from it. Source: Abdulla, Aronis, Jonsson, Sagonas, «Source sets: a foundation for optimal
/// dynamic partial order reduction», J. ACM 64(4), 2017; there are processes where we have channels.
/// </remarks>
internal sealed class RunOrder
{
    private static readonly List<int> Unused = [];
    private readonly List<ReducedEvent> _events = [];
    private readonly Dictionary<ulong, List<(int Event, bool Write)>> _places = [];
    private readonly Dictionary<ActorId, List<int>> _at = [];

    // By channel: where its receiver's events are, and its own last one, as each knows the one before it.
    private readonly List<(List<int> At, int Last)> _on = [];
    private readonly List<int> _candidates = [];
    private readonly List<int> _races = [];
    private readonly List<ReducedEvent> _reversed = [];
    private ulong[] _fixedPast = [];
    private int _enders;

    public IReadOnlyList<ReducedEvent> Events => _events;

    /// <summary>The sum of the events' hashes: equal for two runs that differ only in the order of events that do not depend on each other, and for no others.</summary>
    /// <remarks>Of the same events, an order is told by how many each has before it that it depends on: those that have none can come first, and so on.</remarks>
    public ulong Fingerprint { get; private set; }

    /// <summary>The last event on a channel, or −1.</summary>
    public int LastOn(int channel) => channel < _on.Count ? _on[channel].Last : -1;

    /// <summary>Adds an event whose step has run.</summary>
    public void Add(ReducedEvent e)
    {
        e.Past = new ulong[(e.Index + 63) >> 6];
        FindRaces(e, e.Past);
        e.Print = RunTrace.PrintOf(e.Envelope, DependentBefore(e));
        foreach (int option in e.Options)
        {
            e.Print = RunTrace.WithAnswer(e.Print, option);
        }

        Fingerprint += e.Print;
        _events.Add(e);
        _enders += e.Ends ? 1 : 0;
        At(e).Add(e.Index);
        CollectionsMarshal.AsSpan(_on)[e.Channel].Last = e.Index;
        foreach (Access access in e.Accesses)
        {
            Entry(_places, access.Place).Add((e.Index, access.Write));
        }
    }

    /// <summary>Finds the races of a message that was left in its channel when the run ended.</summary>
    /// <param name="e">What would have been delivered.</param>
    public void FindRacesOfPending(ReducedEvent e) => FindRaces(e, new ulong[(e.Index + 63) >> 6]);

    /// <summary>Takes events off the end.</summary>
    /// <param name="count">How many to keep.</param>
    public void Truncate(int count)
    {
        while (_events.Count > count)
        {
            ReducedEvent e = _events[^1];
            _events.RemoveAt(_events.Count - 1);
            _enders -= e.Ends ? 1 : 0;
            Fingerprint -= e.Print;
            Span<(List<int> At, int Last)> on = CollectionsMarshal.AsSpan(_on);
            RemoveLast(on[e.Channel].At);
            on[e.Channel].Last = e.Before;
            foreach (Access access in e.Accesses)
            {
                RemoveLast(_places[access.Place]);
            }
        }
    }

    /// <summary>What a race asks for: the events after the earlier one that do not follow from it, then the later one. The list is used again for the next race.</summary>
    /// <param name="earlier">The race's earlier event.</param>
    /// <param name="later">The race's later event.</param>
    /// <param name="wholeRun">Events after the later one count too.</param>
    public List<ReducedEvent> Reversed(int earlier, ReducedEvent later, bool wholeRun)
    {
        List<ReducedEvent> reversed = _reversed;
        reversed.Clear();
        for (int i = earlier + 1; i < (wholeRun ? _events.Count : later.Index); i++)
        {
            if (!_events[i].IsAfter(earlier))
            {
                reversed.Add(_events[i]);
            }
        }

        reversed.Add(later);
        return reversed;
    }

    private void FindRaces(ReducedEvent e, ulong[] past)
    {
        // What cannot come after it, whatever else is tried.
        if (_fixedPast.Length < past.Length)
        {
            _fixedPast = new ulong[Math.Max(past.Length, 2 * _fixedPast.Length)];
        }

        Span<ulong> fixedPast = _fixedPast.AsSpan(0, past.Length);
        fixedPast.Clear();
        Join(fixedPast, e.Cause);
        Join(fixedPast, e.Before);
        fixedPast.CopyTo(past);
        CollectCandidates(e, fixedPast);
        _races.Clear();
        foreach (int c in _candidates)
        {
            if ((fixedPast[c >> 6] >> c & 1) != 0)
            {
                continue;
            }

            Join(past, c);
            if (WouldBeAccepted(e, c))
            {
                _races.Add(c);
                Join(fixedPast, c);
            }
        }

        if (_races.Count > 0)
        {
            e.Races = [.. _races];
        }
    }

    // Dependent events, latest first. Where nothing commutes the first that counts is the last that is needed of its receiver.
    private void CollectCandidates(ReducedEvent e, ReadOnlySpan<ulong> fixedPast)
    {
        _candidates.Clear();
        if (e.Ends || _enders > 0)
        {
            for (int i = _events.Count - 1; i >= 0; i--)
            {
                if (ReducedEvent.AreDependent(e, _events[i]))
                {
                    _candidates.Add(i);
                }
            }

            return;
        }

        bool commuting = e.Receiver.HasCommuting;
        List<int> there = At(e);
        for (int i = there.Count - 1; i >= 0; i--)
        {
            ReducedEvent other = _events[there[i]];
            if (commuting && other.Channel != e.Channel && e.Receiver.Commutes(other.Envelope, e.Envelope))
            {
                continue;
            }

            _candidates.Add(other.Index);
            if (!commuting && ((fixedPast[other.Index >> 6] >> other.Index & 1) != 0 || Accepts(other.MaskBefore, e)))
            {
                break;
            }
        }

        AddByPlace(e);
    }

    private void AddByPlace(ReducedEvent e)
    {
        if (e.Accesses.Length == 0)
        {
            return;
        }

        foreach (Access access in e.Accesses)
        {
            if (!_places.TryGetValue(access.Place, out List<(int Event, bool Write)>? there))
            {
                continue;
            }

            // What lies before the last change is ordered through it.
            for (int i = there.Count - 1; i >= 0; i--)
            {
                if (access.Write || there[i].Write)
                {
                    _candidates.Add(there[i].Event);
                }

                if (there[i].Write)
                {
                    break;
                }
            }
        }

        _candidates.Sort((a, b) => b.CompareTo(a));
    }

    private List<int> At(ReducedEvent e)
    {
        while (_on.Count <= e.Channel)
        {
            _on.Add((Unused, -1));
        }

        if (_on[e.Channel].At is var there && ReferenceEquals(there, Unused))
        {
            there = Entry(_at, e.Envelope.To);
            _on[e.Channel] = (there, -1);
        }

        return there;
    }

    private ulong DependentBefore(ReducedEvent e)
    {
        if (!e.Ends && _enders == 0 && e.Accesses.Length == 0 && !e.Receiver.HasCommuting)
        {
            return (ulong)At(e).Count;
        }

        ulong count = 0;
        foreach (ReducedEvent other in _events)
        {
            count += ReducedEvent.AreDependent(e, other) ? 1UL : 0;
        }

        return count;
    }

    private bool WouldBeAccepted(ReducedEvent e, int without)
    {
        ReducedEvent removed = _events[without];
        if (removed.Envelope.To == e.Envelope.To && !e.Receiver.HasCommuting)
        {
            return Accepts(removed.MaskBefore, e);
        }

        // What commutes with it changes nothing in what is accepted of its kind, and what was accepted after it says nothing either: not
        // even if it came on the same channel.
        int first = -1;
        List<int> there = At(e);
        for (int i = there.Count - 1; i >= 0; i--)
        {
            ReducedEvent other = _events[there[i]];
            if (e.Receiver.HasCommuting && e.Receiver.Commutes(other.Envelope, e.Envelope))
            {
                continue;
            }

            if (there[i] != without && !other.IsAfter(without))
            {
                return Accepts(other.MaskAfter, e);
            }

            first = there[i];
        }

        return Accepts(first < 0 ? e.MaskBefore : _events[first].MaskBefore, e);
    }

    private static bool Accepts(ulong mask, ReducedEvent e) => (mask >> e.Envelope.AcceptClass & 1) != 0;

    private void Join(Span<ulong> past, int index)
    {
        if (index < 0)
        {
            return;
        }

        ulong[] other = _events[index].Past;
        for (int i = 0; i < other.Length; i++)
        {
            past[i] |= other[i];
        }

        past[index >> 6] |= 1UL << index;
    }

    private static List<TItem> Entry<TKey, TItem>(Dictionary<TKey, List<TItem>> all, TKey key)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out List<TItem>? list))
        {
            list = [];
            all.Add(key, list);
        }

        return list;
    }

    private static void RemoveLast<T>(List<T> list) => list.RemoveAt(list.Count - 1);
}
