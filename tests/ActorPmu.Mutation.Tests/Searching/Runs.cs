using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>One scenario under one design: schedules by chance, one after the other.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="design">Makes the design.</param>
/// <param name="strategy">The name of what picks the schedules.</param>
/// <param name="seed">Its seed.</param>
internal sealed class Runs(Scenario scenario, Func<ISharingDesign> design, string strategy, ulong seed)
{
    private const long StepsMax = 20_000;

    private readonly IStrategy _strategy = Strategies.Find(strategy)!(seed);
    private readonly RunTrace _trace = new();

    /// <summary>How many have been run.</summary>
    public int Count { get; private set; }

    /// <summary>Runs the next one.</summary>
    /// <returns>The names of the properties that it breaks.</returns>
    public IReadOnlyList<string> Next()
    {
        _strategy.Begin(Count++);
        Subject subject = scenario.SubjectIn(new World(), design());
        _trace.Clear();
        RunEnd end = subject.World.Run(_strategy, StepsMax, _trace);
        _trace.Close(end);
        _strategy.Ended(_trace);
        return [.. subject.Judge(end).Select(v => Properties.Name(v.Property)).Distinct(StringComparer.Ordinal)];
    }
}
