namespace ActorPmu.Explorer;

/// <summary>How far a search in parts had come: enough to go on in another process, to the same result.</summary>
public sealed record Checkpoint
{
    /// <summary>What must be the same where it goes on, by name: scenario, design, strategy, seed and so on, each without line breaks.</summary>
    public required IReadOnlyList<(string Name, string Value)> Settings { get; init; }

    /// <summary>How many parts lie in <see cref="Merged"/>: the first ones.</summary>
    public long MergedParts { get; init; }

    /// <summary>The first parts put together.</summary>
    public required ExplorationResult Merged { get; init; }

    /// <summary>Other parts that are done, by number.</summary>
    public IReadOnlyList<(long Part, ExplorationResult Result)> Others { get; init; } = [];

    /// <summary>How often everything had been run again.</summary>
    public long StartedOver { get; init; }

    /// <summary>What a reduced search knew (<see cref="ReducedSearch.Knowledge"/>).</summary>
    public IReadOnlyList<string> Knowledge { get; init; } = [];

    /// <summary>What a search by delays or states knew (<see cref="DelaySearch.Knowledge"/>, <see cref="StateSearch.Knowledge"/>).</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>Where it was read; null for one that was not.</summary>
    public CheckpointSource? Source { get; init; }
}

/// <summary>Where the parts of a checkpoint stand in their file, for errors that only show in the search itself.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="MergedLine">The line of <see cref="Checkpoint.Merged"/>, from 1.</param>
/// <param name="OtherLines">The lines of <see cref="Checkpoint.Others"/>.</param>
/// <param name="OwnLines">The lines of <see cref="Checkpoint.Own"/>; that of <see cref="Checkpoint.Merged"/> where there are none.</param>
public sealed record CheckpointSource(string File, int MergedLine, IReadOnlyList<int> OtherLines, IReadOnlyList<int> OwnLines);
