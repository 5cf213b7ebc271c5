namespace ActorPmu.Cli;

/// <summary>Writes files: the whole text or nothing, so that a full disk or a kill leaves what was there before.</summary>
internal static class OutputFiles
{
    /// <summary>Writes a file that somebody asked for by an option; its folder is made if need be.</summary>
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

            WriteWhole(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotWrite(option, path, e);
        }
    }

    /// <summary>Finds out, before hours of work, whether a file can be written where an option says.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="path">The file; null where the option was not given.</param>
    /// <exception cref="WrongInputException">It cannot.</exception>
    public static void Prepare(string option, string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            // Neither makes the file nor changes it.
            if (Directory.Exists(path))
            {
                throw new IOException("this is a folder; name a file");
            }

            if (File.Exists(path))
            {
                using FileStream there = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotWrite(option, path, e);
        }
    }

    /// <summary>What to tell of a file or folder that cannot be written.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="why">What the system said.</param>
    public static WrongInputException CannotWrite(string option, string path, Exception why) => new(
        $"{option} {path}: {(why is FileNotFoundException or DirectoryNotFoundException ? "it cannot be made there" : why.Message.TrimEnd('.'))}; name another place");

    /// <summary>Writes a file; where that fails, what was there before stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteWhole(string path, string text)
    {
        // A link stays a link, and a device a device: putting a file in its place would take it away.
        FileInfo named = new(path);
        string target = named.LinkTarget is null ? path : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Path.GetFullPath(target).StartsWith("/dev/", StringComparison.Ordinal))
        {
            File.WriteAllText(target, text);
            return;
        }

        string beside = target + ".new";
        try
        {
            using (FileStream stream = new(beside, FileMode.Create, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(beside))
            {
                File.Delete(beside);
            }

            throw;
        }
    }
}
