using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Explorer;
using Akka.Actor;

namespace ActorPmu.Akka.Controlled;

/// <summary>Builds one run after the other with the same shells.</summary>
internal sealed class ControlledHub : UntypedActor
{
    private readonly ShellPool _pool = new(Shell.PropsOn(Context.Props.Dispatcher));
    private ControlledOrder? _order;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Hello hello:
                Sender.Tell(hello);
                break;
            case ControlledOrder order:
                _order = order;
                _pool.Reset();
                order.Begin(_pool, Self, Context);
                break;
            case RunOver:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        maxNrOfRetries: 0, withinTimeMilliseconds: 0, localOnlyDecider: failure =>
        {
            _order!.Failure ??= failure;
            return Directive.Stop;
        }, loggingEnabled: false);
}

/// <summary>Asked to know that the hub stands.</summary>
internal sealed class Hello
{
    public static readonly Hello Instance = new();
}

/// <summary>A run to be made.</summary>
internal sealed class ControlledOrder(
    Func<IActorHost, Subject> build, IControlledChooser chooser, long stepsMax, IStepObserver observer, bool staysOpen)
{
    public AkkaHost? Host { get; private set; }

    public Subject? Subject { get; private set; }

    public Exception? Failure { get; set; }

    public void Begin(ShellPool pool, IActorRef hub, IActorContext context)
    {
        try
        {
            RunPlan plan = new()
            {
                Pool = pool, Hub = hub, Observer = observer, Choose = chooser.Choose, StepsMax = stepsMax, StaysOpen = staysOpen,
            };
            AkkaHost host = new(plan, context);
            Subject = build(host);
            host.Begin();
            Host = host;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failure = e;
        }
    }

    public RunCrashException Failed() => new(0, [], Failure ?? new InvalidOperationException("the run was not begun"));

    public void ThrowIfFailed()
    {
        if (Failure is not null)
        {
            throw Failed();
        }
    }
}
