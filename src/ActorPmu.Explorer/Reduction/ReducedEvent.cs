using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>A delivery as the reduction knows it: what came on which channel, what was answered inside, and what it touched.</summary>
internal sealed class ReducedEvent
{
    private static readonly int[] None = [];

    /// <summary>Its number in its run, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its channel, by <see cref="ChannelNumbers"/>.</summary>
    public required int Channel { get; init; }

    /// <summary>Its place among what could be delivered.</summary>
    public required int Position { get; init; }

    /// <summary>What was delivered.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Who received it, in that run's world.</summary>
    public required Actor Receiver { get; init; }

    /// <summary>The event that sent the message, or −1.</summary>
    public required int Cause { get; init; }

    /// <summary>The event before it on its channel, or −1.</summary>
    public required int Before { get; init; }

    /// <summary>What the receiver accepted before.</summary>
    public required ulong MaskBefore { get; init; }

    /// <summary>What the receiver accepted after.</summary>
    public ulong MaskAfter { get; set; }

    /// <summary>The answers to choices inside.</summary>
    public int[] Options { get; set; } = None;

    /// <summary>How many options each choice had.</summary>
    public int[] OptionCounts { get; set; } = None;

    /// <summary>What it may touch beside its receiver's own state (<see cref="KnownAccesses"/>), sorted by place.</summary>
    public required Access[] Accesses { get; init; }

    /// <summary>It may end the run: then whatever else could have come before does not come.</summary>
    public required bool Ends { get; init; }

    /// <summary>A bit for each event of the run that happens before it.</summary>
    public ulong[] Past { get; set; } = [];

    /// <summary>The events that race with it and came before, latest first.</summary>
    public int[] Races { get; set; } = None;

    /// <summary>A hash of the delivery, its answers, and the number of events before it that it depends on.</summary>
    public ulong Print { get; set; }

    /// <summary>Whether an event of its run happens before it.</summary>
    public bool IsAfter(int index) => index >> 6 < Past.Length && (Past[index >> 6] >> index & 1) != 0;

    /// <summary>Whether the order of two deliveries can make a difference.</summary>
    public static bool AreDependent(ReducedEvent a, ReducedEvent b) =>
        a.Channel == b.Channel || a.Ends || b.Ends
        || (a.Envelope.To == b.Envelope.To && !(a.Receiver.HasCommuting && a.Receiver.Commutes(a.Envelope, b.Envelope)))
        || Access.Conflict(a.Accesses, b.Accesses);
}
