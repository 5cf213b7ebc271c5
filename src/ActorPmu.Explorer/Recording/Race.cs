using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Two deliveries that nothing orders: the other way round is another run.</summary>
/// <param name="Earlier">The number of the step that came first.</param>
/// <param name="Later">The number of the step that came second and could have come first; 0 if its message was still under way when the run ended.</param>
/// <param name="Receiver">Where they meet; where the earlier one was delivered, if they meet in data that is touched without a lock.</param>
public sealed record Race(long Earlier, long Later, ActorId Receiver)
{
    /// <summary>The message of the later one, if the run ended before it was delivered; else null.</summary>
    public PendingMessage? Undelivered { get; init; }

    /// <summary>Where the later one was delivered, if not at <see cref="Receiver"/>; else null.</summary>
    public ActorId? LaterReceiver { get; init; }
}
