using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>What v7 to v13 add to <c>struct perf_event</c>.</summary>
/// <remarks>
/// Read without the lock, and so published: <c>dup_master</c>, the base of the last sync and <c>master_count</c>. The number of active
/// sharers is only looked at under <c>ctx->lock</c>.
/// </remarks>
internal sealed class DupEvent(PerfEvent self)
{
    /// <summary><c>EVENT_TOMBSTONE</c>: the event is changing masters (from v11 on).</summary>
    public static readonly PerfEvent Tombstone =
        new(new EventId(-1), "EVENT_TOMBSTONE", new PerfEventAttr(), new PmuType("tombstone", -1, PmuType.SoftwareKind, null), -1);

    /// <summary><c>dup_master</c>.</summary>
    public Published<PerfEvent?> Master { get; } = new("dup_master", null, self.Name);

    /// <summary><c>dup_base_count</c> of v7 to v10, <c>dup_count</c> of v11 to v13: the master's <c>count</c> at the last sync.</summary>
    public Published<long> BaseCount { get; } = new("dup_count", 0, self.Name);

    /// <summary><c>master_count</c>: a master's own count, while its <c>count</c> is the counter's.</summary>
    public Published<long> MasterCount { get; } = new("master_count", 0, self.Name);

    /// <summary><c>dup_active_count</c>, later <c>dup_active</c>: how many sharers need the counter, the master itself among them.</summary>
    public int Active { get; set; }

    /// <summary><c>dup_active_list</c> (v12 and v13): of a master, the others that are active and follow it.</summary>
    public List<PerfEvent> ActiveFollowers { get; } = [];

    /// <summary><c>dup_base_child_count</c> (v7 to v10).</summary>
    public long BaseChildCount { get; set; }

    /// <summary><c>master_child_count</c> (v7 to v10).</summary>
    public long MasterChildCount { get; set; }

    /// <summary>The argument <c>remove_dup</c> of v9's <c>event_sched_out()</c>.</summary>
    public bool RemoveDup { get; set; }

    /// <summary>A local variable of two functions of v7: everything has been scheduled out.</summary>
    public bool NeedsResched { get; set; }

    /// <summary>What belongs to an event.</summary>
    public static DupEvent Of(PerfEvent e) => (DupEvent)(e.DesignData ??= new DupEvent(e));

    /// <summary><c>event->dup_master == event</c>.</summary>
    public static bool IsMaster(PerfEvent e) => ReferenceEquals(Of(e).Master.Value, e);

    /// <summary>For the properties: the event whose counter counts for this one; null while that is not said.</summary>
    public static PerfEvent? Owner(PerfEvent e)
    {
        PerfEvent? master = Of(e).Master.Value;
        return master is null ? e : ReferenceEquals(master, Tombstone) ? null : master;
    }

    /// <summary>The count part of <c>perf_event_count()</c> as it is without a loop or a barrier.</summary>
    public static long Count(PerfEvent e) => IsMaster(e) ? Of(e).MasterCount.Value : e.Count;

    /// <summary>The same for the page of user space. A driver adds to <c>count</c>, which a master and those who follow it do not show.</summary>
    public static long PageCount(PerfEvent e, long inDriver) => Count(e) + (Of(e).Master.Value is null ? inDriver : 0);

    /// <summary>«Only share hardware counting events», or, where a <c>return</c> for tests stands before that, counting events of any PMU.</summary>
    public static bool CanShare(PerfEvent e, bool softwareToo) => !e.Attr.IsSampling && (softwareToo || !AttrRules.IsSoftwareEvent(e));

    /// <summary><c>perf_event_compatible()</c>: <c>memcmp()</c> of the whole attribute structures.</summary>
    public static bool Compatible(PerfEvent a, PerfEvent b) => AttrRules.Compatible(a, b, AttrComparison.WholeAttr);
}
