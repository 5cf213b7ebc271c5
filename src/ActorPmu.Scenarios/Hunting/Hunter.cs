using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Makes scenarios up and looks for what a design breaks in them. Without state: scenario <em>n</em> of a seed gives the same outcome anywhere.</summary>
public sealed class Hunter
{
    private const string File = "made-up.yaml";

    // A small scenario costs little, and is looked at for longer before it is said to be the design's.
    private const long SecondLookSchedules = 6_000;

    private readonly HuntOptions _options;

    /// <summary>Makes a hunter.</summary>
    /// <param name="options">What to hunt and how.</param>
    public Hunter(HuntOptions options) => _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Makes one scenario up and explores it.</summary>
    /// <param name="number">Its number, from 0.</param>
    public HuntOutcome Examine(long number)
    {
        ScenarioDraft draft = ScenarioGenerator.Make(_options.Seed, number, _options.Without);
        draft = draft with { Ignore = [.. draft.Ignore.Union(_options.Ignored.Select(Properties.Name))] };
        if (!_options.LinuxAsItIs)
        {
            draft = draft with { Machine = [.. draft.Machine, new DraftField("mended", "all")] };
        }

        string text = DraftText.Write(draft);
        Scenario scenario = Scenario.Parse(text, File);
        ScenarioOracle oracle = new(_options);
        try
        {
            ExplorationResult result = oracle.Explore(scenario);
            List<BrokenScenario> broken = [];
            SortedDictionary<Property, bool> ofLinux = [];
            int dropped = 0;
            foreach (FoundViolation found in result.Violations.DistinctBy(v => HuntCause.Of(v.Violation, scenario)))
            {
                Property property = found.Violation.Property;
                if (!ofLinux.TryGetValue(property, out bool isLinux))
                {
                    isLinux = oracle.BreaksBaseline(scenario, property);
                    ofLinux.Add(property, isLinux);
                }

                if (isLinux)
                {
                    dropped++;
                }
                else
                {
                    broken.Add(new BrokenScenario(draft, scenario, found));
                }
            }

            return new HuntOutcome(number, result.Schedules, result.StepsTotal, result.SharedSchedules, broken, dropped, null);
        }
        catch (RunCrashException e)
        {
            return new HuntOutcome(number, oracle.Schedules, 0, 0, [], 0, new HuntCrash(text, e));
        }
    }

    /// <summary>Makes scenario and schedule of a finding small.</summary>
    /// <param name="number">The number of the made-up scenario.</param>
    /// <param name="start">What was found in it.</param>
    /// <param name="cancelled">Asked now and then whether to be content with what there is, or null.</param>
    /// <returns>The finding; one that the kernel as it is has too, looked at for longer, says so (<see cref="HuntFinding.IsLinuxItself"/>).</returns>
    public HuntFinding Explain(long number, BrokenScenario start, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ScenarioOracle oracle = new(_options);
        BrokenScenario smallest = ScenarioShrinker.Shrink(start, oracle, _options.ShrinkSchedulesMax, cancelled);
        RunRecording recording = Record(smallest, cancelled);
        string cause = HuntCause.Of(smallest.Found.Violation, smallest.Scenario);
        string where = HuntCause.Where(recording, smallest.Scenario);
        Violation shown = recording.Violations.First(v => HuntCause.Of(v, smallest.Scenario) == cause);
        IReadOnlyList<string> story = HuntStory.Of(smallest.Draft, shown, where, _options, number);
        HuntFinding finding = new(
            number, cause, where, start.Draft.Operations, smallest, smallest.Scenario, recording,
            smallest.Found.Choices.Count(c => c.Kind == ChoiceKind.Deliver))
        {
            IsLinuxItself = _options.BaselineSchedules > 0 && cancelled?.Invoke() != true
                && oracle.BreaksBaseline(smallest.Scenario, smallest.Found.Violation.Property, Math.Max(SecondLookSchedules, _options.BaselineSchedules)),
        };
        return finding with { Scenario = Scenario.Parse(DraftText.Write(smallest.Draft, story), finding.FileName(_options.Design().Name) + ".yaml") };
    }

    private RunRecording Record(BrokenScenario broken, Func<bool>? cancelled)
    {
        Subject Build() => broken.Scenario.SubjectIn(new World(), _options.Design());
        ShrinkOptions options = new() { RunsMax = 1_500, StepsMax = _options.StepsMax, Seed = _options.Seed };
        IReadOnlyList<Choice> choices = Shrinker.Shrink(Build, broken.Found, options, cancelled);
        return RunRecording.Of(Build, new ReplayChooser(choices), _options.StepsMax);
    }
}
