using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>Writes a run down: labels, changes, and by vector clocks which deliveries nothing orders.</summary>
internal sealed class Recorder : IStepObserver
{
    private readonly World _world;
    private readonly Machine? _machine;
    private readonly MachineWatch? _watch;
    private readonly List<RecordedStep> _steps = [];
    private readonly HappensBefore _order;
    private ulong _chain = StableHash.FnvBasis;
    private int _delivery = -1;

    public Recorder(Subject subject)
    {
        _world = subject.World;
        _machine = subject.Machine;
        _watch = subject.Machine is { } machine ? new MachineWatch(machine) : null;
        _order = new HappensBefore(_world);
    }

    public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
    {
        _delivery = _steps.Count;
        long cause = _order.Delivering(step, envelope);
        string label = RecordedStep.LabelOf(envelope);
        _chain = StableHash.Fnv1a(_chain, label);
        _steps.Add(new RecordedStep(new Choice(ChoiceKind.Deliver, picked, optionCount), label, _chain, step)
        {
            From = envelope.From,
            To = envelope.To,
            Lane = envelope.Lane,
            CausedBy = cause,
            What = envelope.Message.Label,
        });
    }

    public void Chosen(ActorId by, int optionCount, int option, string what)
    {
        string label = RecordedStep.LabelOf(by, what);
        _chain = StableHash.Fnv1a(_chain, label);
        long step = _delivery < 0 ? 0 : _steps[_delivery].Step;
        _steps.Add(new RecordedStep(new Choice(ChoiceKind.Inside, option, optionCount), label, _chain, step)
        {
            From = by,
            To = by,
            What = what,
        });
    }

    public void Delivered(long step, in Envelope envelope)
    {
        _order.Delivered();
        if (_watch?.Changes() is { Count: > 0 } changes)
        {
            _steps[_delivery] = _steps[_delivery] with { Fields = changes };
        }
    }

    public RunRecording Close(RunEnd end, IReadOnlyList<Violation> violations, IReadOnlyList<CpuStack> stacks) =>
        new(_steps, end, violations, _order.Races, stacks) 
        {
            LastRace = _order.LastRaceBeforeTheEnd(),
            Pending = Pending(),
            EventNames = [.. (_machine?.Events ?? []).Select(e => (e.Id.Value, e.ToString()))],
        };

    private List<PendingMessage> Pending()
    {
        List<PendingMessage> pending = [];
        foreach (int channel in _world.NonEmptyChannels)
        {
            Envelope head = _world.Head(channel);
            pending.Add(new PendingMessage(head.From, head.To, head.Lane, head.Sequence, head.Message.Label, _world.SentIn(channel)));
        }

        return pending;
    }
}
