namespace ActorPmu.Explorer;

/// <summary>A place in the tree of runs: what was taken there, what need not be taken there any more, what is still planned.</summary>
internal sealed class ReducedNode(List<ReducedEvent> asleep, WakeupTree plan)
{
    /// <summary>Events that have been gone into already, here or higher up, and depend on nothing taken since (sleep set).</summary>
    public List<ReducedEvent> Asleep { get; } = asleep;

    /// <summary>How many of them came from above.</summary>
    public int AsleepFromAbove { get; } = asleep.Count;

    /// <summary>What is planned here.</summary>
    public WakeupTree Plan { get; } = plan;

    /// <summary>Channels to be taken here; only where nothing is planned in sequences.</summary>
    public List<int> Backtrack { get; } = [];

    /// <summary>The channel to take, and the answers inside to begin with.</summary>
    public int Channel { get; private set; }

    /// <summary>The first answers inside.</summary>
    public int[] Answers { get; private set; } = [];

    /// <summary>Other answers inside are to be tried as well.</summary>
    public bool AnyAnswers { get; private set; }

    /// <summary>What is planned after it.</summary>
    public WakeupTree Then { get; private set; } = new();

    /// <summary>What was taken, or null.</summary>
    public ReducedEvent? Event { get; set; }

    /// <summary>Settles what is taken next.</summary>
    public void Take(int channel, int[] answers, bool anyAnswers, WakeupTree then)
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
        while (!Plan.IsEmpty)
        {
            WakeupTree branch = Plan.TakeFirst();
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

    /// <summary>What stays asleep after an event: what does not depend on it.</summary>
    public List<ReducedEvent> AsleepAfter(ReducedEvent taken)
    {
        List<ReducedEvent> asleep = [];
        foreach (ReducedEvent e in Asleep)
        {
            if (!ReducedEvent.AreDependent(e, taken))
            {
                asleep.Add(e);
            }
        }

        return asleep;
    }
}
