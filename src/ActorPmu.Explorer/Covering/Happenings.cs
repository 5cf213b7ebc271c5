namespace ActorPmu.Explorer;

/// <summary>What a scenario may expect to happen in some schedule (<c>expect: - sometimes: NAME</c>).</summary>
public static class Happenings
{
    /// <summary>Two events shared a counter.</summary>
    public const string Sharing = "sharing";

    /// <summary>An event counted by one event's counter and later by another's: a hand-over, or a new election.</summary>
    public const string HandOver = "hand-over";

    /// <summary>An NMI came where interrupts were off.</summary>
    public const string NmiIrqsOff = "nmi-irqs-off";

    /// <summary>An NMI asked the PMU for an event that was ACTIVE, and not there yet or any more.</summary>
    public const string ReadUnscheduled = "read-unscheduled";

    /// <summary>A rotation moved something.</summary>
    public const string Rotation = "rotation";

    /// <summary>An allocation failed.</summary>
    public const string AllocationFailure = "allocation-failure";

    /// <summary>A processor interrupted another one.</summary>
    public const string Ipi = "ipi";

    /// <summary>An event was throttled.</summary>
    public const string Throttling = "throttling";

    /// <summary>A processor went from one task to another.</summary>
    public const string ContextSwitch = "context-switch";

    /// <summary>All names, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> All { get; } =
        [AllocationFailure, ContextSwitch, HandOver, Ipi, NmiIrqsOff, ReadUnscheduled, Rotation, Sharing, Throttling];
}
