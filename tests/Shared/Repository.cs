namespace ActorPmu.Tests;

/// <summary>Where the repository's files are, seen from the folder that the tests were built into.</summary>
internal static class Repository
{
    /// <summary>The folder that has ActorPmu.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder that must be there, named from the root with <c>/</c>; <c>../</c> leads beside it.</summary>
    public static string Of(string path) =>
        Find(path) ?? throw new InvalidOperationException($"there is no {path} in {Root}");

    /// <summary>A file or folder named from the root; null when it is not there.</summary>
    public static string? Find(string path)
    {
        string full = Path.GetFullPath(Path.Combine(Root, path));
        return Path.Exists(full) ? full : null;
    }

    private static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ActorPmu.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException($"there is no ActorPmu.sln above {AppContext.BaseDirectory}");
    }
}
