using ActorPmu.Mutation.Tests.Planting;

namespace ActorPmu.Mutation.Tests.Faults;

/// <summary>Every fault, in the order of the table.</summary>
internal static class AllFaults
{
    public static IReadOnlyList<Fault> List { get; } =
        [.. InHandover.All, .. InVirtualMasters.All, .. InLargestScope.All, .. InActiveNotCounting.All, .. InPerfCore.All];
}
