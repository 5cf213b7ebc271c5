namespace ActorPmu.Actors;

/// <summary>A unit of state that only its own messages change.</summary>
/// <remarks>The same class runs in the deterministic <see cref="World"/> and in a live host.</remarks>
public abstract class Actor(ActorId id)
{
    /// <summary>A mask that accepts every class.</summary>
    public const ulong AcceptAll = ulong.MaxValue;

    private IHost? _host;

    /// <summary>The actor's name.</summary>
    public ActorId Id { get; } = id;

    /// <summary>Where it runs. Set by the host before the first message.</summary>
    /// <exception cref="InvalidOperationException">The actor is not in a host.</exception>
    public IHost Host => _host ?? throw new InvalidOperationException($"{Id} is not in a host");

    /// <summary>The message classes that the actor takes now: bit <c>c</c> for class <c>c</c>. Depends on its own state alone.</summary>
    public ulong AcceptMask { get; protected set; } = AcceptAll;

    /// <summary>Takes one message and runs to completion.</summary>
    /// <param name="envelope">The message with its channel.</param>
    public abstract void Receive(in Envelope envelope);

    /// <summary>Called once before the first delivery of a run; may send.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Whether <see cref="Commutes"/> may ever say yes.</summary>
    public virtual bool HasCommuting => false;

    /// <summary>Whether two messages leave the same behind in either order, whatever the actor's state: state, mask, and what is sent on each channel.</summary>
    /// <param name="a">One message with its channel; not of the same channel as the other.</param>
    /// <param name="b">The other.</param>
    /// <remarks>
    /// A promise about messages, not about a moment. Neither of two that commute changes whether the other is accepted; where a message may be
    /// refused, all those that change whether it is do not commute with it, nor with each other.
    /// </remarks>
    public virtual bool Commutes(in Envelope a, in Envelope b) => false;

    /// <summary>Adds all that the actor's next steps depend on, beside <see cref="AcceptMask"/> and what a <see cref="Footprint"/> has.</summary>
    /// <param name="state">Where to add it.</param>
    /// <returns>False where that is not said: what the actor has received stands for its state then.</returns>
    public virtual bool AddState(ref StateHash state)
    {
        if (SavedSize is not { } size)
        {
            return false;
        }

        Span<ulong> numbers = size <= 64 ? stackalloc ulong[size] : new ulong[size];
        Save(numbers);
        foreach (ulong number in numbers)
        {
            state.Add(number);
        }

        return true;
    }

    /// <summary>How many numbers hold all that the actor's next steps depend on, beside <see cref="AcceptMask"/>; null where none do.</summary>
    /// <remarks>Always the same. An actor that has such numbers can be put back to where it was (<see cref="World.TakeBack"/>).</remarks>
    public virtual int? SavedSize => null;

    /// <summary>Writes down those numbers.</summary>
    /// <param name="into">Where: <see cref="SavedSize"/> of them.</param>
    public virtual void Save(Span<ulong> into) => throw new InvalidOperationException($"{Id} does not say its state in numbers");

    /// <summary>Goes back to where it was when it wrote down these numbers.</summary>
    /// <param name="from">The numbers.</param>
    public virtual void Load(ReadOnlySpan<ulong> from) => throw new InvalidOperationException($"{Id} does not say its state in numbers");

    internal void LoadMask(ulong mask) => AcceptMask = mask;

    /// <summary>Says what the actor waits for now; used to explain a deadlock.</summary>
    /// <param name="waits">Where to put the edges.</param>
    public virtual void DescribeWaits(ICollection<WaitEdge> waits)
    {
    }

    /// <summary>Puts it into a host. For hosts alone.</summary>
    /// <param name="host">Where it runs from now on.</param>
    public void Attach(IHost host) => _host = host;
}

/// <summary>One edge of the wait-for graph.</summary>
/// <param name="Waiter">Who waits: an actor, or a task or path on it.</param>
/// <param name="WaitsFor">Whom it waits for.</param>
/// <param name="Why">What it waits for, in kernel words.</param>
public sealed record WaitEdge(string Waiter, string WaitsFor, string Why);

/// <summary>What an actor may ask of the world around it. The deterministic world is one side of this seam, a live host the other.</summary>
public interface IHost
{
    /// <summary>The virtual time in ns; 0 throughout an exploration, which has no clock.</summary>
    long NowNs { get; }

    /// <summary>Whether the run has a clock: messages with a delay arrive after it, work takes time.</summary>
    bool HasClock { get; }

    /// <summary>Puts a message at the end of the channel (from, to, lane).</summary>
    /// <param name="from">The sender; an environment actor stands for timers.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="acceptClass">The class that the receiver's mask must contain, 0…63.</param>
    /// <param name="message">What to say.</param>
    /// <param name="delayNs">How long it is under way, in ns; counts only where there is a clock.</param>
    /// <exception cref="ArgumentException">There is no such receiver.</exception>
    void Send(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message, long delayNs = 0);

    /// <summary>The one door for chance inside a step.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="optionCount">How many options there are, 1 or more.</param>
    /// <param name="what">What is chosen, in one line.</param>
    /// <returns>The option, 0…<paramref name="optionCount"/>−1.</returns>
    int Choose(ActorId by, int optionCount, string what);

    /// <summary>Adds an actor while the run is under way.</summary>
    /// <param name="actor">The new actor.</param>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    void Spawn(Actor actor);

    /// <summary>Ends the run after the present step: somebody has found what the run was for.</summary>
    void Halt();
}
