using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class LossTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("largest-scope")]
    [InlineData("handover")]
    public void Who_survives_a_lost_node_counts_on_and_leaves_nothing_behind(string design)
    {
        Scenario scenario = Scenario.Parse(Programs.OpenReadClose(cpus: 12, rounds: 4), "generated.yaml");
        for (int seed = 1; seed <= 12; seed++)
        {
            Lose(scenario, design, seed, loseAt: 40 + (seed * 37));
        }
    }

    /// <summary>Each of these schedules ended in a report once: an event that nobody had a counter for, a double free, a warning, a count.</summary>
    [Theory]
    [InlineData("none", 3)]
    [InlineData("none", 9)]
    [InlineData("none", 33)]
    [InlineData("none", 35)]
    [InlineData("none", 148)]
    [InlineData("none", 179)]
    [InlineData("none", 280)]
    [InlineData("largest-scope", 8)]
    [InlineData("largest-scope", 12)]
    [InlineData("handover", 3)]
    [InlineData("handover", 12)]
    public void It_does_so_when_events_outnumber_counters_and_the_lost_node_was_in_the_middle_of_a_rotation(string design, int seed) =>
        Lose(Scenario.Parse(Programs.Crowded(cpus: 6, rounds: 3), "generated.yaml"), design, seed, loseAt: 20 + (seed * 37 % 700));

    private static void Lose(Scenario scenario, string design, int seed, int loseAt)
    {
        CpuHotplug hotplug = new();
        MachineSpec spec = scenario.Spec with { Tasks = [.. scenario.Spec.Tasks, hotplug.Spec] };
        Bench bench = new(
            (host, node) => scenario.Build(Designs.Find(design)!(), host, [(node == 0 ? hotplug : new CpuHotplug()).Spec]),
            spec, nodes: 3, seed, hotplug: scenario.Tasks.Count);
        hotplug.Machine = bench.Nodes[0].Machine;
        bench.Run(loseAt: loseAt, lose: 1 + (seed % 2), hotplug: hotplug);
        Assert.True(bench.Lost[1 + (seed % 2)], "the run ended before the node was lost");
        Assert.True(
            !bench.Violations.Any(),
            $"seed {seed}: " + string.Join("\n", bench.Violations.Select(v => $"{v.Property}: {v.What}\n  {string.Join("\n  ", v.Evidence)}")));
        Assert.Equal(0, bench.TasksLeft);
    }
}
