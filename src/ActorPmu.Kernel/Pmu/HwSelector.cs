namespace ActorPmu.Kernel;

/// <summary>What the hardware sees of an event: everything that decides which occurrences are counted.</summary>
/// <param name="Code">Raw event code, as in <c>perf_event_attr.config</c> (event select and unit mask on x86, event number on Arm).</param>
/// <param name="Counts">The modes in which occurrences count.</param>
/// <param name="Extra">The config1/config2 bits that the hardware looks at; 0 for none.</param>
/// <remarks>
/// Two events that differ in <paramref name="Extra"/> are different hardware events. The work of the model names codes only, so that both
/// count the same occurrences.
/// </remarks>
public readonly record struct HwSelector(uint Code, Privilege Counts, ulong Extra)
{
    /// <summary>Whether occurrences in a mode count.</summary>
    /// <param name="mode">The mode: one bit or more of where code runs.</param>
    /// <remarks>Kernel: exclude_host and exclude_guest are <c>intel_ctrl_guest_mask</c> and <c>_host_mask</c>, HO and GO on AMD, INCLUDE_EL2 on Arm.</remarks>
    public bool CountsIn(Privilege mode) =>
        (Counts & mode) == mode && ((Counts & Privilege.GuestOnly) == 0 || (mode & Privilege.Guest) != 0);
}
