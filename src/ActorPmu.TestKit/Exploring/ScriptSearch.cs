using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Reporting;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.TestKit;

/// <summary>One search, and what is told of it.</summary>
internal sealed class ScriptSearch
{
    private const string OutFolder = "out";

    private readonly Scenario _scenario;
    private readonly Func<ISharingDesign> _design;
    private readonly SearchPlan _plan;
    private readonly bool _narrowed;
    private readonly ExploreOptions _options;
    private ExplainedViolation? _explained;

    /// <summary>Searches.</summary>
    /// <exception cref="RunCrashException">A run failed by a bug of the model or of the design.</exception>
    public ScriptSearch(Scenario scenario, Func<ISharingDesign> design, SearchPlan plan, bool narrowed)
    {
        _scenario = scenario;
        _design = design;
        _plan = plan;
        _narrowed = narrowed;
        Func<ulong, IStrategy> strategy = Strategies.Find(plan.StrategyName)!;
        _options = new ExploreOptions { Strategy = () => strategy(plan.Seed), SchedulesMax = plan.SchedulesMax, StepsMax = plan.StepsMax };
        Result = new Exploration(Build, _options).Run();
    }

    public ExplorationResult Result { get; }

    /// <summary>The first violation, shrunk, with its replay file written; null when there is none.</summary>
    public ExplainedViolation? Explained => Result.Violations is [var first, ..] ? _explained ??= Explain(first) : null;

    /// <summary>What <c>actorpmu explore --stable</c> prints of it.</summary>
    public string Report() => ExploreText.Write(new ExploreReport
    {
        Scenario = _scenario,
        Design = _design().Name,
        PreemptRt = PreemptRt,
        Strategy = _plan.StrategyName,
        Seed = _plan.Seed,
        Options = _options,
        Result = Result,
        Violations = Explained is { } explained ? [explained] : [],
    });

    public ScenarioFailedException Failure(string what) =>
        new($"{_scenario.Name} under {_design().Name} {what}:\n\n{Report()}{Command()}");

    private bool PreemptRt => _plan.PreemptRt ?? _scenario.Spec.PreemptRt;

    private Subject Build() => _scenario.SubjectIn(new World(), _design(), _plan.PreemptRt);

    private ExplainedViolation Explain(FoundViolation found)
    {
        ShrinkOptions options = new() { StepsMax = _plan.StepsMax, Seed = _plan.Seed };
        RunRecording recording = RunRecording.Of(Build, new ReplayChooser(Shrinker.Shrink(Build, found, options)), _plan.StepsMax);
        return new ExplainedViolation(
            found, recording, found.Choices.Count(c => c.Kind == ChoiceKind.Deliver), WriteReplay(recording, found.Violation.Signature));
    }

    private string WriteReplay(RunRecording recording, string signature)
    {
        string text = ReplayFiles.Text(
            recording, signature, _scenario, _design().Name, _plan.PreemptRt, (_plan.StrategyName, _plan.Seed, _plan.StepsMax));
        string folder = Path.Combine(AppContext.BaseDirectory, OutFolder);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, ReplayFiles.NameOf(_scenario, text)).Replace('\\', '/');
        File.WriteAllText(path, text);
        return path;
    }

    // A text and a design of the test's own are nothing that a command line could name; their replay file has the text.
    private string Command()
    {
        if (Designs.Find(_design().Name)?.Invoke().GetType() != _design().GetType() || !_scenario.File.Contains('/', StringComparison.Ordinal))
        {
            return "";
        }

        string rt = _plan.PreemptRt is { } value ? $" --rt {(value ? "true" : "false")}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"search: actorpmu explore {_scenario.File} --design {_design().Name} --strategy {_plan.StrategyName} --seed {_plan.Seed} --schedules {_plan.SchedulesMax}{rt}{(_narrowed ? " --keep-going" : "")}\n");
    }
}
