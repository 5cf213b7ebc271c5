namespace ActorPmu.Scenarios.Conform;

/// <summary>How a case came out.</summary>
public abstract record CaseOutcome
{
    /// <summary>All recorded fields agree.</summary>
    public sealed record Agrees : CaseOutcome;

    /// <summary>What differs is accepted, all of it.</summary>
    /// <param name="Differences">The mismatches, each with its entry, in the order of the steps.</param>
    public sealed record Accepted(IReadOnlyList<AcceptedMismatch> Differences) : CaseOutcome;

    /// <summary>Something differs and is not accepted.</summary>
    /// <param name="Mismatches">What is not accepted, in the order of the steps; never empty.</param>
    /// <param name="Differences">What is accepted.</param>
    public sealed record Differs(IReadOnlyList<Mismatch> Mismatches, IReadOnlyList<AcceptedMismatch> Differences) : CaseOutcome;

    /// <summary>The target has no counterpart of a step; the steps after it were not run.</summary>
    /// <param name="Step">Index of the step.</param>
    /// <param name="Op">The operation as one line.</param>
    /// <param name="Why">What the target lacks.</param>
    /// <param name="Mismatches">What differed before that step and is not accepted.</param>
    public sealed record Unsupported(int Step, string Op, string Why, IReadOnlyList<Mismatch> Mismatches) : CaseOutcome;

    /// <summary>The target broke down; the steps after it were not run.</summary>
    /// <param name="Step">Index of the step; -1: before the first one.</param>
    /// <param name="Op">The operation as one line; empty before the first one.</param>
    /// <param name="Error">The exception with its stack.</param>
    public sealed record Internal(int Step, string Op, string Error) : CaseOutcome;

    /// <summary>The file is no case.</summary>
    /// <param name="Problem">What is wrong, with file, line and column.</param>
    public sealed record Unreadable(string Problem) : CaseOutcome;
}

/// <summary>A mismatch and the entry that accepts it.</summary>
/// <param name="Mismatch">The mismatch.</param>
/// <param name="Entry">The entry, with its reason.</param>
public sealed record AcceptedMismatch(Mismatch Mismatch, AcceptedDifference Entry);

/// <summary>One case of a run.</summary>
/// <param name="File">The case's file.</param>
/// <param name="Folder">Its folder's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Steps">How many steps it has; 0 when it could not be read.</param>
/// <param name="Outcome">How it came out.</param>
public sealed record CaseResult(string File, string Folder, string Name, int Steps, CaseOutcome Outcome)
{
    /// <summary>Folder and name.</summary>
    public string Id => $"{Folder}/{Name}";
}
