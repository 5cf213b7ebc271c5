using ActorPmu.Actors;
using Akka.Actor;

namespace ActorPmu.Akka.Hosting;

/// <summary>An actor of a run with the shell that it runs in, and the messages that it does not take yet.</summary>
internal sealed class HostedActor(Actor actor, IActorRef shell)
{
    // Channels with messages that have arrived, in order of arrival of their heads; most of the time there is none.
    private readonly List<ShellChannel> _pending = [];

    public Actor Actor { get; } = actor;

    public IActorRef Shell { get; } = shell;

    /// <summary>What its step has sent and Akka has not been given yet. Its turn's own, within the gate and after it.</summary>
    public List<Parcel> Outbox { get; } = [];

    /// <summary>Puts a message that has arrived behind those of its channel.</summary>
    public void Arrive(Parcel parcel)
    {
        if (parcel.Channel.Waiting == 0)
        {
            _pending.Add(parcel.Channel);
        }

        parcel.Channel.Arrive(parcel);
    }

    /// <summary>Whether nothing waits, and it takes this message now.</summary>
    public bool TakesAtOnce(Parcel arrived)
    {
        if (_pending.Count > 0 || !Accepts(arrived.AcceptClass) || !arrived.Channel.IsNext(arrived))
        {
            return false;
        }

        arrived.Channel.Delivered++;
        return true;
    }

    /// <summary>Whether it takes some message that waits.</summary>
    public bool HasAcceptable => FirstAcceptable() >= 0;

    /// <summary>Takes the message that it accepts and that has been head for longest; null for none.</summary>
    public Parcel? TakeAcceptable()
    {
        int at = FirstAcceptable();
        if (at < 0)
        {
            return null;
        }

        ShellChannel channel = _pending[at];
        Parcel taken = channel.Take();
        _pending.RemoveAt(at);
        if (channel.Waiting > 0)
        {
            _pending.Add(channel);
        }

        return taken;
    }

    public bool Accepts(byte acceptClass) => (Actor.AcceptMask >> acceptClass & 1) != 0;

    private int FirstAcceptable()
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            Parcel head = _pending[i].Head;
            if (Accepts(head.AcceptClass) && _pending[i].IsNext(head))
            {
                return i;
            }
        }

        return -1;
    }
}
