using ActorPmu.Actors;

namespace ActorPmu.TestKit;

/// <summary>A host between the machine and Akka: puts probes in the place of actors, and lets a script lay hands on messages.</summary>
internal sealed class ScriptHost(IActorHost inner, ScriptMachine machine) : IActorHost
{
    public long NowNs => inner.NowNs;

    public bool HasClock => inner.HasClock;

    public long Steps => inner.Steps;

    public Func<bool>? Finished
    {
        get => inner.Finished;
        set => inner.Finished = value;
    }

    public void Add(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Attach(this);
        Actor placed = machine.ProbeOf(actor.Id)?.StandInFor(actor) ?? actor;
        inner.Add(placed);
        placed.Attach(this);
    }

    public void Spawn(Actor actor)
    {
        Add(actor);
        if (machine.HasBegun)
        {
            inner.Find(actor.Id)!.Start();
        }
    }

    public Actor? Find(ActorId id) => inner.Find(id);

    public void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message, long delayNs = 0)
    {
        if (!machine.Intercepts(new Envelope(from, to, lane, acceptClass, 0, 0, message)))
        {
            inner.Send(from, to, lane, acceptClass, message, delayNs);
        }
    }

    /// <summary>Sends what no interception may take again.</summary>
    public void Forward(in Envelope letter) => inner.Send(letter.From, letter.To, letter.Lane, letter.AcceptClass, letter.Message);

    public int Choose(ActorId by, int optionCount, string what) => inner.Choose(by, optionCount, what);

    public void Halt() => inner.Halt();

    public bool HasMessagesOnlyFrom(ActorKind kind) => machine.HoldsOnlyFrom(kind) && inner.HasMessagesOnlyFrom(kind);

    public IReadOnlyList<WaitEdge> Waits() => inner.Waits();
}

/// <summary>What stands in a machine where a script has put a probe.</summary>
internal sealed class StandIn(ScriptProbe probe, Actor original) : Actor(original.Id)
{
    public override void Receive(in Envelope envelope) => probe.Arrive(envelope);

    public override void Start() => original.Start();

    public override void DescribeWaits(ICollection<WaitEdge> waits)
    {
        original.DescribeWaits(waits);
        foreach (Envelope waiting in probe.Unanswered)
        {
            waits.Add(new WaitEdge(Id.ToString(), "the script", $"{waiting.Message.Label} is not answered"));
        }
    }
}
