namespace ActorPmu.Scenarios.Traces;

/// <summary>A CPU of a recorded trace.</summary>
/// <param name="Value">The kernel's number, 0 to <see cref="NumberMax"/>.</param>
public readonly record struct TraceCpu(int Value)
{
    /// <summary>The largest number read; the kernel's largest <c>CONFIG_NR_CPUS</c> on x86 is 8192.</summary>
    public const int NumberMax = 8191;

    /// <summary>Orders by number.</summary>
    public static IComparer<TraceCpu> ByNumber { get; } = Comparer<TraceCpu>.Create((left, right) => left.Value.CompareTo(right.Value));
}
