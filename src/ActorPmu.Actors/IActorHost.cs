namespace ActorPmu.Actors;

/// <summary>What the builder of a program of actors may ask of the place where it runs, beyond what the actors themselves may.</summary>
/// <remarks>The deterministic <see cref="World"/> is one such place; a live host is another.</remarks>
public interface IActorHost : IHost
{
    /// <summary>How many deliveries have been made.</summary>
    long Steps { get; }

    /// <summary>Asked between two steps when given: is the run's purpose fulfilled?</summary>
    Func<bool>? Finished { get; set; }

    /// <summary>Adds an actor before the run.</summary>
    /// <param name="actor">The actor.</param>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    void Add(Actor actor);

    /// <summary>The actor of that name, or null.</summary>
    /// <param name="id">The name.</param>
    Actor? Find(ActorId id);

    /// <summary>Whether every message under way comes from senders of that kind; true when there is none.</summary>
    /// <param name="kind">The kind.</param>
    bool HasMessagesOnlyFrom(ActorKind kind);

    /// <summary>The wait-for edges of all actors, for explaining a deadlock.</summary>
    IReadOnlyList<WaitEdge> Waits();
}
