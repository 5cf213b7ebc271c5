namespace ActorPmu.Explorer;

/// <summary>A checkpoint that cannot be gone on from: where, what is wrong, and what to do.</summary>
/// <param name="file">The file as the user named it.</param>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
/// <param name="problem">What is wrong and what to do.</param>
public sealed class CheckpointInputException(string file, int line, int column, string problem)
    : Exception(FormattableString.Invariant($"{file}:{line}:{column}: error: {problem}"))
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1.</summary>
    public int Column { get; } = column;
}
