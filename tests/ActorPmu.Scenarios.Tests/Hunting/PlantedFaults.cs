using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Tests.Hunting;

/// <summary>Designs with one fault each.</summary>
internal static class PlantedFaults
{
    /// <summary>Leaves the counter behind when a pinned event goes.</summary>
    public sealed class LeavesPinnedCounters : ISharingDesign
    {
        public string Name => "leaves-pinned-counters";

        public string Source => "test";

        public string Claim => "a counter is given back";

        public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => e.Attr.Pinned ? core.PmuRead(e) : core.PmuDel(e);
    }

    /// <summary>Takes one away from an event that a fork has made.</summary>
    public sealed class ForgetsChildren : ISharingDesign
    {
        public string Name => "forgets-children";

        public string Source => "test";

        public string Claim => "a child's event counts from 0";

        public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            await core.PmuDel(e);
            e.Count -= e.Parent is null ? 0 : 1;
        }
    }

    /// <summary>Has an unheard-of state in a cgroup's event.</summary>
    public sealed class Throws : ISharingDesign
    {
        public string Name => "throws";

        public string Source => "test";

        public string Claim => "nothing";

        public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => throw new InvalidOperationException("a broken promise");
    }
}
