using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>Which events may share: the two tests that the thread weighs.</summary>
public enum SharingTest
{
    /// <summary>No <c>sample_type</c> bit but <c>PERF_SAMPLE_IDENTIFIER</c>, as in v6.</summary>
    SampleType,

    /// <summary><c>is_sampling_event()</c>: «why is is_sampling_event() not usable?» (Peter Zijlstra, 31 Oct 2019).</summary>
    IsSamplingEvent,
}

/// <summary>When two events count the same: the two comparisons that the thread weighs.</summary>
public enum AttrComparison
{
    /// <summary><c>type</c>, <c>config</c>, <c>config1</c>, <c>config2</c>, as in v6.</summary>
    FourFields,

    /// <summary>«Maybe we should memcmp the two attr?» (Song Liu, 31 Oct 2019).</summary>
    WholeAttr,
}

/// <summary>What the thread's tests and comparisons answer.</summary>
internal static class AttrRules
{
    private const ulong PerfSampleIdentifier = 1UL << 16;

    /// <summary><c>is_software_event()</c>: <c>event_caps</c> say so, which <c>perf_event_open()</c> sets, and a copy does not inherit before v5.18.</summary>
    public static bool IsSoftwareEvent(PerfEvent e) => e.IsSoftwareEvent;

    /// <summary><c>perf_event_can_share()</c>.</summary>
    public static bool CanShare(PerfEvent e, SharingTest test) =>
        !IsSoftwareEvent(e)
        && (test == SharingTest.IsSamplingEvent ? !e.Attr.IsSampling : (e.Attr.SampleType & ~PerfSampleIdentifier) == 0);

    /// <summary><c>perf_event_compatible()</c>.</summary>
    public static bool Compatible(PerfEvent a, PerfEvent b, AttrComparison comparison) =>
        a.Attr.Config == b.Attr.Config
        && (comparison == AttrComparison.WholeAttr
            ? a.Attr == b.Attr
            : a.Attr.Type == b.Attr.Type && a.Attr.Config1 == b.Attr.Config1 && a.Attr.Config2 == b.Attr.Config2);
}
