namespace ActorPmu.Mutation.Tests.Planting;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    /// <summary>A file or folder named from the repository's root.</summary>
    public static string Of(string path)
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ActorPmu.sln")))
        {
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("this runs outside the repository");
        }

        return Path.Combine(at, path);
    }
}
