namespace ActorPmu.Cli;

/// <summary>Writes files that somebody asked for by an option.</summary>
internal static class OutputFiles
{
    /// <summary>Writes a file; its folder is made if need be.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="WrongInputException">It cannot be written.</exception>
    public static void Write(string option, string path, string text)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WrongInputException($"{option} {path}: {e.Message}");
        }
    }
}
