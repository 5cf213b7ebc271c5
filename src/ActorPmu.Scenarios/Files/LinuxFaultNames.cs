using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Faults of Linux itself as scenario files name them: the files of <c>config/findings</c>, or <c>all</c>.</summary>
internal static class LinuxFaultNames
{
    private static readonly (string Name, LinuxFaults Fault)[] Names =
    [
        ("all", LinuxFaults.All),
        ("exit-read-counts-twice", LinuxFaults.ExitReadCountsTwice),
        ("reset-is-lost", LinuxFaults.ResetIsLost),
        ("count-behind-oncpu", LinuxFaults.CountBehindOncpu),
        ("sibling-beside-migrate", LinuxFaults.SiblingBesideMigrate),
        ("two-threads-move-one-group", LinuxFaults.TwoThreadsMoveOneGroup),
        ("close-beside-group-read", LinuxFaults.CloseBesideGroupRead),
        ("swap-beside-inherited-read", LinuxFaults.SwapBesideInheritedRead),
        ("sibling-outlives-leader", LinuxFaults.SiblingOutlivesLeader),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Names.Select(n => n.Name)];

    public static LinuxFaults Get(string name) => Names.First(n => n.Name == name).Fault;
}
