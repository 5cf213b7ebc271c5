namespace ActorPmu.Scenarios;

/// <summary>What a made-up scenario may use. Each scenario uses some of them, so that unlike things meet.</summary>
internal enum HuntFeature
{
    // What may be left out goes by these names with hyphens: read-formats.
    TaskEvents,
    TaskOnCpuEvents,
    OtherTasksEvents,
    CgroupEvents,
    SoftwareEvents,
    OtherClasses,
    Groups,
    Pinned,
    Exclusive,
    Excludes,
    Inherit,
    InheritStat,
    EnableOnExec,
    Sampling,
    Frequency,
    Disabled,
    ReadFormats,
    Close,
    EnableDisable,
    GroupIoctls,
    Reset,
    Refresh,
    Period,
    Prctl,
    ReadLocal,
    Fork,
    Threads,
    Exec,
    Exit,
    Yield,
    Block,
    Migrate,
    MoveCgroup,
    RemoveCgroup,
    Hotplug,
    MigrateContext,
    KernelMode,
    Mux,
    Ticks,
    Pmis,
    AllocationFailures,
    FineGrained,
    PreemptRt,
    Watchdog,
    BlindEye,
    TakingTurns,
    ManyPmis,
    PmiStorms,
    StrongMemory,
    OffAndOn,
}

/// <summary>What a made-up scenario may use, by name.</summary>
public static class HuntFeatures
{
    private static readonly HuntFeature[] All = Enum.GetValues<HuntFeature>();

    /// <summary>The names of all features.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(f => KnownNames.Hyphenated(f.ToString()))];

    internal static HuntFeature? Find(string name)
    {
        for (int i = 0; i < All.Length; i++)
        {
            if (Names[i] == name)
            {
                return All[i];
            }
        }

        return null;
    }
}
