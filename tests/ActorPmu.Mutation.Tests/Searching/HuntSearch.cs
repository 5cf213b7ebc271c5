using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Mutation.Tests.Searching;

/// <summary>Looks for what a design breaks in scenarios that the hunt makes up, as <c>actorpmu hunt</c> does.</summary>
/// <remarks>It knows nothing of the fault, and of the catalogue. Like <see cref="FaultSearch"/> it takes and gives words and numbers.</remarks>
internal static class HuntSearch
{
    /// <summary>Schedules of each scenario: those of <c>actorpmu hunt</c>, unless it is told another number.</summary>
    public const int SchedulesEach = 60;

    // As the hunt's own.
    private const string Strategy = "turns";

    // As HuntOptions.BaselineSchedules.
    private const int SoundSchedules = 300;

    /// <summary>Hunts.</summary>
    /// <param name="design">Makes the faulty design: a <c>Func&lt;ISharingDesign&gt;</c> of the kernel that it is bound to.</param>
    /// <param name="seed">The seed of scenarios and schedules.</param>
    /// <param name="breaksAnyway">Whether a scenario's text breaks a property without the fault, in so many schedules of a strategy.</param>
    /// <param name="scenariosMax">The bound on scenarios.</param>
    /// <returns>The scenario, the property, and the number of schedules; null when nothing was found.</returns>
    public static (string By, string Property, long Schedules)? Find(object design, ulong seed, Func<string, string, string, int, bool> breaksAnyway, int scenariosMax)
    {
        Hunter hunter = new(new HuntOptions
        {
            // What is mended for all would be mended for the fault, too: handover has barriers of its own.
            LinuxAsItIs = true,
            Design = (Func<ISharingDesign>)design,
            Baseline = (Func<ISharingDesign>)design,
            BreaksAnyway = (scenario, property) => breaksAnyway(scenario.Text, Properties.Name(property), Strategy, SoundSchedules),
            Seed = seed,
            Schedules = SchedulesEach,
        });
        long schedules = 0;
        for (int number = 0; number < scenariosMax; number++)
        {
            HuntOutcome outcome = hunter.Examine(number);
            string by = FormattableString.Invariant($"scenario {number}");
            if (outcome.Crash is { } crash && !breaksAnyway(crash.ScenarioText, FaultSearch.Exception, Strategy, SoundSchedules))
            {
                return (by, FaultSearch.Exception, schedules + crash.Exception.Schedule + 1);
            }

            if (outcome.Broken.Count > 0)
            {
                BrokenScenario first = outcome.Broken.MinBy(b => b.Found.Schedule)!;
                return (by, Properties.Name(first.Found.Violation.Property), schedules + first.Found.Schedule + 1);
            }

            schedules += SchedulesEach;
        }

        return null;
    }
}
