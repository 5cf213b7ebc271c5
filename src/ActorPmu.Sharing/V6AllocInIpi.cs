using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v6 with the hidden master allocated in the install IPI, between two sections under <c>ctx->lock</c>.</summary>
/// <remarks>
/// Source: Song Liu, 6 Nov 2019 17:40 UTC; Peter Zijlstra, 20:44: «It's still broken on -RT, because __perf_install_in_context() is in
/// hardirq context (IPI)». It claims to allocate only when necessary and outside of the locks. How the mail was read:
/// <list type="bullet">
/// <item>The flags are not said: GFP_ATOMIC, as in the mail before. Anything else may sleep, which an interrupt handler may not on any kernel.</item>
/// <item>Only <c>__perf_install_in_context()</c> allocates. An event that comes into a context by another way (a task that does not run,
/// <c>inherit_event()</c>) joins a class that is there, and founds none.</item>
/// <item>Array, free, failure and cgroup block: as for <see cref="V6Atomic"/>. A master that is not used is freed as v6's <c>tmp_master</c>.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared.</param>
/// <param name="test">Which events may share.</param>
public sealed class V6AllocInIpi(AttrComparison comparison = AttrComparison.FourFields, SharingTest test = SharingTest.SampleType) : IVirtualMasters
{
    /// <inheritdoc/>
    public string Name => "v6-alloc-in-ipi";

    /// <inheritdoc/>
    public string Source => "Song Liu, 6 Nov 2019 17:40 UTC";

    /// <inheritdoc/>
    public string Claim => "allocated between two lock sections of the install IPI, a master comes only when necessary and outside of the locks";

    AttrComparison IVirtualMasters.Comparison => comparison;

    SharingTest IVirtualMasters.Test => test;

    private IVirtualMasters Masters => this;

    /// <inheritdoc/>
    public async KernelTask InstallingInIpi(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);

        // perf_ctx_lock() … perf_ctx_unlock()
        PerfContext cpuctx = core.Machine.CpuContext(core.Cpu.Index, ctx.Kind);
        await core.RawSpinLock(cpuctx);
        if (!ctx.IsCpuContext)
        {
            await core.RawSpinLock(ctx);
        }

        bool allocMaster = Masters.FindNewSharing(e, ctx);
        if (!ctx.IsCpuContext)
        {
            core.RawSpinUnlock(ctx);
        }

        core.RawSpinUnlock(cpuctx);
        if (allocMaster)
        {
            await Masters.AllocTmpMaster(core, e, ctx, Gfp.Atomic);
        }
    }
}
