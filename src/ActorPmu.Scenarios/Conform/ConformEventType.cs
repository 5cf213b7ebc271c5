namespace ActorPmu.Scenarios.Conform;

/// <summary>What an event of a case counts.</summary>
public enum ConformEventType
{
    /// <summary>Once in a unit of work; in a case with a unit: instructions, shown in units.</summary>
    A,

    /// <summary>Twice in a unit of work (in a case with a unit: as <see cref="A"/>).</summary>
    B,

    /// <summary>Three times in a unit of work (in a case with a unit: as <see cref="A"/>).</summary>
    C,

    /// <summary>Four times in a unit of work (in a case with a unit: as <see cref="A"/>).</summary>
    D,

    /// <summary>Once in a unit of work, before the others: a page fault, a software event that can overflow.</summary>
    F,

    /// <summary>PERF_COUNT_SW_TASK_CLOCK.</summary>
    TaskClock,

    /// <summary>PERF_COUNT_SW_CPU_CLOCK.</summary>
    CpuClock,

    /// <summary>PERF_COUNT_SW_CONTEXT_SWITCHES.</summary>
    ContextSwitches,

    /// <summary>PERF_COUNT_SW_CPU_MIGRATIONS.</summary>
    CpuMigrations,

    /// <summary>PERF_COUNT_SW_DUMMY.</summary>
    Dummy,

    /// <summary>PERF_COUNT_HW_CPU_CYCLES, which has a counter of its own.</summary>
    Cycles,

    /// <summary>PERF_TYPE_BREAKPOINT.</summary>
    Breakpoint,

    /// <summary>Type and config as numbers: <see cref="OpenCall.RawType"/>, <see cref="OpenCall.RawConfig"/>.</summary>
    Raw,
}
