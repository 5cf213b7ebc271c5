using ActorPmu.Actors;
using ActorPmu.Akka.Live;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Tests.Live;

public sealed class LiveCatalogueTests(LiveFixture akka) : IClassFixture<LiveFixture>
{
    // What exploration says of these two: nothing found in the whole catalogue (README).
    private static readonly string[] Sound = ["none", "handover"];

    public static TheoryData<string, string> All
    {
        get
        {
            // The two that hold, and one of the others in turn: all pairs are gone through under control (ConformanceTests).
            TheoryData<string, string> all = [];
            string[] others = [.. Catalogue.DesignNames.Except(Sound)];
            foreach ((int index, string scenario) in Catalogue.Names.Index())
            {
                foreach (string design in (string[])[.. Sound, others[index % others.Length]])
                {
                    all.Add(scenario, design);
                }
            }

            return all;
        }
    }

    [Theory]
    [InlineData("user-beside-kernel", "v6", "counts-exact")]
    [InlineData("disable-master", "real-master", "active-counts")]
    [InlineData("context-swap-stat", "real-master", "counts-exact")]
    [InlineData("reset-one-of-two", "real-master", "counts-exact")]
    public async Task Planted_races_are_found_live_and_replay_in_the_deterministic_world(string scenario, string design, string property)
    {
        Func<IActorHost, Subject> build = Catalogue.Program(scenario, design);

        LiveResult result = await akka.System.Run(build, new LiveOptions { RunsMax = 200 });

        FoundViolation found = result.Violations.First(v => Properties.Name(v.Violation.Property) == property);
        RunRecording replayed = RunRecording.Of(() => build(new World()), new ReplayChooser(found.Choices), stepsMax: 20_000);
        Assert.Contains(found.Violation.ToString(), replayed.Violations.Select(v => v.ToString()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_live_run_is_the_same_run_in_the_deterministic_world(string scenario, string design)
    {
        LiveResult result = await akka.System.Run(
            Catalogue.Program(scenario, design), new LiveOptions { RunsMax = 10, VerifiesEachRun = true });

        Assert.Equal(10, result.Runs);
        Assert.Equal(0, result.StepBoundHits);

        if (Sound.Contains(design))
        {
            Assert.Empty(result.Violations.Select(v => $"{Properties.Name(v.Violation.Property)}: {v.Violation.What}"));
        }
    }
}

public sealed class LiveFixture : IAsyncLifetime
{
    public LiveSystem System { get; private set; } = null!;

    public Task InitializeAsync()
    {
        System = LiveSystem.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await System.DisposeAsync();
}
