namespace ActorPmu.Akka.Wire;

/// <summary>Bytes that are no message of this version: garbage, a truncation, a type that is not known here.</summary>
/// <param name="message">What is wrong.</param>
public sealed class WireException(string message) : Exception(message);
