using System.Collections.Immutable;

namespace ActorPmu.Scenarios.Traces;

/// <summary>A recorded scheduler trace, as read. Immutable.</summary>
public sealed record SchedTrace
{
    /// <summary>The events, in the file's order.</summary>
    public required IReadOnlyList<SchedEvent> Events { get; init; }

    /// <summary>The earliest time of any line with an event, of a kind read or not; nanoseconds on the trace's clock.</summary>
    public required long FirstNs { get; init; }

    /// <summary>The latest time of any line with an event, of a kind read or not; nanoseconds on the trace's clock.</summary>
    public required long LastNs { get; init; }

    /// <summary>Every CPU that recorded a line, or that a task was woken on or moved from or to; ascending.</summary>
    public required IReadOnlyList<TraceCpu> Cpus { get; init; }

    /// <summary>The number of CPUs that the file's header gives (<c>cpus=N</c>, <c>#P:N</c>); null when it gives none. May differ from <see cref="Cpus"/>.</summary>
    public required int? CpusInHeader { get; init; }

    /// <summary>Every task that an event names, without the idle task; ascending by number.</summary>
    public required ImmutableSortedDictionary<TracePid, TraceTask> Tasks { get; init; }

    /// <summary>The first <see cref="SchedTraceReader.ProblemsKept"/> lines that could not be read.</summary>
    public required IReadOnlyList<TraceProblem> Problems { get; init; }

    /// <summary>How many lines could not be read in all.</summary>
    public required int ProblemCount { get; init; }

    /// <summary>How many lines hold an event, by the kernel's name for it: those in <see cref="Events"/> and those in <see cref="UnreadEvents"/>.</summary>
    public required ImmutableSortedDictionary<string, int> EventCounts { get; init; }

    /// <summary>The part of <see cref="EventCounts"/> that is not in <see cref="Events"/>: kinds not known here, and wakeups of old kernels that woke nobody (<c>success=0</c>).</summary>
    public required ImmutableSortedDictionary<string, int> UnreadEvents { get; init; }

    /// <summary>Switches whose prev is not the task last switched in on that CPU. Kernels hide some switches, so a trace may have a few; each ends the time of both tasks.</summary>
    public required int SwitchesFromAnotherTask { get; init; }

    /// <summary>Lines with an event, of a kind read or not, whose time is before that of the line before them.</summary>
    public required int StepsBackInTime { get; init; }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file, UTF-8 text.</param>
    /// <exception cref="TraceInputException">No line of the file could be read as a scheduler event.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static SchedTrace ReadFile(string path)
    {
        using var text = new StreamReader(path);
        return Read(text, path);
    }

    /// <summary>Reads a whole trace. To read event by event, see <see cref="SchedTraceReader"/>.</summary>
    /// <param name="text">The trace; read to its end, not closed.</param>
    /// <param name="file">The name to use in errors.</param>
    /// <exception cref="TraceInputException">No line could be read as a scheduler event.</exception>
    public static SchedTrace Read(TextReader text, string file)
    {
        var reader = new SchedTraceReader(text, file);
        var events = ImmutableArray.CreateBuilder<SchedEvent>();
        while (reader.Next() is { } e) events.Add(e);
        return reader.Finish(events.DrainToImmutable());
    }
}
