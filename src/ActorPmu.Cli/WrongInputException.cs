namespace ActorPmu.Cli;

/// <summary>Wrong input from the command line: says what is wrong and what to do. Ends with <see cref="ExitCode.WrongInput"/>.</summary>
/// <param name="message">What is wrong, in one line.</param>
public sealed class WrongInputException(string message) : Exception(message);
