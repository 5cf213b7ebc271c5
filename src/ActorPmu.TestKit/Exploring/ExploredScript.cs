using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;

namespace ActorPmu.TestKit;

/// <summary>A scenario, a design, and what must be so in the schedules that are searched.</summary>
/// <remarks>
/// Each <c>Must…</c> searches, and throws <see cref="ScenarioFailedException"/> with the report that <c>actorpmu explore</c> prints. Unless
/// <see cref="With"/> says otherwise there are 1,000 random schedules of seed 1: the same ones each time and on any machine.
/// </remarks>
public sealed class ExploredScript
{
    private readonly Scenario _scenario;
    private readonly List<(string Key, ScriptSearch Search)> _done = [];
    private SearchPlan _plan = new();
    private Func<ISharingDesign>? _design;

    internal ExploredScript(Scenario scenario) => _scenario = scenario;

    /// <summary>Under a design that comes with the tool.</summary>
    /// <param name="design">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public ExploredScript Under(string design) => Under(DesignSource.Named(design));

    /// <summary>Under a design of one's own.</summary>
    /// <typeparam name="T">Its class.</typeparam>
    public ExploredScript Under<T>()
        where T : ISharingDesign, new() => Under(() => new T());

    /// <summary>Under a design of one's own.</summary>
    /// <param name="design">Makes one; each schedule has one of its own.</param>
    public ExploredScript Under(Func<ISharingDesign> design)
    {
        _design = design ?? throw new ArgumentNullException(nameof(design));
        _done.Clear();
        return this;
    }

    /// <summary>How to search.</summary>
    /// <param name="strategy">A name of <c>actorpmu list strategies</c>; null for random, or, where completeness is asked for, what ends.</param>
    /// <param name="schedules">The bound on schedules, 1 or more.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">The bound on the steps of one schedule, 1 or more.</param>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public ExploredScript With(string? strategy = null, long schedules = 1_000, ulong seed = 1, long steps = 20_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(schedules, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (strategy is not null && Strategies.Find(strategy) is null)
        {
            throw new ArgumentException($"there is no strategy \"{strategy}\"; there are {string.Join(", ", Strategies.All.Select(s => s.Name))}");
        }

        _plan = _plan with { Strategy = strategy, SchedulesMax = schedules, Seed = seed, StepsMax = steps };
        _done.Clear();
        return this;
    }

    /// <summary>On a PREEMPT_RT kernel, or on another one, whatever the scenario says.</summary>
    /// <param name="rt">Whether it is PREEMPT_RT.</param>
    public ExploredScript OnRt(bool rt = true)
    {
        _plan = _plan with { PreemptRt = rt };
        _done.Clear();
        return this;
    }

    /// <summary>No schedule breaks one of the properties.</summary>
    /// <param name="properties">Which; all of them when none is named.</param>
    /// <exception cref="ScenarioFailedException">One does.</exception>
    public ExploredScript MustHold(params Property[] properties)
    {
        ScriptSearch search = Search(properties);
        return search.Result.Violations.Count == 0
            ? this
            : throw search.Failure($"must hold{Named(" ", properties)}, and does not");
    }

    /// <summary>Some schedule breaks the property.</summary>
    /// <param name="property">Which. No other one is looked at.</param>
    /// <returns>The violation, of which more can be asked.</returns>
    /// <exception cref="ScenarioFailedException">None does.</exception>
    public ViolationScript MustViolate(Property property)
    {
        ScriptSearch search = Search([property]);
        return search.Result.Violations.Count > 0
            ? new ViolationScript(search, property)
            : throw search.Failure($"must violate {Properties.Name(property)}, and does not");
    }

    /// <summary>In some schedule two events share a counter.</summary>
    /// <exception cref="ScenarioFailedException">In none.</exception>
    public ExploredScript MustShare()
    {
        ScriptSearch search = Looking();
        return search.Result.SharedSchedules > 0 ? this : throw search.Failure("must share a counter, and does not");
    }

    /// <summary>In no schedule two events share a counter.</summary>
    /// <exception cref="ScenarioFailedException">In some.</exception>
    public ExploredScript MustNotShare()
    {
        ScriptSearch search = Looking();
        return search.Result.SharedSchedules == 0 ? this : throw search.Failure("must not share a counter, and does");
    }

    /// <summary>The search covers every schedule of the scenario.</summary>
    /// <exception cref="ScenarioFailedException">A bound or a violation stops it.</exception>
    public ExploredScript MustBeComplete()
    {
        if (_plan.Strategy is null)
        {
            _plan = _plan with { Strategy = SearchPlan.Exhaustive };
            _done.Clear();
        }

        ScriptSearch search = Search([]);
        return search.Result.IsComplete ? this : throw search.Failure("must be searched completely, and is not");
    }

    internal static string Named(string before, IReadOnlyList<Property> properties) =>
        properties.Count == 0 ? "" : before + string.Join(", ", properties.Select(Properties.Name));

    // Whatever is found on the way, all schedules are looked at.
    private ScriptSearch Looking() => Search(null);

    private ScriptSearch Search(IReadOnlyList<Property>? properties)
    {
        Func<ISharingDesign> design = _design ?? throw new InvalidOperationException($"say {nameof(Under)}(design) first");
        string key = properties is null ? "nothing" : properties.Count == 0 ? "all" : Named("", [.. properties.Order()]);
        int at = _done.FindIndex(d => d.Key == key);
        if (at >= 0)
        {
            return _done[at].Search;
        }

        Scenario scenario = properties is { Count: 0 } ? _scenario : NarrowedScenario.Of(_scenario, new SortedSet<Property>(properties ?? []));
        ScriptSearch search = new(scenario, design, _plan, narrowed: scenario.Text != _scenario.Text);
        _done.Add((key, search));
        return search;
    }
}

/// <summary>How a script searches.</summary>
internal sealed record SearchPlan
{
    /// <summary>The strategy that ends with a proof where it ends: the one by partial orders, where there is one.</summary>
    public static string Exhaustive { get; } = Strategies.Find("dpor") is null ? "dfs" : "dpor";

    public string? Strategy { get; init; }

    public long SchedulesMax { get; init; } = 1_000;

    public ulong Seed { get; init; } = 1;

    public long StepsMax { get; init; } = 20_000;

    public bool? PreemptRt { get; init; }

    public string StrategyName => Strategy ?? "random";
}
