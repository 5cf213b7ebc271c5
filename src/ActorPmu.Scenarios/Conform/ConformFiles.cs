namespace ActorPmu.Scenarios.Conform;

/// <summary>Files of cases: what cannot be read is wrong input, not a crash.</summary>
internal static class ConformFiles
{
    public static byte[] ReadAllBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConformInputException(path, 0, 0, $"cannot read the file: {e.Message}", "check the path and that you may read it");
        }
    }

    /// <summary>All case files below a directory, in ordinal order of their paths.</summary>
    public static IReadOnlyList<string> CasesBelow(string directory)
    {
        List<string> files;
        try
        {
            files = [.. Directory.EnumerateFiles(directory, "*.json", SearchOption.AllDirectories)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConformInputException(directory, 0, 0, $"cannot list the directory: {e.Message.TrimEnd('.')}", "name a directory of cases");
        }

        files.Sort(StringComparer.Ordinal);
        return files.Count > 0
            ? files
            : throw new ConformInputException(directory, 0, 0, "no case (*.json) in this directory", "name a directory of cases");
    }
}
