using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Designs with one fault each, for showing that the fault is found.</summary>
internal static class BrokenDesigns
{
    private static KernelTask<bool> IsOn => new(true);

    /// <summary>Follows the oldest event of its class, and takes what that counted before as well.</summary>
    public sealed class ForgetsItsBase : ISharingDesign
    {
        public string Name => "forgets-its-base";

        public string Source => "test";

        public string Claim => "an event that is added later starts at 0";

        public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) =>
            ReferenceEquals(CounterOwner(e), e) ? core.PmuAdd(e) : IsOn;

        public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) =>
            ReferenceEquals(CounterOwner(e), e) ? core.PmuDel(e) : Read(core, e);

        public async KernelTask Read(PerfCore core, PerfEvent e)
        {
            PerfEvent owner = CounterOwner(e)!;
            if (owner.State == EventState.Active)
            {
                await core.PmuRead(owner);
            }

            e.Count = owner.Count;
        }

        public PerfEvent? CounterOwner(PerfEvent e) =>
            e.Ctx?.EventList.FindLast(other => other.Attr == e.Attr && other.State >= EventState.Inactive) ?? e;
    }

    /// <summary>Lets one event at a time have a counter.</summary>
    public sealed class TakesOneAlone : ISharingDesign
    {
        private int _on;

        public string Name => "takes-one-alone";

        public string Source => "test";

        public string Claim => "a PMU has one counter";

        public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => _on == 0 && await core.PmuAdd(e) && ++_on > 0;

        public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            _on--;
            await core.PmuDel(e);
        }
    }

    /// <summary>Each reader takes one away.</summary>
    public sealed class CountsBackwards : ISharingDesign
    {
        private int _reads;

        public string Name => "counts-backwards";

        public string Source => "test";

        public string Claim => "counts grow";

        public long Count(PerfEvent e) => e.Count - (100 * _reads++);
    }

    /// <summary>An event that was switched off counts as running.</summary>
    public sealed class RunsWhileOff : ISharingDesign
    {
        public string Name => "runs-while-off";

        public string Source => "test";

        public string Claim => "a disabled event has no time running";

        public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            PerfCore.PerfEventSetState(e, EventState.Active);
            return KernelTask.Done;
        }
    }

    /// <summary>Says that the event is on the PMU, and does nothing.</summary>
    public sealed class NeverAdds : ISharingDesign
    {
        public string Name => "never-adds";

        public string Source => "test";

        public string Claim => "an active event counts";

        public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => IsOn;

        public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;

        public KernelTask Read(PerfCore core, PerfEvent e) => KernelTask.Done;
    }

    /// <summary>Two masters for one class: every other event follows the one before it.</summary>
    public sealed class TwoMasters : ISharingDesign
    {
        public string Name => "two-masters";

        public string Source => "test";

        public string Claim => "a class has one master";

        public PerfEvent? CounterOwner(PerfEvent e)
        {
            int at = e.Ctx?.EventList.IndexOf(e) ?? -1;
            return at >= 0 && at % 2 == 0 && at + 1 < e.Ctx!.EventList.Count ? e.Ctx.EventList[at + 1] : e;
        }
    }

    /// <summary>Follows the first event that was ever opened, alive or not.</summary>
    public sealed class FollowsTheDead : ISharingDesign
    {
        private PerfEvent? _first;

        public string Name => "follows-the-dead";

        public string Source => "test";

        public string Claim => "a master outlives its slaves";

        KernelTask ISharingDesign.Added(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            _first ??= e;
            return KernelTask.Done;
        }

        public PerfEvent? CounterOwner(PerfEvent e) => _first ?? e;
    }

    /// <summary>Adds an event twice.</summary>
    public sealed class AddsTwice : ISharingDesign
    {
        public string Name => "adds-twice";

        public string Source => "test";

        public string Claim => "the driver is asked once";

        public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) => await core.PmuAdd(e) && await core.PmuAdd(e);
    }

    /// <summary>Leaves the counter behind when the event goes.</summary>
    public sealed class LeavesItsCounter : ISharingDesign
    {
        public string Name => "leaves-its-counter";

        public string Source => "test";

        public string Claim => "a counter is given back";

        public KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) => core.PmuRead(e);
    }

    /// <summary>Allocates for each event and never frees.</summary>
    public sealed class Leaks : ISharingDesign
    {
        public string Name => "leaks";

        public string Source => "test";

        public string Claim => "memory is given back";

        public async KernelTask Allocated(PerfCore core, PerfEvent e) => await core.AllocHidden(e, Gfp.Kernel);
    }

    /// <summary>Frees what it allocated when the event is installed, and once more when the event is freed.</summary>
    public sealed class FreesTwice : ISharingDesign
    {
        public string Name => "frees-twice";

        public string Source => "test";

        public string Claim => "memory is given back once";

        public async KernelTask Allocated(PerfCore core, PerfEvent e) => e.DesignData = await core.AllocHidden(e, Gfp.Kernel);

        public KernelTask Settled(PerfCore core, PerfEvent e) => Free(core, e);

        public KernelTask Freeing(PerfCore core, PerfEvent e) => Free(core, e);

        private static KernelTask Free(PerfCore core, PerfEvent e) =>
            e.DesignData is PerfEvent hidden ? core.FreeHidden(hidden) : KernelTask.Done;
    }

    /// <summary>Allocates under <c>ctx->lock</c>: Song, 5 Nov 2019 23:51, as far as it goes.</summary>
    public sealed class AllocatesUnderLock(Gfp flags) : ISharingDesign
    {
        public string Name => "allocates-under-lock";

        public string Source => "test";

        public string Claim => "the master is allocated when it is needed";

        public async KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => e.DesignData = await core.AllocHidden(e, flags);

        public KernelTask Freeing(PerfCore core, PerfEvent e) =>
            e.DesignData is PerfEvent hidden ? core.FreeHidden(hidden) : KernelTask.Done;
    }

    /// <summary>Takes a mutex in the IPI.</summary>
    public sealed class SleepsInTheIpi : ISharingDesign
    {
        public string Name => "sleeps-in-the-ipi";

        public string Source => "test";

        public string Claim => "the install is serialised";

        public async KernelTask InstallingInIpi(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            PerfContext other = core.Machine.CpuContext(core.Cpu.Index, PmuType.SoftwareKind);
            await core.MutexLock(other);
            core.MutexUnlock(other);
        }
    }

    /// <summary>Switches interrupts off across the install, and so across its IPI.</summary>
    public sealed class SendsWithInterruptsOff : ISharingDesign
    {
        public string Name => "sends-with-interrupts-off";

        public string Source => "test";

        public string Claim => "the install is not interrupted";

        public KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            core.LocalIrqDisable();
            return KernelTask.Done;
        }

        public KernelTask Settled(PerfCore core, PerfEvent e)
        {
            core.LocalIrqEnable();
            return KernelTask.Done;
        }
    }

    /// <summary>Schedules everything out when an event is enabled, as v7 did: the context's place beside the processor's is lost.</summary>
    public sealed class SchedulesAllOut : ISharingDesign
    {
        public string Name => "schedules-all-out";

        public string Source => "test, after v7, 15 Nov 2019";

        public string Claim => "nothing is active while masters are chosen";

        public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx) =>
            ctx.IsActive == EventTypes.None
                ? KernelTask.Done
                : core.CtxSchedOut(ctx, core.Machine.CpuContext(core.Cpu.Index, ctx.Kind), EventTypes.All);
    }

    /// <summary>Takes the mutex that its caller holds.</summary>
    public sealed class LocksItselfOut : ISharingDesign
    {
        public string Name => "locks-itself-out";

        public string Source => "test";

        public string Claim => "the context does not change";

        public async KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            await core.MutexLock(ctx);
            core.MutexUnlock(ctx);
        }
    }

    /// <summary>Waits, lock in, lock out, for something that never comes.</summary>
    public sealed class WaitsForever : ISharingDesign
    {
        public string Name => "waits-forever";

        public string Source => "test";

        public string Claim => "the context will be empty one day";

        public async KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            while (true)
            {
                await core.RawSpinLockIrq(ctx);
                core.RawSpinUnlockIrq(ctx);
            }
        }
    }

    /// <summary>Keeps a flag in the count while it waits for the PMU.</summary>
    public sealed class TearsTheCount : ISharingDesign
    {
        private const long Busy = 1L << 40;

        public string Name => "tears-the-count";

        public string Source => "test";

        public string Claim => "nobody looks while the count is worked on";

        public async KernelTask Read(PerfCore core, PerfEvent e)
        {
            e.Count += Busy;
            await core.PmuRead(e);
            e.Count -= Busy;
        }
    }
}
