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
        new(
            "pc-enabled-only-on-pmu", "ActorPmu.Kernel/PerfCore/PerfCore.Time.cs",
            "e.TotalTimeEnabled + (state >= EventState.Inactive ? delta : 0),",
            "e.TotalTimeEnabled + (state >= EventState.Active ? delta : 0),",
            "An event that waits for a counter is taken to be disabled: no reader can tell that it was multiplexed.")
        { Design = "none" },
        new(
            "pc-siblings-not-stamped", "ActorPmu.Kernel/PerfCore/PerfCore.Time.cs",
            "PerfEventUpdateSiblingTime(e);",
            "",
            "Siblings count the time in which their leader was off.")
        { Design = "none", Below = "if ((e.State < 0) != (state < 0))" },
        new(
            "pc-off-before-time", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "PerfEventSetState(e, EventState.Inactive);",
            "e.State = EventState.Inactive;",
            "The time in which an event was disabled becomes time enabled.")
        { Design = "none", Below = "TruthWanted(e, true);" },
        new(
            "pc-child-time-forgotten", "ActorPmu.Kernel/PerfCore/PerfCore.Inherit.cs",
            "parent.ChildTotalTimeRunning += child.TotalTimeRunning;",
            "",
            "An exited child's count stays, and its time running does not: the count is scaled up.")
        { Design = "none" },
        new(
            "pc-read-leaves-children-out", "ActorPmu.Kernel/PerfCore/PerfCore.Read.cs",
            "running += child.TotalTimeRunning;",
            "",
            "A read adds up the counts of copies and not their time running.")
        { Design = "none" },
        new(
            "pc-copy-is-off", "ActorPmu.Kernel/PerfCore/PerfCore.Inherit.cs",
            "made.State = parentState >= EventState.Inactive ? EventState.Inactive : EventState.Off;",
            "made.State = EventState.Off;",
            "A copy of an enabled event is disabled.")
        { Design = "none" },
        new(
            "pc-no-rotation", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "RotateCtx(taskCtx!, taskEvent);",
            "",
            "A task's groups never change places: who did not fit waits for ever.")
        { Design = "none" },
        new(
            "pc-timer-not-set-again", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "ArmMuxTimer(cpuctx);",
            "",
            "The multiplexing timer fires once.")
        { Design = "none", Below = "StealTime((_moved - movedBefore) * _machine.Spec.MoveNs);" },
        new(
            "pc-exclusive-joins", "ActorPmu.Kernel/PerfCore/PerfCore.Sched.cs",
            "return !(leader.Attr.Exclusive && others) && (canAddHw || Design.NeedsNoCounter(leader));",
            "return canAddHw || Design.NeedsNoCounter(leader);",
            "An exclusive group joins others on the PMU.")
        { Design = "none" },
        new(
            "pc-enable-without-children", "ActorPmu.Kernel/PerfCore/PerfCore.Install.cs",
            "await Apply(e.Children[i], verb);",
            "if (verb != EventVerb.Enable) { await Apply(e.Children[i], verb); }",
            "An event is enabled without its copies.")
        { Design = "none" },
    ];
}
