using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>Short ways to explore in a test.</summary>
internal static class Explore
{
    public static ExploreOptions DfsOptions(long schedulesMax) => new()
    {
        Strategy = () => new DfsStrategy(),
        SchedulesMax = schedulesMax,
        KeepGoing = true,
    };

    public static ExploreOptions RandomOptions(ulong seed, long schedulesMax, bool keepGoing = false) => new()
    {
        Strategy = () => new RandomStrategy(seed),
        SchedulesMax = schedulesMax,
        KeepGoing = keepGoing,
    };

    public static ExplorationResult Dfs(Func<Subject> build, long schedulesMax) => new Exploration(build, DfsOptions(schedulesMax)).Run();

    public static Subject Unjudged(World world, bool canGoBack = false) => new(world, _ => []) { CanGoBack = canGoBack };
}
