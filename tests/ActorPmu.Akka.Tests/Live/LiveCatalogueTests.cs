using ActorPmu.Akka.Live;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Tests.Live;

public sealed class LiveCatalogueTests(LiveFixture akka) : IClassFixture<LiveFixture>
{
    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string scenario in Catalogue.Names)
            {
                foreach (string design in Catalogue.DesignNames)
                {
                    all.Add(scenario, design);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_live_run_is_the_same_run_in_the_deterministic_world(string scenario, string design)
    {
        LiveResult result = await akka.System.Run(
            Catalogue.Program(scenario, design), new LiveOptions { RunsMax = 30, VerifiesEachRun = true });

        Assert.Equal(30, result.Runs);
        Assert.Equal(0, result.StepBoundHits);
        if (design is "none" or "largest-scope")
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
