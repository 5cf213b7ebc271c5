namespace ActorPmu.Explorer;

/// <summary>A place in the tree of runs: what was taken there, what need not be taken there any more, what is still planned.</summary>
/// <remarks>One object is used again for another place when the search has left its own.</remarks>
internal sealed class ReducedNode
{
    /// <summary>Events that have been gone into already, here or higher up, and depend on nothing taken since (sleep set).</summary>
    public List<ReducedEvent> Asleep { get; } = [];

    /// <summary>How many of them came from above.</summary>
    public int AsleepFromAbove { get; private set; }

    /// <summary>What is planned here; null for nothing.</summary>
    public WakeupTree? Plan { get; set; }

    /// <summary>Whether something is planned here.</summary>
    public bool IsPlanned => Plan is { IsEmpty: false };

    /// <summary>Channels to be taken here; only where nothing is planned in sequences.</summary>
    public List<int> Backtrack { get; } = [];

    /// <summary>The channel to take, and the answers inside to begin with.</summary>
    public int Channel { get; private set; }

    /// <summary>The first answers inside.</summary>
    public int[] Answers { get; private set; } = [];

    /// <summary>Other answers inside are to be tried as well.</summary>
    public bool AnyAnswers { get; private set; }

    /// <summary>What is planned after it; null for nothing.</summary>
    public WakeupTree? Then { get; private set; }

    /// <summary>What was taken, or null.</summary>
    public ReducedEvent? Event { get; set; }

    /// <summary>Begins at a place: nothing is taken or planned there yet.</summary>
    /// <param name="above">The place before, or null. What is asleep there stays asleep if it does not depend on what was taken.</param>
    public void Begin(ReducedNode? above)
    {
        Asleep.Clear();
        Backtrack.Clear();
        (Plan, Then, Event) = (null, null, null);
        if (above is not null)
        {
            foreach (ReducedEvent e in above.Asleep)
            {
                if (!ReducedEvent.AreDependent(e, above.Event!))
                {
                    Asleep.Add(e);
                }
            }
        }

        AsleepFromAbove = Asleep.Count;
    }

    /// <summary>Settles what is taken next.</summary>
    public void Take(int channel, int[] answers, bool anyAnswers, WakeupTree? then = null)
    {
        (Channel, Answers, AnyAnswers, Then) = (channel, answers, anyAnswers, then);
        Event = null;
    }

    /// <summary>The first answers inside with which a channel's event is not asleep yet, null when it is asleep with all of them.</summary>
    public int[]? FirstAwake(int channel) => Sequences.FirstAwake(Asleep, channel);

    /// <summary>Whether an event is asleep with exactly these answers.</summary>
    public bool IsAsleep(int channel, ReadOnlySpan<int> answers)
    {
        foreach (ReducedEvent e in Asleep)
        {
            if (e.Channel == channel && answers.SequenceEqual(e.Options))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the next planned branch that is not asleep.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TakePlanned()
    {
        while (IsPlanned)
        {
            WakeupTree branch = Plan!.TakeFirst();
            int channel = branch.Event!.Channel;
            int[]? answers = !branch.AnyAnswers
                ? IsAsleep(channel, branch.Event.Options) ? null : branch.Event.Options
                : FirstAwake(channel);
            if (answers is not null)
            {
                Take(channel, answers, branch.AnyAnswers, branch);
                return true;
            }
        }

        return false;
    }
}
