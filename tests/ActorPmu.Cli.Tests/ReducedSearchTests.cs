using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Tests;

/// <summary>Whatever end chance comes to, the searches that leave out equivalent runs come to as well.</summary>
public sealed class ReducedSearchTests
{
    private const int RandomRuns = 500;
    private const int InterleavingsMax = 10_000;
    private const int StatefulRunsMax = 20_000;

    public static TheoryData<string, string> FewInterleavings => With("allocation-fails", "nmi-read-beside-open", "opened-from-elsewhere");

    public static TheoryData<string, string> FewStates => With("guest-beside-host", "user-beside-kernel", "enabled-master-leaves");

    [Theory]
    [MemberData(nameof(FewInterleavings))]
    public void Dpor_comes_to_every_end_that_chance_comes_to(string name, string design)
    {
        SortedSet<string> reduced = Ends(name, design, new DporStrategy(), InterleavingsMax, runsOn: true, complete: true);
        SortedSet<string> random = Ends(name, design, new RandomStrategy(1), RandomRuns, runsOn: true, complete: false);
        Assert.Equal([], random.Except(reduced));
    }

    [Theory]
    [MemberData(nameof(FewStates))]
    public void The_stateful_search_comes_to_every_end_that_chance_comes_to(string name, string design)
    {
        SortedSet<string> all = Ends(name, design, new StatesStrategy(), StatefulRunsMax, runsOn: false, complete: true);
        SortedSet<string> random = Ends(name, design, new RandomStrategy(1), RandomRuns, runsOn: false, complete: false);
        Assert.Equal([], random.Except(all));
    }

    [Fact]
    public void A_reset_takes_what_an_NMI_has_just_added_to_the_count()
    {
        Scenario scenario = Scenario.Parse(
            """
            machine: { cpus: 2, profile: zen, fine-grained, memory: sc }
            work: { cycles: 1 }
            tasks:
              - name: tool
                cpu: 1
                script:
                  - open: { fd: A, event: cycles, cpu: 0, task: any }
                  - reset: A
              - name: other
                script:
                  - work: 1
            inject:
              - pmi: { cpu: 0, task: tool, reads: A }
            """,
            "reset.yaml");
        ExploreOptions options = new() { Strategy = () => new DporStrategy(), SchedulesMax = InterleavingsMax };
        ExplorationResult result = new Exploration(() => scenario.SubjectIn(new World(), new NoSharing()), options).Run();
        Assert.True(result.IsComplete);
        Assert.Empty(result.Violations);
    }

    private static TheoryData<string, string> With(params string[] names)
    {
        TheoryData<string, string> all = [];
        foreach (string name in names)
        {
            all.Add(name, "none");
            all.Add(name, "v6");
            all.Add(name, "largest-scope");
        }

        return all;
    }

    private static SortedSet<string> Ends(string name, string design, IStrategy strategy, int runsMax, bool runsOn, bool complete)
    {
        Scenario scenario = Scenario.Load(Cli.Scenario(name));
        Func<ISharingDesign> make = Designs.All.Single(d => d().Name == design);
        SortedSet<string> ends = new(StringComparer.Ordinal);
        RunTrace trace = new();
        bool more = strategy.Begin(0);
        for (int k = 0; more && k < runsMax; more = strategy.Begin(++k))
        {
            trace.Clear();
            Machine machine = scenario.Build(make(), preemptRt: null);
            RunEnd end = machine.World.Run(new Chooser(strategy, runsOn), 20_000, trace);
            trace.Close(end);
            strategy.Ended(trace);
            if (end is RunEnd.Finished or RunEnd.Deadlock)
            {
                machine.CheckEnd(end);
            }

            if (end != RunEnd.Abandoned)
            {
                ends.Add(Describe(machine, end));
            }
        }

        Assert.Equal(complete, !more);
        return ends;
    }

    private static string Describe(Machine machine, RunEnd end) => string.Create(
        CultureInfo.InvariantCulture,
        $"{end}: {string.Join(", ", machine.Violations.Select(v => v.What).Order(StringComparer.Ordinal))}; ")
        + string.Join(", ", machine.Events.Select(e => string.Create(
            CultureInfo.InvariantCulture, $"{e.Id.Value} {e.State} {e.Count} {e.TotalTimeEnabled} {e.TotalTimeRunning} {e.RefCount}")))
        + "; " + string.Join(", ", machine.Tasks.Select(t => t.State)) + "; " + string.Join(", ", machine.Allocator.Live.Select(o => o.Object));

    // The same rule for when a run is over on both sides.
    private sealed class Chooser(IStrategy strategy, bool runsOn) : IChooser
    {
        public bool RunsOn => runsOn;

        public int Pick(World world, ReadOnlySpan<int> enabled) => strategy.Pick(world, enabled);

        public int Choose(ActorId by, int optionCount, string what) => strategy.Choose(by, optionCount, what);
    }
}
