namespace ActorPmu.Cli;

/// <summary>The folder where findings go. A file that cannot be written costs no result: the result is told, and then the file that is missing.</summary>
/// <param name="path">The folder.</param>
internal sealed class OutFolder(string path)
{
    private readonly Lock _lock = new();
    private WrongInputException? _problem;

    /// <summary>Makes the folder: before hours of search, not after them.</summary>
    /// <returns>This folder.</returns>
    /// <exception cref="WrongInputException">It cannot be made.</exception>
    public OutFolder Prepare()
    {
        try
        {
            Directory.CreateDirectory(path);
            return this;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw OutputFiles.CannotWrite("--outdir", path, e);
        }
    }

    /// <summary>Writes a file; from any thread.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The file's path, with slashes; null when it could not be written (<see cref="ThrowIfMissing"/>).</returns>
    public string? Write(string name, string text)
    {
        try
        {
            Directory.CreateDirectory(path);
            string file = Path.Combine(path, name).Replace('\\', '/');
            OutputFiles.WriteWhole(file, text);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Note(new WrongInputException($"--outdir {path}: {name} is not written: {e.Message}"));
            return null;
        }
    }

    /// <summary>Takes a file away that another one stands for.</summary>
    /// <param name="file">What <see cref="Write"/> gave; null for none.</param>
    /// <param name="other">The other one; null when it could not be written, and then the first stays.</param>
    public static void Remove(string? file, string? other)
    {
        if (file is not null && other is not null && file != other)
        {
            File.Delete(file);
        }
    }

    /// <summary>Takes note of a file that is missing; the first is told.</summary>
    /// <param name="problem">What to tell.</param>
    public void Note(WrongInputException problem)
    {
        lock (_lock)
        {
            _problem ??= problem;
        }
    }

    /// <summary>To be called when all results have been told.</summary>
    /// <exception cref="WrongInputException">A file could not be written.</exception>
    public void ThrowIfMissing()
    {
        if (_problem is not null)
        {
            throw _problem;
        }
    }
}
