using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Akka.Logging;
using ActorPmu.Explorer;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Serilog;

namespace ActorPmu.Akka.Controlled;

/// <summary>Akka with every delivery under control: the same shells and mailboxes as in a live run, and a schedule that says who is next.</summary>
public sealed class ControlledSystem : IAsyncDisposable
{
    private const string Name = "actorpmu-controlled";
    internal const string Dispatcher = "actorpmu.controlled.dispatcher";

    private readonly Controller _controller;
    private readonly ActorSystem _system;
    private readonly IActorRef _hub;

    private ControlledSystem(ActorSystem system)
    {
        _controller = system.Settings.Setup.Get<ControllerSetup>() is { HasValue: true, Value: { } setup }
            ? setup.Controller
            : throw new ArgumentException($"the system was not made with {nameof(ControlledSystem)}.{nameof(Setup)}", nameof(system));
        _system = system;
        _hub = system.ActorOf(Props.Create<ControlledHub>().WithDispatcher(Dispatcher));
    }

    /// <summary>What a system needs in which deliveries are to be controlled, for <see cref="In"/>.</summary>
    /// <param name="first">Settings that come before those of <c>hocon/controlled.conf</c>; null for none.</param>
    public static ActorSystemSetup Setup(Config? first = null)
    {
        Config settings = ControlledSettings.Load();
        return ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(first is null ? settings : first.WithFallback(settings)), new ControllerSetup(new Controller()));
    }

    /// <summary>Starts Akka.</summary>
    public static Task<ControlledSystem> Start() => In(ActorSystem.Create(Name, Setup()));

    /// <summary>Takes a place in a system of somebody else's, beside whatever runs there on other dispatchers.</summary>
    /// <param name="system">Made with <see cref="Setup"/>, and used by nobody else in this way.</param>
    /// <exception cref="ArgumentException">It was made without.</exception>
    public static async Task<ControlledSystem> In(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        ControlledSystem controlled = new(system);
        await controlled._hub.Ask<Hello>(Hello.Instance).ConfigureAwait(false);
        return controlled;
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
        ArgumentNullException.ThrowIfNull(chooser);
        using ControlledRun run = Begin(build, chooser, stepsMax, observer, staysOpen: false);
        while (run.End is null)
        {
            IReadOnlyList<Actors.Envelope> possible = run.Possible();
            int picked = possible.Count == 0 ? -1 : chooser.Pick(run.Steps, possible);
            if (picked < 0)
            {
                run.Stop(possible.Count == 0 ? RunEnd.Deadlock : RunEnd.Abandoned);
            }
            else
            {
                run.Deliver(picked);
            }
        }

        return run.Judge();
    }

    /// <summary>Begins a run that goes on as the caller says. One at a time: dispose of it before the next.</summary>
    /// <param name="build">Makes the program in a host.</param>
    /// <param name="chooser">Who answers choices inside steps; it is not asked to pick deliveries.</param>
    /// <param name="stepsMax">The bound on steps.</param>
    /// <param name="observer">Who watches, if anybody.</param>
    /// <exception cref="RunCrashException">A behaviour failed at the start.</exception>
    public ControlledRun Begin(
        Func<IActorHost, Subject> build, IControlledChooser chooser, long stepsMax, IStepObserver? observer = null) =>
        Begin(build, chooser, stepsMax, observer, staysOpen: true);

    /// <summary>Stops Akka.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().ConfigureAwait(false);
        LiveLog.Stopped(Log.Logger, _system.Name);
    }

    private ControlledRun Begin(
        Func<IActorHost, Subject> build, IControlledChooser chooser, long stepsMax, IStepObserver? observer, bool staysOpen)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(chooser);
        ControlledOrder order = new(build, chooser, stepsMax, observer ?? new Nobody(), staysOpen);
        _controller.Seize();
        try
        {
            _hub.Tell(order);
            _controller.RunCommands();
            return order.Host is null ? throw order.Failed() : new ControlledRun(_controller, order);
        }
        catch
        {
            _controller.Release();
            throw;
        }
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
