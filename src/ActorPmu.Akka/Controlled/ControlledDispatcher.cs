using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace ActorPmu.Akka.Controlled;

/// <summary>Makes the one <see cref="ControlledDispatcher"/> of a system. Named in <c>hocon/controlled.conf</c>.</summary>
public sealed class ControlledConfigurator : MessageDispatcherConfigurator
{
    private readonly ControlledDispatcher _dispatcher;

    /// <summary>Makes it; called by Akka.</summary>
    /// <param name="config">The dispatcher's settings.</param>
    /// <param name="prerequisites">Akka's.</param>
    public ControlledConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        ArgumentNullException.ThrowIfNull(prerequisites);
        Controller controller = prerequisites.Settings.Setup.Get<ControllerSetup>().Value.Controller;
        _dispatcher = new ControlledDispatcher(this, Config.GetString("id"), controller);
    }

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>Runs nothing by itself: mailboxes that could run are put before the controller.</summary>
internal sealed class ControlledDispatcher : MessageDispatcher
{
    private readonly Controller _controller;

    public ControlledDispatcher(MessageDispatcherConfigurator configurator, string id, Controller controller)
        : base(configurator)
    {
        _controller = controller;
        Id = id;

        // Without the deadline Akka takes two messages at a throughput of 1.
        Throughput = 1;
        ThroughputDeadlineTime = 0;
        ShutdownTimeout = TimeSpan.FromSeconds(1);
    }

    protected override void ExecuteTask(IRunnable run) => _controller.Add(run);

    protected override void Shutdown()
    {
    }
}

/// <summary>Hands a system its controller.</summary>
internal sealed class ControllerSetup(Controller controller) : Setup
{
    public Controller Controller { get; } = controller;
}
