using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests.CoreProtocol;

/// <summary>The core of sharing a counter, as small as can be: a task's context, the processors it may run on, and users of one event each.</summary>
/// <remarks>
/// A user for ever opens, enables, disables or closes its event, as <c>event_function_call()</c> does (kernel/events/core.c, v5.3): it looks where the
/// task runs; if on a processor, it sends an IPI, which the context refuses with −ESRCH when the task has left, and else it works itself, unless
/// the task has come meanwhile; either way it begins again. A processor serves one IPI at a time and switches the task in and out. All events share one counter: the first that is enabled is master, and
/// when it is disabled or closed, the lowest one that is left. A delivery is a critical section. <c>SpinModel</c> in the benchmarks says the same in Promela.
/// </remarks>
internal static class Protocol
{
    /// <summary>Makes what one schedule runs.</summary>
    /// <param name="cpus">How many processors, 1 or more.</param>
    /// <param name="users">How many users, 1 or more.</param>
    /// <param name="fault">What is wrong.</param>
    public static Subject Build(int cpus, int users, Fault fault = Fault.None)
    {
        World world = new();
        Context context = new(cpus, users, fault);
        world.Add(context);
        for (int c = 0; c < cpus; c++)
        {
            world.Add(new Cpu(c, cpus));
        }

        for (int u = 0; u < users; u++)
        {
            world.Add(new User(u, cpus));
        }

        return new Subject(world, _ => context.IsBroken ? [new Violation(Property.OneMaster, world.Steps, "the sharing is broken", [])] : []) { CanGoBack = true };
    }

    public static ActorId IdOf(int index) => new(ActorKind.Node, index);
}

/// <summary>What is wrong with the protocol.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>When the master closes, nobody is elected.</summary>
    CloseWithoutElection,
}

/// <summary>What users do with their events.</summary>
internal enum Op
{
    Open,
    Enable,
    Disable,
    Close,
}

/// <summary>All that is said, as a number; each exists once.</summary>
internal sealed record Code : Message
{
    /// <summary>Go on: what a user or a processor says to itself.</summary>
    public const int Go = 1;

    /// <summary>Where does the task run? The answer is 0 for nowhere, or one more than the processor's number.</summary>
    public const int Where = 1;

    /// <summary>Switch the task, a processor asks.</summary>
    public const int Switch = 1;

    /// <summary>Do what the user wants; one number for each user and <see cref="Op"/>.</summary>
    public const int Do = 2;

    /// <summary>It is done.</summary>
    public const int Done = 20;

    /// <summary>It was not the place.</summary>
    public const int Retry = 21;

    private static readonly Code[] All = [.. Enumerable.Range(0, 64).Select(v => new Code(v))];

    private Code(int value) => Value = value;

    public int Value { get; }

    public override string Label => $"{Value}";

    public static Code Of(int value) => All[value];

    public override bool AddContent(ref StateHash content)
    {
        content.Add((ulong)Value);
        return true;
    }
}

/// <summary>The task's context with its lock: where the task runs, what state the events are in, who is master and who has the counter.</summary>
internal sealed class Context(int cpus, int users, Fault fault) : Actor(Protocol.IdOf(0))
{
    private const byte Closed = 0;
    private const byte Off = 1;
    private const byte Inactive = 2;
    private const byte Active = 3;

    private readonly byte[] _states = new byte[users];

    // One more than a number, or 0 for nobody.
    private readonly byte[] _masterOf = new byte[users];
    private int _master;
    private int _counting;
    private int _on;

    public bool IsBroken { get; private set; }

    public override int? SavedSize => 1 + users;

    public override void Save(Span<ulong> into)
    {
        into[0] = (uint)_master | ((ulong)(uint)_counting << 8) | ((ulong)(uint)_on << 16) | (IsBroken ? 1UL << 24 : 0);
        for (int u = 0; u < users; u++)
        {
            into[1 + u] = _states[u] | ((ulong)_masterOf[u] << 8);
        }
    }

    public override void Load(ReadOnlySpan<ulong> from)
    {
        (_master, _counting, _on, IsBroken) = ((byte)from[0], (byte)(from[0] >> 8), (byte)(from[0] >> 16), from[0] >> 24 != 0);
        for (int u = 0; u < users; u++)
        {
            (_states[u], _masterOf[u]) = ((byte)from[1 + u], (byte)(from[1 + u] >> 8));
        }
    }

    public override void Receive(in Envelope envelope)
    {
        int said = ((Code)envelope.Message).Value;
        int from = envelope.From.Index;
        int cpu = from - 1;
        if (from > cpus)
        {
            Answer(envelope.From, OfUser(from - cpus - 1, said));
        }
        else if (said == Code.Switch)
        {
            SwitchTask(cpu);
            Check();
            Answer(envelope.From, Code.Done);
        }
        else if (_on == cpu + 1)
        {
            Perform((said - Code.Do) / 4, (Op)((said - Code.Do) % 4));
            Answer(envelope.From, Code.Done);
        }
        else
        {
            Answer(envelope.From, Code.Retry);
        }
    }

    private int OfUser(int user, int said)
    {
        if (said == Code.Where)
        {
            return _on;
        }

        if (_on != 0)
        {
            return Code.Retry;
        }

        Perform(user, (Op)(said - Code.Do));
        return Code.Done;
    }

    private void Perform(int user, Op op)
    {
        switch (op)
        {
            case Op.Open:
                _states[user] = Off;
                break;
            case Op.Enable:
                _states[user] = _on != 0 ? Active : Inactive;
                _master = _master == 0 ? user + 1 : _master;
                _masterOf[user] = (byte)_master;
                _counting = _on != 0 ? _master : 0;
                break;
            default:
                (_states[user], _masterOf[user]) = (op == Op.Disable ? Off : Closed, 0);
                if (_master == user + 1 && !(op == Op.Close && fault == Fault.CloseWithoutElection))
                {
                    Elect();
                }

                break;
        }

        Check();
    }

    private void Elect()
    {
        _master = 0;
        for (int u = 0; u < users; u++)
        {
            if (_states[u] >= Inactive)
            {
                _master = _master == 0 ? u + 1 : _master;
                _masterOf[u] = (byte)_master;
            }
        }

        _counting = _on != 0 ? _master : 0;
    }

    private void SwitchTask(int cpu)
    {
        if (_on == cpu + 1)
        {
            (_on, _counting) = (0, 0);
            Turn(Active, Inactive);
        }
        else if (_on == 0)
        {
            (_on, _counting) = (cpu + 1, _master);
            Turn(Inactive, Active);
        }
    }

    private void Turn(byte from, byte to)
    {
        for (int u = 0; u < users; u++)
        {
            _states[u] = _states[u] == from ? to : _states[u];
        }
    }

    // Members have one master, an open one, and count only while the task runs and the master has the counter.
    private void Check()
    {
        for (int u = 0; u < users; u++)
        {
            bool isMember = _states[u] >= Inactive;
            bool hasMaster = _masterOf[u] != 0 && _masterOf[u] == _master && _states[_master - 1] >= Inactive;
            bool counts = _states[u] == Active;
            IsBroken |= isMember ? !hasMaster || counts != (_on != 0) || (counts && _counting != _master) : _masterOf[u] != 0;
        }

        if (IsBroken)
        {
            Host.Halt();
        }
    }

    private void Answer(ActorId to, int said) => Host.Send(Id, to, Lane.Reply, 0, Code.Of(said));
}

/// <summary>A processor: switches the task, and serves an IPI at a time.</summary>
internal sealed class Cpu(int number, int cpus) : Actor(Protocol.IdOf(1 + number))
{
    private const ulong RepliesAlone = 1;

    // 0 for idle, 1 for a switch, or two more than the number of the user that is served.
    private int _busy;

    public override int? SavedSize => 1;

    public override void Start() => Host.Send(Id, Id, Lane.Request, 1, Code.Of(Code.Go));

    public override void Save(Span<ulong> into) => into[0] = (ulong)_busy;

    public override void Load(ReadOnlySpan<ulong> from) => _busy = (int)from[0];

    public override void Receive(in Envelope envelope)
    {
        int said = ((Code)envelope.Message).Value;
        ActorId context = Protocol.IdOf(0);
        if (envelope.From == Id)
        {
            (_busy, AcceptMask) = (1, RepliesAlone);
            Host.Send(Id, context, Lane.Request, 0, Code.Of(Code.Switch));
        }
        else if (envelope.From != context)
        {
            int user = envelope.From.Index - cpus - 1;
            (_busy, AcceptMask) = (2 + user, RepliesAlone);
            Host.Send(Id, context, Lane.Request, 0, Code.Of(Code.Do + (4 * user) + said));
        }
        else
        {
            if (_busy == 1)
            {
                Host.Send(Id, Id, Lane.Request, 1, Code.Of(Code.Go));
            }
            else
            {
                Host.Send(Id, Protocol.IdOf(1 + cpus + _busy - 2), Lane.Reply, 0, Code.Of(said));
            }

            (_busy, AcceptMask) = (0, AcceptAll);
        }
    }
}

/// <summary>A user with an event.</summary>
internal sealed class User(int number, int cpus) : Actor(Protocol.IdOf(1 + cpus + number))
{
    private bool _isOpen;
    private bool _isEnabled;
    private Op _op;

    public override int? SavedSize => 1;

    public override void Start() => Host.Send(Id, Id, Lane.Request, 0, Code.Of(Code.Go));

    public override void Save(Span<ulong> into) => into[0] = (_isOpen ? 1UL : 0) | (_isEnabled ? 2UL : 0) | ((ulong)(uint)_op << 8);

    public override void Load(ReadOnlySpan<ulong> from) => (_isOpen, _isEnabled, _op) = ((from[0] & 1) != 0, (from[0] & 2) != 0, (Op)(from[0] >> 8));

    public override void Receive(in Envelope envelope)
    {
        int said = ((Code)envelope.Message).Value;
        ActorId context = Protocol.IdOf(0);
        if (envelope.From == Id)
        {
            _op = !_isOpen ? Op.Open : Host.Choose(Id, 2, "closes it") == 1 ? Op.Close : _isEnabled ? Op.Disable : Op.Enable;

            // What follows from the operation replaces this.
            (_isOpen, _isEnabled) = (false, false);
            Host.Send(Id, context, Lane.Request, 0, Code.Of(Code.Where));
        }
        else if (said == 0)
        {
            Host.Send(Id, context, Lane.Request, 0, Code.Of(Code.Do + (int)_op));
        }
        else if (said <= cpus)
        {
            Host.Send(Id, Protocol.IdOf(said), Lane.Irq, 1, Code.Of((int)_op));
        }
        else if (said == Code.Retry)
        {
            Host.Send(Id, context, Lane.Request, 0, Code.Of(Code.Where));
        }
        else
        {
            (_isOpen, _isEnabled, _op) = (_op != Op.Close, _op == Op.Enable, Op.Open);
            Host.Send(Id, Id, Lane.Request, 0, Code.Of(Code.Go));
        }
    }
}
