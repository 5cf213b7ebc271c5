namespace ActorPmu.Actors;

/// <summary>What actors send: a small immutable record that can be serialised.</summary>
/// <remarks>No closures and no references to another actor's data, but for the data that travels with a lock.</remarks>
public abstract record Message
{
    /// <summary>The message in one line, as replay files and reports print it.</summary>
    public virtual string Label => ToString();

    /// <summary>Adds nothing to <see cref="object.ToString"/>: the label stands for the text of a record, and not in it.</summary>
    protected virtual bool PrintMembers(System.Text.StringBuilder builder) => false;

    /// <summary>Adds all that the message says.</summary>
    /// <param name="content">Where to add it.</param>
    /// <returns>False where that is not said: the step that sent it stands for its content then.</returns>
    public virtual bool AddContent(ref StateHash content) => false;
}

/// <summary>The part of a channel's name that says how urgent its messages are.</summary>
public enum Lane : byte
{
    /// <summary>Calls and notifications.</summary>
    Request,

    /// <summary>Answers to calls.</summary>
    Reply,

    /// <summary>Maskable interrupts: IPIs and timers.</summary>
    Irq,

    /// <summary>Non-maskable interrupts.</summary>
    Nmi,

    /// <summary>Answers to calls of an interrupt handler: they must not queue behind those of what it interrupted.</summary>
    ReplyIrq,

    /// <summary>Answers to calls of a non-maskable interrupt handler.</summary>
    ReplyNmi,
}

/// <summary>One message on its way.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who will receive it.</param>
/// <param name="Lane">The lane of its channel.</param>
/// <param name="AcceptClass">The class that the receiver's <see cref="Actor.AcceptMask"/> must contain, 0…63.</param>
/// <param name="Sequence">Its number on its channel, from 0.</param>
/// <param name="DueNs">The virtual time at which it may be delivered, in ns; 0 where there is no clock.</param>
/// <param name="Message">What it says.</param>
public readonly record struct Envelope(
    ActorId From, ActorId To, Lane Lane, byte AcceptClass, int Sequence, long DueNs, Message Message);
