using ActorPmu.Actors;

namespace ActorPmu.Akka.Hosting;

/// <summary>One channel of a run: who sends, who receives, on which lane.</summary>
internal sealed class ShellChannel(ActorId from, HostedActor receiver, Lane lane) : IComparable<ShellChannel>
{
    private readonly Queue<Parcel> _waiting = [];

    public ActorId From { get; } = from;

    public HostedActor Receiver { get; } = receiver;

    public Lane Lane { get; } = lane;

    public ActorId To => Receiver.Actor.Id;

    /// <summary>Messages put on it so far.</summary>
    public int Sent { get; set; }

    /// <summary>Messages that have arrived and have not been delivered.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The first message that has arrived and has not been delivered.</summary>
    public Parcel Head => _waiting.Peek();

    public void Arrive(Parcel parcel) => _waiting.Enqueue(parcel);

    public Parcel Take() => _waiting.Dequeue();

    /// <summary>The canonical order of the deterministic world: receiver, sender's kind, lane, sender's index.</summary>
    public int CompareTo(ShellChannel? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int order = To.CompareTo(other.To);
        order = order != 0 ? order : From.Kind.CompareTo(other.From.Kind);
        order = order != 0 ? order : Lane.CompareTo(other.Lane);
        return order != 0 ? order : From.Index.CompareTo(other.From.Index);
    }
}

/// <summary>A message as it travels between shells.</summary>
internal sealed class Parcel(ShellChannel channel, AkkaHost host, Message message, byte acceptClass, int sequence)
{
    public ShellChannel Channel { get; } = channel;

    /// <summary>The run that it belongs to.</summary>
    public AkkaHost Host { get; } = host;

    public Message Message { get; } = message;

    public byte AcceptClass { get; } = acceptClass;

    /// <summary>Its number on its channel, from 0.</summary>
    public int Sequence { get; } = sequence;

    public Envelope Envelope => new(Channel.From, Channel.To, Channel.Lane, AcceptClass, Sequence, 0, Message);
}
