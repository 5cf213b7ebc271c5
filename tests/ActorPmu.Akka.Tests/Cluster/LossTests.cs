using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class LossTests
{
    private const int Cpus = 12;

    [Theory]
    [InlineData("none")]
    [InlineData("largest-scope")]
    public void Who_survives_a_lost_node_counts_on_and_leaves_nothing_behind(string design)
    {
        Scenario scenario = Scenario.Parse(Programs.OpenReadClose(Cpus, rounds: 4), "generated.yaml");
        for (int seed = 1; seed <= 12; seed++)
        {
            Reaper reaper = new();
            MachineSpec spec = scenario.Spec with { Tasks = [.. scenario.Spec.Tasks, reaper.Spec] };
            Bench bench = new(
                (host, node) => scenario.Build(Designs.Find(design)!(), host, [(node == 0 ? reaper : new Reaper()).Spec]),
                spec, nodes: 3, seed, reaper: scenario.Tasks.Count);
            reaper.Machine = bench.Nodes[0].Machine;
            bench.Run(loseAt: 40 + (seed * 37), lose: 1 + (seed % 2), reaper: reaper);
            Assert.True(
                !bench.Violations.Any(),
                $"seed {seed}: " + string.Join("\n", bench.Violations.Select(v => $"{v.Property}: {v.What}\n  {string.Join("\n  ", v.Evidence)}")));
            Assert.Equal(0, bench.TasksLeft);
        }
    }
}
