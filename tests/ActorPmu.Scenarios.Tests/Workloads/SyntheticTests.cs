using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Scenarios.Tests.Workloads;

/// <summary>Small made-up workloads, whose numbers can be worked out by hand.</summary>
public sealed class SyntheticTests
{
    private const string Busy = "{ name: busy, run: 80ms }";

    [Fact]
    public void Two_tools_take_turns_at_the_one_counter_of_ref_cycles_without_sharing()
    {
        SimulationResult run = WorkloadRuns.None(TwoTools("ref-cycles"));

        foreach (string tool in (string[])["a", "b"])
        {
            EventMeasure e = run.Of(tool, "ref-cycles");
            Assert.Equal((80_000_000, 40_000_000), (e.EnabledNs, e.RunningNs));
            Assert.Equal(50.0, e.RunningPercent);
            Assert.Equal((72_000_000, 144_000_000, 144_000_000), (e.Count, e.TrueCount, e.Estimate));
        }

        // One every 4 ms; the last falls together with the end, and goes first.
        Assert.Equal(20, run.Costs.Rotations);
        Assert.Equal(1, run.Costs.CountersMax);
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void A_tool_that_samples_has_a_sample_for_each_period_beside_one_that_counts()
    {
        Workload workload = WorkloadRuns.Synthetic(
            "100ms", Busy,
            "{ name: record, on: cpus, events: [ { event: cycles, sample-period: 1000000 }, instructions ] }, { name: stat, on: cpus, events: [ cycles ] }");
        foreach (SimulationResult run in (SimulationResult[])[WorkloadRuns.None(workload), WorkloadRuns.V6(workload)])
        {
            EventMeasure sampled = run.Of("record", "cycles");
            Assert.Equal((200_000_000, 200L), (sampled.Count, sampled.Samples));
            Assert.Null(run.Of("record", "instructions").Samples);
            Assert.Null(run.Of("stat", "cycles").Samples);
            Assert.Empty(run.Broken);
        }
    }

    [Fact]
    public void A_tool_that_asks_for_a_frequency_has_about_so_many_samples_a_second()
    {
        SimulationResult run = WorkloadRuns.None(WorkloadRuns.Synthetic(
            "1s", "{ name: busy, run: 1s }", "{ name: record, on: cpus, events: [ { event: cycles, freq: 1000 } ] }"));

        Assert.InRange(run.Of("record", "cycles").Samples!.Value, 900, 1_200);
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void Two_tools_share_the_one_counter_of_ref_cycles_under_v6()
    {
        SimulationResult run = WorkloadRuns.V6(TwoTools("ref-cycles"));

        foreach (string tool in (string[])["a", "b"])
        {
            EventMeasure e = run.Of(tool, "ref-cycles");
            Assert.Equal((80_000_000, 80_000_000), (e.EnabledNs, e.RunningNs));
            Assert.Equal((144_000_000, 144_000_000, 144_000_000), (e.Count, e.TrueCount, e.Estimate));
            Assert.Equal(0, e.ErrorPercent);
        }

        Assert.Equal(0, run.Costs.Rotations);
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void Counts_are_the_truth_where_there_are_counters_enough()
    {
        SimulationResult run = WorkloadRuns.None(TwoTools("cycles"));

        EventMeasure e = run.Of("b", "cycles");
        Assert.Equal((160_000_000, 160_000_000), (e.Count, e.TrueCount));
        Assert.Equal(e.EnabledNs, e.RunningNs);
        Assert.Equal(2, run.Costs.CountersMax);
    }

    // The tool that counts first sees the task's 2 ms in each 8 ms: 4 ms of every turn hold all of it. The other sees nothing.
    [Fact]
    public void An_estimate_is_off_by_what_the_load_did_while_the_event_had_no_counter()
    {
        Workload workload = WorkloadRuns.Synthetic(
            "80ms", "{ name: bursts, run: 2ms, sleep: 6ms }",
            "{ name: a, events: [ ref-cycles ], on: cpus }, { name: b, events: [ ref-cycles ], on: cpus }");

        SimulationResult run = WorkloadRuns.None(workload);

        Assert.Equal((36_000_000, 72_000_000), (run.Of("a", "ref-cycles").TrueCount, run.Of("a", "ref-cycles").Estimate));
        Assert.Equal(100.0, run.Of("a", "ref-cycles").ErrorPercent);
        Assert.Equal((36_000_000, 0), (run.Of("b", "ref-cycles").TrueCount, run.Of("b", "ref-cycles").Estimate));
        Assert.Equal(-100.0, run.Of("b", "ref-cycles").ErrorPercent);
    }

    [Fact]
    public void Tasks_of_one_CPU_are_served_in_turn()
    {
        RecordedWorkload recorded = SyntheticRecording.Make(
            [
                new SyntheticTask("a", 0, RunNs: 2_000_000, SleepNs: 0),
                new SyntheticTask("b", 0, RunNs: 1_000_000, SleepNs: 4_000_000) { StartNs = 1_000_000 },
                new SyntheticTask("c", 1, RunNs: 1_000_000, SleepNs: 3_000_000) { StartNs = 2_000_000 },
            ], 8_000_000);

        Assert.Equal(
            ["0 cpu0 a", "2000 cpu0 b", "2000 cpu1 c", "3000 cpu0 a", "3000 cpu1 idle", "6000 cpu1 c", "7000 cpu0 b", "7000 cpu1 idle", "8000 cpu0 idle", "8000 cpu1 idle"],
            WorkloadRuns.Moves(recorded));
    }

    [Fact]
    public void A_cgroup_s_events_count_while_one_of_its_tasks_or_of_those_below_runs()
    {
        Workload workload = WorkloadRuns.Synthetic(
            "40ms",
            "{ name: x, run: 1ms, cgroup: /a }, { name: y, run: 2ms, cgroup: /a/b }, { name: z, run: 5ms, cgroup: /c }",
            "{ name: a, events: [ cycles ], on: cgroup a }, { name: b, events: [ cycles ], on: cgroup /a/b }, { name: c, events: [ cycles ], on: cgroup c }");

        foreach (SimulationResult run in (SimulationResult[])[WorkloadRuns.None(workload), WorkloadRuns.V6(workload)])
        {
            Assert.Equal(
                [(30_000_000, 15_000_000), (20_000_000, 10_000_000), (50_000_000, 25_000_000)],
                run.Events.Select(e => (e.Count, e.EnabledNs)));
            Assert.All(run.Events, e => Assert.Equal(e.TrueCount, e.Count));
            Assert.Empty(run.Broken);
        }
    }

    [Fact]
    public void The_watchdog_takes_a_counter_that_the_tools_then_lack()
    {
        const string Tools = "{ name: a, events: [ cycles, cycles, cycles, cycles, cycles ], on: cpus }";

        SimulationResult without = WorkloadRuns.None(WorkloadRuns.Synthetic("80ms", Busy, Tools));
        SimulationResult with = WorkloadRuns.None(WorkloadRuns.Synthetic("80ms", Busy, Tools, "{ profile: skl-ht, watchdog: true }"));

        Assert.Equal((5, 0), (without.Costs.CountersMax, without.Costs.Rotations));
        Assert.Equal((5, 20), (with.Costs.CountersMax, with.Costs.Rotations));
        Assert.Equal(400_000_000 - 80_000_000, with.Events.Sum(e => e.RunningNs));
    }

    [Fact]
    public void A_group_is_on_the_PMU_as_a_whole_or_not_at_all()
    {
        Workload workload = WorkloadRuns.Synthetic(
            "80ms", Busy,
            "{ name: a, events: [ cycles, ref-cycles ], on: cpus, group: true }, { name: b, events: [ ref-cycles, instructions ], on: cpus, group: true }");

        SimulationResult run = WorkloadRuns.None(workload);

        Assert.All(run.Events, e => Assert.Equal((80_000_000, 40_000_000), (e.EnabledNs, e.RunningNs)));
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void The_step_bound_is_reported()
    {
        SimulationResult run = Simulation.Run(TwoTools("cycles"), new ActorPmu.Sharing.NoSharing(), stepsMax: 50);

        Assert.True(run.Bounded);
        Assert.Equal(50, run.Steps);
    }

    private static Workload TwoTools(string e) => WorkloadRuns.Synthetic(
        "80ms", Busy, $"{{ name: a, events: [ {e} ], on: cpus }}, {{ name: b, events: [ {e} ], on: cpus }}");
}
