using ActorPmu.Actors;
using ActorPmu.Akka.Cluster;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class NodeSystemTests
{
    [Fact]
    public async Task Two_systems_make_one_machine_and_count_exactly()
    {
        NodeResult result = await Run(Scenario.Parse(Programs.OpenReadClose(cpus: 4, rounds: 5), "generated.yaml"), "none");

        Assert.Equal(RunEnd.Finished, result.End);
        Assert.Empty(result.Violations);
        Assert.Equal(4 * (1 + (5 * 5)), result.Operations);
        Assert.Equal([15, 15, 15, 15], result.Reads.Where(r => r.Fd == "own").Select(r => r.Value));
        Assert.True(result.Messages > 100, $"{result.Messages} messages between the nodes");
    }

    [Fact]
    public async Task Two_systems_whose_kernel_shares_counters_share_them()
    {
        NodeResult result = await Run(Scenario.Parse(Programs.OpenReadClose(cpus: 4, rounds: 5), "generated.yaml"), "largest-scope");

        Assert.Empty(result.Violations);
        Assert.Equal(RunEnd.Finished, result.End);
    }

    private static async Task<NodeResult> Run(Scenario scenario, string design)
    {
        await using NodeSystem first = NodeSystem.Start(name => Designs.Find(name)!(), 0, null);
        NodeSystem second = NodeSystem.Start(name => Designs.Find(name)!(), 0, first.Address);
        NodeResult result = await first.Lead(new NodeJob { Scenario = scenario, Design = design, Nodes = 2 });
        await second.Ended;
        return result;
    }
}
