using System.Numerics;

namespace ActorPmu.Kernel;

/// <summary>The counters that a range of event codes may use. Kernel: <c>struct event_constraint</c>, arch/x86/events/perf_event.h.</summary>
/// <param name="First">First code of the range, after <paramref name="CodeMask"/>.</param>
/// <param name="Last">Last code of the range; equal to <paramref name="First"/> for one code.</param>
/// <param name="CodeMask">The bits of an event's code that are compared.</param>
/// <param name="Counters">Allowed counters: bit n is general counter n, bit 32 + n is fixed counter n.</param>
/// <param name="Overlap">
/// Whether the solver may take back its choice for such an event. For masks that overlap without one containing the other.
/// Only with general counters.
/// </param>
public sealed record EventConstraint(uint First, uint Last, uint CodeMask, ulong Counters, bool Overlap)
{
    /// <summary>The event-select byte of an x86 code.</summary>
    public const uint EventOnly = 0xff;

    /// <summary>The event-select and unit-mask bytes of an x86 code.</summary>
    public const uint EventAndUnit = 0xffff;

    /// <summary>Event, unit mask, edge, invert and counter mask. Kernel: <c>X86_RAW_EVENT_MASK</c>.</summary>
    public const uint RawEvent = 0xff84_ffff;

    /// <summary>How many counters are allowed.</summary>
    public int Weight => BitOperations.PopCount(Counters);

    /// <summary>Whether it is about this code. Kernel: <c>constraint_match()</c>.</summary>
    public bool Matches(uint code) => (code & CodeMask) - First <= Last - First;
}
