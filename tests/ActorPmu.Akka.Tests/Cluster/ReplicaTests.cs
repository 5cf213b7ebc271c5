using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class ReplicaTests
{
    public static TheoryData<string> Scenarios()
    {
        TheoryData<string> all = [];
        foreach (string file in Directory.GetFiles(Repository.Of("config/scenarios"), "*.yaml").Order(StringComparer.Ordinal))
        {
            all.Add(Path.GetFileNameWithoutExtension(file));
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_of_the_catalogue_ends_on_several_nodes_as_on_one(string name)
    {
        Scenario scenario = Scenario.Load(Repository.Of($"config/scenarios/{name}.yaml"));
        int nodes = Math.Min(3, scenario.Spec.CpuCount);
        try
        {
            Refusals.Check(scenario, nodes);
        }
        catch (InputError)
        {
            return;
        }

        for (int seed = 1; seed <= 3; seed++)
        {
            Bench bench = new((host, _) => scenario.Build(new NoSharing(), host), scenario.Spec, nodes, seed);
            bench.Run();
            Assert.True(
                !bench.Violations.Any(),
                $"seed {seed}: " + string.Join("\n", bench.Violations.Select(v => $"{v.Property}: {v.What}\n  {string.Join("\n  ", v.Evidence)}")));
            Assert.Equal(0, bench.TasksLeft);
        }
    }
}
