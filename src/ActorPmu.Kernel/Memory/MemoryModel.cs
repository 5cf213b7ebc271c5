namespace ActorPmu.Kernel;

/// <summary>What a processor may see of another one's stores to published fields. Counts only where <see cref="MachineSpec.FineGrained"/> is set.</summary>
public enum MemoryModel
{
    /// <summary>As much as the kernel's memory model allows, with the limits that src/README.md names; an ARM or POWER machine.</summary>
    Weak,

    /// <summary>Stores are seen in program order, but late: x86. <c>smp_wmb()</c> and <c>smp_rmb()</c> are compiler barriers there.</summary>
    TotalStoreOrder,

    /// <summary>Everybody sees a store at once, in program order.</summary>
    SequentiallyConsistent,
}
