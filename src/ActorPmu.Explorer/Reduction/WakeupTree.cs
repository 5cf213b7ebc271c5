namespace ActorPmu.Explorer;

/// <summary>What has to be run from a place, in order: a tree of sequences (wakeup tree).</summary>
/// <remarks>
/// Source: «Source sets» (J. ACM 2017), section 6. A leaf stands for an event whose answers inside are not known yet, so for all of them:
/// it was moved before what it raced with. The nodes above keep the answers that they had.
/// </remarks>
internal sealed class WakeupTree
{
    private List<WakeupTree>? _children;

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
    public bool IsEmpty => _children is not { Count: > 0 };

    /// <summary>Takes the first branch off.</summary>
    public WakeupTree TakeFirst()
    {
        WakeupTree first = _children![0];
        _children.RemoveAt(0);
        return first;
    }

    /// <summary>Plans a sequence, unless planned ones cover it.</summary>
    /// <param name="sequence">What a race asks for, its last event with whatever answers; used up.</param>
    /// <param name="gone">The last event as it was gone into at this place before.</param>
    public void Insert(List<ReducedEvent> sequence, IEnumerable<ReducedEvent> gone) => Insert(sequence, sequence[^1], [.. gone]);

    private void Insert(List<ReducedEvent> sequence, ReducedEvent last, List<ReducedEvent> gone)
    {
        WakeupTree at = this;
        do
        {
            (WakeupTree? child, bool all) = at.ChildFor(sequence, last, gone);
            if (all)
            {
                return;
            }

            if (child is null)
            {
                at.Add(sequence, last);
                return;
            }

            at = child;
        }
        while (sequence.Count > 0 && !at.IsEmpty);
    }

    private void Add(List<ReducedEvent> sequence, ReducedEvent last)
    {
        WakeupTree at = this;
        foreach (ReducedEvent e in sequence)
        {
            WakeupTree node = new(e, anyAnswers: ReferenceEquals(e, last));
            (at._children ??= []).Add(node);
            at = node;
        }
    }

    // Where the last event could come first, its answers part: with those of a child the rest of the sequence goes to that child.
    private (WakeupTree? Child, bool All) ChildFor(List<ReducedEvent> sequence, ReducedEvent last, List<ReducedEvent> gone)
    {
        if (_children is null)
        {
            return (null, false);
        }

        foreach (WakeupTree child in _children)
        {
            int at = Sequences.FirstOn(sequence, child.Event!.Channel);
            if (at < 0)
            {
                if (Sequences.IsIndependentOf(sequence, child.Event))
                {
                    return (child, false);
                }
            }
            else if (Sequences.InitialOf(sequence, child.Event.Channel, last) == at)
            {
                if (child.AnyAnswers)
                {
                    return (null, true);
                }

                if (ReferenceEquals(sequence[at], last))
                {
                    if (!child.IsEmpty && sequence.Count > 1)
                    {
                        child.Insert([.. sequence.Where(e => !ReferenceEquals(e, last))], last, []);
                    }

                    gone.Add(child.Event);
                    if (Sequences.FirstAwake(gone, last.Channel) is null)
                    {
                        return (null, true);
                    }
                }
                else if (child.Event.Options.AsSpan().SequenceEqual(sequence[at].Options))
                {
                    sequence.RemoveAt(at);
                    return (child, false);
                }
            }
        }

        return (null, false);
    }
}
