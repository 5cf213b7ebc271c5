using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>What breaks without the fault: of that nobody may say that the fault breaks it.</summary>
/// <param name="design">Makes the design as it is.</param>
/// <param name="seed">The seed of the schedules.</param>
internal sealed class SoundRuns(Func<ISharingDesign> design, ulong seed)
{
    private readonly Dictionary<(string Text, string Strategy), (Runs Runs, HashSet<string> Broken)> _known = [];

    /// <summary>Whether a scenario breaks a property without the fault.</summary>
    /// <param name="text">The scenario.</param>
    /// <param name="property">The property's name.</param>
    /// <param name="strategy">What picks the schedules.</param>
    /// <param name="schedules">How many; as many random ones are run in any case.</param>
    public bool Breaks(string text, string property, string strategy, int schedules) =>
        BreaksBy("random", text, property, schedules) || (strategy != "random" && BreaksBy(strategy, text, property, schedules));

    private bool BreaksBy(string strategy, string text, string property, int schedules)
    {
        if (!_known.TryGetValue((text, strategy), out (Runs Runs, HashSet<string> Broken) of))
        {
            of = (new Runs(Scenario.Parse(text, "scenario"), design, strategy, seed), new HashSet<string>(StringComparer.Ordinal));
            _known.Add((text, strategy), of);
        }

        while (of.Runs.Count < schedules && !of.Broken.Contains(property))
        {
            of.Broken.UnionWith(of.Runs.Next());
        }

        return of.Broken.Contains(property);
    }
}
