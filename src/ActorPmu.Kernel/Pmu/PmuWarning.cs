namespace ActorPmu.Kernel;

/// <summary>A broken rule of the contract between perf core and a PMU driver.</summary>
public enum PmuMisuse
{
    /// <summary><c>pmu->add()</c> of an event that the PMU already has. Nothing was done.</summary>
    AddedTwice,

    /// <summary><c>pmu->del()</c> of an event that the PMU does not have. Nothing was done.</summary>
    DeletedWithoutAdd,

    /// <summary>
    /// <c>pmu->del()</c>, inside an x86 transaction, of an event added before it. As in <c>x86_pmu_del()</c> (v5.3) it stays on its counter.
    /// </summary>
    DeletedInForeignTransaction,

    /// <summary><c>pmu->read()</c> of an event that the PMU does not have. The answer was 0.</summary>
    ReadWithoutAdd,

    /// <summary>An event was freed while the PMU had it. It stays there.</summary>
    ForgottenWhileAdded,

    /// <summary><c>pmu->stop()</c> of an event that the PMU does not have: its counter index is another's, or none. Nothing was done.</summary>
    StoppedWithoutAdd,

    /// <summary><c>pmu->start()</c> of an event that the PMU does not have. Nothing was done.</summary>
    StartedWithoutAdd,

    /// <summary><c>pmu->start()</c> of an event that is not stopped: <c>WARN_ON_ONCE(!(event->hw.state &amp; PERF_HES_STOPPED))</c>. It counts on.</summary>
    StartedWhileCounting,

    /// <summary>
    /// <c>pmu->hand_over()</c> from an event that the PMU does not have, to one that it has, between two that do not count the same, or with
    /// one that samples. Nothing was done.
    /// </summary>
    HandedOverWrongly,
}

/// <summary>What the kernel would say with WARN_ON_ONCE, or not notice at all.</summary>
/// <param name="Misuse">The rule.</param>
/// <param name="Event">The event.</param>
public readonly record struct PmuWarning(PmuMisuse Misuse, EventId Event);
