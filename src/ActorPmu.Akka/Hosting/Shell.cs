using Akka.Actor;

namespace ActorPmu.Akka.Hosting;

/// <summary>The Akka actor around a behaviour. It has no state: behaviours change from run to run, and shells stay.</summary>
internal sealed class Shell : UntypedActor
{
    private readonly IActorContext _context = Context;

    public static Props PropsOn(string dispatcher) => Props.Create<Shell>().WithDispatcher(dispatcher);

    protected override void OnReceive(object message)
    {
        if (message is Parcel parcel)
        {
            parcel.Host.Turn(parcel, _context);
        }
        else
        {
            Unhandled(message);
        }
    }

    // A shell whose child failed has not failed itself: the failure goes up to the hub, which ends everything.
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Escalate);
}

/// <summary>Shells that are used again in each run. One thread at a time: the hub between runs, the gate within.</summary>
internal sealed class ShellPool(Props props)
{
    private readonly List<IActorRef> _shells = [];
    private int _used;

    /// <summary>Gives all shells back.</summary>
    public void Reset() => _used = 0;

    /// <summary>A free shell, or a new child of the actor whose context is given.</summary>
    public IActorRef Take(IActorContext context)
    {
        if (_used == _shells.Count)
        {
            _shells.Add(context.ActorOf(props));
        }

        return _shells[_used++];
    }
}
