namespace ActorPmu.Scenarios.Traces;

/// <summary>A line of a trace that could not be read.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">The line, cut after <see cref="TextMax"/> characters.</param>
/// <param name="Reason">What was expected and not found.</param>
public sealed record TraceProblem(int Line, string Text, string Reason)
{
    /// <summary>The longest excerpt kept, in characters.</summary>
    public const int TextMax = 120;
}
