namespace ActorPmu.Kernel;

/// <summary>What the hardware sees of an event: everything that decides which occurrences are counted.</summary>
/// <param name="Code">Raw event code, as in <c>perf_event_attr.config</c> (event select and unit mask on x86, event number on Arm).</param>
/// <param name="Counts">The modes in which occurrences count.</param>
/// <param name="Extra">The config1/config2 bits that the hardware looks at; 0 for none.</param>
/// <remarks>
/// Two events that differ in <paramref name="Extra"/> are different hardware events. The work of the model names codes only, so that both
/// count the same occurrences.
/// </remarks>
public readonly record struct HwSelector(uint Code, Privilege Counts, ulong Extra);
