namespace ActorPmu.Kernel;

/// <summary>An event as the PMU driver is given it.</summary>
/// <param name="Id">The event.</param>
/// <param name="Selector">What it counts.</param>
/// <param name="SamplePeriod">Occurrences from one overflow to the next, 1 to 2^63 - 1; 0 for an event that only counts.</param>
/// <param name="Long64">Whether a 64-bit counter is asked for (Arm, config1 bit 0). x86 and software PMUs ignore it.</param>
public sealed record PmuEvent(EventId Id, HwSelector Selector, ulong SamplePeriod, bool Long64);
