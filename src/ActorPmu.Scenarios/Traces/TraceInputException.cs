namespace ActorPmu.Scenarios.Traces;

/// <summary>The file as a whole is not a scheduler trace. A single line that cannot be read is a <see cref="TraceProblem"/> instead.</summary>
public sealed class TraceInputException : InputError
{
    /// <summary>Says where and what to do.</summary>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="line">The line at fault, from 1. The column is always 1: the line as a whole is at fault.</param>
    /// <param name="reason">What is wrong, and what to do.</param>
    public TraceInputException(string file, int line, string reason)
        : base(file, line, 1, reason, "", null, FormattableString.Invariant($"{file}:{line}:1: error: {reason}"))
    {
    }

    /// <summary>What is wrong and what to do, without the place.</summary>
    public string Reason => Problem;
}
