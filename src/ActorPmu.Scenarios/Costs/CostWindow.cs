using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Takes samples around operations: from the end of the task's operation before to its own. Windows of two tasks must not overlap.</summary>
internal sealed class CostWindow(Machine machine, IReadOnlyList<(ScriptStep? Before, ScriptStep Step)> measured)
{
    private readonly CostSample?[] _samples = new CostSample?[measured.Count];
    private CostSample _began = new();

    public IReadOnlyList<CostSample?> Samples => _samples;

    public void AfterOperation(Machine of, TaskStruct task, TaskOp op, OpResult result)
    {
        for (int i = 0; i < measured.Count; i++)
        {
            if (ReferenceEquals(measured[i].Step.Op, op))
            {
                _samples[i] = Since(_began);
            }
        }

        if (measured.Any(m => ReferenceEquals(m.Before?.Op, op)))
        {
            machine.Costs.StartWindow();
            _began = Now();
        }
    }

    private CostSample Since(CostSample began)
    {
        CostSample now = Now();
        return now with
        {
            Allocations = now.Allocations - began.Allocations,
            Bytes = now.Bytes - began.Bytes,
            Steps = now.Steps - began.Steps,
            Ipis = now.Ipis - began.Ipis,
            Moves = now.Moves - began.Moves,
        };
    }

    private CostSample Now() => new()
    {
        Allocations = machine.Allocator.Granted,
        Bytes = machine.Allocator.BytesGranted,
        Steps = machine.World.Steps,
        Ipis = machine.Costs.Ipis,
        Moves = machine.Costs.SchedIns,
        LockHold = machine.Costs.LockHoldMax,
        AddCall = machine.Costs.Design!.DearestCall(DesignHook.Add),
        DelCall = machine.Costs.Design.DearestCall(DesignHook.Del),
        ReadCall = machine.Costs.Design.DearestCall(DesignHook.Read),
        SetupCalls = machine.Costs.Design.Calls(DesignHook.Setup),
        SetupWork = machine.Costs.Design.Work(DesignHook.Setup),
        Counters = machine.Costs.CountersMax,
    };
}
