using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The patch as posted: an array of four slots in each context, each with a hidden, «virtual» master event.</summary>
/// <remarks>
/// Source: Song Liu, «[PATCH v6] perf: Sharing PMU counters across compatible events», 19 Sep 2019 05:23 UTC. What it shares with the
/// variants of November is in <see cref="IVirtualMasters"/>; its own are the array and the <c>tmp_master</c> that every event brings. Its
/// faults are part of it.
/// </remarks>
/// <param name="comparison">How two events are compared. The patch compares four fields.</param>
/// <param name="test">Which events may share. The patch looks at the sample type.</param>
/// <param name="checksCgroup">
/// Whether the cgroup block of <c>__perf_install_in_context()</c> is back. «Why is this removed?», and Song, 31 Oct 2019: he bets that he lost it
/// in a rebase. It cannot come back as it was: it leaves events active while <c>perf_event_setup_dup()</c> gives them another counter.
/// </param>
public sealed class V6(
    AttrComparison comparison = AttrComparison.FourFields, SharingTest test = SharingTest.SampleType, bool checksCgroup = false) : IVirtualMasters
{
    private const int MaxPerfEventDupPerCtx = 4;

    internal static DesignChoices Choices { get; } = new("v6", [DesignChoices.WholeAttr, DesignChoices.SamplingTest, DesignChoices.CgroupCheck], said => new V6(
        said(DesignChoices.WholeAttr) ? AttrComparison.WholeAttr : AttrComparison.FourFields,
        said(DesignChoices.SamplingTest) ? SharingTest.IsSamplingEvent : SharingTest.SampleType,
        said(DesignChoices.CgroupCheck)));

    /// <inheritdoc/>
    public string Name { get; } = DesignChoices.Name(
        "v6",
        (comparison == AttrComparison.WholeAttr, DesignChoices.WholeAttr),
        (test == SharingTest.IsSamplingEvent, DesignChoices.SamplingTest),
        (checksCgroup, DesignChoices.CgroupCheck));

    /// <inheritdoc/>
    public string Source => "Song Liu, [PATCH v6], 19 Sep 2019";

    /// <inheritdoc/>
    public string Claim => "compatible events of one context share one counter; add, del and read are O(1)";

    AttrComparison IVirtualMasters.Comparison => comparison;

    SharingTest IVirtualMasters.Test => test;

    int IVirtualMasters.ClassesMax => MaxPerfEventDupPerCtx;

    /// <inheritdoc/>
    public bool ChecksCgroupAtInstall => checksCgroup;

    private IVirtualMasters Masters => this;

    /// <inheritdoc/>
    /// <remarks>In <c>perf_event_open()</c> and <c>inherit_event()</c>: a second event, whether or not anything will match.</remarks>
    public KernelTask Allocated(PerfCore core, PerfEvent e) => Masters.AllocTmpMaster(core, e, Gfp.Kernel);

    /// <inheritdoc/>
    public KernelTask Installing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Masters.AttachTmpMaster(core, e, ctx);
        return KernelTask.Done;
    }
}
