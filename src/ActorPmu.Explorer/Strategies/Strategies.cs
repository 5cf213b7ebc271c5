namespace ActorPmu.Explorer;

/// <summary>The strategies by name.</summary>
public static class Strategies
{
    private static readonly (string Name, string About, Func<ulong, IStrategy> Make)[] Known =
    [
        ("random", "each open question is answered by chance; schedule k of a seed is always the same", seed => new RandomStrategy(seed)),
        ("dfs", "every schedule once, depth first: ends with a proof where there are few", _ => new DfsStrategy()),
        ("dpor", "one schedule of all that differ only in the order of steps that do not meet: ends with a proof where dfs cannot", _ => new DporStrategy()),
        ("states", "every state once: a run is given up where it comes to a state that another one has gone on from", _ => new StatesStrategy()),
    ];

    /// <summary>All strategies that can be asked for: name, one sentence, and what makes one from a seed.</summary>
    public static IReadOnlyList<(string Name, string About, Func<ulong, IStrategy> Make)> All => Known;

    /// <summary>What makes the strategy of that name from a seed, or null.</summary>
    /// <param name="name">The name in flags, files and reports.</param>
    public static Func<ulong, IStrategy>? Find(string name) => Array.Find(Known, s => s.Name == name).Make;
}
