using System.Diagnostics;
using ActorPmu.Explorer;

namespace ActorPmu.Cli.Exploring;

/// <summary>The file in which a search writes down how far it is.</summary>
/// <param name="path">The file; null not to write.</param>
/// <param name="settings">What the search was told, as far as it bears on the result.</param>
internal sealed class CheckpointFile(string? path, IReadOnlyList<(string Name, string Value)> settings)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private long _written = Stopwatch.GetTimestamp();
    private TimeSpan _pause = Every;

    public IReadOnlyList<(string Name, string Value)> Settings => settings;

    /// <summary>How far an earlier process had come, or null.</summary>
    public Checkpoint? Resumed { get; init; }

    /// <summary>Whether it is time to write.</summary>
    public bool IsDue => path is not null && Stopwatch.GetElapsedTime(_written) >= _pause;

    /// <summary>Reads a file that a search with the same settings wrote.</summary>
    /// <exception cref="CheckpointInputException">It is none, or one of another search.</exception>
    /// <exception cref="WrongInputException">It cannot be read.</exception>
    public static Checkpoint Read(string file, IReadOnlyList<(string Name, string Value)> settings)
    {
        try
        {
            return CheckpointReader.Read(File.ReadAllText(file), file, settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongInputException($"--resume {file}: {e.Message}");
        }
    }

    /// <summary>Writes; whoever is killed on the way leaves the file as it was before.</summary>
    /// <exception cref="WrongInputException">It cannot be written.</exception>
    public void Write(Checkpoint checkpoint)
    {
        if (path is null)
        {
            return;
        }

        long began = Stopwatch.GetTimestamp();
        try
        {
            string beside = path + ".new";
            using (FileStream stream = new(beside, FileMode.Create, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(CheckpointText.Write(checkpoint)));
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongInputException($"--checkpoint {path}: {e.Message}");
        }

        // A large file is written more rarely: at most a tenth of the time goes there.
        _written = Stopwatch.GetTimestamp();
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        _pause = taken * 10 > Every ? taken * 10 : Every;
    }
}
