using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class LeaveTests
{
    private const int Nodes = 3;

    [Theory]
    [InlineData("none")]
    [InlineData("largest-scope")]
    [InlineData("handover")]
    public void A_node_that_leaves_in_order_costs_no_operation_and_no_count(string design)
    {
        const int Rounds = 4;
        Scenario scenario = Scenario.Parse(Programs.OpenReadClose(cpus: 12, Rounds), "generated.yaml");
        for (int seed = 1; seed <= 12; seed++)
        {
            Bench bench = Run(scenario, design, seed, leaveAt: 10 + (seed * 29), joinAfter: -1);

            Assert.Equal(12 * (1 + (5 * Rounds)), bench.Nodes.Sum(n => n.Operations));
            Assert.Equal(
                Enumerable.Repeat(3L * Rounds, 12), bench.Nodes[0].Reads.Where(r => r.Fd == "own").OrderBy(r => r.Task).Select(r => r.Value));
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("largest-scope")]
    [InlineData("handover")]
    public void It_does_so_when_events_outnumber_counters(string design)
    {
        Scenario scenario = Scenario.Parse(Programs.Crowded(cpus: 6, rounds: 3), "generated.yaml");
        for (int seed = 1; seed <= 12; seed++)
        {
            Bench bench = Run(scenario, design, seed, leaveAt: 10 + (seed * 43), joinAfter: -1);

            Assert.Equal(6 * (2 + (3 * 9)), bench.Nodes.Sum(n => n.Operations));
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("largest-scope")]
    [InlineData("handover")]
    public void A_node_that_comes_in_its_place_knows_all_and_its_processors_are_used_again(string design)
    {
        const int Rounds = 6;
        Scenario scenario = Scenario.Parse(Programs.Wanderers(cpus: 6, Rounds), "generated.yaml");
        long moved = 0;
        for (int seed = 1; seed <= 12; seed++)
        {
            Bench bench = Run(scenario, design, seed, leaveAt: 10 + (seed * 17), joinAfter: seed * 11);

            Assert.All(bench.Nodes[0].Machine.Cpus, c => Assert.True(c.Online));
            Assert.Equal(
                Enumerable.Repeat(3L * Rounds, 6), bench.Nodes[0].Reads.Where(r => r.Fd == "own").OrderBy(r => r.Task).Select(r => r.Value));
            moved += bench.Nodes[1 + (seed % 2)].Operations;
        }

        Assert.True(moved > 100, $"{moved} operations on nodes that came");
    }

    [Fact]
    public void The_scenario_that_comes_with_the_program_runs_on_several_nodes()
    {
        Scenario scenario = Scenario.Load(Repository.Of("config/nodes/twelve-tools.yaml"));

        Refusals.Check(scenario, Nodes);
        Assert.Equal(12 * 300 * 10, scenario.Tasks.Sum(t => t.Steps.Count));
    }

    private static Bench Run(Scenario scenario, string design, int seed, int leaveAt, int joinAfter)
    {
        CpuHotplug hotplug = new();
        MachineSpec spec = scenario.Spec with { Tasks = [.. scenario.Spec.Tasks, hotplug.Spec] };
        Bench bench = new(
            (host, node) => scenario.Build(Designs.Find(design)!(), host, [(node == 0 ? hotplug : new CpuHotplug()).Spec]),
            spec, Nodes, seed, hotplug: scenario.Tasks.Count)
        { Expects = true };
        int leaves = 1 + (seed % 2);
        int[] cpus = [.. new Placement(spec, Nodes).CpusOf(leaves)];
        int unplugged = -1;
        int left = -1;
        hotplug.Machine = bench.Nodes[0].Machine;
        bench.Before = turn =>
        {
            if (turn == leaveAt)
            {
                hotplug.AddUnplug(leaves, cpus);
                bench.Nodes[0].WakeHotplug();
            }

            if (unplugged < 0)
            {
                unplugged = hotplug.TakeDone();
            }

            if (joinAfter >= 0 && left >= 0 && turn >= left + joinAfter && turn % 16 == 0 && bench.Lost[leaves] && bench.Join(leaves, cpus))
            {
                bench.Expects = false;
                hotplug.AddPlug(cpus);
                bench.Nodes[0].WakeHotplug();
            }

            if (left < 0 && unplugged >= 0 && turn % 16 == 0 && !bench.Lost[leaves] && bench.Leave(leaves))
            {
                left = turn;
                bench.Expects = joinAfter >= 0;
            }
        };
        bench.Run(turnsMax: 40_000);
        Assert.True(left >= 0 && bench.Lost[leaves] == joinAfter < 0, $"seed {seed}: the node did not leave, or not come back");
        Assert.True(
            !bench.Violations.Any(),
            $"seed {seed}: " + string.Join("\n", bench.Violations.Select(v => $"{v.Property}: {v.What}\n  {string.Join("\n  ", v.Evidence)}")));
        Assert.Equal(0, bench.TasksLeft);
        return bench;
    }
}
