using ActorPmu.Actors;

namespace ActorPmu.Akka.Hosting;

/// <summary>One channel of a run: who sends, who receives, on which lane.</summary>
internal sealed class ShellChannel(ActorId from, HostedActor receiver, Lane lane) : IComparable<ShellChannel>
{
    private readonly List<Parcel> _waiting = [];

    public ActorId From { get; } = from;

    public HostedActor Receiver { get; } = receiver;

    public Lane Lane { get; } = lane;

    public ActorId To => Receiver.Actor.Id;

    /// <summary>Messages put on it so far.</summary>
    public int Sent { get; set; }

    /// <summary>Messages delivered so far.</summary>
    public int Delivered { get; set; }

    /// <summary>Messages that have arrived and have not been delivered.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The first message that has arrived and has not been delivered.</summary>
    public Parcel Head => _waiting[0];

    /// <summary>Whether no earlier message of the channel is still under way: two shells may send in one actor's name, a timer's for instance.</summary>
    public bool IsNext(Parcel parcel) => parcel.Sequence == Delivered;

    public void Arrive(Parcel parcel)
    {
        int at = _waiting.Count;
        while (at > 0 && _waiting[at - 1].Sequence > parcel.Sequence)
        {
            at--;
        }

        _waiting.Insert(at, parcel);
    }

    public Parcel Take()
    {
        Parcel taken = _waiting[0];
        _waiting.RemoveAt(0);
        Delivered++;
        return taken;
    }

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

    /// <summary>Whether it has hesitated: once is enough.</summary>
    public bool IsLate { get; set; }

    public Envelope Envelope => new(Channel.From, Channel.To, Channel.Lane, AcceptClass, Sequence, 0, Message);
}
