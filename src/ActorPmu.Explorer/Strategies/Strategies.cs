namespace ActorPmu.Explorer;

/// <summary>What a strategy may be told.</summary>
public sealed record StrategySettings
{
    /// <summary>The seed of every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many messages in the right order <c>pct</c> looks for (d), 1 or more; alone and in turns.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>How many steps a run has for <c>pct</c> (n), 1 or more; 0 to go by the longest run so far.</summary>
    public int Length { get; init; }

    /// <summary>The bound on delays of <c>delay</c>, 0 or more.</summary>
    public int DelaysMax { get; init; } = int.MaxValue;
}

/// <summary>The strategies by name.</summary>
public static class Strategies
{
    private static readonly (string Name, string About, Func<StrategySettings, IStrategy> Make)[] Known =
    [
        ("random", "each open question is answered by chance; schedule k of a seed is always the same", s => new RandomStrategy(s.Seed)),
        ("pct", "random priorities for chains of messages, changed at depth − 1 random steps; states the least chance of a hit", s => new PctStrategy(s.Seed, s.Depth, s.Length)),
        ("pos", "random priorities for messages, drawn again by those that raced: every order of what races has its fair chance", s => new PosStrategy(s.Seed)),
        ("turns", "random, pos and pct, a schedule each in turn: in three times the schedules what the best of them finds", s => new TurnsStrategy([new RandomStrategy(s.Seed), new PosStrategy(s.Seed), new PctStrategy(s.Seed, s.Depth, s.Length)])),
        ("delay", "every schedule once, by its number of delays against the order of sending: certifies that none with k or fewer violates", s => new DelayStrategy(s.DelaysMax)),
        ("dfs", "every schedule once, depth first: ends with a proof where there are few", _ => new DfsStrategy()),
        ("dpor", "one schedule of all that differ only in the order of steps that do not meet: ends with a proof where dfs cannot", _ => new DporStrategy()),
        ("states", "every state once: a run is given up where it comes to a state that another one has gone on from", _ => new StatesStrategy()),
    ];

    /// <summary>All strategies that can be asked for: name, one sentence, and what makes one.</summary>
    public static IReadOnlyList<(string Name, string About, Func<StrategySettings, IStrategy> Make)> All => Known;

    /// <summary>Whether a strategy has to know how many steps a run has (<see cref="StrategySettings.Length"/>) for its schedules to be independent of one another.</summary>
    /// <param name="name">The name in flags, files and reports.</param>
    public static bool NeedsLength(string name) => name is "pct" or "turns";

    /// <summary>What makes the strategy of that name, or null.</summary>
    /// <param name="name">The name in flags, files and reports.</param>
    public static Func<StrategySettings, IStrategy>? Get(string name) => Array.Find(Known, s => s.Name == name).Make;

    /// <summary>What makes the strategy of that name from a seed, or null.</summary>
    /// <param name="name">The name in flags, files and reports.</param>
    public static Func<ulong, IStrategy>? Find(string name) =>
        Get(name) is { } make ? seed => make(new StrategySettings { Seed = seed }) : null;
}
