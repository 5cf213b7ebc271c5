namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The repository's own scenarios.</summary>
internal static class CatalogueFiles
{
    public static string Folder { get; } = Find();

    public static Scenario Load(string name) => Scenario.Load(Path.Combine(Folder, name + ".yaml"));

    private static string Find()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            string folder = Path.Combine(d.FullName, "config", "scenarios");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("config/scenarios is not above the test's folder");
    }
}
