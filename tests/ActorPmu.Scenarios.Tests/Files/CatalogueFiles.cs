namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The repository's own scenarios.</summary>
internal static class CatalogueFiles
{
    public static string Folder { get; } = Repository.Of("config/scenarios");

    /// <summary>Scenarios in which Linux itself goes wrong.</summary>
    public static string Findings { get; } = Repository.Of("config/findings");

    public static Scenario LoadFinding(string name) => Scenario.Load(Path.Combine(Findings, name + ".yaml"));

    public static Scenario Load(string name) => Scenario.Load(Path.Combine(Folder, name + ".yaml"));
}
