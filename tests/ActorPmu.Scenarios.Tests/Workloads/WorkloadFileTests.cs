using ActorPmu.Kernel;
using System.Diagnostics;
using ActorPmu.Scenarios.Workloads;
using Xunit.Abstractions;

namespace ActorPmu.Scenarios.Tests.Workloads;

/// <summary>The repository's own workloads, and recorded traces.</summary>
public sealed class WorkloadFileTests(ITestOutputHelper output)
{
    private static readonly TimeSpan TimeForAllTraces = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Repository.Of("config/workloads"), "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Four_tools_multiplex_without_sharing_and_their_estimates_are_off()
    {
        SimulationResult run = WorkloadRuns.None(Load("four-tools.yaml"));

        Assert.Equal(16, run.Events.Count);
        Assert.All(run.Events, e => Assert.InRange(e.RunningPercent!.Value, 10, 60));
        Assert.All(run.Events, e => Assert.Equal(2 * 84_176_000, e.EnabledNs));
        Assert.All(run.Events, e => Assert.NotEqual(0, e.ErrorPercent));
        Assert.Equal(2 * 84_176_000, run.Events.Where(e => e.Event == "ref-cycles").Sum(e => e.RunningNs));
        Assert.Equal(7, run.Costs.CountersMax);
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void Four_tools_count_exactly_under_v6()
    {
        SimulationResult run = WorkloadRuns.V6(Load("four-tools.yaml"));

        Assert.Equal(16, run.Events.Count);
        Assert.All(run.Events, e => Assert.Equal((2 * 84_176_000, 2 * 84_176_000), (e.EnabledNs, e.RunningNs)));
        Assert.All(run.Events, e => Assert.Equal(e.TrueCount, e.Count));
        Assert.All(run.Events, e => Assert.Equal(0, e.ErrorPercent));
        Assert.Equal((4, 0L), (run.Costs.CountersMax, run.Costs.Rotations));
        Assert.Empty(run.Broken);
    }

    [Fact]
    public void The_truth_is_the_same_under_every_design()
    {
        Workload workload = Load("four-tools.yaml");

        Assert.Equal(WorkloadRuns.None(workload).Events.Select(e => e.TrueCount), WorkloadRuns.V6(workload).Events.Select(e => e.TrueCount));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_workload_s_counts_are_the_truth_under_v6(string file)
    {
        SimulationResult run = WorkloadRuns.V6(Load(file));

        Assert.All(run.Events.Where(e => e.TrueCount is not null), e => Assert.Equal(e.TrueCount, e.Count));
        Assert.All(run.Events, e => Assert.Equal(e.EnabledNs, e.RunningNs));

        // v6 takes the watchdog for a counting event, and its counter cannot overflow any more: config/scenarios/watchdog-shares.yaml.
        Property[] broken = file == "watchdog.yaml" ? [Property.SamplersAlone] : [];
        Assert.Equal(broken, run.Broken.Select(b => b.First.Property));
    }

    [Fact]
    public void Every_recorded_trace_plays_to_its_end_under_both_designs()
    {
        if (Recordings() is not { } folder)
        {
            output.WriteLine("skipped: ../shared/traces is not there");
            return;
        }

        string[] traces = [.. new[] { "perf", "public", "trace-cmd", "tracefs" }
            .SelectMany(f => Directory.Exists(Path.Combine(folder, f)) ? Directory.GetFiles(Path.Combine(folder, f), "*.txt") : [])
            .Where(f => !f.Contains("timehist", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(traces);
        long began = Stopwatch.GetTimestamp();
        foreach (string trace in traces)
        {
            Workload workload = Workload.Parse(
                $$"""
                machine: { profile: skl-ht, mux-interval: 4ms, tick: 4ms }
                trace: {{trace}}
                rates: { cycles: 2000, instructions: 1500, ref-cycles: 1800 }
                tasks: { "idlespin/*": idle }
                tools:
                  - { name: a, events: [ cycles, instructions, ref-cycles ], on: cpus }
                  - { name: b, events: [ cycles, instructions, ref-cycles ], on: cpus }
                  - { name: c, events: [ cycles, ref-cycles ], on: task *, inherit: true }
                """, "test.yaml");
            foreach (SimulationResult run in (SimulationResult[])[WorkloadRuns.None(workload), WorkloadRuns.V6(workload)])
            {
                output.WriteLine($"{trace}, {run.Design}: {run.Steps} steps, {run.Moves} moves");
                Assert.Equal(workload.Recorded.LengthNs, run.SimulatedNs);
                Assert.Equal(workload.Recorded.Recording.Moves.Count, run.Moves);
                Assert.Empty(run.Broken);
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeForAllTraces, $"{trace} ended after more than {TimeForAllTraces}");
        }
    }

    private static Workload Load(string file) => Workload.Load(Path.Combine(Repository.Of("config/workloads"), file));

    private static string? Recordings() => Repository.Find("../shared/traces");
}
