namespace ActorPmu.Kernel;

/// <summary>A counter that counts one event code only. The n-th of a PMU has the counter index 32 + n.</summary>
/// <param name="Name">The event's name, for reports.</param>
/// <param name="Code">The raw event code it counts.</param>
/// <param name="GeneralToo">Whether events with that code may also use a general counter.</param>
/// <param name="WidthBits">Its bits, 2 to 64. An Arm event that asks for 64 bits uses it alone when it has 64.</param>
public sealed record FixedCounter(string Name, uint Code, bool GeneralToo, int WidthBits)
{
    /// <summary>Counter index of a PMU's first fixed counter. Kernel: <c>INTEL_PMC_IDX_FIXED</c>.</summary>
    public const int FirstIndex = 32;
}
