using ActorPmu.Actors;

namespace ActorPmu.Kernel.Tests.Memory;

/// <summary>A processor that runs one path of accesses, and an NMI that may land at any of them.</summary>
internal sealed class LitmusCpu : Actor, IMemoryUser
{
    private const byte TaskClass = 0;
    private const byte NmiBegins = 1;
    private const byte NmiGoesOn = 2;

    private readonly Waiter _task = new();
    private readonly Waiter _nmi = new();
    private readonly CpuMemory _memory;
    private readonly Func<CpuMemory, KernelTask>? _path;
    private readonly Func<CpuMemory, KernelTask>? _handler;
    private bool _inNmi;

    public LitmusCpu(int index, SharedMemory shared, Func<CpuMemory, KernelTask>? path, Func<CpuMemory, KernelTask>? handler)
        : base(new ActorId(ActorKind.Cpu, index))
    {
        _memory = new CpuMemory(shared, this);
        (_path, _handler) = (path, handler);
    }

    bool IMemoryUser.InNmi => _inNmi;

    public override void Start()
    {
        if (_path is not null)
        {
            Host.Send(Id, Id, Lane.Request, TaskClass, new Begin());
        }

        if (_handler is not null)
        {
            Host.Send(new ActorId(ActorKind.Environment, Id.Index), Id, Lane.Nmi, NmiBegins, new Begin());
        }
    }

    public override void Receive(in Envelope envelope)
    {
        _memory.StepBegins();
        bool nmi = envelope.AcceptClass != TaskClass;
        if (envelope.Message is GoOn)
        {
            (nmi ? _nmi : _task).Complete(envelope.Message);
        }
        else
        {
            _inNmi = nmi;
            _memory.PathBegins();
            (nmi ? _handler : _path)!(_memory).OnEnd(new Root(this));
        }

        _memory.StepEnds();
        AcceptMask = _inNmi ? 1UL << NmiGoesOn : (1UL << TaskClass) | (1UL << NmiBegins);
    }

    async KernelTask IMemoryUser.Pause()
    {
        Host.Send(Id, Id, _inNmi ? Lane.ReplyNmi : Lane.Reply, _inNmi ? NmiGoesOn : TaskClass, new GoOn());
        await (_inNmi ? _nmi : _task).Answer();
    }

    int IMemoryUser.Choose(int optionCount, string what) => Host.Choose(Id, optionCount, what);

    private sealed record Begin : Message;

    private sealed record GoOn : Message;

    private sealed class Root(LitmusCpu cpu) : PathRoot
    {
        protected override void OnEnd()
        {
            cpu._memory.PathEnds();
            cpu._inNmi = false;
        }
    }
}
