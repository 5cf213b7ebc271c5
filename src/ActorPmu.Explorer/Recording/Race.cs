using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Two deliveries at one receiver that nothing orders: the other way round is another run.</summary>
/// <param name="Earlier">The number of the step that came first.</param>
/// <param name="Later">The number of the step that came second and could have come first.</param>
/// <param name="Receiver">Where they meet.</param>
public sealed record Race(long Earlier, long Later, ActorId Receiver);
