using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Akka.Logging;
using ActorPmu.Explorer;
using Akka.Actor;
using Akka.Actor.Setup;
using Serilog;

namespace ActorPmu.Akka.Controlled;

/// <summary>Akka with every delivery under control: the same shells and mailboxes as in a live run, and a schedule that says who is next.</summary>
public sealed class ControlledSystem : IAsyncDisposable
{
    private const string Name = "actorpmu-controlled";
    internal const string Dispatcher = "actorpmu.controlled.dispatcher";

    private readonly Controller _controller = new();
    private readonly ActorSystem _system;
    private readonly IActorRef _hub;

    private ControlledSystem()
    {
        ActorSystemSetup setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ControlledSettings.Load()), new ControllerSetup(_controller));
        _system = ActorSystem.Create(Name, setup);
        _hub = _system.ActorOf(Props.Create<ControlledHub>().WithDispatcher(Dispatcher), "hub");
    }

    /// <summary>Starts Akka.</summary>
    public static async Task<ControlledSystem> Start()
    {
        ControlledSystem system = new();
        await system._hub.Ask<Hello>(Hello.Instance).ConfigureAwait(false);
        return system;
    }

    /// <summary>Runs a program once, each delivery as the chooser says, on the calling thread.</summary>
    /// <param name="build">Makes the program in a host.</param>
    /// <param name="chooser">Who decides what is open.</param>
    /// <param name="stepsMax">The bound on steps.</param>
    /// <param name="observer">Who watches, if anybody.</param>
    /// <returns>How it ended, and what was found.</returns>
    /// <exception cref="RunCrashException">A behaviour failed.</exception>
    public ControlledResult Run(
        Func<IActorHost, Subject> build, IControlledChooser chooser, long stepsMax, IStepObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(chooser);
        ControlledOrder order = new(build, chooser, stepsMax, observer ?? new Nobody());
        _controller.Seize();
        try
        {
            _hub.Tell(order);
            _controller.RunCommands();
            AkkaHost host = order.Host ?? throw order.Failed();
            RunEnd end = Steer(host, chooser, order);
            IReadOnlyList<Kernel.Violation> violations = order.Subject!.Judge(end);
            return _controller.Foreign == 0
                ? new ControlledResult(end, host.Steps, violations)
                : throw new InvalidOperationException($"{_controller.Foreign} mailboxes were woken by a thread that is not in control");
        }
        finally
        {
            _controller.Release();
        }
    }

    /// <summary>Stops Akka.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().ConfigureAwait(false);
        LiveLog.Stopped(Log.Logger, Name);
    }

    private RunEnd Steer(AkkaHost host, IControlledChooser chooser, ControlledOrder order)
    {
        while (host.End is null)
        {
            List<Parcel> possible = _controller.Possible();
            int picked = possible.Count == 0 ? -1 : chooser.Pick(host.Steps, [.. possible.Select(p => p.Envelope)]);
            if (picked < 0)
            {
                host.Stop(possible.Count == 0 ? RunEnd.Deadlock : RunEnd.Abandoned);
                break;
            }

            host.Pick = (possible.Count, picked);
            _controller.Deliver(possible[picked]);
            _controller.RunCommands();
            order.ThrowIfFailed();
        }

        // What is left is taken out of the mailboxes, for the next run finds the same shells.
        while (_controller.Heads() is { Count: > 0 } left)
        {
            _controller.Deliver(left[0]);
            _controller.RunCommands();
        }

        return host.End!.Value;
    }

    private sealed class Nobody : IStepObserver
    {
        public void Delivering(long step, in Actors.Envelope envelope, int optionCount, int picked)
        {
        }

        public void Chosen(ActorId by, int optionCount, int option, string what)
        {
        }

        public void Delivered(long step, in Actors.Envelope envelope)
        {
        }
    }
}

/// <summary>Decides what comes next on controlled Akka.</summary>
public interface IControlledChooser
{
    /// <summary>Picks the next delivery.</summary>
    /// <param name="steps">Deliveries made so far.</param>
    /// <param name="possible">What could be delivered, in canonical order; at least one.</param>
    /// <returns>A position in <paramref name="possible"/>, or −1 to abandon the run.</returns>
    int Pick(long steps, IReadOnlyList<Actors.Envelope> possible);

    /// <summary>Answers a choice inside a step.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="optionCount">How many options there are, 2 or more.</param>
    /// <param name="what">What is chosen, in one line.</param>
    int Choose(ActorId by, int optionCount, string what);
}

/// <summary>How a controlled run ended.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Steps">Deliveries.</param>
/// <param name="Violations">What was found.</param>
public sealed record ControlledResult(RunEnd End, long Steps, IReadOnlyList<Kernel.Violation> Violations);
