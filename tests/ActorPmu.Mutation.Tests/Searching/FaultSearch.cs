using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Looks for what a design breaks in schedules of the catalogue: a few random ones of every scenario, then more, then by priorities.</summary>
/// <remarks>It knows nothing of the fault. It is loaded once more beside a kernel that has one, and so takes and gives words and numbers.</remarks>
internal static class FaultSearch
{
    /// <summary>The rounds: how many schedules of each scenario a strategy has run after each.</summary>
    public static readonly (string Strategy, int Until)[] Rounds =
        [("random", 1), ("random", 4), ("random", 16), ("random", 64), ("random", 256), ("pos", 256), ("pct", 256)];

    /// <summary>What stands in a property's place when the design throws.</summary>
    public const string Exception = "(throws)";

    // What goes wrong in Linux itself may go right under a design, and not under one with a fault.
    private static readonly Lazy<IReadOnlyList<Scenario>> Catalogue =
        new(() => [.. Scenarios.Catalogue.Load(Repository.Of("config/scenarios")), .. Scenarios.Catalogue.Load(Repository.Of("config/findings"))]);

    /// <summary>Searches.</summary>
    /// <param name="design">Makes the faulty design: a <c>Func&lt;ISharingDesign&gt;</c> of the kernel that it is bound to.</param>
    /// <param name="seed">The seed of the schedules.</param>
    /// <param name="breaksAnyway">Whether a scenario's text breaks a property without the fault, in so many schedules of a strategy.</param>
    /// <param name="rounds">How many of <see cref="Rounds"/>.</param>
    /// <returns>The scenario, the property, and the number of schedules; null when nothing was found.</returns>
    public static (string By, string Property, long Schedules)? Find(
        object design, ulong seed, Func<string, string, string, int, bool> breaksAnyway, int rounds)
    {
        long schedules = 0;
        Runs[] runs = [];
        for (int round = 0; round < rounds; round++)
        {
            (string strategy, int until) = Rounds[round];
            if (round == 0 || strategy != Rounds[round - 1].Strategy)
            {
                runs = [.. Catalogue.Value.Select(s => new Runs(s, (Func<ISharingDesign>)design, strategy, seed))];
            }

            for (int i = 0; i < runs.Length; i++)
            {
                while (runs[i].Count < until)
                {
                    schedules++;
                    foreach (string property in Broken(runs[i]))
                    {
                        if (!breaksAnyway(Catalogue.Value[i].Text, property, strategy, until))
                        {
                            return (strategy == "random" ? Catalogue.Value[i].Name : $"{Catalogue.Value[i].Name} ({strategy})", property, schedules);
                        }
                    }
                }
            }
        }

        return null;
    }

    // A fault that throws out of the design is seen by everybody: explore ends with an internal error, compare prints a !.
    private static IEnumerable<string> Broken(Runs runs)
    {
        try
        {
            return runs.Next();
        }
        catch (System.Exception e) when (e is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return [Exception];
        }
    }
}
