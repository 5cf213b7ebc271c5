namespace ActorPmu.Explorer;

/// <summary>A replay file that cannot be read: where, what is wrong, and what to do.</summary>
public sealed class ReplayInputException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1, in bytes.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    public ReplayInputException(string file, int line, int column, string problem)
        : base(FormattableString.Invariant($"{file}:{line}:{column}: error: {problem}"))
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>From 1, in bytes.</summary>
    public int Column { get; }
}
