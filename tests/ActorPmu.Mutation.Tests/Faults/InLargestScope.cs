using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults in <c>largest-scope</c>.</summary>
internal static class InLargestScope
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "ls-share-replaces-count", "ActorPmu.Sharing/LargestScope.cs",
            "OwnCount += Master.Count - Base;",
            "OwnCount = Master.Count - Base;",
            "A share replaces what the event has counted so far.")
        { Design = "largest-scope" },
        new(
            "ls-share-twice", "ActorPmu.Sharing/LargestScope.cs",
            "Base = Master.Count;",
            "",
            "The next share begins where the last one began.")
        { Design = "largest-scope" },
        new(
            "ls-base-zero", "ActorPmu.Sharing/LargestScope.cs",
            "dup.Base = core.LocalCount(dup.Master);",
            "dup.Base = 0;",
            "An event that joins gets all that its master has ever counted.")
        { Design = "largest-scope" },
        new(
            "ls-master-deleted-early", "ActorPmu.Sharing/LargestScope.cs",
            "if (master.Active == 1)",
            "if (master.Active <= 2)",
            "The counter goes when one event still needs it.")
        { Design = "largest-scope" },
        new(
            "ls-on-pmu-forgotten", "ActorPmu.Sharing/LargestScope.cs",
            "master.OnPmu = false;",
            "",
            "A master that has left the PMU is taken to be on it.")
        { Design = "largest-scope", Below = "public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ls-no-share-at-del", "ActorPmu.Sharing/LargestScope.cs",
            "dup.TakeShare();",
            "",
            "An event is scheduled out without its share since the last read.")
        { Design = "largest-scope", Below = "public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ls-counting-after-del", "ActorPmu.Sharing/LargestScope.cs",
            "dup.Counting = false;",
            "",
            "An event that is off the PMU goes on taking shares.")
        { Design = "largest-scope", Below = "public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "ls-count-not-decremented", "ActorPmu.Sharing/LargestScope.cs",
            "master.Active--;",
            "",
            "The master's number of sharers only grows, and its counter is never let go.")
        { Design = "largest-scope" },
        new(
            "ls-no-share-at-handover", "ActorPmu.Sharing/LargestScope.cs",
            "voter.TakeShare();",
            "",
            "When a counter changes hands, what was counted since the last read is lost.")
        { Design = "largest-scope" },
        new(
            "ls-cpu-not-looked-at", "ActorPmu.Sharing/LargestScope.cs",
            "return cgroup && (large.Cpu == -1 || large.Cpu == small.Cpu) && ReferenceEquals(large.Pmu, small.Pmu);",
            "return cgroup && ReferenceEquals(large.Pmu, small.Pmu);",
            "An event of one processor leads events of every processor.")
        { Design = "largest-scope" },
        new(
            "ls-cgroup-not-looked-at", "ActorPmu.Sharing/LargestScope.cs",
            "bool everyCgroup = large.Cgrp?.Parent is null;",
            "bool everyCgroup = true;",
            "An event of one cgroup leads events of every cgroup.")
        { Design = "largest-scope" },
        new(
            "ls-pmu-stays-off", "ActorPmu.Sharing/LargestScope.cs",
            "core.PerfPmuEnable(ctx.Kind);",
            "",
            "The PMU is not enabled again after a counter has changed hands.")
        { Design = "largest-scope" },
        new(
            "ls-pmu-stays-on", "ActorPmu.Sharing/LargestScope.cs",
            "core.PerfPmuDisable(ctx.Kind);",
            "",
            "The PMU counts on while a counter changes hands.")
        { Design = "largest-scope" },
        new(
            "ls-leaver-elected", "ActorPmu.Sharing/LargestScope.cs",
            "PerfEvent elected = ReferenceEquals(e, leaving) ? e : ElectFor(e, ctx, leaving);",
            "PerfEvent elected = ReferenceEquals(e, leaving) ? e : ElectFor(e, ctx, null);",
            "An event that leaves the context may be elected.")
        { Design = "largest-scope" },
        new(
            "ls-swap-of-nothing", "ActorPmu.Sharing/LargestScope.cs",
            "(Of(a).OwnCount, Of(b).OwnCount) = (Of(b).OwnCount, Of(a).OwnCount);",
            "",
            "Counts stay behind when two contexts are swapped.")
        { Design = "largest-scope" },
        new(
            "ls-reset-of-nothing", "ActorPmu.Sharing/LargestScope.cs",
            "Of(e).OwnCount = 0;",
            "",
            "A reset leaves the count as it is.")
        { Design = "largest-scope" },
        new(
            "ls-slaves-not-asked", "ActorPmu.Sharing/LargestScope.cs",
            "bool matters = dup.Slaves > 0 || dup.InGroup;",
            "bool matters = dup.InGroup;",
            "A master that leaves takes its slaves' pointers with it.")
        { Design = "largest-scope" },
        new(
            "ls-read-while-changing", "ActorPmu.Sharing/LargestScope.cs",
            "if (dup.Counting && Of(dup.Master).OnPmu)",
            "if (dup.Counting)",
            "An NMI reads a counter that is just changing hands.")
        { Design = "largest-scope" },
    ];
}
