using ActorPmu.Scenarios.Traces;
using Xunit;

namespace ActorPmu.Scenarios.Tests.Traces;

public sealed class TraceTallyTests
{
    [Fact]
    public void Tasks_have_their_last_name_and_their_parent()
    {
        var trace = Read("""
            bash-10 [000] 1.000001: sched_process_fork: comm=bash pid=10 child_comm=bash child_pid=11
            <idle>-0 [001] 1.000002: sched_switch: swapper/1:0 [120] R ==> bash:11 [120]
            ls-11 [001] 1.000003: sched_process_exec: filename=/usr/bin/ls pid=11 old_pid=11
            ls-11 [001] 1.000004: sched_switch: ls:11 [120] S ==> swapper/1:0 [120]
            <...>-12 [001] 1.000005: sched_process_exec: filename=/usr/bin/cat pid=12 old_pid=12
            """);

        Assert.Equal(
            [new TraceTask(new(10), "bash", null), new TraceTask(new(11), "ls", new TracePid(10)), new TraceTask(new(12), "", null)],
            trace.Tasks.Values);
    }

    [Fact]
    public void An_event_s_name_for_a_task_goes_before_the_name_at_the_start_of_a_line()
    {
        var trace = Read("""
            python3-11 [001] 1.000001: sched_switch: bash:11 [120] S ==> swapper/1:0 [120]
            python3-11 [001] 1.000002: sched_wakeup: migration/1:21 [0] CPU:001
            """);

        Assert.Equal("bash", trace.Tasks[new(11)].Comm);
    }

    [Fact]
    public void Kinds_of_events_not_known_are_counted_by_name_and_are_no_problem()
    {
        var trace = Read("""
            <idle>-0 [002] 1.000001: cpu_idle: state=4294967295 cpu_id=2
            <idle>-0 [002] 1.000002: cpu_idle: state=0 cpu_id=2
            ls-30 [003] 1.000003: bprint: my_function: cpu: 0
            perf 3 [004] 1.000004: 1000 cycles:ppp: ffffffff810c9175 schedule+0x1 ([kernel.kallsyms])
            perf 3 [004] 1.000005: raw_syscalls:sys_enter: NR 1 (2, 3)
            bash-3 [000] d..1. 1.000006: vfs_read <-ksys_read
            a-1 [000] 1.000007: sched_wakeup: b:2 [120] CPU:001
            """);

        Assert.Empty(trace.Problems);
        Assert.Equal(
            [new("bprint", 1), new("cpu_idle", 2), new("cycles:ppp", 1), new("function", 1), new("sys_enter", 1)],
            trace.UnreadEvents.ToArray());
        Assert.Equal(1, trace.EventCounts["sched_wakeup"]);
        Assert.Equal([0, 1, 2, 3, 4], trace.Cpus.Select(cpu => cpu.Value));
    }

    [Fact]
    public void A_switch_from_a_task_that_was_not_switched_in_is_accepted_and_counted()
    {
        var trace = Read("""
            a-1 [000] 1.000001: sched_switch: a:1 [120] S ==> b:2 [120]
            a-1 [001] 1.000002: sched_switch: a:1 [120] S ==> d:4 [120]
            c-3 [000] 1.000003: sched_switch: c:3 [120] S ==> b:2 [120]
            b-2 [000] 1.000004: sched_switch: b:2 [120] S ==> c:3 [120]
            """);

        Assert.Equal(4, trace.Events.Count);
        Assert.Equal(1, trace.SwitchesFromAnotherTask);
        Assert.Empty(trace.Problems);
    }

    [Fact]
    public void A_reader_gives_one_event_at_a_time_and_leaves_the_rest_of_the_text()
    {
        var text = new StringReader(TraceSamples.TraceCmd);
        var reader = new SchedTraceReader(text, "sample.txt");

        Assert.IsType<SchedEvent.Switch>(reader.Next());
        Assert.IsType<SchedEvent.Wakeup>(reader.Next());
        Assert.StartsWith("     idlespin/1-18672 [001]  5946.132055", text.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_that_keeps_no_events_still_has_the_tallies()
    {
        var reader = new SchedTraceReader(new StringReader(TraceSamples.Tracefs), "sample.txt");
        var events = 0;
        while (reader.Next() is not null) events++;

        var trace = reader.Finish([]);

        Assert.Empty(trace.Events);
        Assert.Equal(events, trace.EventCounts.Values.Sum());
        Assert.Equal((5945971891000, 5948480458000), (trace.FirstNs, trace.LastNs));
    }

    [Fact]
    public void A_reader_at_the_end_stays_there()
    {
        var reader = new SchedTraceReader(new StringReader("a-1 [000] 1.000001: sched_wakeup: b:2 [120] CPU:001\n"), "sample.txt");

        Assert.NotNull(reader.Next());
        Assert.Null(reader.Next());
        Assert.Null(reader.Next());
    }

    private static SchedTrace Read(string text) => SchedTrace.Read(new StringReader(text), "sample.txt");
}
