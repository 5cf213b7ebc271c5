namespace ActorPmu.Cli;

/// <summary>What a command may use of the process around it.</summary>
/// <param name="Output">Where results go.</param>
/// <param name="Error">Where progress, tips and errors go.</param>
public sealed record CliContext(TextWriter Output, TextWriter Error)
{
    /// <summary>Whether <see cref="Error"/> is the terminal that somebody looks at.</summary>
    public bool IsTerminal => ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected;
}
