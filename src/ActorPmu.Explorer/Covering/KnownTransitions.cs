using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>How the state of an event can change in v5.3.</summary>
/// <remarks>
/// Kernel: <c>event_sched_in()</c>, <c>event_sched_out()</c>, <c>__perf_event_enable()</c>, <c>__perf_event_disable()</c>,
/// <c>pinned_sched_in()</c> and the pinned part of <c>ctx_sched_in()</c>, <c>perf_remove_from_context()</c>, <c>perf_event_exit_event()</c>,
/// <c>perf_event_release_kernel()</c>, kernel/events/core.c. ENABLED is a matter of designs.
/// </remarks>
internal static class KnownTransitions
{
    public static IReadOnlyList<(EventState From, EventState To)> All { get; } =
    [
        (EventState.Off, EventState.Inactive),
        (EventState.Inactive, EventState.Active),
        (EventState.Active, EventState.Inactive),
        (EventState.Active, EventState.Off),
        (EventState.Inactive, EventState.Off),
        (EventState.Inactive, EventState.Error),
        (EventState.Error, EventState.Inactive),
        (EventState.Error, EventState.Off),
        (EventState.Off, EventState.Exit),
        (EventState.Inactive, EventState.Exit),
        (EventState.Off, EventState.Dead),
        (EventState.Inactive, EventState.Dead),
        (EventState.Exit, EventState.Dead),
    ];
}
