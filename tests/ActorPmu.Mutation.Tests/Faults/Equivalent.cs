using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults that break nothing that a property looks at, each with the reason. They are not in the table.</summary>
internal static class Equivalent
{
    private const string LargestScope = "ActorPmu.Sharing/LargestScope.cs";
    private const string NotCounting = "ActorPmu.Sharing/ActiveNotCounting.cs";

    public static IReadOnlyList<(Fault Fault, string Why)> All { get; } =
    [
        (new Fault(
            "ls-no-election-at-disable", LargestScope,
            "public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => Elect(core, ctx, leaving: null, joining: null);",
            "public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;",
            "Nobody is elected when the master is disabled.") { Design = "largest-scope" },
            "Counts are apart from the counter here: a master that is off is as good a place for it as one that rotation has scheduled out."),
        (new Fault(
            "ls-off-elected", LargestScope,
            "bool candidate = m.State >= EventState.Inactive && !Of(m).InGroup && !ReferenceEquals(m, leaving)",
            "bool candidate = !Of(m).InGroup && !ReferenceEquals(m, leaving)",
            "An event that is off, or in error, may be elected.") { Design = "largest-scope" },
            "The same."),
        (new Fault(
            "nc-no-election-at-disable", NotCounting,
            "public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => Reelect(core, e, ctx, joins: false);",
            "public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;",
            "A master that is disabled stays master.") { Design = "active-not-counting" },
            "The same, and its state stays OFF: only INACTIVE becomes ENABLED."),
        (new Fault(
            "nc-off-follows", NotCounting,
            "if (CanShare(e) && e.State >= EventState.Inactive)",
            "if (CanShare(e))",
            "An event that is off joins a class, and may be its oldest.") { Design = "active-not-counting" },
            "It counts nothing before it is enabled, when it joins the same class again."),
        (new Fault(
            "nc-state-of-lender-kept", NotCounting,
            "PerfCore.PerfEventSetState(master, EventState.Inactive);",
            ";",
            "A master that is off the PMU again stays ENABLED.") { Design = "active-not-counting" },
            "Both states run the enabled time, and whoever schedules in asks for less than ACTIVE."),
        (new Fault(
            "pc-install-beside-running", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "if (!TaskCurr(_machine, ctx.Task!))",
            "if (true)",
            "An event is installed into the context of a task that has begun to run.") { Design = "none" },
            "It counts from the task's next switch on; no property asks that an event that could be on the PMU is."),
    ];
}
