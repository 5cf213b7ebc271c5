using ActorPmu.Akka.Hosting;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace ActorPmu.Akka.Controlled;

/// <summary>A mailbox whose next message the controller names. Named in <c>hocon/controlled.conf</c>.</summary>
/// <param name="settings">Akka's.</param>
/// <param name="config">The dispatcher's.</param>
public sealed class ControlledMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<ControlledQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new ControlledQueue();
}

/// <summary>One queue for each channel, and one for what is not a run's message.</summary>
public sealed class ControlledQueue : IMessageQueue
{
    private readonly Queue<Envelope> _commands = [];
    private readonly List<(ShellChannel Channel, Queue<Envelope> Messages)> _channels = [];

    /// <inheritdoc/>
    public bool HasMessages => Count > 0;

    /// <inheritdoc/>
    public int Count => _commands.Count + _channels.Sum(c => c.Messages.Count);

    /// <summary>The channel that delivers next; null for a command.</summary>
    internal ShellChannel? Next { get; set; }

    /// <summary>Whether a message of the hub's waits.</summary>
    internal bool HasCommand => _commands.Count > 0;

    /// <summary>The first message of each channel that has one.</summary>
    internal IEnumerable<Parcel> Heads =>
        _channels.Where(c => c.Messages.Count > 0).Select(c => (Parcel)c.Messages.Peek().Message);

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (envelope.Message is not Parcel parcel)
        {
            _commands.Enqueue(envelope);
            return;
        }

        int at = _channels.FindIndex(c => ReferenceEquals(c.Channel, parcel.Channel));
        if (at < 0)
        {
            at = _channels.Count;
            _channels.Add((parcel.Channel, []));
        }

        _channels[at].Messages.Enqueue(envelope);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        if (Next is not { } next)
        {
            return _commands.TryDequeue(out envelope);
        }

        Next = null;
        return _channels.Find(c => ReferenceEquals(c.Channel, next)).Messages.TryDequeue(out envelope);
    }

    /// <summary>Forgets the channels of a run that is over.</summary>
    internal void Clear() => _channels.Clear();

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        ArgumentNullException.ThrowIfNull(deadletters);
        while (_commands.TryDequeue(out Envelope envelope))
        {
            deadletters.Enqueue(owner, envelope);
        }
    }
}
