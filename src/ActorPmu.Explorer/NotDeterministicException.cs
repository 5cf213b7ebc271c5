namespace ActorPmu.Explorer;

/// <summary>A run that was made again went another way: the model, or a design, is no function of its answers.</summary>
/// <param name="message">Where the two part.</param>
public sealed class NotDeterministicException(string message) : InvalidOperationException(message);
