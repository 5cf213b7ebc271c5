using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>A program with its numbers.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Put">Puts its actors and first messages into a world.</param>
internal sealed record Classic(string Name, Action<Cast> Put)
{
    /// <summary>Orders of deliveries and answers, and those of them that end in a deadlock.</summary>
    public (long All, long Deadlocks) Orders { get; init; }

    /// <summary>Orders that differ in more than the order of independent steps, and those of them that end in a deadlock.</summary>
    public (long All, long Deadlocks) Traces { get; init; }

    /// <summary>Prefixes of traces: what sleep sets visit once each.</summary>
    public long Configurations { get; init; }

    /// <summary>Global states, those that nothing follows, and those of them that are deadlocks.</summary>
    public (long All, long Ends, long Deadlocks) States { get; init; }

    /// <summary>Whether it ends.</summary>
    public bool Ends => Traces.All > 0;

    /// <summary>Whether every step depends on all others at its receiver, and nothing ends a run early: a trace is an order at each receiver then.</summary>
    public bool IsPlain { get; init; } = true;

    /// <summary>Whether no actor is made on the way.</summary>
    public bool CanGoBack { get; init; } = true;

    public Subject Build(bool canGoBack, bool saysItsState = true)
    {
        Cast cast = new(saysItsState);
        Put(cast);
        return new Subject(cast.World, end => end == RunEnd.Deadlock ? [new Violation(Property.NoDeadlock, cast.World.Steps, "nobody can go on", [])] : [])
        {
            CanGoBack = canGoBack,
        };
    }
}
