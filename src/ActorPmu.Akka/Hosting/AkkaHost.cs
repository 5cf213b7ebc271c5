using ActorPmu.Actors;
using Akka.Actor;
using Envelope = ActorPmu.Actors.Envelope;
using Message = ActorPmu.Actors.Message;

namespace ActorPmu.Akka.Hosting;

/// <summary>One run of a program of actors on Akka.</summary>
/// <remarks>
/// Messages travel through Akka's mailboxes, and Akka's threads decide what comes next. The actors of one machine keep books in common (its
/// events, its violations, the shadow counts), and a replay needs one order of deliveries: so a step is atomic under the run's gate, and the
/// order in which steps pass the gate is the schedule. What a shell does not take yet waits in the shell (<see cref="HostedActor"/>).
/// </remarks>
internal sealed class AkkaHost : IActorHost
{
    // Some ten microseconds: some ten steps of a machine.
    private const int SpinsMax = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ActorId, HostedActor> _actors = [];
    private readonly List<HostedActor> _inOrder = [];
    private readonly Dictionary<(ActorId From, ActorId To, Lane Lane), ShellChannel> _channels = [];
    private readonly int[] _undelivered = new int[Enum.GetValues<ActorKind>().Length];
    private readonly RunPlan _plan;
    private List<Parcel>? _held = [];
    private IActorContext _context;
    private int _underWay;
    private bool _halted;

    /// <summary>Makes an empty host.</summary>
    /// <param name="plan">What the run is to be.</param>
    /// <param name="context">The actor that builds the run.</param>
    public AkkaHost(RunPlan plan, IActorContext context)
    {
        _plan = plan;
        _context = context;
    }

    public long NowNs => 0;

    public bool HasClock => false;

    public long Steps { get; private set; }

    public Func<bool>? Finished { get; set; }

    /// <summary>Why the run ended; null while it goes on.</summary>
    public RunEnd? End { get; private set; }

    /// <summary>What has been delivered and chosen, in order.</summary>
    public LiveSchedule Schedule { get; } = new();

    /// <summary>How many deliveries were possible and which was picked; known only where deliveries are controlled.</summary>
    public (int OptionCount, int Picked) Pick { get; set; }

    public void Add(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        HostedActor hosted = new(actor, _plan.Pool.Take(_context));
        if (!_actors.TryAdd(actor.Id, hosted))
        {
            throw new ArgumentException($"there are two actors called {actor.Id}", nameof(actor));
        }

        actor.Attach(this);
        _inOrder.Add(hosted);
    }

    public void Spawn(Actor actor)
    {
        Add(actor);
        if (_underWay > 0)
        {
            actor.Start();
        }
    }

    public Actor? Find(ActorId id) => _actors.GetValueOrDefault(id)?.Actor;

    public void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message, long delayNs = 0)
    {
        if (!_channels.TryGetValue((from, to, lane), out ShellChannel? channel))
        {
            HostedActor receiver = _actors.GetValueOrDefault(to) ?? throw new ArgumentException($"there is no actor called {to}");
            channel = new ShellChannel(from, receiver, lane);
            _channels.Add((from, to, lane), channel);
        }

        Parcel parcel = new(channel, this, message, acceptClass, channel.Sent++);
        _undelivered[(int)from.Kind]++;
        _underWay++;
        if (_held is not null)
        {
            _held.Add(parcel);
        }
        else
        {
            channel.Receiver.Shell.Tell(parcel, ActorRefs.NoSender);
        }
    }

    public int Choose(ActorId by, int optionCount, string what)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(optionCount, 1);
        if (optionCount == 1)
        {
            return 0;
        }

        int option = _plan.Choose(by, optionCount, what);
        Schedule.Chosen(option, optionCount);
        _plan.Observer.Chosen(by, optionCount, option, what);
        return option;
    }

    public void Halt() => _halted = true;

    public bool HasMessagesOnlyFrom(ActorKind kind)
    {
        for (int k = 0; k < _undelivered.Length; k++)
        {
            if (k != (int)kind && _undelivered[k] > 0)
            {
                return false;
            }
        }

        return true;
    }

    public IReadOnlyList<WaitEdge> Waits()
    {
        List<WaitEdge> edges = [];
        foreach (HostedActor hosted in _inOrder)
        {
            hosted.Actor.DescribeWaits(edges);
        }

        return edges;
    }

    /// <summary>Starts the actors and lets go of what was sent so far.</summary>
    public void Begin()
    {
        bool over = false;
        lock (_gate)
        {
            _underWay++;
            for (int i = 0; i < _inOrder.Count; i++)
            {
                _inOrder[i].Actor.Start();
            }

            List<Parcel> held = _held!;
            _held = null;
            foreach (Parcel parcel in held)
            {
                parcel.Channel.Receiver.Shell.Tell(parcel, ActorRefs.NoSender);
            }

            AfterStep();
            over = EndTurn();
        }

        TellIfOver(over);
    }

    /// <summary>Ends the run from outside.</summary>
    /// <param name="end">Why.</param>
    public void Stop(RunEnd end)
    {
        lock (_gate)
        {
            End ??= end;
        }
    }

    /// <summary>Does what no delivery does: somebody outside sends, or takes an actor's place.</summary>
    /// <param name="act">What to do; nothing once the run has ended.</param>
    public void Outside(Action act)
    {
        lock (_gate)
        {
            if (End is null)
            {
                act();
                AfterStep();
            }
        }
    }

    /// <summary>The shell of an actor; null when there is no such actor.</summary>
    public IActorRef? ShellOf(ActorId id) => _actors.GetValueOrDefault(id)?.Shell;

    /// <summary>A shell's turn: takes a message that has arrived, and then whatever waited and is accepted now.</summary>
    /// <param name="arrived">The message.</param>
    /// <param name="context">The shell's.</param>
    public void Turn(Parcel arrived, IActorContext context)
    {
        if (_plan.HesitateOneIn > 0 && Random.Shared.Next(_plan.HesitateOneIn) == 0)
        {
            Thread.SpinWait(Random.Shared.Next(SpinsMax));
        }

        HostedActor hosted = arrived.Channel.Receiver;
        Parcel? parcel = arrived;
        bool more;
        bool over = false;
        do
        {
            lock (_gate)
            {
                more = false;
                if (End is null)
                {
                    _context = context;
                    parcel = Next(hosted, parcel);
                    if (parcel is not null && Steps >= _plan.StepsMax)
                    {
                        End = RunEnd.StepBound;
                    }
                    else if (parcel is not null)
                    {
                        Deliver(hosted, parcel);
                        parcel = null;
                        more = End is null && hosted.HasAcceptable;
                    }
                }

                if (!more)
                {
                    over = EndTurn();
                }
            }
        }
        while (more);
        TellIfOver(over);
    }

    private static Parcel? Next(HostedActor hosted, Parcel? arrived)
    {
        if (arrived is not null)
        {
            if (hosted.TakesAtOnce(arrived.AcceptClass))
            {
                return arrived;
            }

            hosted.Arrive(arrived);
        }

        return hosted.TakeAcceptable();
    }

    private void Deliver(HostedActor hosted, Parcel parcel)
    {
        Steps++;
        _undelivered[(int)parcel.Channel.From.Kind]--;
        Schedule.Delivered(parcel.Channel);
        Envelope envelope = parcel.Envelope;
        _plan.Observer.Delivering(Steps, envelope, Pick.OptionCount, Pick.Picked);
        try
        {
            hosted.Actor.Receive(envelope);
            _plan.Observer.Delivered(Steps, envelope);
            AfterStep();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The shell fails with it; its supervisor ends everything (LiveHub).
            End = RunEnd.Halted;
            throw new BehaviourCrashException(this, e);
        }
    }

    private void AfterStep() =>
        End = _halted ? RunEnd.Halted
            : Finished is not null && Finished() ? RunEnd.Finished
            : null;

    // A message counts as under way until the turn that it set off has ended: at 0 everything has arrived, and nobody takes any of it.
    private bool EndTurn()
    {
        if (--_underWay > 0 || _plan.StaysOpen)
        {
            return false;
        }

        End ??= Finished is null && Array.TrueForAll(_undelivered, n => n == 0) ? RunEnd.Finished : RunEnd.Deadlock;
        return true;
    }

    private void TellIfOver(bool over)
    {
        if (over)
        {
            _plan.Hub.Tell(new RunOver(this), ActorRefs.NoSender);
        }
    }
}

/// <summary>A behaviour threw: a bug of ours, never a result.</summary>
internal sealed class BehaviourCrashException(AkkaHost host, Exception cause)
    : Exception($"step {host.Steps}: {cause.Message}", cause)
{
    public AkkaHost Host { get; } = host;
}

/// <summary>The run has ended and no message of it is under way.</summary>
internal sealed record RunOver(AkkaHost Host);

/// <summary>What a run is to be.</summary>
internal sealed record RunPlan
{
    /// <summary>The shells.</summary>
    public required ShellPool Pool { get; init; }

    /// <summary>Who is told that it is over.</summary>
    public required IActorRef Hub { get; init; }

    /// <summary>Who watches the steps.</summary>
    public required IStepObserver Observer { get; init; }

    /// <summary>Answers choices inside steps.</summary>
    public required Func<ActorId, int, string, int> Choose { get; init; }

    /// <summary>The bound on steps.</summary>
    public required long StepsMax { get; init; }

    /// <summary>Whether somebody outside may still send when nothing is under way: the run is then not over.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>Of so many turns one hesitates, so that others overtake it; 0 for none.</summary>
    public int HesitateOneIn { get; init; }
}
