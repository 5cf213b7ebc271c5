using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>Whoever of a class is added first owns the counter, and the others read from it.</summary>
/// <remarks>
/// Source: Song Liu, 6 Nov 2019 17:40 and 22:23 UTC. His sketch has <c>event_pmu_add()</c>. It claims that «we are not required to
/// schedule the master. A slave could be the first_active, and other slaves could read data from it». How the mails were read:
/// <list type="bullet">
/// <item>The master only holds the pointer <c>first_active</c>. It is the first of its class in the context; when it leaves, the oldest of the
/// others holds the pointer. Its state does not matter.</item>
/// <item>«event_pmu_del() path need some more thoughts, because first_active is likely the first one get sched_out()»: the thoughts are not
/// in the mail. Here first_active takes its counter with it. Those who read from it go on doing so, from a count that stands still; the next
/// one to be added is first_active.</item>
/// <item>«sync with first_active»: it is read, and its present count is where the newcomer begins. What a reset or a swap of counts does to
/// those who read along is not said, so nothing is done about it.</item>
/// <item>Scope plays no part (<see cref="ISharingDesign.MasterMustCoverSlaves"/> is not claimed): «A slave could be the first_active, and other slaves
/// could read data from it», whatever the two are limited to. When the cgroup or the processor changes, all of the context goes off and on again, and whoever is added
/// first then is first_active.</item>
/// <item>«Only allowing non-group event to be the master would be a good start»: with <c>groupsMayOwn</c> off, an event of a group that is
/// added first has a counter for itself alone.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The default is Song's answer of 31 Oct to «slightly scared by this one».</param>
/// <param name="test">Which events may share. The default is the one that Peter Zijlstra asks for on 31 Oct.</param>
/// <param name="groupsMayOwn">Whether an event of a group may be first_active.</param>
public sealed class FirstActive(
    AttrComparison comparison = AttrComparison.WholeAttr, SharingTest test = SharingTest.IsSamplingEvent, bool groupsMayOwn = true) : ISharingDesign
{
    internal static DesignChoices Choices { get; } = new("first-active", [DesignChoices.FourFields, DesignChoices.SingleMaster], said => new FirstActive(
        said(DesignChoices.FourFields) ? AttrComparison.FourFields : AttrComparison.WholeAttr, groupsMayOwn: !said(DesignChoices.SingleMaster)));

    /// <inheritdoc/>
    public string Name { get; } = DesignChoices.Name(
        "first-active", (comparison == AttrComparison.FourFields, DesignChoices.FourFields), (!groupsMayOwn, DesignChoices.SingleMaster));

    /// <inheritdoc/>
    public string Source => "Song Liu, 6 Nov 2019 17:40 and 22:23 UTC";

    /// <inheritdoc/>
    public string Claim => "the first that is added owns the counter: no master has to be scheduled for its slaves";

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (CanShare(e))
        {
            PerfEvent? oldest = ctx.EventList.FindLast(
                other => !ReferenceEquals(other, e) && CanShare(other) && AttrRules.Compatible(e, other, comparison));
            Of(e).DupMaster = oldest is null ? e : Of(oldest).DupMaster;
        }

        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Dup dup = Of(e);
        List<PerfEvent> others = ctx.EventList.FindAll(other => !ReferenceEquals(other, e) && ReferenceEquals(Of(other).DupMaster, e));
        if (others.Count > 0)
        {
            PerfEvent next = others[^1];
            Of(next).FirstActive = dup.FirstActive;
            others.ForEach(other => Of(other).DupMaster = next);
        }

        dup.DupMaster = e;
        dup.FirstActive = null;
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (!CanShare(e))
        {
            return await core.PmuAdd(e);
        }

        Dup dup = Of(e);
        if (Of(dup.DupMaster).FirstActive is { } owner)
        {
            // sync with first_active
            await core.PmuRead(owner);
            dup.ReadsFrom = owner;
            dup.Base = core.LocalCount(owner);
            return true;
        }

        if (!await core.PmuAdd(e))
        {
            return false;
        }

        dup.HasCounter = true;
        if (groupsMayOwn || (e.IsLeader && e.Siblings.Count == 0))
        {
            // this event will be the first_active
            Of(dup.DupMaster).FirstActive = e;
        }

        return true;
    }

    /// <inheritdoc/>
    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        Dup dup = Of(e);
        if (dup.ReadsFrom is not null)
        {
            await Read(core, e);
            dup.ReadsFrom = null;
            return;
        }

        dup.HasCounter = false;
        Dup master = Of(dup.DupMaster);
        if (ReferenceEquals(master.FirstActive, e))
        {
            master.FirstActive = null;
        }

        await core.PmuDel(e);
    }

    /// <inheritdoc/>
    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        Dup dup = Of(e);
        if (dup.ReadsFrom is not { } owner)
        {
            await core.PmuRead(e);
            return;
        }

        if (Of(owner).HasCounter)
        {
            await core.PmuRead(owner);
        }

        long count = core.LocalCount(owner);
        e.Count += count - dup.Base;
        dup.Base = count;
    }

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => Of(e).ReadsFrom ?? e;

    private bool CanShare(PerfEvent e) => AttrRules.CanShare(e, test);

    private static Dup Of(PerfEvent e) => (Dup)(e.DesignData ??= new Dup(e));

    // What the sketch adds to struct perf_event.
    private sealed class Dup(PerfEvent self)
    {
        public PerfEvent DupMaster { get; set; } = self;

        /// <summary>As a master: who owns the counter, or null.</summary>
        public PerfEvent? FirstActive { get; set; }

        public bool HasCounter { get; set; }

        /// <summary>Who was first_active when the event was added; null while it is off the PMU or has a counter.</summary>
        public PerfEvent? ReadsFrom { get; set; }

        public long Base { get; set; }
    }
}
