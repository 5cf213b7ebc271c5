namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads attr bits and fields by their kernel names.</summary>
internal static class AttrReader
{
    private const ulong ReservedLow = (ulong)AttrBits.DeferOutput << 1;

    private const long ReservedMax = (long)(ulong.MaxValue / ReservedLow);

    private static readonly (string Name, AttrBits Bit)[] Bits =
    [
        ("disabled", AttrBits.Disabled), ("inherit", AttrBits.Inherit), ("pinned", AttrBits.Pinned), ("exclusive", AttrBits.Exclusive),
        ("exclude_user", AttrBits.ExcludeUser), ("exclude_kernel", AttrBits.ExcludeKernel), ("exclude_hv", AttrBits.ExcludeHv),
        ("exclude_idle", AttrBits.ExcludeIdle), ("mmap", AttrBits.Mmap), ("comm", AttrBits.Comm), ("freq", AttrBits.Freq),
        ("inherit_stat", AttrBits.InheritStat), ("enable_on_exec", AttrBits.EnableOnExec), ("watermark", AttrBits.Watermark),
        ("mmap_data", AttrBits.MmapData), ("sample_id_all", AttrBits.SampleIdAll), ("exclude_host", AttrBits.ExcludeHost),
        ("exclude_guest", AttrBits.ExcludeGuest), ("exclude_callchain_kernel", AttrBits.ExcludeCallchainKernel),
        ("exclude_callchain_user", AttrBits.ExcludeCallchainUser), ("mmap2", AttrBits.Mmap2), ("comm_exec", AttrBits.CommExec),
        ("use_clockid", AttrBits.UseClockid), ("context_switch", AttrBits.ContextSwitch), ("write_backward", AttrBits.WriteBackward),
        ("namespaces", AttrBits.Namespaces), ("ksymbol", AttrBits.Ksymbol), ("bpf_event", AttrBits.BpfEvent),
        ("aux_output", AttrBits.AuxOutput), ("text_poke", AttrBits.TextPoke), ("build_id", AttrBits.BuildId),
        ("inherit_thread", AttrBits.InheritThread), ("remove_on_exec", AttrBits.RemoveOnExec), ("sigtrap", AttrBits.Sigtrap),
        ("defer_callchain", AttrBits.DeferCallchain), ("defer_output", AttrBits.DeferOutput),
    ];

    private static readonly string[] Values =
    [
        "precise_ip", "__reserved_1", "sample_period", "sample_freq", "sample_type", "wakeup_events", "wakeup_watermark", "bp_type",
        "config1", "bp_addr", "config2", "bp_len", "config3", "config4", "branch_sample_type", "sample_regs_user", "sample_stack_user",
        "clockid", "sample_regs_intr", "aux_watermark", "sample_max_stack", "__reserved_2", "aux_sample_size", "__reserved_3", "aux_action",
        "sig_data",
    ];

    // Fields of the kernel's struct that share one place; a case may give one of them.
    private static readonly (string One, string Other)[] Unions =
    [
        ("sample_period", "sample_freq"), ("wakeup_events", "wakeup_watermark"), ("config1", "bp_addr"), ("config2", "bp_len"),
        ("__reserved_3", "aux_action"),
    ];

    private static readonly Dictionary<string, ulong> SampleBits = Positions(
        "IP", "TID", "TIME", "ADDR", "READ", "CALLCHAIN", "ID", "CPU", "PERIOD", "STREAM_ID", "RAW", "BRANCH_STACK", "REGS_USER", "STACK_USER",
        "WEIGHT", "DATA_SRC", "IDENTIFIER", "TRANSACTION", "REGS_INTR", "PHYS_ADDR", "AUX", "CGROUP", "DATA_PAGE_SIZE", "CODE_PAGE_SIZE",
        "WEIGHT_STRUCT");

    private static readonly Dictionary<string, ulong> BranchBits = Positions(
        "USER", "KERNEL", "HV", "ANY", "ANY_CALL", "ANY_RETURN", "IND_CALL", "ABORT_TX", "IN_TX", "NO_TX", "COND", "CALL_STACK", "IND_JUMP",
        "CALL", "NO_FLAGS", "NO_CYCLES", "TYPE_SAVE", "HW_INDEX", "PRIV_SAVE", "COUNTERS");

    public static IReadOnlyList<string> Args { get; } = [.. Bits.Select(b => b.Name), .. Values];

    public static EventAttr Read(JsonFields args, bool userOnly)
    {
        RejectBothOfAUnion(args);
        return new EventAttr
        {
            Bits = BitsOf(args, userOnly),
            SamplePeriod = U64(args, "sample_period", "sample_freq"),
            SampleType = args.Mask("sample_type", SampleBits),
            Config1 = U64(args, "config1", "bp_addr"),
            Config2 = U64(args, "config2", "bp_len"),
            Config3 = U64(args, "config3"),
            Config4 = U64(args, "config4"),
            BpType = U32(args, "bp_type"),
            WakeupEvents = U32(args, "wakeup_events", "wakeup_watermark"),
            BranchSampleType = args.Mask("branch_sample_type", BranchBits),
            SampleRegsUser = U64(args, "sample_regs_user"),
            SampleStackUser = U32(args, "sample_stack_user"),
            Clockid = (int)(args.OptionalNumber("clockid", int.MinValue, int.MaxValue) ?? 0),
            SampleRegsIntr = U64(args, "sample_regs_intr"),
            AuxWatermark = U32(args, "aux_watermark"),
            SampleMaxStack = (ushort)(args.OptionalNumber("sample_max_stack", 0, ushort.MaxValue) ?? 0),
            Reserved2 = (ushort)(args.OptionalNumber("__reserved_2", 0, ushort.MaxValue) ?? 0),
            AuxSampleSize = U32(args, "aux_sample_size"),
            Reserved3 = U32(args, "__reserved_3", "aux_action"),
            SigData = U64(args, "sig_data"),
        };
    }

    private static AttrBits BitsOf(JsonFields args, bool userOnly)
    {
        AttrBits bits = AttrBits.None;
        foreach ((string name, AttrBits bit) in Bits)
        {
            bool unlessSaid = userOnly && (bit is AttrBits.ExcludeKernel or AttrBits.ExcludeHv);
            bits |= args.Bit(name, unlessSaid) ? bit : AttrBits.None;
        }

        ulong preciseIp = (ulong)(args.OptionalNumber("precise_ip", 0, 3) ?? 0) * (ulong)AttrBits.PreciseIpLow;
        ulong reserved = (ulong)(args.OptionalNumber("__reserved_1", 0, ReservedMax) ?? 0) * ReservedLow;
        return bits | (AttrBits)(preciseIp | reserved);
    }

    private static void RejectBothOfAUnion(JsonFields args)
    {
        foreach ((string one, string other) in Unions)
        {
            if (args.Has(one) && args.Optional(other) is { } second)
            {
                throw args.Error(second.At, $"\"{one}\" and \"{other}\" are the same field of the attr", "give one of them");
            }
        }
    }

    private static ulong U64(JsonFields args, string name, string? other = null) =>
        args.Optional(name) is { } value ? args.BitsOf(value, name) : other is null ? 0 : U64(args, other);

    private static uint U32(JsonFields args, string name, string? other = null) =>
        args.OptionalNumber(name, 0, uint.MaxValue) is { } value ? (uint)value : other is null ? 0 : U32(args, other);

    private static Dictionary<string, ulong> Positions(params string[] names)
    {
        var bits = new Dictionary<string, ulong>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            bits[names[i]] = 1UL << i;
        }

        return bits;
    }
}
