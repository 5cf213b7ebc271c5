using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

/// <summary>The recorded cases in <c>shared/oracle</c> beside the repository, which need not be there.</summary>
internal static class RecordedCases
{
    public const string Absent = "no ../shared/oracle beside the repository";

    public static string? Directory { get; } = Repository.Find("../shared/oracle");

    public static IReadOnlyList<ConformCase> All => Read.Value;

    private static readonly Lazy<IReadOnlyList<ConformCase>> Read = new(() => Directory is null
        ? []
        : [.. System.IO.Directory.EnumerateFiles(Directory, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(ConformCase.Load)]);
}

/// <summary>A test on the recorded cases: skipped, and said so, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecordedFactAttribute : FactAttribute
{
    public RecordedFactAttribute() => Skip = RecordedCases.Directory is null ? RecordedCases.Absent : null!;
}
