using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>A scenario with a schedule that breaks something.</summary>
/// <param name="Draft">The scenario in parts.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Found">What was found.</param>
public sealed record BrokenScenario(ScenarioDraft Draft, Scenario Scenario, FoundViolation Found);

/// <summary>Runs scenarios under a design and, where that breaks a property, under the kernel as it is.</summary>
public sealed class ScenarioOracle
{
    private const int ChunkSchedules = 10;

    private readonly HuntOptions _options;

    /// <summary>Makes an oracle.</summary>
    /// <param name="options">How to run.</param>
    public ScenarioOracle(HuntOptions options) => _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Schedules run under the design.</summary>
    public long Schedules { get; private set; }

    /// <summary>Explores a scenario under the design.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public ExplorationResult Explore(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ExplorationResult result = Exploration(scenario, _options.Design, _options.Schedules).Run();
        Schedules += result.Schedules;
        return result;
    }

    /// <summary>Whether the kernel as it is breaks a property in a scenario too.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="property">The property.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public bool BreaksBaseline(Scenario scenario, Property property) => BreaksBaseline(scenario, property, _options.BaselineSchedules);

    /// <summary>Whether the kernel as it is breaks a property in a scenario too.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="property">The property.</param>
    /// <param name="schedules">In how many schedules it is looked for.</param>
    /// <exception cref="RunCrashException">A run failed by a bug of the model.</exception>
    public bool BreaksBaseline(Scenario scenario, Property property, long schedules)
    {
        if (_options.BreaksAnyway is { } breaks)
        {
            return breaks(scenario, property);
        }

        Exploration exploration = Exploration(scenario, _options.Baseline, schedules);
        for (long first = 0; first < schedules; first += ChunkSchedules)
        {
            if (exploration.RunRange(first, Math.Min(ChunkSchedules, schedules - first))
                .Violations.Any(v => v.Violation.Property == property))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks for a cause in a draft, in schedules of the design and then in those of the kernel as it is.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="cause">The cause (<see cref="HuntCause.Of"/>).</param>
    /// <param name="schedulesMax">The bound on schedules of the design.</param>
    /// <returns>What was found; null when the draft cannot be read, does not show the cause, or the kernel as it is breaks the property too.</returns>
    public BrokenScenario? Check(ScenarioDraft draft, string cause, long schedulesMax)
    {
        Scenario scenario;
        try
        {
            scenario = Scenario.Parse(DraftText.Write(draft), "made-up.yaml");
        }
        catch (InputError)
        {
            return null;
        }

        FoundViolation? found;
        try
        {
            found = Find(scenario, cause, schedulesMax);
            return found is null || BreaksBaseline(scenario, found.Violation.Property) ? null : new BrokenScenario(draft, scenario, found);
        }
        catch (RunCrashException)
        {
            return null;
        }
    }

    private FoundViolation? Find(Scenario scenario, string cause, long schedulesMax)
    {
        Exploration exploration = Exploration(scenario, _options.Design, schedulesMax);
        for (long first = 0; first < schedulesMax; first += ChunkSchedules)
        {
            ExplorationResult part = exploration.RunRange(first, Math.Min(ChunkSchedules, schedulesMax - first));
            Schedules += part.Schedules;
            if (part.Violations.FirstOrDefault(v => HuntCause.Of(v.Violation, scenario) == cause) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // Chance alone hardly ever keeps an interrupt waiting for its moment; priorities alone miss what chance meets at once.
    private Exploration Exploration(Scenario scenario, Func<ISharingDesign> design, long schedules)
    {
        Func<Subject> build = () => scenario.SubjectIn(new World(), design());
        ExploreOptions one = new() { Strategy = () => new RandomStrategy(_options.Seed), SchedulesMax = 1, StepsMax = _options.StepsMax, KeepGoing = true };
        int length = (int)new Exploration(build, one).Run().StepsLongest;
        return new Exploration(build, one with
        {
            Strategy = () => Strategies.Get("turns")!(new StrategySettings { Seed = _options.Seed, Length = length }),
            SchedulesMax = schedules,
        });
    }
}
