namespace ActorPmu.Kernel;

/// <summary>What must hold in every run. The names are those of files, flags and reports.</summary>
public enum Property
{
    /// <summary>Each count equals what happened while the event was active.</summary>
    CountsExact,

    /// <summary>A count that a reader saw never goes back but for a reset.</summary>
    CountsMonotone,

    /// <summary>Time running never exceeds time enabled, and both are right.</summary>
    TimesRight,

    /// <summary>An active event has a counter that counts for it.</summary>
    ActiveCounts,

    /// <summary>At most one master for a share class, which outlives its slaves.</summary>
    OneMaster,

    /// <summary>No counter is programmed twice for one event or left programmed by nobody.</summary>
    CountersOwned,

    /// <summary>No more counters are in use than the PMU has.</summary>
    CountersEnough,

    /// <summary>What a schedule-in pass leaves off the PMU does not fit.</summary>
    WorkConserving,

    /// <summary>A slave counts a subset of what its master counts.</summary>
    SlaveInScope,

    /// <summary>An event that samples has a counter of its own: only that raises its overflows.</summary>
    SamplersAlone,

    /// <summary>What was allocated is freed once, and not used after.</summary>
    NoLeak,

    /// <summary>Locks are taken in order, in the right context, and never softer inside harder ones.</summary>
    LockRules,

    /// <summary>The kernel's own WARN_ON_ONCE stays silent, and it follows no null pointer.</summary>
    NoWarning,

    /// <summary>Somebody can always go on.</summary>
    NoDeadlock,

    /// <summary>Everything ends within the step bound.</summary>
    NoLivelock,

    /// <summary>A reader in an NMI, or on another processor, sees no torn count.</summary>
    NoTornCount,

    /// <summary>What the scenario expects.</summary>
    Expectations,
}

/// <summary>Names of the properties.</summary>
public static class Properties
{
    private static readonly (Property Property, string Name, string About)[] Known =
    [
        (Property.CountsExact, "counts-exact", "each count equals what happened while its event was active"),
        (Property.CountsMonotone, "counts-monotone", "a count that a reader saw never goes back but for a reset"),
        (Property.TimesRight, "times-right", "time running is at most time enabled, and both are right"),
        (Property.ActiveCounts, "active-counts", "an active event has a counter that counts for it"),
        (Property.OneMaster, "one-master", "a share class has at most one master, which outlives its slaves"),
        (Property.CountersOwned, "counters-owned", "no counter is programmed twice for an event, or by nobody"),
        (Property.CountersEnough, "counters-enough", "no more counters are in use than the PMU has"),
        (Property.WorkConserving, "work-conserving", "a group that a schedule-in pass leaves off the PMU does not fit"),
        (Property.SlaveInScope, "slave-in-scope", "a slave counts a subset of what its master counts"),
        (Property.SamplersAlone, "samplers-alone", "an event that samples has a counter of its own, which raises its overflows"),
        (Property.NoLeak, "no-leak", "what was allocated is freed once, and not used after"),
        (Property.LockRules, "lock-rules", "locks are taken in order and in the right context, on PREEMPT_RT too"),
        (Property.NoWarning, "no-warning", "the kernel's WARN_ON_ONCE stays silent, and it does not oops"),
        (Property.NoDeadlock, "no-deadlock", "somebody can always go on"),
        (Property.NoLivelock, "no-livelock", "everything ends within the step bound"),
        (Property.NoTornCount, "no-torn-count", "a reader in an NMI or on another processor sees no torn count"),
        (Property.Expectations, "expectations", "what the scenario expects is so"),
    ];

    /// <summary>All properties: value, name, one sentence.</summary>
    public static IReadOnlyList<(Property Property, string Name, string About)> All => Known;

    /// <summary>Whether breaking it does no harm by itself and leads to harm: the run goes on until that is seen.</summary>
    /// <param name="property">The property.</param>
    public static bool IsCause(Property property) => property is Property.SlaveInScope or Property.OneMaster;

    /// <summary>The name in files, flags and reports.</summary>
    /// <param name="property">The property.</param>
    public static string Name(Property property) => Known[(int)property].Name;

    /// <summary>The property of that name; null when there is none.</summary>
    /// <param name="name">Its name in files, flags and reports.</param>
    public static Property? Find(string name) => Array.FindIndex(Known, p => p.Name == name) is var at and >= 0 ? Known[at].Property : null;
}

/// <summary>A property that a run breaks: a result, with its evidence.</summary>
/// <param name="Property">Which property.</param>
/// <param name="Step">At which step, from 1; 0 before the first.</param>
/// <param name="What">What is wrong, with the values.</param>
/// <param name="Evidence">More lines: a lockdep splat, a wait-for cycle, live objects.</param>
public sealed record Violation(Property Property, long Step, string What, IReadOnlyList<string> Evidence)
{
    /// <summary>What makes two violations the same bug: property and message without numbers.</summary>
    public string Signature => Properties.Name(Property) + ": " + new string([.. What.Where(c => !char.IsDigit(c))]);
}
