namespace ActorPmu.Kernel;

/// <summary>The built-in hardware profiles.</summary>
/// <remarks>
/// Sources: the constraint and event tables under arch/x86/events and arch/arm64/kernel/perf_event.c, Linux v5.3; counters of the Neoverse
/// N1 and of QEMU's virt machine from their PMU descriptions.
/// </remarks>
public static class Profiles
{
    private static readonly OrderedDictionary<string, uint> IntelCodes = Codes(
        ("cycles", 0x3c), ("instructions", 0xc0), ("ref-cycles", 0x300), ("cache-references", 0x4f2e), ("cache-misses", 0x412e),
        ("branch-instructions", 0xc4), ("branch-misses", 0xc5), ("bus-cycles", 0x13c));

    private static readonly OrderedDictionary<string, uint> ArmCodes = Codes(
        ("cycles", 0x11), ("instructions", 0x08), ("cache-references", 0x04), ("cache-misses", 0x03),
        ("branch-instructions", 0x0c), ("branch-misses", 0x10), ("bus-cycles", 0x1d));

    /// <summary>The PMU of page faults, context switches and the like, which every machine has beside those of its profile.</summary>
    public static PmuProfile Software { get; } = new(
        "software", CounterAssignment.Software, 0, [], 64, [],
        Codes(
            ("page-faults", 2), ("context-switches", 3), ("cpu-migrations", 4), ("minor-faults", 5), ("major-faults", 6),
            ("alignment-faults", 7), ("emulation-faults", 8), ("dummy", 9)),
        [], PeriodMin: 1);

    /// <summary>All built-in profiles, in the order in which they are listed for users.</summary>
    public static IReadOnlyList<HardwareProfile> All { get; } =
    [
        new("tiny", "3 counters, one of them for cycles alone: small enough to explore in full", [Tiny()]),
        new("skl-ht", "Intel Skylake with hyper-threading: 3 fixed and 4 general counters for each thread", [Skylake()]),
        new("icl", "Intel Ice Lake: 4 fixed and 8 general counters, many events on the first 4 only", [IceLake()]),
        new("zen", "AMD Zen: 6 counters, any event on any of them", [Zen()]),
        new("n1", "Arm Neoverse N1: 6 counters of 32 bits and a cycle counter of 64", [Arm("armv8_neoverse_n1", ArmCodes)]),
        new(
            "a57+a53", "Arm big.LITTLE: Cortex-A57 on CPUs 0 and 1, Cortex-A53 on CPUs 2 and 3",
            [Arm("armv8_cortex_a57", ArmCodes, 0, 1), Arm("armv8_cortex_a53", ArmCodes, 2, 3)]),
        new("wide", "24 counters of 64 bits without constraints: counters are never scarce", [Wide()]),
        new(
            "qemu-virt", "QEMU's arm64 virt machine: 6 counters of 32 bits and a cycle counter of 64",
            [Arm("armv8_pmuv3_0", Codes(("cycles", 0x11), ("instructions", 0x08)))]),
    ];

    /// <summary>The profile of that name; null when there is none.</summary>
    public static HardwareProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    private static PmuProfile Tiny() => new(
        "cpu", CounterAssignment.X86Solver, 2, [new("cycles", 0x3c, GeneralToo: true, 48)], 48, [],
        Codes([.. IntelCodes.Where(code => code.Key != "ref-cycles").Select(code => (code.Key, code.Value))]), [], PeriodMin: 1);

    private static PmuProfile Skylake() => new(
        "cpu", CounterAssignment.X86Solver, 4, [.. IntelFixed()], 48,
        [
            Unit(0x01c0, 0x2), // INST_RETIRED.PREC_DIST
            Event(0xd0, 0xd2, 0xf), Event(0xcd, 0xcd, 0xf), Event(0xc6, 0xc6, 0xf),
        ],
        IntelCodes, [], PeriodMin: 2);

    private static PmuProfile IceLake() => new(
        "cpu", CounterAssignment.X86Solver, 8, [.. IntelFixed(), new("slots", 0x400, GeneralToo: false, 48)], 48,
        [
            Unit(0x01c0, 1UL << FixedCounter.FirstIndex), // INST_RETIRED.PREC_DIST
            Event(0x03, 0x0a, 0xf), Event(0x1f, 0x28, 0xf), Event(0x32, 0x32, 0xf), Event(0x48, 0x54, 0xf), Event(0x60, 0x8b, 0xf),
            Unit(0x04a3, 0xff), Unit(0x10a3, 0xff), // CYCLE_ACTIVITY.STALLS_TOTAL and .STALLS_MEM_ANY, before the rest of 0xa3
            Event(0xa3, 0xa3, 0xf), Event(0xa8, 0xb0, 0xf), Event(0xb7, 0xbd, 0xf), Event(0xd0, 0xe6, 0xf), Event(0xf0, 0xf4, 0xf),
        ],
        Codes([.. IntelCodes.Select(code => (code.Key, code.Value)), ("slots", 0x400)]), [], PeriodMin: 2);

    private static PmuProfile Zen() => new(
        "cpu", CounterAssignment.X86Solver, 6, [], 48, [],
        Codes(("cycles", 0x76), ("instructions", 0xc0), ("cache-references", 0xff60), ("branch-instructions", 0xc2), ("branch-misses", 0xc3)),
        [], PeriodMin: 2);

    private static PmuProfile Wide() => new("cpu", CounterAssignment.ArmFirstFree, 24, [], 64, [], ArmCodes, [], PeriodMin: 1);

    private static PmuProfile Arm(string name, OrderedDictionary<string, uint> codes, params int[] cpus) => new(
        name, CounterAssignment.ArmFirstFree, 6, [new("cycles", 0x11, GeneralToo: true, 64)], 32, [], codes, cpus, PeriodMin: 1);

    private static FixedCounter[] IntelFixed() =>
    [
        new("instructions", 0xc0, GeneralToo: true, 48),
        new("cycles", 0x3c, GeneralToo: true, 48),
        new("ref-cycles", 0x300, GeneralToo: false, 48),
    ];

    private static EventConstraint Event(uint first, uint last, ulong counters) =>
        new(first, last, EventConstraint.EventOnly, counters, Overlap: false);

    private static EventConstraint Unit(uint code, ulong counters) =>
        new(code, code, EventConstraint.EventAndUnit, counters, Overlap: false);

    private static OrderedDictionary<string, uint> Codes(params (string Name, uint Code)[] codes) =>
        new(codes.Select(code => KeyValuePair.Create(code.Name, code.Code)), StringComparer.Ordinal);
}
