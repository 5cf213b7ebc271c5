namespace ActorPmu.Scenarios.Tests;

/// <summary>Where the repository's files are, and what may lie beside it.</summary>
internal static class Repository
{
    /// <summary>A file or folder named from the repository's root, or from beside it with <c>../</c>; null when it is not there.</summary>
    public static string? Find(string path)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string full = Path.GetFullPath(Path.Combine(at.FullName, path));
            if (Path.Exists(full))
            {
                return full;
            }
        }

        return null;
    }

    /// <summary>A file or folder that must be there.</summary>
    public static string Of(string path) =>
        Find(path) ?? throw new InvalidOperationException($"{path} is not above the test's folder");
}
