using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>How <see cref="PublishedPair"/> orders its two stores, and the two loads of its reader.</summary>
internal enum PairOrder
{
    /// <summary>Not at all.</summary>
    Nothing,

    /// <summary><c>barrier()</c>: as v10 to v13 have it.</summary>
    Compiler,

    /// <summary><c>smp_wmb()</c> and no <c>smp_rmb()</c>.</summary>
    WriterOnly,

    /// <summary><c>smp_wmb()</c> and <c>smp_rmb()</c>.</summary>
    Both,
}

/// <summary>
/// While an event is off the PMU, its count lies in a second place, and a pointer says so: the pair of v11's <c>master_count</c> and
/// <c>dup_master</c>. A reader without the lock loads the pointer, and then what it points at.
/// </summary>
/// <param name="order">What keeps the two in order.</param>
internal sealed class PublishedPair(PairOrder order) : ISharingDesign
{
    public string Name => "published-pair";

    public string Source => "test, after v11, 6 Mar 2020";

    public string Claim => "pointer and count fit together for who reads them without the lock";

    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        await core.WriteOnce(Of(e).Parked, null);
        return await core.PmuAdd(e);
    }

    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        await core.PmuDel(e);
        Pair pair = Of(e);
        await core.Store(pair.ParkedCount, e.Count);
        if (order == PairOrder.Compiler)
        {
            core.Barrier();
        }
        else if (order != PairOrder.Nothing)
        {
            core.SmpWmb();
        }

        await core.Store(pair.Parked, e);
        if (order == PairOrder.Both)
        {
            // event_sched_out() stores ->oncpu next, and perf_event_read() takes that for a count that is up to date.
            core.SmpWmb();
        }
    }

    // An NMI also lands between pmu->del() and the change of state, where there is nothing to read: it only looks at what is there.
    public KernelTask Read(PerfCore core, PerfEvent e) =>
        core.Cpu.Running.Level == ContextLevel.Nmi ? KernelTask.Done : core.PmuRead(e);

    public long Count(PerfEvent e) => Of(e).Parked.Value is null ? e.Count : Of(e).ParkedCount.Value;

    public async KernelTask<long> CountSeen(PerfCore core, PerfEvent e)
    {
        Pair pair = Of(e);
        if (order == PairOrder.Both)
        {
            core.SmpRmb();
        }

        PerfEvent? parked = await core.ReadOnce(pair.Parked);
        if (order == PairOrder.Both)
        {
            core.SmpRmb();
        }

        return await core.ReadOnce(parked is null ? e.CountField : pair.ParkedCount);
    }

    private static Pair Of(PerfEvent e) => (Pair)(e.DesignData ??= new Pair(e));

    private sealed class Pair(PerfEvent e)
    {
        public Published<PerfEvent?> Parked { get; } = new("parked", null, e);

        public Published<long> ParkedCount { get; } = new("parked_count", 0, e);
    }
}
