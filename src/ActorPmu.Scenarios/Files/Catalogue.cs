namespace ActorPmu.Scenarios;

/// <summary>The scenarios of a directory.</summary>
public static class Catalogue
{
    /// <summary>Reads every <c>*.yaml</c> file of a directory, in the order of their names.</summary>
    /// <param name="directory">The directory; those below it are left out.</param>
    /// <exception cref="InputError">There is no such directory, or a file in it is no scenario.</exception>
    public static IReadOnlyList<Scenario> Load(string directory)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(directory, "*.yaml");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputError(directory, 0, 0, "the directory cannot be read", "name the directory that holds the scenarios");
        }

        Array.Sort(files, StringComparer.Ordinal);
        return [.. files.Select(Scenario.Load)];
    }

    /// <summary>Names and first sentences of a directory's scenarios, in the order of their names.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="InputError">There is no such directory, or a file in it is no scenario.</exception>
    public static IReadOnlyList<(string Name, string Summary)> List(string directory) =>
        [.. Load(directory).Select(s => (s.Name, s.Summary))];
}
