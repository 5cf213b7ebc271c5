namespace ActorPmu.Kernel;

/// <summary>How a driver gives counters to events.</summary>
public enum CounterAssignment
{
    /// <summary>
    /// All events are placed together, those with the fewest allowed counters first; counters are programmed when the PMU is enabled.
    /// Kernel: <c>x86_schedule_events()</c>, arch/x86/events/core.c.
    /// </summary>
    X86Solver,

    /// <summary>
    /// Each event takes the first free counter at once, or none.
    /// Kernel: <c>armv8pmu_get_event_idx()</c>, arch/arm64/kernel/perf_event.c.
    /// </summary>
    ArmFirstFree,

    /// <summary>
    /// No counters: any number of events fits, and disabling the PMU does not stop them. Kernel: <c>perf_swevent</c>, kernel/events/core.c.
    /// </summary>
    Software,
}
