using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Watches one run for what it covers.</summary>
internal sealed class CoverageWatch : IStepObserver
{
    /// <summary>The kind of message by which a task asks for something; it is told apart by what it asks for.</summary>
    public const string UserOp = "user_op";

    private readonly IStepObserver _inner;
    private readonly World _world;
    private readonly Machine _machine;
    private readonly CoverageSheet _sheet;
    private readonly SortedSet<string> _happened = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, EventState> _states = [];
    private readonly SortedDictionary<int, PerfEvent> _owners = [];

    public CoverageWatch(Machine machine, IStepObserver inner, CoverageSheet sheet)
    {
        _machine = machine;
        _world = machine.World;
        _inner = inner;
        _sheet = sheet;
    }

    public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
    {
        _inner.Delivering(step, envelope, optionCount, picked);
        bool noted = Unseen();
        Actor receiver = _world.Find(envelope.To)!;
        string kind = KindOf(envelope.To.Kind);
        string state = kind + StateOf(receiver);
        _sheet.AddMessage(NameOf(envelope.Message), kind, state, envelope.AcceptClass, receiver.AcceptMask);
        if (envelope.Lane == Lane.Nmi && receiver is Cpu { IrqsDisabled: true })
        {
            _happened.Add(Happenings.NmiIrqsOff);
        }

        _world.Footprint.IsOn = noted;
    }

    public void Chosen(ActorId by, int optionCount, int option, string what)
    {
        _inner.Chosen(by, optionCount, option, what);
        if (by.Kind == ActorKind.Allocator && option > 0)
        {
            _happened.Add(Happenings.AllocationFailure);
        }
    }

    public void Delivered(long step, in Envelope envelope)
    {
        _inner.Delivered(step, envelope);
        bool noted = Unseen();
        foreach (PerfEvent e in _machine.Events)
        {
            WatchState(e);
            WatchOwner(e);
        }

        _world.Footprint.IsOn = noted;
    }

    /// <summary>Completes the sheet after the run.</summary>
    public void Close()
    {
        Note(Happenings.Sharing, _machine.Shared > 0);
        Note(Happenings.Rotation, _machine.Costs.Rotations > 0);
        Note(Happenings.ReadUnscheduled, _machine.Costs.ReadsUnscheduled > 0);
        Note(Happenings.Ipi, _machine.Costs.Ipis > 0);
        Note(Happenings.Throttling, _machine.Costs.Throttled > 0);
        Note(Happenings.ContextSwitch, _machine.Costs.Switches > 0);
        foreach (string name in _happened)
        {
            _sheet.Add(CoverageTables.Sometimes, name);
        }
    }

    /// <summary>How a kind of message is called in the table.</summary>
    /// <param name="type">The message's type.</param>
    public static string NameOf(Type type) => KernelNames.Snake(type.Name);

    // A task's operation by what it asks for: «task/0: perf_event_open(A)» → «user_op perf_event_open».
    private static string NameOf(Message message)
    {
        string name = NameOf(message.GetType());
        if (name != UserOp)
        {
            return name;
        }

        string label = message.Label;
        int from = label.IndexOf(": ", StringComparison.Ordinal) + 2;
        int to = label.AsSpan(from).IndexOfAny('(', ' ');
        return $"{name} {(to < 0 ? label[from..] : label.Substring(from, to))}";
    }

    private static string KindOf(ActorKind kind) => kind switch
    {
        ActorKind.Cpu => "cpu ",
        ActorKind.Context => "ctx ",
        ActorKind.Pmu => "pmu ",
        ActorKind.Task => "task ",
        ActorKind.Mutex => "mutex ",
        _ => "allocator ",
    };

    private string StateOf(Actor receiver) => receiver switch
    {
        Cpu { Running.Level: ContextLevel.Nmi } => "in NMI",
        Cpu { Running.Level: ContextLevel.HardIrq } => "in IRQ",
        Cpu { Current: null } => "idle",
        Cpu { IrqsDisabled: true } => "irqs off",
        Cpu => "in task",
        Context ctx => (receiver.AcceptMask == Actor.AcceptAll ? "free" : "locked") + (ctx.Data.IsActive == EventTypes.None ? "" : ", active"),
        Pmu pmu => pmu.Hardware.IsEnabled ? "enabled" : "disabled",
        _ when receiver.Id.Kind == ActorKind.Task => KernelNames.Snake(_machine.Tasks[receiver.Id.Index].State.ToString()),
        _ => "any",
    };

    // To look is not to touch: a strategy that asks what a step touches must not be told what the watch looks at.
    private bool Unseen()
    {
        bool noted = _world.Footprint.IsOn;
        _world.Footprint.IsOn = false;
        return noted;
    }

    private void WatchState(PerfEvent e)
    {
        EventState now = e.State;
        if (!_states.TryGetValue(e.Id.Value, out EventState before))
        {
            _sheet.Add(CoverageTables.States, $"new → {now}");
        }
        else if (before != now)
        {
            _sheet.Add(CoverageTables.States, $"{before} → {now}");
        }
        else
        {
            return;
        }

        _states[e.Id.Value] = now;
    }

    private void WatchOwner(PerfEvent e)
    {
        if (e.State != EventState.Active || _machine.Design.CounterOwner(e) is not { } owner)
        {
            return;
        }

        if (_owners.TryGetValue(e.Id.Value, out PerfEvent? before) && !ReferenceEquals(before, owner))
        {
            _happened.Add(Happenings.HandOver);
        }

        _owners[e.Id.Value] = owner;
    }

    private void Note(string name, bool happened)
    {
        if (happened)
        {
            _happened.Add(name);
        }
    }
}
