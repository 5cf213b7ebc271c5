using ActorPmu.Actors;
using ActorPmu.Explorer;
using Akka.Actor;
using Akka.Configuration;
using ActorPmu.Akka.Logging;
using Serilog;

namespace ActorPmu.Akka.Live;

/// <summary>Akka as a place to run programs of actors on threads, over and over. One for the process.</summary>
public sealed class LiveSystem : IAsyncDisposable
{
    private const string Name = "actorpmu-live";

    private readonly ActorSystem _system;
    private readonly ILogger _log;
    private int _sessions;

    private LiveSystem(ActorSystem system, ILogger log)
    {
        _system = system;
        _log = log;
    }

    /// <summary>The dispatcher that hubs and shells run on.</summary>
    public const string Dispatcher = "actorpmu.live.dispatcher";

    internal const string HesitateOneIn = "actorpmu.live.hesitate-one-in";

    /// <summary>Starts Akka.</summary>
    /// <param name="settings">The settings of <c>hocon/live.conf</c>; null for that file.</param>
    /// <param name="log">Where to say what happens; null for Serilog's global logger.</param>
    public static LiveSystem Start(Config? settings = null, ILogger? log = null)
    {
        ActorSystem system = ActorSystem.Create(Name, settings ?? LiveSettings.Load());

        // Akka makes a dispatcher when it is first used; settings that it refuses are to be refused here.
        _ = system.Dispatchers.Lookup(Dispatcher);
        return new LiveSystem(system, log ?? Log.Logger);
    }

    /// <summary>Runs a program until a bound is reached.</summary>
    /// <param name="build">Makes the program of one run in a host, always the same; also called for the deterministic world, to which violating runs are carried over.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each run, from any thread; null for nobody.</param>
    /// <param name="cancellation">Ends it after the runs that are under way.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public async Task<LiveResult> Run(
        Func<IActorHost, Subject> build, LiveOptions options, Action<LiveProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(options);
        LiveSession session = new(build, options, _system.Settings.Config.GetInt(HesitateOneIn), _log, progress, cancellation);
        int number = Interlocked.Increment(ref _sessions);
        List<IActorRef> hubs = [];
        for (int i = 0; i < options.Machines; i++)
        {
            Props props = Props.Create(() => new LiveHub(session, Dispatcher)).WithDispatcher(Dispatcher);
            hubs.Add(_system.ActorOf(props, FormattableString.Invariant($"session-{number}-{i}")));
        }

        LiveLog.Started(_log, Name, options.Machines, Dispatcher);
        foreach (IActorRef hub in hubs)
        {
            hub.Tell(LiveHub.Go.Instance);
        }

        try
        {
            await session.Done.ConfigureAwait(false);
            return session.Result();
        }
        finally
        {
            foreach (IActorRef hub in hubs)
            {
                _system.Stop(hub);
            }
        }
    }

    /// <summary>Stops Akka.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().ConfigureAwait(false);
        LiveLog.Stopped(_log, Name);
    }
}
