namespace ActorPmu.Explorer;

/// <summary>What has to be run from a place, in order: a tree of sequences (wakeup tree).</summary>
/// <remarks>
/// Source: «Source sets» (J. ACM 2017), section 6. A leaf stands for an event whose answers inside are not known yet, so for all of them:
/// it was moved before what it raced with. The nodes above keep the answers that they had.
/// </remarks>
internal sealed class WakeupTree
{
    private readonly List<WakeupTree> _children = [];

    /// <summary>The root.</summary>
    public WakeupTree()
    {
    }

    private WakeupTree(ReducedEvent e, bool anyAnswers) => (Event, AnyAnswers) = (e, anyAnswers);

    /// <summary>What is run here; null at the root.</summary>
    public ReducedEvent? Event { get; }

    /// <summary>All answers inside are to be tried.</summary>
    public bool AnyAnswers { get; }

    /// <summary>Whether nothing is planned below.</summary>
    public bool IsEmpty => _children.Count == 0;

    /// <summary>Takes the first branch off.</summary>
    public WakeupTree TakeFirst()
    {
        WakeupTree first = _children[0];
        _children.RemoveAt(0);
        return first;
    }

    /// <summary>Plans a sequence, unless a planned one covers it.</summary>
    /// <param name="sequence">What a race asks for; used up.</param>
    public void Insert(List<ReducedEvent> sequence)
    {
        ReducedEvent last = sequence[^1];
        WakeupTree at = this;
        while (at.ChildFor(sequence, last) is { } child)
        {
            at = child;
            if (sequence.Count == 0)
            {
                return;
            }
        }

        if (at.IsEmpty && !ReferenceEquals(at, this))
        {
            return;
        }

        foreach (ReducedEvent e in sequence)
        {
            WakeupTree node = new(e, anyAnswers: ReferenceEquals(e, last));
            at._children.Add(node);
            at = node;
        }
    }

    private WakeupTree? ChildFor(List<ReducedEvent> sequence, ReducedEvent last)
    {
        foreach (WakeupTree child in _children)
        {
            int at = Sequences.FirstOn(sequence, child.Event!.Channel);
            if (at < 0)
            {
                if (Sequences.IsIndependentOf(sequence, child.Event))
                {
                    return child;
                }
            }
            else if (Covers(child, sequence[at], last) && Sequences.InitialOf(sequence, child.Event.Channel, last) == at)
            {
                sequence.RemoveAt(at);
                return child;
            }
        }

        return null;
    }

    // The last event's answers are those of another place; here it is asked for whatever it may answer.
    private static bool Covers(WakeupTree child, ReducedEvent e, ReducedEvent last) =>
        child.AnyAnswers
        || (ReferenceEquals(e, last) ? child.Event!.Options.Length == 0 : child.Event!.Options.AsSpan().SequenceEqual(e.Options));
}
