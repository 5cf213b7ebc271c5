using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>Two tools, one counter: with rotation, a move to another processor and reads across processors in play.</summary>
public sealed class TwoToolsAcceptanceTests
{
    private const int Schedules = 10_000;
    private static readonly Scenario Scenario = CatalogueFiles.Load("two-tools-one-counter");

    [Theory]
    [InlineData("none", false)]
    [InlineData("v6", true)]
    public void Both_tools_report_exactly_the_truth_after_10_000_random_schedules(string design, bool shares)
    {
        ExplorationResult result = Explore(design);
        Assert.Empty(result.Violations);
        Assert.Equal(Schedules, result.Schedules);
        Assert.Equal(shares ? Schedules : 0, result.SharedSchedules);
    }

    [Fact]
    public void One_counter_serves_the_cycles_of_both_tools_under_v6_and_two_without_sharing()
    {
        Assert.Equal((1, 2), (CountersOnCycles("v6"), CountersOnCycles("none")));
    }

    private static ExplorationResult Explore(string design)
    {
        Func<ulong, IStrategy> random = Strategies.Find("random")!;
        ExploreOptions options = new() { Strategy = () => random(1), SchedulesMax = Schedules };
        return new Exploration(() => Subject.Of(Scenario.Build(Designs.Find(design)!())), options).Run();
    }

    // The most counters that counted cycles at once, over a hundred random schedules.
    private static int CountersOnCycles(string design)
    {
        int most = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            Machine machine = Scenario.Build(Designs.Find(design)!());
            CycleCounters watch = new(machine);
            machine.World.Run(new Dice(seed), 10_000, watch);
            Assert.Empty(machine.Violations);
            most = Math.Max(most, watch.Most);
        }

        return most;
    }

    private sealed class CycleCounters(Machine machine) : IStepObserver
    {
        public int Most { get; private set; }

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
        {
        }

        public void Chosen(ActorId by, int optionCount, int option, string what)
        {
        }

        public void Delivered(long step, in Envelope envelope)
        {
            PmuHardware hardware = machine.Pmu(0, machine.PmuTypes[0]).Hardware;
            uint cycles = hardware.Profile.Codes["cycles"];
            Most = Math.Max(Most, hardware.Counters.Count(c => machine.Event(c.Event).Hw.Selector.Code == cycles));
        }
    }

    private sealed class Dice(ulong state) : IChooser
    {
        private ulong _state = state;

        public int Pick(World world, ReadOnlySpan<int> enabled) => Roll(enabled.Length);

        public int Choose(ActorId by, int optionCount, string what) => Roll(optionCount);

        private int Roll(int sides)
        {
            _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (int)((_state >> 33) % (ulong)sides);
        }
    }
}
