namespace ActorPmu.Scenarios.Conform;

/// <summary>The fields of <c>struct perf_event_attr</c> that a case sets, apart from type, size and read_format, which are in <see cref="OpenCall"/>.</summary>
/// <remarks>In a case with a unit, events of type a..d have exclude_kernel and exclude_hv set unless the case says 0.</remarks>
public sealed record EventAttr
{
    /// <summary>The bit field.</summary>
    public AttrBits Bits { get; init; }

    /// <summary>sample_period; with bit freq a frequency in Hz. The kernel's sample_freq is the same field.</summary>
    public ulong SamplePeriod { get; init; }

    /// <summary>sample_type, the kernel's bits.</summary>
    public ulong SampleType { get; init; }

    /// <summary>config1 (a breakpoint's bp_addr).</summary>
    public ulong Config1 { get; init; }

    /// <summary>config2 (a breakpoint's bp_len); on type a it makes another sharing class.</summary>
    public ulong Config2 { get; init; }

    /// <summary>config3.</summary>
    public ulong Config3 { get; init; }

    /// <summary>config4.</summary>
    public ulong Config4 { get; init; }

    /// <summary>bp_type.</summary>
    public uint BpType { get; init; }

    /// <summary>wakeup_events; with bit watermark wakeup_watermark in bytes, which is the same field.</summary>
    public uint WakeupEvents { get; init; }

    /// <summary>branch_sample_type, the kernel's bits.</summary>
    public ulong BranchSampleType { get; init; }

    /// <summary>sample_regs_user.</summary>
    public ulong SampleRegsUser { get; init; }

    /// <summary>sample_stack_user, bytes.</summary>
    public uint SampleStackUser { get; init; }

    /// <summary>clockid; holds with bit use_clockid.</summary>
    public int Clockid { get; init; }

    /// <summary>sample_regs_intr.</summary>
    public ulong SampleRegsIntr { get; init; }

    /// <summary>aux_watermark, bytes.</summary>
    public uint AuxWatermark { get; init; }

    /// <summary>sample_max_stack, frames.</summary>
    public ushort SampleMaxStack { get; init; }

    /// <summary>__reserved_2.</summary>
    public ushort Reserved2 { get; init; }

    /// <summary>aux_sample_size, bytes.</summary>
    public uint AuxSampleSize { get; init; }

    /// <summary>__reserved_3, or aux_action where the kernel has it.</summary>
    public uint Reserved3 { get; init; }

    /// <summary>sig_data.</summary>
    public ulong SigData { get; init; }

    /// <summary>Opened off.</summary>
    public bool Disabled => Has(AttrBits.Disabled);

    /// <summary>Children inherit it.</summary>
    public bool Inherit => Has(AttrBits.Inherit);

    /// <summary>Only threads inherit it.</summary>
    public bool InheritThread => Has(AttrBits.InheritThread);

    /// <summary>Counts of each task are kept.</summary>
    public bool InheritStat => Has(AttrBits.InheritStat);

    /// <summary>Must always be on the PMU.</summary>
    public bool Pinned => Has(AttrBits.Pinned);

    /// <summary>Only group on the PMU.</summary>
    public bool Exclusive => Has(AttrBits.Exclusive);

    /// <summary>Does not count user mode.</summary>
    public bool ExcludeUser => Has(AttrBits.ExcludeUser);

    /// <summary>Does not count kernel mode.</summary>
    public bool ExcludeKernel => Has(AttrBits.ExcludeKernel);

    /// <summary>Does not count the hypervisor.</summary>
    public bool ExcludeHv => Has(AttrBits.ExcludeHv);

    /// <summary>Does not count the idle task.</summary>
    public bool ExcludeIdle => Has(AttrBits.ExcludeIdle);

    /// <summary>The sample period is a frequency.</summary>
    public bool Freq => Has(AttrBits.Freq);

    /// <summary>The next exec enables it.</summary>
    public bool EnableOnExec => Has(AttrBits.EnableOnExec);

    /// <summary>The next exec removes it.</summary>
    public bool RemoveOnExec => Has(AttrBits.RemoveOnExec);

    /// <summary>clockid holds.</summary>
    public bool UseClockid => Has(AttrBits.UseClockid);

    /// <summary>wakeup_watermark instead of wakeup_events.</summary>
    public bool Watermark => Has(AttrBits.Watermark);

    /// <summary>Whether all these bits are set.</summary>
    /// <param name="bits">One bit or several.</param>
    /// <returns>True when every one of them is set.</returns>
    public bool Has(AttrBits bits) => (Bits & bits) == bits;
}
