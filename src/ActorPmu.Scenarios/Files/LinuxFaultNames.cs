using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Faults of Linux itself as scenario files name them: the files of <c>config/findings</c>, or <c>all</c>.</summary>
internal static class LinuxFaultNames
{
    private static readonly LinuxFaults[] Faults = [.. Enum.GetValues<LinuxFaults>().Where(f => f != LinuxFaults.None)];

    public static IReadOnlyList<string> All { get; } = [.. Faults.Select(f => KnownNames.Hyphenated(f.ToString()))];

    public static LinuxFaults Get(string name) => Faults.First(f => KnownNames.Hyphenated(f.ToString()) == name);
}
