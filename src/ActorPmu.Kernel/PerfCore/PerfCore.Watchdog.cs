using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>The hard lockup detector: a kernel counter on each processor.</content>
public sealed partial class PerfCore
{
    // Ten seconds of a 2 GHz processor: cpu_khz * 1000 * watchdog_thresh.
    private const ulong WatchdogPeriod = 20_000_000_000;
    private const int FirstWatchdogId = 900_000_000;

    /// <summary><c>hardlockup_detector_event_create()</c>: takes a counter for good, before any task runs here.</summary>
    /// <remarks>
    /// Kernel: kernel/watchdog_hld.c and <c>perf_event_create_kernel_counter()</c>, v5.3: pinned, on cycles, sampling. It has no
    /// descriptor and no owner; what the series of patches does for kernel counters is «not supported yet» (v6).
    /// </remarks>
    [KernelName("hardlockup_detector_event_create")]
    internal async KernelTask EnableWatchdog()
    {
        for (int i = 0; i < _machine.PmuTypes.Count; i++)
        {
            PmuType pmu = _machine.PmuTypes[i];
            if (pmu.Profile is not null && pmu.IsOn(_cpu.Index) && pmu.Profile.Codes.TryGetValue("cycles", out uint cycles))
            {
                await PerfInstallInContextIpi(NewWatchdog(pmu, cycles));
                return;
            }
        }
    }

    private PerfEvent NewWatchdog(PmuType pmu, uint cycles)
    {
        PerfEventAttr attr = new() { Config = cycles, Pinned = true, SamplePeriod = WatchdogPeriod };
        EventId id = new(FirstWatchdogId + _cpu.Index);
        PerfEvent e = new(id, $"watchdog/{_cpu.Index}", attr, pmu, _cpu.Index)
        {
            Book = _machine.Footprint,
            ObjectId = id.Value,
            State = EventState.Inactive,
            Hw = new PmuEvent(id, SelectorOf(attr, pmu), WatchdogPeriod, Long64: false),
            Ctx = CpuCtx(PmuType.HardwareKind),
        };
        e.GroupLeader = e;
        e.Ctx.RefCount++;
        _machine.AddEvent(e);
        return e;
    }
}
