namespace ActorPmu.Explorer;

/// <summary>Puts messages into chains, each message caused by the one before it, as they come.</summary>
/// <remarks>
/// Chains lie in groups: group i has at most i of them, and no two of their ends are ordered. A message goes to the end of the first chain
/// that it follows, and the rest of that chain's group changes places with the group before; if it follows none it begins a chain in the
/// first group that has room. So there are as many groups at most as messages that are pairwise unordered (w), and w·(w+1)/2 chains. Source:
/// Agarwal, Garg, «Efficient dependency tracking for relevant events in shared-memory systems», PODC 2005, which PCTCP takes up; there a
/// message takes room before it looks at later groups. What comes before a message: the step that sent it, and what its channel delivered before.
/// </remarks>
internal sealed class ChainPartition
{
    private readonly List<List<int>> _groups = [];
    private readonly List<int> _lengths = [];

    // By chain: the clock of the message at its end. By step and by channel: the clock of what was delivered.
    private readonly List<int[]> _ends = [];
    private readonly List<int[]> _ofStep = [];
    private readonly Dictionary<int, int> _lastStepOn = [];
    private int _waiting;
    private int _waitingMost;

    /// <summary>How many chains there are.</summary>
    public int Count => _lengths.Count;

    /// <summary>How many messages at least are pairwise unordered: those that wait together, or as many as there are groups.</summary>
    public int Width => Math.Max(_groups.Count, _waitingMost);

    /// <summary>Forgets everything, for another run.</summary>
    public void Clear()
    {
        _groups.Clear();
        _lengths.Clear();
        _ends.Clear();
        _ofStep.Clear();
        _lastStepOn.Clear();
        (_waiting, _waitingMost) = (0, 0);
    }

    /// <summary>Adds a channel's new head.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="sentIn">The step that sent it, from 1; 0 for none.</param>
    /// <returns>Its chain, from 0.</returns>
    public int Add(int channel, int sentIn)
    {
        int[] cause = ClockOf(sentIn);
        int[] before = ClockOf(_lastStepOn.GetValueOrDefault(channel));
        int chain = ChainFor(cause, before);
        int[] clock = new int[Math.Max(Math.Max(cause.Length, before.Length), chain + 1)];
        for (int i = 0; i < clock.Length; i++)
        {
            clock[i] = Math.Max(At(cause, i), At(before, i));
        }

        clock[chain] = ++_lengths[chain];
        _ends[chain] = clock;
        _waitingMost = Math.Max(_waitingMost, ++_waiting);
        return chain;
    }

    /// <summary>A head is delivered.</summary>
    /// <param name="chain">Its chain, of which it is the end.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="step">The step's number, from 1.</param>
    public void Deliver(int chain, int channel, int step)
    {
        _waiting--;
        _ofStep.Add(_ends[chain]);
        _lastStepOn[channel] = step;
    }

    private int ChainFor(int[] cause, int[] before)
    {
        for (int g = 0; g < _groups.Count; g++)
        {
            List<int> group = _groups[g];
            for (int i = 0; i < group.Count; i++)
            {
                int chain = group[i];
                if (Math.Max(At(cause, chain), At(before, chain)) >= _lengths[chain])
                {
                    // All of the group but this chain change places with the group before.
                    if (g > 0)
                    {
                        group.RemoveAt(i);
                        (_groups[g - 1], _groups[g]) = (group, _groups[g - 1]);
                        _groups[g].Add(chain);
                    }

                    return chain;
                }
            }
        }

        // It follows no chain: where all groups are full, it and the last group's ends are pairwise unordered.
        int room = 0;
        while (room < _groups.Count && _groups[room].Count > room)
        {
            room++;
        }

        if (room == _groups.Count)
        {
            _groups.Add([]);
        }

        int added = New();
        _groups[room].Add(added);
        return added;
    }

    private int New()
    {
        _lengths.Add(0);
        _ends.Add([]);
        return _lengths.Count - 1;
    }

    private int[] ClockOf(int step) => step == 0 ? [] : _ofStep[step - 1];

    private static int At(int[] clock, int chain) => chain < clock.Length ? clock[chain] : 0;
}
