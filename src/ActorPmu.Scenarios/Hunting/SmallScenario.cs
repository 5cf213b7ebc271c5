using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios;

/// <summary>A scenario that somebody wrote, made small: it still shows a violation that was found in it.</summary>
/// <param name="Scenario">The small one, with a sentence at its head.</param>
/// <param name="Operations">Its operations, of all tasks together.</param>
/// <param name="OperationsBefore">Those of the scenario that was explored.</param>
public sealed record SmallScenario(Scenario Scenario, int Operations, int OperationsBefore)
{
    private const long SchedulesToSeeItAgain = 1_000;

    /// <summary>Makes a scenario small.</summary>
    /// <param name="scenario">What was explored.</param>
    /// <param name="violation">What was found in it.</param>
    /// <param name="design">Makes the design.</param>
    /// <param name="preemptRt">What the kernel was told to be, or null.</param>
    /// <param name="seed">The seed of the schedules that are tried.</param>
    /// <param name="stepsMax">The bound on the steps of a schedule.</param>
    /// <param name="cancelled">Asked now and then whether to be content with what there is, or null.</param>
    /// <returns>The small scenario; null when random schedules do not show the violation again.</returns>
    public static SmallScenario? Of(
        Scenario scenario, Violation violation, Func<ISharingDesign> design, bool? preemptRt, ulong seed, long stepsMax, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(violation);
        ArgumentNullException.ThrowIfNull(design);
        ScenarioDraft draft = DraftText.Read(scenario);
        if (preemptRt is { } rt)
        {
            draft = draft with { Machine = [.. draft.Machine.Where(f => f.Key != "rt"), new DraftField("rt", rt ? "true" : "false")] };
        }

        // What the kernel as it is breaks here may be broken in the small one by it, too.
        HuntOptions options = new() { Design = design, Baseline = () => new NoSharing(), Seed = seed, StepsMax = stepsMax };
        if (design() is NoSharing || new ScenarioOracle(options).BreaksBaseline(scenario, violation.Property))
        {
            options = options with { BaselineSchedules = 0 };
        }

        ScenarioOracle oracle = new(options);
        if (oracle.Check(draft, HuntCause.Of(violation, scenario), SchedulesToSeeItAgain) is not { } start)
        {
            return null;
        }

        BrokenScenario smallest = ScenarioShrinker.Shrink(start, oracle, options.ShrinkSchedulesMax, cancelled);
        string[] story =
        [
            $"{design().Name} breaks {Properties.Name(violation.Property)}. This is what is left of {scenario.Name} when all is taken away that it does so without.", "",
            $"{smallest.Found.Violation.What.ReplaceLineEndings(" ")}",
        ];
        Scenario small = Scenario.Parse(DraftText.Write(smallest.Draft, story), scenario.Name + "-small.yaml");
        return new SmallScenario(small, smallest.Draft.Operations, draft.Operations);
    }
}
