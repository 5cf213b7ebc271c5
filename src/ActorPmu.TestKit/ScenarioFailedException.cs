namespace ActorPmu.TestKit;

/// <summary>A script asked for something that is not so. The message is the whole report, as a test runner prints it.</summary>
/// <param name="message">What was asked for, and what happened.</param>
/// <param name="inner">What the assertion of Akka's TestKit said, or null.</param>
public sealed class ScenarioFailedException(string message, Exception? inner = null) : Exception(message, inner);
