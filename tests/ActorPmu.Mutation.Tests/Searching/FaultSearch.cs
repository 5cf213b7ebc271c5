using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Looks for what a design breaks in random schedules of the catalogue: a few of every scenario, then more.</summary>
/// <remarks>It knows nothing of the fault. It is loaded once more beside a kernel that has one, and so takes and gives words and numbers.</remarks>
internal static class FaultSearch
{
    /// <summary>How many schedules of each scenario have been run after each round.</summary>
    public static readonly int[] Rounds = [1, 4, 16, 64, 256];

    /// <summary>What stands in a property's place when the design throws.</summary>
    public const string Exception = "(throws)";

    private static readonly Lazy<IReadOnlyList<Scenario>> Catalogue =
        new(() => Scenarios.Catalogue.Load(Repository.Of("config/scenarios")));

    /// <summary>Searches.</summary>
    /// <param name="design">Makes the faulty design: a <c>Func&lt;ISharingDesign&gt;</c> of the kernel that it is bound to.</param>
    /// <param name="seed">The seed of the schedules.</param>
    /// <param name="breaksAnyway">Whether a scenario's text breaks a property in so many schedules without the fault.</param>
    /// <param name="most">The bound on the schedules of one scenario.</param>
    /// <returns>The scenario, the property, and the number of schedules; null when nothing was found.</returns>
    public static (string By, string Property, long Schedules)? Find(object design, ulong seed, Func<string, string, int, bool> breaksAnyway, int most)
    {
        Runs[] runs = [.. Catalogue.Value.Select(s => new Runs(s, (Func<ISharingDesign>)design, seed))];
        long schedules = 0;
        foreach (int until in Rounds.Where(r => r <= most))
        {
            for (int i = 0; i < runs.Length; i++)
            {
                while (runs[i].Count < until)
                {
                    schedules++;
                    foreach (string property in Broken(runs[i]))
                    {
                        if (!breaksAnyway(Catalogue.Value[i].Text, property, until))
                        {
                            return (Catalogue.Value[i].Name, property, schedules);
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
