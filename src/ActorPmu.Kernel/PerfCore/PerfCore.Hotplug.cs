using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Processors come and go; events move with an uncore-like PMU.</content>
public sealed partial class PerfCore
{
    /// <summary><c>perf_event_exit_cpu()</c>. Process context, on another processor.</summary>
    private async KernelTask PerfEventExitCpu(int cpu)
    {
        await MutexLock(LockClass.PmusLock, MutexIds.PmusLock);
        for (int kind = 0; kind < 2; kind++)
        {
            PerfContext ctx = _machine.CpuContext(cpu, kind);
            await MutexLock(ctx);
            PerfEvent[] events = [.. ctx.EventList];
            await SmpCallFunctionSingle(cpu, new IpiExitContext(null, kind));
            ctx.Online = false;
            MutexUnlock(ctx);
            foreach (PerfEvent e in events)
            {
                if (ReferenceEquals(e.Ctx, ctx) && ctx.EventList.Contains(e))
                {
                    await Design.Settled(this, e);
                }
            }
        }

        MutexUnlock(LockClass.PmusLock, MutexIds.PmusLock);
    }

    /// <summary><c>__perf_event_exit_context()</c>. Hardirq on the processor that goes.</summary>
    [KernelName("__perf_event_exit_context")]
    private async KernelTask<int> PerfEventExitContextIpi(int kind)
    {
        PerfContext ctx = CpuCtx(kind);
        await RawSpinLock(ctx);
        await CtxSchedOut(ctx, ctx, EventTypes.Time);
        foreach (PerfEvent e in ctx.EventList.ToArray())
        {
            await PerfRemoveFromContextUnderLock(e, ctx, ctx, detachGroup: true);
        }

        RawSpinUnlock(ctx);
        return 0;
    }

    /// <summary><c>perf_event_init_cpu()</c>. Process context.</summary>
    private async KernelTask PerfEventInitCpu(int cpu)
    {
        await MutexLock(LockClass.PmusLock, MutexIds.PmusLock);
        for (int kind = 0; kind < 2; kind++)
        {
            PerfContext ctx = _machine.CpuContext(cpu, kind);
            await MutexLock(ctx);
            ctx.Online = true;
            MutexUnlock(ctx);
        }

        MutexUnlock(LockClass.PmusLock, MutexIds.PmusLock);
    }

    /// <summary><c>perf_pmu_migrate_context()</c>. Process context.</summary>
    private async KernelTask PerfPmuMigrateContext(int from, int to)
    {
        PerfContext source = _machine.CpuContext(from, PmuType.HardwareKind);
        PerfContext target = _machine.CpuContext(to, PmuType.HardwareKind);
        await MutexLockDouble(source, target);
        List<PerfEvent> moved = [];
        foreach (PerfEvent e in source.EventList.ToArray())
        {
            await PerfRemoveFromContext(e, detachGroup: false);
            await PutCtx(source);
            await Design.Settled(this, e);
            moved.Insert(0, e);
        }

        // Wait for the events to quiesce before re-instating them.
        _machine.LockChecker.MightSleep(_cpu, "synchronize_rcu()");

        // Re-instate events in 2 passes: siblings will not get enabled without a leader, however a leader will enable its siblings.
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (PerfEvent e in moved)
            {
                if (e.IsLeader == (pass == 1))
                {
                    // Disabled events come back enabled: that is the kernel's own doing.
                    if (e.State >= EventState.Off)
                    {
                        e.State = EventState.Inactive;
                        (e.Truth.Wanted, e.Truth.Failed) = (true, false);
                    }

                    await PerfInstallInContext(target, e, to);
                    target.RefCount++;
                }
            }
        }

        MutexUnlock(target);
        MutexUnlock(source);
    }
}
