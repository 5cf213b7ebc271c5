using System.Diagnostics;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Exploring;

/// <summary>The file in which a search writes down how far it is.</summary>
/// <param name="path">The file; null not to write.</param>
/// <param name="settings">What the search was told, as far as it bears on the result.</param>
internal sealed class CheckpointFile(string? path, IReadOnlyList<(string Name, string Value)> settings)
{
    // What is read has a checksum; this only keeps what never ends out of the memory.
    private const int BytesMax = 1 << 30;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private long _written = Stopwatch.GetTimestamp();
    private TimeSpan _pause = Every;

    public IReadOnlyList<(string Name, string Value)> Settings => settings;

    /// <summary>How far an earlier process had come; null when it had come nowhere, or there was none.</summary>
    public Checkpoint? Resumed { get; init => field = value is null || IsBeginning(value) ? null : value; }

    /// <summary>Whether it is time to write.</summary>
    public bool IsDue => path is not null && Stopwatch.GetElapsedTime(_written) >= _pause;

    /// <summary>Reads a file that a search with the same settings wrote.</summary>
    /// <exception cref="CheckpointInputException">It is none, or one of another search.</exception>
    /// <exception cref="InputError">It cannot be read.</exception>
    public static Checkpoint Read(string file, IReadOnlyList<(string Name, string Value)> settings) =>
        CheckpointReader.Read(InputFile.Text(file, bytesMax: BytesMax), file, settings);

    /// <summary>What kept the last write from being done, or null: then the file is that of an earlier one.</summary>
    public WrongInputException? Problem { get; private set; }

    /// <summary>Leaves a file from which a search can begin: its first part may take long, and there is nothing to be resumed before.</summary>
    public void Begin()
    {
        if (path is not null && !File.Exists(path))
        {
            Write(new Checkpoint { Settings = settings, Merged = new ExplorationResult() });
        }
    }

    /// <summary>Writes. Whoever is killed on the way, or has a full disk, has the file as it was before; the search goes on and tries again.</summary>
    public void Write(Checkpoint checkpoint)
    {
        if (path is null)
        {
            return;
        }

        long began = Stopwatch.GetTimestamp();
        try
        {
            OutputFiles.WriteWhole(path, CheckpointText.Write(checkpoint));
            Problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = new WrongInputException($"--checkpoint {path}: {e.Message}; what it had before is still there");
        }

        // A large file is written more rarely: at most a tenth of the time goes there.
        _written = Stopwatch.GetTimestamp();
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        _pause = taken * 10 > Every ? taken * 10 : Every;
    }

    private static bool IsBeginning(Checkpoint c) =>
        c.MergedParts == 0 && c.Merged.Schedules == 0 && c.Merged.Abandoned == 0 && c.Others.Count == 0 && c.Own.Count == 0 && c.Knowledge.Count == 0;
}
