using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace MyDesigns;

/// <summary>The oldest of the events that ask for the same counts for all of them.</summary>
public sealed class MyDesign : ISharingDesign
{
    public string Name => "mine";

    public string Source => "a design of your own";

    public string Claim => "events of one context that ask for the same need one counter";

    public PerfEvent? CounterOwner(PerfEvent e) => e.Ctx?.EventList.FindLast(other => other.Attr == e.Attr) ?? e;

    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        PerfEvent oldest = CounterOwner(e)!;
        if (oldest == e)
        {
            return await core.PmuAdd(e);
        }

        await BringUpToDate(core, oldest);
        e.DesignData = oldest.Count; // what it has counted so far is not ours
        return true;
    }

    public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) =>
        CounterOwner(e) == e ? core.PmuDel(e) : Read(core, e);

    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        PerfEvent oldest = CounterOwner(e)!;
        await BringUpToDate(core, oldest);
        if (oldest != e)
        {
            e.Count += oldest.Count - (long)e.DesignData!;
            e.DesignData = oldest.Count;
        }
    }

    private static KernelTask BringUpToDate(PerfCore core, PerfEvent oldest) =>
        oldest.State == EventState.Active ? core.PmuRead(oldest) : KernelTask.Done;
}
