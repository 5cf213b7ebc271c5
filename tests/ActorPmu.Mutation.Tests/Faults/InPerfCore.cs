using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults in perf core itself, which break things without any sharing.</summary>
internal static class InPerfCore
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "pc-removed-while-counting", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "await EventSchedOut(e, cpuctx, ctx);",
            "",
            "An event leaves its context without leaving the PMU.")
        { Design = "none", Below = "[KernelName(\"__perf_remove_from_context\")]" },
        new(
            "pc-time-not-updated", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "UpdateContextTime(ctx);",
            "",
            "An event is disabled at the time of the last update.")
        { Design = "none", Below = "[KernelName(\"__perf_event_disable\")]" },
        new(
            "pc-active-without-counter", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "PerfEventSetState(e, EventState.Inactive);",
            "",
            "An event that found no counter stays ACTIVE.")
        { Design = "none", Below = "bool added = await Design.Add(this, e, ctx);" },
        new(
            "pc-group-not-tried", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "canAddHw = await FlexibleSchedIn(leader, ctx, cpuctx, canAddHw);",
            "canAddHw = a + h == 2 ? canAddHw : await FlexibleSchedIn(leader, ctx, cpuctx, canAddHw);",
            "The second flexible group of a context is passed over.")
        { Design = "none" },
        new(
            "pc-group-half-in", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "await EventSchedOut(leader.Siblings[i], cpuctx, ctx);",
            "",
            "Siblings stay on the PMU when their group does not fit.")
        {
            Design = "none",
            Below = "// Groups can be scheduled in as one unit only, so undo any partial group before returning: reverse is not needed.",
        },
        new(
            "pc-pmu-stays-off", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "PerfPmuEnable(ctx.Kind);",
            "",
            "The PMU is not enabled again after an event has left it.")
        { Design = "none", Below = "if (e.Attr.Exclusive || cpuctx.ActiveOnCpu == 0)" },
        new(
            "pc-oncpu-not-said", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "await WriteOnce(e.OnCpuField, _cpu.Index);",
            "",
            "Nobody learns on which processor an event is.")
        { Design = "none" },
        new(
            "pc-call-beside-running", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "if (ctx.IsActive == EventTypes.None)",
            "if (true)",
            "A function is run here on an event whose context is active elsewhere.")
        { Design = "none", Below = "private async KernelTask EventFunctionCall(PerfEvent e, EventFunction function, ulong value = 0)" },
    ];
}
