namespace ActorPmu.Kernel;

/// <summary>What stays with an event while it is on no counter, and goes with it to another CPU. Kernel: part of <c>struct hw_perf_event</c>.</summary>
/// <param name="SamplePeriod">Occurrences from one overflow to the next, as last set.</param>
/// <param name="PeriodLeft">Occurrences left of the current period. For a software PMU, minus that number.</param>
/// <param name="LastPeriod">The period in force when the current one began, in occurrences.</param>
/// <param name="Counter">The counter index it last had, which x86 tries first; -1 when there is none.</param>
public readonly record struct HwEventState(ulong SamplePeriod, long PeriodLeft, ulong LastPeriod, int Counter);
