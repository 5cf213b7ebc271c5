using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli;

/// <summary>Tells wrong input from bugs of ours, and puts it as compilers do.</summary>
internal static class InputProblem
{
    /// <summary>The message for stderr, or null when the exception is not about input.</summary>
    /// <param name="e">What was thrown.</param>
    public static string? Describe(Exception e) => e switch
    {
        // The readers' own errors begin with the place.
        InputError or ReplayInputException or CheckpointInputException => e.Message,
        WrongInputException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => $"error: {e.Message}",
        _ => null,
    };
}
