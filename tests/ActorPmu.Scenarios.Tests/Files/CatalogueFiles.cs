namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The repository's own scenarios.</summary>
internal static class CatalogueFiles
{
    public static string Folder { get; } = Repository.Of("config/scenarios");

    public static Scenario Load(string name) => Scenario.Load(Path.Combine(Folder, name + ".yaml"));
}
