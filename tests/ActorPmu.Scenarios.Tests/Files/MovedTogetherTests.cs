using ActorPmu.Explorer;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>Tasks that are moved while they make up their minds.</summary>
public sealed class MovedTogetherTests
{
    private const string Text =
        """
        # Two tasks of one processor are moved to another one, and what they want next comes after them.
        machine: { cpus: 3, profile: skl-ht }
        tasks:
          - name: tool
            cpu: 2
            script:
              - migrate: { cpu: 1, task: other }
          - name: other
            cpu: 2
            script: []
          - name: third
            script:
              - migrate: { cpu: 1, task: tool }
        """;

    [Fact]
    public void What_one_task_wants_does_not_wait_behind_what_another_one_wants()
    {
        Scenario scenario = Scenario.Parse(Text, "moved-together.yaml");
        ExploreOptions options = new() { Strategy = () => new DporStrategy(), SchedulesMax = 20_000 };

        ExplorationResult result = Exploration.Run(() => scenario.Build(new NoSharing()), null, options);

        Assert.True(result.Exhausted);
        Assert.Empty(result.Violations);
    }
}
