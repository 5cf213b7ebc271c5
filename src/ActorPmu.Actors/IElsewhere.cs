namespace ActorPmu.Actors;

/// <summary>The actors of a program that live on other nodes: what is sent to them leaves the world.</summary>
public interface IElsewhere
{
    /// <summary>Whether an actor lives on another node now.</summary>
    /// <param name="id">The actor.</param>
    bool Has(ActorId id);

    /// <summary>Takes a message for an actor for which <see cref="Has"/> says yes; keeps the order of each channel.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="acceptClass">The class that the receiver's mask must contain, 0…63.</param>
    /// <param name="message">What to say.</param>
    void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message);
}
