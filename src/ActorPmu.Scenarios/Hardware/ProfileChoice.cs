namespace ActorPmu.Scenarios;

/// <summary>A profile that scenarios are to be run on in place of their own.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="InScenario">What a scenario's key <c>profile</c> says of it: the name of one that the tool has, or all that is in the file, in one line.</param>
public sealed record ProfileChoice(string Name, string InScenario);
