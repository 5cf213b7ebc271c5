using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>v6 without <c>tmp_master</c>: the hidden master is allocated with GFP_ATOMIC when a class is found, under <c>ctx->lock</c>.</summary>
/// <remarks>
/// Source: Song Liu, 5 Nov 2019 23:51 UTC; Peter Zijlstra, 6 Nov 2019 08:56: «You can't, that's broken on -RT». It claims that a master
/// is allocated only where one is used. How the mail was read:
/// <list type="bullet">
/// <item>«Maybe with an extra option»: the option is that <c>perf_event_alloc()</c> takes none of its mutexes then.</item>
/// <item>«Get rid of dup_id … and hopefully get rid of this» (<c>struct perf_event_dup</c>): there is no array, and no limit of four.</item>
/// <item>When the allocation fails, the events stay on counters of their own, as in v6; the next one that comes tries again.</item>
/// <item>The mail does not say where a master is freed: as in v6, in process context, with its last sharer.</item>
/// <item>The cgroup block of <c>__perf_install_in_context()</c> is gone, as in v6: it cannot come back as it was (<see cref="V6"/>).</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared.</param>
/// <param name="test">Which events may share.</param>
public sealed class V6Atomic(AttrComparison comparison = AttrComparison.FourFields, SharingTest test = SharingTest.SampleType) : IVirtualMasters
{
    /// <inheritdoc/>
    public string Name => "v6-atomic";

    /// <inheritdoc/>
    public string Source => "Song Liu, 5 Nov 2019 23:51 UTC";

    /// <inheritdoc/>
    public string Claim => "with GFP_ATOMIC under ctx->lock a master is allocated only where it is used";

    AttrComparison IVirtualMasters.Comparison => comparison;

    SharingTest IVirtualMasters.Test => test;

    async KernelTask<PerfEvent?> IVirtualMasters.MasterFor(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        PerfEvent? master = await core.AllocHidden(e, Gfp.Atomic);
        if (master is not null)
        {
            core.AttachHidden(master, ctx);
        }

        return master;
    }
}
