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

    [Theory]
    [InlineData("v6", "a System.String cannot go to another node: it is neither a plain value nor known on all of them")]
    [InlineData("handover", "a Sharer cannot go to another node: what it holds holds it, or is nested more than 64 deep")]
    public async Task A_design_whose_data_cannot_travel_ends_the_run_and_says_why(string design, string why)
    {
        Scenario scenario = Scenario.Parse(Programs.OpenReadClose(cpus: 1, rounds: 1), "generated.yaml");
        await using NodeSystem only = NodeSystem.Start(name => Designs.Find(name)!(), 0, null);

        NodeException broke = await Assert.ThrowsAsync<NodeException>(
            () => only.Lead(new NodeJob { Scenario = scenario, Design = design, Nodes = 1 }));

        Assert.Equal(why + "; run it on one machine, with explore or run", broke.Message);
    }

    [Fact]
    public async Task A_node_that_leaves_is_missed_at_once_and_the_others_count_on()
    {
        const int Rounds = 30;
        await using NodeSystem first = Start(null);
        NodeSystem stays = Start(first);
        NodeSystem leaves = Start(first);
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<NodeResult> run = first.Lead(Job(6, Rounds, nodes: 3) with { Told = operations => Halfway(operations, halfway) });

        await halfway.Task;
        await leaves.DisposeAsync();
        NodeResult result = await run;

        Assert.Single(result.Lost);
        Assert.Empty(result.Violations);
        Assert.Equal(RunEnd.Finished, result.End);
        Assert.True(result.Reads.Count(r => r is { Fd: "own", Value: 3 * Rounds }) >= 4, string.Join(", ", result.Reads));
        await stays.Ended();
    }

    [Fact]
    public async Task When_the_first_node_leaves_the_others_end_and_say_why()
    {
        NodeSystem first = Start(null);
        NodeSystem second = Start(first);
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = first.Lead(Job(4, rounds: 200, nodes: 2) with { Told = operations => Halfway(operations, halfway) });

        await halfway.Task;
        await first.DisposeAsync();

        NodeException gone = await Assert.ThrowsAsync<NodeException>(second.Ended);
        Assert.StartsWith("the first node is gone", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_comes_while_the_machine_runs_is_refused_and_told_why()
    {
        await using NodeSystem first = Start(null);
        NodeSystem second = Start(first);
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource enough = new();
        Task run = first.Lead(Job(4, rounds: 2_000, nodes: 2) with { Told = operations => Halfway(operations, halfway) }, enough.Token);

        await halfway.Task;
        NodeSystem late = Start(first);

        NodeException refused = await Assert.ThrowsAsync<NodeException>(late.Ended);
        Assert.StartsWith("the machine runs already, with 2 nodes", refused.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await second.DisposeAsync();
    }

    private static NodeSystem Start(NodeSystem? first) => NodeSystem.Start(name => Designs.Find(name)!(), 0, first?.Address);

    private static NodeJob Job(int cpus, int rounds, int nodes) =>
        new() { Scenario = Scenario.Parse(Programs.OpenReadClose(cpus, rounds), "generated.yaml"), Design = "none", Nodes = nodes };

    private static void Halfway(long operations, TaskCompletionSource halfway)
    {
        if (operations > 0)
        {
            halfway.TrySetResult();
        }
    }

    private static async Task<NodeResult> Run(Scenario scenario, string design)
    {
        await using NodeSystem first = NodeSystem.Start(name => Designs.Find(name)!(), 0, null);
        NodeSystem second = NodeSystem.Start(name => Designs.Find(name)!(), 0, first.Address);
        NodeResult result = await first.Lead(new NodeJob { Scenario = scenario, Design = design, Nodes = 2 });
        await second.Ended();
        return result;
    }
}
