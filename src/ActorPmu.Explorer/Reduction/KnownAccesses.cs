using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>What each delivery has been seen to touch beside its receiver's own state, in any run so far.</summary>
/// <remarks>
/// A delivery may touch something only where another one at its receiver has not come before it. Which steps depend on each other must not
/// differ from order to order, or runs are lost: so a delivery counts as touching all that it ever was seen to touch. A run that shows
/// more makes the search start over with what is known then. One that ends without such a run is complete: a delivery that would touch
/// something new has, up to the moment at which it does, the same past in some run that was made, and would have shown it there.
/// </remarks>
internal sealed class KnownAccesses
{
    private readonly Dictionary<(int Channel, int Sequence), (Access[] Accesses, bool Ends)> _known = [];

    /// <summary>Whether a run has shown something new since the search was begun.</summary>
    public bool HasGrown { get; private set; }

    /// <summary>The search begins, or begins again.</summary>
    public void Begin() => HasGrown = false;

    /// <summary>What a delivery may touch, sorted by place, and whether it may end the run.</summary>
    public (Access[] Accesses, bool Ends) Of(int channel, int sequence) =>
        _known.Count == 0 ? ([], false) : _known.GetValueOrDefault((channel, sequence), ([], false));

    /// <summary>All that is known, in the order of channels and messages.</summary>
    /// <param name="channels">The names of the channels.</param>
    public IReadOnlyList<KnownAccess> Export(ChannelNumbers channels) =>
        [.. _known.Select(k => new KnownAccess(channels.NameOf(k.Key.Channel), k.Key.Sequence, k.Value.Accesses, k.Value.Ends))
            .OrderBy(k => k.Channel).ThenBy(k => k.Sequence)];

    /// <summary>Takes what another search knows.</summary>
    /// <param name="known">What it knows.</param>
    /// <param name="channels">The numbers of the channels.</param>
    public void Import(IEnumerable<KnownAccess> known, ChannelNumbers channels)
    {
        foreach (KnownAccess k in known)
        {
            _known[(channels.Of(k.Channel), k.Sequence)] = (k.Accesses, k.Ends);
        }
    }

    /// <summary>Notes what a delivery touched.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="sequence">The message's number on it.</param>
    /// <param name="touched">What it touched, sorted by place.</param>
    /// <param name="ends">Whether it ended the run.</param>
    public void Note(int channel, int sequence, Access[] touched, bool ends)
    {
        if (touched.Length == 0 && !ends)
        {
            return;
        }

        (Access[] accesses, bool ended) = Of(channel, sequence);
        SortedDictionary<ulong, bool> union = [];
        foreach (Access a in accesses)
        {
            union[a.Place] = a.Write;
        }

        bool grown = ends && !ended;
        foreach (Access a in touched)
        {
            if (!union.TryGetValue(a.Place, out bool write) || (a.Write && !write))
            {
                union[a.Place] = a.Write;
                grown = true;
            }
        }

        if (grown)
        {
            HasGrown = true;
            _known[(channel, sequence)] = ([.. union.Select(p => new Access(p.Key, p.Value))], ended || ends);
        }
    }
}
