using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The times that a read returns where the loads of <c>->state</c> and <c>->oncpu</c> may be late.</summary>
public sealed class TimesOfLateLoadsTests
{
    private const long Schedules = 200;

    [Theory]
    [InlineData("weak")]
    [InlineData("tso")]
    public void A_read_returns_times_that_were_right_when_the_system_call_began_or_later(string memory)
    {
        // The child's events leave the PMU and come back, and the child works on, while its parent is between the copies that it reads: to a system call
        // that began before all that, the copy may still be ACTIVE and its ->oncpu gone.
        Scenario scenario = Scenario.Parse(
            $$"""
            machine: { cpus: 2, profile: skl-ht, fine-grained: true, memory: {{memory}} }
            work: { cycles: 1 }
            tasks:
              - name: parent
                script:
                  - open: { fd: A, event: cycles, inherit }
                  - fork: child
                  - read: A
                  - block
              - name: child
                cpu: 1
                forked: true
                script:
                  - work: 5
                  - open: { fd: B, event: instructions }
                  - work: 5
                  - open: { fd: C, event: instructions }
                  - work: 5
                  - wake: parent
            """,
            "late.yaml");
        Assert.DoesNotContain(Explored(scenario, "pct", Schedules).Violations, v => v.Violation.Property == Property.TimesRight);
    }

    [Fact]
    public void An_event_that_moves_to_another_processor_meanwhile_is_judged_by_no_clock_that_it_has_left()
    {
        Scenario scenario = Scenario.Parse(
            """
            machine: { cpus: 2, profile: skl-ht, fine-grained: true }
            tasks:
              - name: tool
                script:
                  - open: { fd: A, event: instructions, cpu: 0, task: any }
                  - work: 1
                  - read: A
              - name: mover
                cpu: 1
                script:
                  - migrate-context: { from: 0, to: 1 }
                  - work: 1
            """,
            "moves.yaml");
        Assert.Empty(Explored(scenario, "pos", 1_000).Violations);
    }

    private static ExplorationResult Explored(Scenario scenario, string strategy, long schedules)
    {
        ExploreOptions options = new()
        {
            Strategy = () => Strategies.Get(strategy)!(new StrategySettings { Seed = 1, Length = 400 }),
            SchedulesMax = schedules,
            KeepGoing = true,
        };
        ExplorationResult result = new Exploration(() => scenario.SubjectIn(new World(), new NoSharing()), options).Run();
        Assert.Equal(schedules, result.Schedules);
        return result;
    }
}
