namespace ActorPmu.Akka.Live;

/// <summary>How a live run is made.</summary>
public sealed record LiveOptions
{
    /// <summary>The bound on runs, 1 or more.</summary>
    public long RunsMax { get; init; } = long.MaxValue;

    /// <summary>The bound on time; null for none. A run under way is ended by itself.</summary>
    public TimeSpan? TimeMax { get; init; }

    /// <summary>The bound on the steps of one run, 1 or more.</summary>
    public long StepsMax { get; init; } = 20_000;

    /// <summary>The seed of the choices inside steps (whether an allocation fails). Threads have no seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Programs that run at once, each with shells of its own, 1 or more.</summary>
    public int Machines { get; init; } = 2;

    /// <summary>Whether each run is delivered again in the deterministic world and compared: slow, for tests.</summary>
    public bool VerifiesEachRun { get; init; }
}

/// <summary>How far a live run has come.</summary>
/// <param name="Runs">Runs ended.</param>
/// <param name="Steps">Deliveries of these runs.</param>
/// <param name="Traces">Different traces.</param>
/// <param name="Violations">Different violations.</param>
public readonly record struct LiveProgress(long Runs, long Steps, long Traces, int Violations);
