using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Explorer;
using Akka.Actor;

namespace ActorPmu.Akka.Live;

/// <summary>Makes one run after the other with the same shells, and judges each.</summary>
internal sealed class LiveHub : UntypedActor
{
    private readonly LiveSession _session;
    private readonly ShellPool _pool;
    private readonly SeededRandom _random = new(0, 0);
    private readonly RunTrace _trace = new();
    private LiveSchedule _schedule = new();
    private Subject? _subject;
    private long _run;

    /// <summary>Makes a hub.</summary>
    /// <param name="session">What it works for.</param>
    /// <param name="dispatcher">Where its shells run.</param>
    public LiveHub(LiveSession session, string dispatcher)
    {
        _session = session;
        _pool = new ShellPool(Shell.PropsOn(dispatcher));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Go:
                Next();
                break;
            case RunOver over:
                Ended(over.Host);
                Next();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // What fails here is ours, and no run is worth more than knowing it: nothing is restarted.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        maxNrOfRetries: 0, withinTimeMilliseconds: 0, localOnlyDecider: failure =>
        {
            _session.Fail(failure, _run);
            return Directive.Stop;
        }, loggingEnabled: false);

    private void Next()
    {
        _run = _session.TakeRun();
        if (_run < 0)
        {
            _session.HubDone();
            return;
        }

        try
        {
            _pool.Reset();
            _random.Restart(_session.Options.Seed, (ulong)_run);
            _trace.Clear();
            _schedule.Clear();
            AkkaHost host = new(
                new RunPlan
                {
                    Pool = _pool,
                    Hub = Self,
                    Observer = _trace,
                    Schedule = _schedule,
                    Choose = (_, optionCount, _) => _random.Next(optionCount),
                    StepsMax = _session.Options.StepsMax,
                    HesitateOneIn = _session.HesitateOneIn,
                },
                Context);
            _subject = _session.Build(host);
            host.Begin();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _session.Fail(e, _run);
        }
    }

    private void Ended(AkkaHost host)
    {
        try
        {
            _trace.Close(host.End!.Value);
            if (_session.Put(_run, host, _subject!, _trace))
            {
                _schedule = new LiveSchedule();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _session.Fail(e, _run);
        }
    }

    /// <summary>Starts the first run.</summary>
    internal sealed class Go
    {
        public static readonly Go Instance = new();
    }
}
