using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary><see cref="Handover"/> with one line wrong in each.</summary>
internal static class BrokenHandovers
{
    /// <summary>The four fields of v6, without the modes.</summary>
    public sealed class ComparesFourFields : Handover
    {
        protected override bool Compatible(PerfEvent a, PerfEvent b) => AttrRulesOf(a) == AttrRulesOf(b);

        private static (PerfType Type, ulong Config, ulong One, ulong Two) AttrRulesOf(PerfEvent e) =>
            (e.Attr.Type, e.Attr.Config, e.Attr.Config1, e.Attr.Config2);
    }

    /// <summary><c>local64_add()</c> of the difference instead of a cmpxchg to where it leads.</summary>
    public sealed class AddsWhatIsMissing : Handover
    {
        protected override async KernelTask Sync(PerfCore core, PerfEvent e, PerfEvent owner)
        {
            long now = await core.ReadOnce(owner.CountField) + CountsApart(e, owner);
            long count = await core.ReadOnce(e.CountField);
            await core.LocalAdd(e.CountField, Math.Max(0, now - count));
        }
    }

    /// <summary>The owner takes its counter along.</summary>
    public sealed class TakesItsCounterAlong : Handover
    {
        public override KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx) =>
            ReferenceEquals(CounterOwner(e), e) ? core.PmuDel(e) : base.Del(core, e, ctx);
    }

    /// <summary>A follower is brought up to date with what the owner counted when somebody read that.</summary>
    public sealed class ReadsNoCounterForFollowers : Handover
    {
        public override KernelTask Read(PerfCore core, PerfEvent e) =>
            CounterOwner(e) is { } owner && !ReferenceEquals(owner, e) ? Sync(core, e, owner) : base.Read(core, e);
    }

    /// <summary><c>local64_set(&amp;event->count, 0)</c>, as without sharing.</summary>
    public sealed class ResetsTheCountItself : Handover
    {
        public override void ResetCount(PerfEvent e)
        {
            e.Count = 0;
            base.ResetCount(e);
        }
    }

    /// <summary>Counts are swapped, as without sharing.</summary>
    public sealed class SwapsTheCountsThemselves : Handover
    {
        public override void SwapCounts(PerfEvent a, PerfEvent b) => (a.Count, b.Count) = (b.Count, a.Count);
    }

    /// <summary>The head leaves the context, and nobody else becomes it.</summary>
    public sealed class LeavesNoHead : Handover
    {
        public override KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx) => KernelTask.Done;
    }

    /// <summary>An NMI finds the owner to the last, also when its counter is gone.</summary>
    public sealed class ReadsWhileItLeaves : Handover
    {
        public override KernelTask Read(PerfCore core, PerfEvent e) => CounterOwner(e) is null ? core.PmuRead(e) : base.Read(core, e);
    }

    /// <summary><c>perf_event_count()</c> without its <c>smp_rmb()</c>.</summary>
    public sealed class CountsWithoutABarrier : Handover
    {
        public override KernelTask<long> CountSeen(PerfCore core, PerfEvent e) => new(core.LoadCount(e));
    }
}
