using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v6 with the hidden master allocated in <c>perf_install_in_context()</c>, after a look-up under <c>ctx->lock</c>.</summary>
/// <remarks>
/// Source: Song Liu, 6 Nov 2019 22:23 UTC. The thread ends with it: «Hmm... how about perf_install_in_context()?» It claims to work where
/// the allocation in the IPI does not, because this is process context. How the mail was read:
/// <list type="bullet">
/// <item>GFP_KERNEL: the caller holds <c>ctx->mutex</c> and nothing else. Whoever changes what the look-up has seen needs that mutex, too.</item>
/// <item>The look-up comes after <c>event->ctx</c> has been published in the mail, and just before it here. Whoever follows that pointer
/// waits for the mutex in both orders.</item>
/// <item><c>inherit_event()</c> does not call this function. To the letter, inherited events never share, because nobody founds a class in
/// the child's context; with <c>inInherit</c> it looks up and allocates, too.</item>
/// <item><c>perf_pmu_migrate_context()</c> and a group that moves do call it, so that events share again where they arrive.</item>
/// <item>Array, free, failure and cgroup block: as for <see cref="V6Atomic"/>.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared.</param>
/// <param name="test">Which events may share.</param>
/// <param name="inInherit">Whether <c>inherit_event()</c> does the same.</param>
public sealed class V6AllocInInstall(
    AttrComparison comparison = AttrComparison.FourFields, SharingTest test = SharingTest.SampleType, bool inInherit = false) : IVirtualMasters
{
    /// <inheritdoc/>
    public string Name => "v6-alloc-in-install";

    /// <inheritdoc/>
    public string Source => "Song Liu, 6 Nov 2019 22:23 UTC";

    /// <inheritdoc/>
    public string Claim => "looked up under ctx->lock and allocated in process context, a master comes only when necessary, on PREEMPT_RT too";

    AttrComparison IVirtualMasters.Comparison => comparison;

    SharingTest IVirtualMasters.Test => test;

    private IVirtualMasters Masters => this;

    /// <inheritdoc/>
    public async KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        await core.RawSpinLockIrq(ctx);
        bool allocMaster = Masters.FindNewSharing(e, ctx);
        core.RawSpinUnlockIrq(ctx);
        if (allocMaster)
        {
            await Masters.AllocTmpMaster(core, e, ctx, Gfp.Kernel);
        }
    }

    /// <inheritdoc/>
    public KernelTask Inheriting(PerfCore core, PerfEvent e, PerfContext ctx) => inInherit ? Installing(core, e, ctx) : KernelTask.Done;
}
