using ActorPmu.Actors;

namespace ActorPmu.Kernel;

// The design's hooks, with a meter around them where the machine has one.
public sealed partial class PerfCore
{
    private long WorkNow => _machine.World.Steps + _machine.Costs.Design!.Looks;

    private KernelTask<bool> MeteredAdd(PerfEvent e, PerfContext ctx) =>
        _machine.Costs.Design is null ? Design.Add(this, e, ctx) : MeasuredAdd(e, ctx);

    private async KernelTask<bool> MeasuredAdd(PerfEvent e, PerfContext ctx)
    {
        long began = WorkNow;
        bool added = await Design.Add(this, e, ctx);
        _machine.Costs.Design!.Called(DesignHook.Add, WorkNow - began);
        return added;
    }

    private KernelTask Metered(DesignHook hook, PerfEvent e, PerfContext? ctx = null) =>
        _machine.Costs.Design is null ? Call(hook, e, ctx) : Measured(hook, e, ctx);

    private async KernelTask Measured(DesignHook hook, PerfEvent e, PerfContext? ctx)
    {
        long began = WorkNow;
        await Call(hook, e, ctx);
        _machine.Costs.Design!.Called(hook, WorkNow - began);
    }

    private KernelTask Call(DesignHook hook, PerfEvent e, PerfContext? ctx) => hook switch
    {
        DesignHook.Del => Design.Del(this, e, ctx!),
        DesignHook.Read => Design.Read(this, e),
        DesignHook.Allocated => Design.Allocated(this, e),
        DesignHook.Installing => Design.Installing(this, e, ctx!),
        DesignHook.InstallingInIpi => Design.InstallingInIpi(this, e, ctx!),
        DesignHook.Added => Design.Added(this, e, ctx!),
        DesignHook.Enabled => Design.Enabled(this, e, ctx!),
        DesignHook.Settled => Design.Settled(this, e),
        DesignHook.Removing => Design.Removing(this, e, ctx!),
        DesignHook.Disabled => Design.Disabled(this, e, ctx!),
        DesignHook.Freeing => Design.Freeing(this, e),
        _ => throw new ArgumentOutOfRangeException(nameof(hook), hook, "not a hook without an answer"),
    };
}
