using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults that the search does not find, each with the reason. They are not in the table.</summary>
/// <remarks>Each breaks nothing that a property looks at, or nothing at all.</remarks>
internal static class Survivors
{
    private const string LargestScope = "ActorPmu.Sharing/LargestScope.cs";
    private const string Handover = "ActorPmu.Sharing/Handover.cs";
    private const string Install = "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs";
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
            "pc-install-beside-running", Install,
            "if (!TaskCurr(_machine, ctx.Task!))",
            "if (true)",
            "An event is installed into the context of a task that has begun to run.") { Design = "none" },
            "It counts from the task's next switch on; no property asks that an event that could be on the PMU is."),
        (new Fault(
            "ho-gone-knows-head", Handover,
            "await core.WriteOnce(self.Head, null);",
            "",
            "An event that has left its context keeps its class there.") { Design = "handover" },
            "Nobody asks it before it is added to a context again, and then it gets the class there."),
        (new Fault(
            "ho-config1-not-looked-at", Handover,
            "&& x.Config1 == y.Config1 && x.Config2 == y.Config2 && x.PreciseIp == y.PreciseIp && x.BranchSampleType == y.BranchSampleType",
            "&& x.PreciseIp == y.PreciseIp && x.BranchSampleType == y.BranchSampleType",
            "Events that differ in config1 are one class.") { Design = "handover" },
            "The model's selector of the hardware has both words in it, and is compared as well."),
        (new Fault(
            "ho-no-counter-needed", Handover,
            "private static bool FindsOwner(PerfEvent e) => e.Pmu.IsSoftware || (Of(e).Head.Value is { } head && Of(head).Owner.Value is not null);",
            "private static bool FindsOwner(PerfEvent e) => e.Pmu.IsSoftware || Of(e).Head.Value is not null;",
            "A group goes on past one that found no counter, though nobody has one for it.") { Design = "handover" },
            "It asks for a counter in vain, or before its turn; no property asks whose turn it is."),
        (new Fault(
            "nc-read-while-changing", NotCounting,
            "if (dup.Counting && Of(dup.Master).OnPmu)",
            "if (dup.Counting)",
            "An NMI reads a counter that is just changing hands.") { Design = "active-not-counting" },
            "Nothing can come in between the end of pmu->del() and the step in which all stop taking shares."),
        (new Fault(
            "pc-ipi-to-wrong-task", Install,
            "if (ctx.Tombstone || !ReferenceEquals(ctx.Task, _cpu.Current))",
            "if (ctx.Tombstone)",
            "An interrupt that comes when its task has gone works on it all the same.") { Design = "none" },
            "remote_function() has looked at the task in the same interrupt. What is left is a swap of contexts between the call and its interrupt."),
        (new Fault(
            "ho-sync-not-atomic", Handover,
            "long found = await core.LocalCmpxchg(e.CountField, count, now);",
            "long found = count; await core.WriteOnce(e.CountField, now);",
            "A sync that an NMI interrupts takes back what the NMI has counted.") { Design = "handover" },
            "Kernel paths retire no instruction here: between its load and its store the counter stands, and the NMI stores the same number."),
        (new Fault(
            "ho-count-not-paired", Handover,
            "if (bias == await core.ReadOnce(self.Bias))",
            "if (bias == bias + 0 * await core.ReadOnce(self.Bias))",
            "A reader adds the bias of before a reset or swap to the count of after it.") { Design = "handover" },
            "A reset waits for ctx->mutex, which the reader has. What is left is a swap, and a reader who adds up a family sees a count twice in a swap in Linux itself."),
    ];
}
