using ActorPmu.Actors;
using Akka.Actor;
using Envelope = ActorPmu.Actors.Envelope;
using Message = ActorPmu.Actors.Message;

namespace ActorPmu.Akka.Hosting;

/// <summary>One run of a program of actors on Akka.</summary>
/// <remarks>
/// Messages travel through Akka's mailboxes, and Akka's threads decide what comes next. The actors of one machine keep books in common (its
/// events, its violations, the shadow counts), and a replay needs one order of deliveries: so a step is atomic under the run's gate, and the
/// order in which steps pass the gate is the schedule. What a shell does not take yet waits in the shell (<see cref="HostedActor"/>). What a step
/// sends goes to Akka when the gate is free again: whoever is woken would only wait for it.
/// </remarks>
internal sealed class AkkaHost : IActorHost
{
    // A hesitating message lets up to so many steps of others pass.
    private const int OvertakenByMax = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<ActorId, HostedActor> _actors = [];
    private readonly List<HostedActor> _inOrder = [];
    private readonly PairTable _channelIndices = new(bits: 6);
    private readonly List<ShellChannel> _channels = [];
    private readonly int[] _undelivered = new int[Enum.GetValues<ActorKind>().Length];
    private readonly RunPlan _plan;
    private readonly List<(Parcel Parcel, long DueStep)> _late = [];
    private List<Parcel> _outbox = [];
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
    public LiveSchedule Schedule => _plan.Schedule;

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
        ShellChannel channel = ChannelOf(from, to, lane);
        _undelivered[(int)from.Kind]++;
        _underWay++;
        _outbox.Add(new Parcel(channel, this, message, acceptClass, channel.Sent++));
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
        List<Parcel> sent = _outbox;
        bool over;
        lock (_gate)
        {
            _underWay++;
            for (int i = 0; i < _inOrder.Count; i++)
            {
                _inOrder[i].Actor.Start();
            }

            AfterStep();
            over = EndTurn();
        }

        Post(sent);
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
        List<Parcel> sent = [];
        lock (_gate)
        {
            if (End is null)
            {
                _outbox = sent;
                act();
                AfterStep();
            }
        }

        Post(sent);
    }

    /// <summary>The shell of an actor; null when there is no such actor.</summary>
    public IActorRef? ShellOf(ActorId id) => _actors.GetValueOrDefault(id)?.Shell;

    /// <summary>A shell's turn: takes a message that has arrived, and then whatever waited and is accepted now.</summary>
    /// <param name="arrived">The message.</param>
    /// <param name="context">The shell's.</param>
    public void Turn(Parcel arrived, IActorContext context)
    {
        if (_plan.HesitateOneIn > 0 && !arrived.IsLate && Random.Shared.Next(_plan.HesitateOneIn) == 0 && Hesitate(arrived))
        {
            return;
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
                    _outbox = hosted.Outbox;
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

                SendLate(hosted.Outbox);
            }

            Post(hosted.Outbox);
        }
        while (more);
        TellIfOver(over);
    }

    // Puts a message aside, still under way, so that others overtake it; false where there are none.
    private bool Hesitate(Parcel arrived)
    {
        lock (_gate)
        {
            if (End is not null || _underWay == _late.Count + 1)
            {
                return false;
            }

            arrived.IsLate = true;
            _late.Add((arrived, Steps + 1 + Random.Shared.Next(OvertakenByMax)));
            return true;
        }
    }

    // Sends what has been overtaken enough, or has nobody left to be overtaken by.
    private void SendLate(List<Parcel> outbox)
    {
        for (int i = _late.Count - 1; i >= 0; i--)
        {
            if (End is not null || _late[i].DueStep <= Steps || _underWay == _late.Count)
            {
                outbox.Add(_late[i].Parcel);
                _late.RemoveAt(i);
            }
        }
    }

    private static void Post(List<Parcel> sent)
    {
        for (int i = 0; i < sent.Count; i++)
        {
            sent[i].Channel.Receiver.Shell.Tell(sent[i], ActorRefs.NoSender);
        }

        sent.Clear();
    }

    private static Parcel? Next(HostedActor hosted, Parcel? arrived)
    {
        if (arrived is not null)
        {
            if (hosted.TakesAtOnce(arrived))
            {
                return arrived;
            }

            hosted.Arrive(arrived);
        }

        return hosted.TakeAcceptable();
    }

    private ShellChannel ChannelOf(ActorId from, ActorId to, Lane lane)
    {
        ulong sender = (KeyOf(from) << 8) | (byte)lane;
        int index = _channelIndices.Find(sender, KeyOf(to));
        if (index >= 0)
        {
            return _channels[index];
        }

        HostedActor receiver = _actors.GetValueOrDefault(to) ?? throw new ArgumentException($"there is no actor called {to}");
        ShellChannel made = new(from, receiver, lane);
        _channelIndices.Add(sender, KeyOf(to), _channels.Count);
        _channels.Add(made);
        return made;
    }

    private static ulong KeyOf(ActorId id) => ((ulong)id.Kind << 32) | (uint)id.Index;

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

    /// <summary>Where deliveries and choices are written down; empty.</summary>
    public LiveSchedule Schedule { get; init; } = new();

    /// <summary>Answers choices inside steps.</summary>
    public required Func<ActorId, int, string, int> Choose { get; init; }

    /// <summary>The bound on steps.</summary>
    public required long StepsMax { get; init; }

    /// <summary>Whether somebody outside may still send when nothing is under way: the run is then not over.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>Of so many messages one is held back at its receiver's, so that others overtake it; 0 for none.</summary>
    public int HesitateOneIn { get; init; }
}
