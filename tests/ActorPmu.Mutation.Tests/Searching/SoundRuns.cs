using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>What breaks without the fault: of that nobody may say that the fault breaks it.</summary>
/// <param name="design">Makes the design as it is.</param>
/// <param name="seed">The seed of the schedules.</param>
internal sealed class SoundRuns(Func<ISharingDesign> design, ulong seed)
{
    private readonly Dictionary<string, (Runs Runs, HashSet<string> Broken)> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a scenario breaks a property without the fault.</summary>
    /// <param name="text">The scenario.</param>
    /// <param name="property">The property's name.</param>
    /// <param name="schedules">In how many schedules.</param>
    public bool Breaks(string text, string property, int schedules)
    {
        if (!_known.TryGetValue(text, out (Runs Runs, HashSet<string> Broken) of))
        {
            of = (new Runs(Scenario.Parse(text, "scenario"), design, seed), new HashSet<string>(StringComparer.Ordinal));
            _known.Add(text, of);
        }

        while (of.Runs.Count < schedules && !of.Broken.Contains(property))
        {
            of.Broken.UnionWith(of.Runs.Next());
        }

        return of.Broken.Contains(property);
    }
}
