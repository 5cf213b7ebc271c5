using ActorPmu.Actors;
using ActorPmu.Akka.Cluster;
using ActorPmu.Cli.Commands;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Tests;

public sealed class NodeTextTests
{
    [Theory]
    [InlineData(1, "1 processor on 1 node", "1 operation and 1 delivery; 1 message between nodes; shared 1 time")]
    [InlineData(2, "2 processors on 2 nodes", "2 operations and 2 deliveries; 2 messages between nodes; shared 2 times")]
    public void One_of_a_thing_is_not_called_several(int number, string machine, string done)
    {
        NodeJob job = new()
        {
            Scenario = Scenario.Parse($"machine: {{ cpus: {number}, profile: tiny }}\ntasks:\n  - name: tool\n    script: [yield]\n", "small.yaml"),
            Design = "none",
            Nodes = number,
        };
        NodeResult result = new()
        {
            End = RunEnd.Finished,
            Nodes = number,
            News = [],
            Violations = [],
            Reads = [],
            Elapsed = TimeSpan.Zero,
            Steps = number,
            Messages = number,
            Operations = number,
            Shared = number,
        };

        Assert.Equal($"small, design none: {machine}\n  finished after {done}\nno violations\n", NodeText.Write(job, result).ReplaceLineEndings("\n"));
    }
}
