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
    public void It_does_so_when_events_outnumber_counters(string design)
    {
        Scenario scenario = Scenario.Parse(Programs.Crowded(cpus: 6, rounds: 3), "generated.yaml");
        for (int seed = 1; seed <= 12; seed++)
        {
            Bench bench = Run(scenario, design, seed, leaveAt: 10 + (seed * 43), joinAfter: -1);

            Assert.Equal(6 * (2 + (3 * 9)), bench.Nodes.Sum(n => n.Operations));
        }
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
                unplugged = hotplug.TakeUnplugged();
            }

            if (unplugged >= 0 && turn % 16 == 0 && !bench.Lost[leaves] && bench.Leave(leaves))
            {
                bench.Expects = joinAfter >= 0;
            }
        };
        bench.Run(turnsMax: 40_000);
        Assert.True(bench.Lost[leaves], $"seed {seed}: the node did not leave");
        Assert.True(
            !bench.Violations.Any(),
            $"seed {seed}: " + string.Join("\n", bench.Violations.Select(v => $"{v.Property}: {v.What}\n  {string.Join("\n  ", v.Evidence)}")));
        Assert.Equal(0, bench.TasksLeft);
        return bench;
    }
}
