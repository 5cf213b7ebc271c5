using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Scenarios.Tests.Workloads;

/// <summary>What is made of a recorded trace, and what the tools then count.</summary>
public sealed class TraceRecordingTests
{
    private const string Family = """
        cpus=2
            bench-10    [000]     1.000000: sched_process_fork:   comm=bench pid=10 child_comm=bench child_pid=11
            bench-10    [000]     1.001000: sched_switch:         bench:10 [120] S ==> kid:11 [120]
              kid-11    [000]     1.003000: sched_process_exit:   comm=kid pid=11 prio=120
              kid-11    [000]     1.004000: sched_switch:         kid:11 [120] X ==> swapper/0:0 [120]
           <idle>-0     [001]     1.004500: sched_switch:         swapper/1:0 [120] R ==> bench:10 [120]
            bench-10    [001]     1.010000: sched_switch:         bench:10 [120] S ==> swapper/1:0 [120]
        """;

    [Fact]
    public void A_trace_that_fits_is_followed_move_by_move()
    {
        RecordedWorkload recorded = WorkloadRuns.Schedule(Family);

        Assert.Equal(
            ["0 cpu0 bench:10", "0 cpu0 fork kid:11", "1000 cpu0 kid:11", "3000 cpu0 exit", "4000 cpu0 idle", "4500 cpu1 bench:10", "10000 cpu1 idle", "10000 cpu0 idle", "10000 cpu1 idle"],
            WorkloadRuns.Moves(recorded));
        Assert.Equal([("bench:10", false), ("kid:11", true)], recorded.Recording.Tasks.Select(t => (t.Name, t.Forked)));
        Assert.Empty(recorded.Misfits);
        Assert.Equal((2, 10_000_000), (recorded.CpuCount, recorded.LengthNs));
    }

    [Theory]
    [InlineData("true", 17_000, 8_500_000)]
    [InlineData("false", 13_000, 6_500_000)]
    public void What_an_exited_child_counted_is_its_parent_s(string inherit, long count, long enabledNs)
    {
        Workload workload = WorkloadRuns.Traced(Family, $"{{ name: a, events: [ cycles ], on: task bench, inherit: {inherit} }}");

        foreach (SimulationResult run in (SimulationResult[])[WorkloadRuns.None(workload), WorkloadRuns.V6(workload)])
        {
            EventMeasure e = run.Of("a", "cycles");
            Assert.Equal((count, count, enabledNs, enabledNs), (e.Count, e.TrueCount, e.EnabledNs, e.RunningNs));
            Assert.Empty(run.Broken);
        }
    }

    [Fact]
    public void Context_switches_and_moves_of_a_task_and_its_child_are_counted()
    {
        Workload workload = WorkloadRuns.Traced(
            Family, "{ name: a, events: [ context-switches, cpu-migrations ], on: task bench, inherit: true }");

        SimulationResult run = WorkloadRuns.None(workload);

        Assert.Equal(2, run.Of("a", "context-switches").Count);
        Assert.Equal(1, run.Of("a", "cpu-migrations").Count);
        Assert.Null(run.Of("a", "context-switches").TrueCount);
    }

    [Fact]
    public void A_task_that_runs_elsewhere_is_taken_to_have_left()
    {
        RecordedWorkload recorded = WorkloadRuns.Schedule("""
            cpus=2
                    x-10    [000]     1.000000: sched_switch:         x:10 [120] S ==> y:11 [120]
               <idle>-0     [001]     1.001000: sched_switch:         swapper/1:0 [120] R ==> y:11 [120]
            """);

        Assert.Equal(["0 cpu0 x:10", "0 cpu0 y:11", "1000 cpu0 idle", "1000 cpu1 y:11", "1000 cpu0 idle", "1000 cpu1 idle"], WorkloadRuns.Moves(recorded));
        Assert.Equal(1, Assert.Single(recorded.Misfits).Count);
    }

    [Fact]
    public void A_switch_from_another_task_ends_the_time_of_both()
    {
        RecordedWorkload recorded = WorkloadRuns.Schedule("""
            cpus=1
                    x-10    [000]     1.000000: sched_switch:         x:10 [120] S ==> y:11 [120]
                    z-12    [000]     1.001000: sched_switch:         z:12 [120] S ==> x:10 [120]
                    x-10    [000]     1.002000: sched_switch:         x:10 [120] S ==> swapper/0:0 [120]
            """);

        Assert.Equal(["0 cpu0 x:10", "0 cpu0 y:11", "1000 cpu0 x:10", "2000 cpu0 idle", "2000 cpu0 idle"], WorkloadRuns.Moves(recorded));
        Assert.Equal(1, Assert.Single(recorded.Misfits).Count);
    }

    [Fact]
    public void A_fork_of_a_task_that_is_not_there_brings_it_there()
    {
        RecordedWorkload recorded = WorkloadRuns.Schedule("""
            cpus=1
                    x-10    [000]     1.000000: sched_switch:         x:10 [120] S ==> y:11 [120]
                    x-10    [000]     1.001000: sched_process_fork:   comm=x pid=10 child_comm=x child_pid=12
                    x-10    [000]     1.002000: sched_switch:         x:10 [120] S ==> x:12 [120]
            """);

        Assert.Equal(
            ["0 cpu0 x:10", "0 cpu0 y:11", "1000 cpu0 x:10", "1000 cpu0 fork x:12", "2000 cpu0 x:12", "2000 cpu0 idle"],
            WorkloadRuns.Moves(recorded));
        Assert.Equal(1, Assert.Single(recorded.Misfits).Count);
    }

    [Fact]
    public void A_number_that_is_used_again_is_another_task()
    {
        RecordedWorkload recorded = WorkloadRuns.Schedule("""
            cpus=1
                    x-10    [000]     1.000000: sched_process_fork:   comm=x pid=10 child_comm=y child_pid=11
                    x-10    [000]     1.001000: sched_switch:         x:10 [120] S ==> y:11 [120]
                    y-11    [000]     1.002000: sched_process_exit:   comm=y pid=11 prio=120
                    y-11    [000]     1.003000: sched_switch:         y:11 [120] X ==> x:10 [120]
                    x-10    [000]     1.004000: sched_process_fork:   comm=x pid=10 child_comm=y child_pid=11
                    x-10    [000]     1.005000: sched_switch:         x:10 [120] S ==> y:11 [120]
            """);

        Assert.Equal(["x:10", "y:11", "y:11#2"], recorded.Recording.Tasks.Select(t => t.Name));
        Assert.Empty(recorded.Misfits);
    }

    [Fact]
    public void A_task_that_moves_to_a_cgroup_counts_there_from_then_on()
    {
        Workload workload = WorkloadRuns.Traced(
            """
            cpus=1
                    x-10    [000]     1.000000: cgroup_mkdir:         root=0 id=2 level=1 path=/a
                    x-10    [000]     1.003000: cgroup_attach_task:   dst_root=0 dst_id=2 dst_level=1 dst_path=/a pid=10 comm=x
                    x-10    [000]     1.010000: sched_switch:         x:10 [120] S ==> swapper/0:0 [120]
            """,
            "{ name: a, events: [ cycles ], on: cgroup /a }, { name: all, events: [ cycles ], on: cpus }");

        SimulationResult run = WorkloadRuns.None(workload);

        Assert.Equal((14_000, 7_000_000), (run.Of("a", "cycles").Count, run.Of("a", "cycles").EnabledNs));
        Assert.Equal((20_000, 10_000_000), (run.Of("all", "cycles").Count, run.Of("all", "cycles").EnabledNs));
    }

    [Fact]
    public void Tasks_can_be_idle_or_have_rates_and_cgroups_of_their_own_by_name()
    {
        Workload workload = WorkloadRuns.Traced(
            """
            cpus=1
                   x1-10    [000]     1.001000: sched_switch:         x1:10 [120] S ==> x2:11 [120]
                   x2-11    [000]     1.003000: sched_switch:         x2:11 [120] S ==> spin:12 [120]
                 spin-12    [000]     1.007000: sched_switch:         spin:12 [120] R ==> y:13 [120]
                    y-13    [000]     1.015000: sched_switch:         y:13 [120] R ==> swapper/0:0 [120]
            """,
            "{ name: a, events: [ cycles ], on: cgroup a }, { name: all, events: [ cycles ], on: cpus }",
            "tasks: { \"sp*\": idle, \"x?\": { cycles: 5 } }\ncgroups: { /a: [ y ] }");

        SimulationResult run = WorkloadRuns.None(workload);

        // The trace begins with its first line: x1 has no time in it.
        Assert.Equal((5 * 2_000) + (2 * 8_000), run.Of("all", "cycles").Count);
        Assert.Equal(2 * 8_000, run.Of("a", "cycles").Count);
    }
}
