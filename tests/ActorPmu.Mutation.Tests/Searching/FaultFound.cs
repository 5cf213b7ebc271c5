namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>How a fault was found.</summary>
/// <param name="By">The scenario.</param>
/// <param name="Property">The property that breaks, and does not without the fault.</param>
/// <param name="Schedules">How many schedules of the faulty design were run, that one included.</param>
internal sealed record FaultFound(string By, string Property, long Schedules);
