using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>What a scenario expects beside the properties that hold for every run.</summary>
public sealed record Expectations
{
    /// <summary>Counts at the end of a run that finished.</summary>
    public IReadOnlyList<CountAtEnd> Counts { get; init; } = [];

    /// <summary>Whether two events share a counter; for designs that share.</summary>
    public SharingExpectation Sharing { get; init; }

    /// <summary>What must happen in some schedule, or the scenario has shown nothing: names of <see cref="ActorPmu.Explorer.Happenings"/> beside sharing, in the order of the file.</summary>
    public IReadOnlyList<string> Sometimes { get; init; } = [];

    /// <summary>Properties that are not looked at.</summary>
    public IReadOnlySet<Property> Ignored { get; init; } = new SortedSet<Property>();
}

/// <summary>The value that a task's last read of a descriptor returned.</summary>
/// <param name="Task">The task.</param>
/// <param name="Fd">The descriptor.</param>
/// <param name="Value">What it may be.</param>
/// <param name="Line">Where the file says so, from 1.</param>
public sealed record CountAtEnd(string Task, string Fd, ValueRange Value, int Line);

/// <summary>Whether a scenario is about sharing.</summary>
/// <remarks>A run cannot break it alone: look at <see cref="Machine.Shared"/> of all of them.</remarks>
public enum SharingExpectation
{
    /// <summary>It says nothing.</summary>
    Unsaid,

    /// <summary>Some run must have shared, or it has shown nothing.</summary>
    Sometimes,

    /// <summary>No run may share: the events are not compatible.</summary>
    Never,
}
