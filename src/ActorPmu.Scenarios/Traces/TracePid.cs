namespace ActorPmu.Scenarios.Traces;

/// <summary>A thread of a recorded trace, by the number the kernel's tracepoints call <c>pid</c>: 0 is the idle task of every CPU, others from 1.</summary>
/// <param name="Value">The number as printed, 0 or more.</param>
public readonly record struct TracePid(int Value)
{
    /// <summary>The idle task (<c>swapper/N</c>): one number for the idle tasks of all CPUs.</summary>
    public static TracePid Idle => default;

    /// <summary>Orders by number.</summary>
    public static IComparer<TracePid> ByNumber { get; } = Comparer<TracePid>.Create((left, right) => left.Value.CompareTo(right.Value));
}
