using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>One of the events is the master; only masters are scheduled, and the others read along.</summary>
/// <remarks>
/// Source: Peter Zijlstra, review of v6, 31 Oct 2019 12:43 UTC. His sketch has <c>event_pmu_add()</c> and <c>event_pmu_read()</c>. It
/// claims that no event has to be allocated and no array kept. How the mail was read:
/// <list type="bullet">
/// <item>Who is master: not said. An event that finds no compatible master on the context's list is its own, as «dup_master != event»
/// implies; who comes later follows the first. Nobody is re-elected: that is said on 5 Nov only (<see cref="LargestScope"/>).</item>
/// <item>The state, cgroup and group of a master are not looked at, and nothing happens to its slaves when it is disabled, not scheduled,
/// or closed: they keep the pointer, and stop counting. After the close the pointer dangles.</item>
/// <item>Three blanks are filled in, because without them not even an event alone would count: a master is read by <c>pmu->read()</c>
/// instead of «return»; a slave that is added or read has its master read first, if that is on; a slave that is added starts at its
/// master's present count, and takes its last share when it is deleted. With <c>toTheLetter</c> the blanks stay.</item>
/// <item>The loop around cmpxchg has nothing to do here: no interrupt lands between two statements of a path that do not wait.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The mail is «slightly scared» by the four fields and names nothing else.</param>
/// <param name="toTheLetter">Whether the sketch's blanks stay blanks.</param>
public sealed class RealMaster(AttrComparison comparison = AttrComparison.FourFields, bool toTheLetter = false) : ISharingDesign
{
    internal static DesignChoices Choices { get; } = new("real-master", [DesignChoices.WholeAttr, DesignChoices.ToTheLetter], said => new RealMaster(
        said(DesignChoices.WholeAttr) ? AttrComparison.WholeAttr : AttrComparison.FourFields, said(DesignChoices.ToTheLetter)));

    /// <inheritdoc/>
    public string Name { get; } = DesignChoices.Name(
        "real-master", (comparison == AttrComparison.WholeAttr, DesignChoices.WholeAttr), (toTheLetter, DesignChoices.ToTheLetter));

    /// <inheritdoc/>
    public string Source => "Peter Zijlstra, 31 Oct 2019 12:43 UTC";

    /// <inheritdoc/>
    public string Claim => "one of the events can be the master: no extra allocation, no array, only masters are scheduled";

    /// <inheritdoc/>
    public bool MasterMustCoverSlaves => true;

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Of(e).DupMaster = FindMaster(e, ctx) ?? e;
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    /// <remarks>The event that leaves forgets its master; those that follow it are not told.</remarks>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Of(e).DupMaster = e;
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        Dup dup = Of(e);
        if (!ReferenceEquals(dup.DupMaster, e))
        {
            if (!toTheLetter)
            {
                await ReadMaster(core, dup.DupMaster);
                dup.PrevCount = core.LocalCount(dup.DupMaster);
            }

            return true;
        }

        return await core.PmuAdd(e);
    }

    /// <inheritdoc/>
    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (ReferenceEquals(Of(e).DupMaster, e))
        {
            await core.PmuDel(e);
        }
        else if (!toTheLetter)
        {
            await Read(core, e);
        }
    }

    /// <inheritdoc/>
    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        Dup dup = Of(e);
        if (ReferenceEquals(dup.DupMaster, e))
        {
            if (!toTheLetter)
            {
                await core.PmuRead(e);
            }

            return;
        }

        if (!toTheLetter)
        {
            await ReadMaster(core, dup.DupMaster);
        }

        // use event->dup_master as counter
        long count = core.LocalCount(dup.DupMaster);
        e.Count += count - dup.PrevCount;
        dup.PrevCount = count;
    }

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => Of(e).DupMaster;

    private PerfEvent? FindMaster(PerfEvent e, PerfContext ctx)
    {
        if (!CanShare(e))
        {
            return null;
        }

        foreach (PerfEvent other in ctx.EventList)
        {
            bool leads = ReferenceEquals(Of(other).DupMaster, other);
            if (!ReferenceEquals(other, e) && leads && CanShare(other) && AttrRules.Compatible(e, other, comparison))
            {
                return other;
            }
        }

        return null;
    }

    private static bool CanShare(PerfEvent e) => AttrRules.CanShare(e, SharingTest.IsSamplingEvent);

    private static KernelTask ReadMaster(PerfCore core, PerfEvent master) =>
        master.State == EventState.Active && master.OnCpu == core.Cpu.Index ? core.PmuRead(master) : KernelTask.Done;

    private static Dup Of(PerfEvent e) => (Dup)(e.DesignData ??= new Dup(e));

    // What the sketch adds to struct perf_event.
    private sealed class Dup(PerfEvent self)
    {
        public PerfEvent DupMaster { get; set; } = self;

        /// <summary>A slave's <c>hwc->prev_count</c>: what its master had counted when the slave last looked.</summary>
        public long PrevCount { get; set; }
    }
}
