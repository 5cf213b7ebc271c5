namespace ActorPmu.Explorer;

/// <summary>Questions about a sequence of events of one run of which some were left out, the last one moved before what it raced with.</summary>
internal static class Sequences
{
    /// <summary>Where a channel's first event is, if nothing in the sequence comes before it; else −1.</summary>
    /// <param name="sequence">The events.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="last">The event that was moved; it may be gone from the sequence.</param>
    public static int InitialOf(List<ReducedEvent> sequence, int channel, ReducedEvent last)
    {
        int at = FirstOn(sequence, channel);
        return at >= 0 && IsInitial(sequence, at, last) ? at : -1;
    }

    /// <summary>Where a channel's first event is, or −1.</summary>
    public static int FirstOn(List<ReducedEvent> sequence, int channel)
    {
        for (int i = 0; i < sequence.Count; i++)
        {
            if (sequence[i].Channel == channel)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether no event of the sequence depends on another one.</summary>
    public static bool IsIndependentOf(List<ReducedEvent> sequence, ReducedEvent other)
    {
        foreach (ReducedEvent e in sequence)
        {
            if (ReducedEvent.AreDependent(e, other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first answers inside with which a channel's event is not among some, null when it is there with all of them.</summary>
    /// <param name="asleep">The events, all of one place.</param>
    /// <param name="channel">The channel.</param>
    public static int[]? FirstAwake(List<ReducedEvent> asleep, int channel) => FirstAwake(asleep, channel, []);

    private static int[]? FirstAwake(List<ReducedEvent> asleep, int channel, int[] answers)
    {
        int optionCount = -1;
        foreach (ReducedEvent e in asleep)
        {
            if (e.Channel == channel && e.Options.AsSpan().StartsWith(answers))
            {
                if (e.Options.Length == answers.Length)
                {
                    return null;
                }

                optionCount = e.OptionCounts[answers.Length];
            }
        }

        if (optionCount < 0)
        {
            return answers;
        }

        for (int option = 0; option < optionCount; option++)
        {
            if (FirstAwake(asleep, channel, [.. answers, option]) is { } first)
            {
                return first;
            }
        }

        return null;
    }

    // The last event's past is that of the place from which it was taken: what it follows now is asked anew.
    private static bool IsInitial(List<ReducedEvent> sequence, int at, ReducedEvent last)
    {
        ReducedEvent e = sequence[at];
        for (int i = 0; i < at; i++)
        {
            ReducedEvent x = sequence[i];
            bool before = ReferenceEquals(e, last) ? FollowsNow(sequence, x, e) : e.IsAfter(x.Index);
            if (before)
            {
                return false;
            }
        }

        return true;
    }

    private static bool FollowsNow(List<ReducedEvent> sequence, ReducedEvent x, ReducedEvent last)
    {
        if (ReducedEvent.AreDependent(x, last) || x.Index == last.Cause || x.Index == last.Before)
        {
            return true;
        }

        // By way of its cause or its channel; what it depends on itself is asked of each.
        foreach (ReducedEvent y in sequence)
        {
            if ((y.Index == last.Cause || y.Index == last.Before) && y.IsAfter(x.Index))
            {
                return true;
            }
        }

        return false;
    }
}
