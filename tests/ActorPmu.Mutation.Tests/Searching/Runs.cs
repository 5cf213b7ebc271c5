using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>One scenario under one design: random schedules, one after the other.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="design">Makes the design.</param>
/// <param name="seed">The seed; schedule <em>k</em> depends on it and on <em>k</em> alone.</param>
internal sealed class Runs(Scenario scenario, Func<ISharingDesign> design, ulong seed)
{
    private const long StepsMax = 20_000;

    private readonly RandomStrategy _strategy = new(seed);

    /// <summary>How many have been run.</summary>
    public int Count { get; private set; }

    /// <summary>Runs the next one.</summary>
    /// <returns>The names of the properties that it breaks.</returns>
    public IReadOnlyList<string> Next()
    {
        _strategy.Begin(Count++);
        Subject subject = scenario.SubjectIn(new World(), design());
        RunEnd end = subject.World.Run(_strategy, StepsMax);
        return [.. subject.Judge(end).Select(v => Properties.Name(v.Property)).Distinct(StringComparer.Ordinal)];
    }
}
