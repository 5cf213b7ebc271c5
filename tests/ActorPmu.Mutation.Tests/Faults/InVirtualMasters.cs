using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Faults in v6's hidden masters, as <c>v6-alloc-in-install</c> allocates them.</summary>
internal static class InVirtualMasters
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "vm-alloc-under-lock", "ActorPmu.Sharing/V6AllocInInstall.cs",
            "bool allocMaster = Masters.FindNewSharing(e, ctx);",
            "bool allocMaster = Masters.FindNewSharing(e, ctx); if (allocMaster) { await Masters.AllocTmpMaster(core, e, ctx, Gfp.Kernel); }",
            "The allocation that may sleep is made under ctx->lock.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-unlock-forgotten", "ActorPmu.Sharing/V6AllocInInstall.cs",
            "core.RawSpinUnlockIrq(ctx);",
            "",
            "The look-up keeps ctx->lock.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-master-stays-in-slot", "ActorPmu.Sharing/IVirtualMasters.cs",
            "slot.Master = null;",
            ";",
            "The class's slot still names the master that its last sharer carries out to be freed.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-master-not-carried-out", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await core.Store(dup.TmpMaster, slot.Master);",
            "",
            "The last sharer leaves the master behind, and nobody frees it.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-slot-kept", "ActorPmu.Sharing/IVirtualMasters.cs",
            "dup.Slot = null;",
            "",
            "An event that leaves its context keeps the slot of the class there.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-added-for-each", "ActorPmu.Sharing/IVirtualMasters.cs",
            "if (slot.ActiveEventCount == 0 && !await core.PmuAdd(slot.Master!))",
            "if (!await core.PmuAdd(slot.Master!))",
            "Each sharer adds the master to the PMU, on which it is already.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-stale-base", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await core.PmuRead(slot.Master!);",
            "",
            "A sharer that joins starts from the master's count of the last read, and gets what was counted before it came.")
        { Design = "v6-alloc-in-install", Below = "async KernelTask<bool> ISharingDesign.Add(PerfCore core, PerfEvent e, PerfContext ctx)" },
        new(
            "vm-base-zero", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await core.Store(dup.BaseCount, core.LocalCount(slot.Master!));",
            "await core.Store(dup.BaseCount, 0);",
            "A sharer that joins gets all that the master has ever counted.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-no-sync-at-del", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await SyncDupCount(core, e, dup, slot);",
            "",
            "An event is scheduled out without its share since the last read.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-del-one-too-late", "ActorPmu.Sharing/IVirtualMasters.cs",
            "if (--slot.ActiveEventCount == 0)",
            "if (slot.ActiveEventCount-- == 0)",
            "The master stays on the PMU when its last sharer is scheduled out.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-share-replaces-count", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await core.LocalAdd(e.CountField, newCount - await core.ReadOnce(dup.BaseCount));",
            "await core.Store(e.CountField, newCount - await core.ReadOnce(dup.BaseCount));",
            "A share replaces what the event has counted so far.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-share-twice", "ActorPmu.Sharing/IVirtualMasters.cs",
            "await core.Store(dup.BaseCount, newCount);",
            "",
            "The next share begins where the last one began.")
        {
            Design = "v6-alloc-in-install",
            Below = "private static async KernelTask SyncDupCount(PerfCore core, PerfEvent e, DupEvent dup, Slot slot)",
        },
        new(
            "vm-founders-miscounted", "ActorPmu.Sharing/IVirtualMasters.cs",
            "empty.TotalEventCount = partners.Count + 1;",
            "empty.TotalEventCount = partners.Count;",
            "A new class has one sharer less on its books than it has.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-partner-forgotten", "ActorPmu.Sharing/IVirtualMasters.cs",
            "Of(partner).Slot = empty;",
            ";",
            "The partner that founds a class is counted as a sharer and keeps a counter of its own.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-founded-while-counting", "ActorPmu.Sharing/IVirtualMasters.cs",
            "EventTypes ISharingDesign.SchedOutBeforeAdd(PerfEvent e) => EventTypes.All;",
            "EventTypes ISharingDesign.SchedOutBeforeAdd(PerfEvent e) => EventTypes.Time;",
            "A class is founded while its partner is on the PMU on its own.")
        { Design = "v6-alloc-in-install" },
        new(
            "vm-never-freed", "ActorPmu.Sharing/IVirtualMasters.cs",
            "KernelTask ISharingDesign.Freeing(PerfCore core, PerfEvent e) => FreeTmpMaster(core, e);",
            "KernelTask ISharingDesign.Freeing(PerfCore core, PerfEvent e) => KernelTask.Done;",
            "The event that carried the master out is freed without it.")
        { Design = "v6-alloc-in-install" },
    ];
}
