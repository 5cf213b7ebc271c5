using ActorPmu.Scenarios.Traces;
using Xunit;

namespace ActorPmu.Scenarios.Tests.Traces;

public sealed class TraceProblemTests
{
    private const string Good = "a-1 [000] 1.000001: sched_wakeup: b:2 [120] CPU:001";

    [Theory]
    [InlineData(" and a line more", "expected 'task [cpu] seconds.fraction: event: ...', found no time stamp")]
    [InlineData("a-1 [000] 123456789: sched_wakeup: b:2 [120] CPU:001", "expected 'task [cpu] seconds.fraction: event: ...', found no time stamp")]
    [InlineData("a-1 [000] 9223372036.000000: sched_wakeup: b:2 [120] CPU:001", "expected 'task [cpu] seconds.fraction: event: ...', found no time stamp")]
    [InlineData("a 1 1.000001: sched:sched_wakeup: b:2 [120] CPU:001", "found no CPU number, such as [000], before the time stamp")]
    [InlineData("a-1 [8192] 1.000001: sched_wakeup: b:2 [120] CPU:001", "found no CPU number, such as [000], before the time stamp")]
    [InlineData("a-1 [000] 1.000001: sched_wak", "found no event name after the time stamp")]
    [InlineData("CPU:1 [LOST 4711 EVENTS]", "events were lost here; record with a larger buffer")]
    [InlineData("CPU:1 [EVENTS DROPPED]", "events were lost here; record with a larger buffer")]
    [InlineData("a-1 [000] 1.000001: sched_wakeup: b:2 [120]", "sched_wakeup: expected 'comm=A pid=N prio=N target_cpu=N' or 'A:N [N] CPU:N'")]
    [InlineData("a-1 [000] 1.000001: sched_waking: comm=b pid=x prio=120 target_cpu=000", "sched_waking: expected 'comm=A pid=N prio=N target_cpu=N' or 'A:N [N] CPU:N'")]
    [InlineData("a-1 [000] 1.000001: sched_migrate_task: comm=b pid=2 prio=120 orig_cpu=0", "sched_migrate_task: expected 'comm=A pid=N prio=N orig_cpu=N dest_cpu=N'")]
    [InlineData("a-1 [000] 1.000001: sched_process_fork: comm=b pid=2 child_comm=b", "sched_process_fork: expected 'comm=A pid=N child_comm=B child_pid=N'")]
    [InlineData("a-1 [000] 1.000001: sched_process_exec: filename=/x", "sched_process_exec: expected 'filename=F pid=N old_pid=N'")]
    [InlineData("a-1 [000] 1.000001: sched_process_exit: b:2", "sched_process_exit: expected 'comm=A pid=N prio=N'")]
    [InlineData("a-1 [000] 1.000001: cgroup_attach_task: dst_root=0 dst_id=1 dst_level=0 dst_path=/ pid=2", "cgroup_attach_task: expected 'dst_root=N dst_id=N dst_level=N dst_path=/P pid=N comm=A'")]
    [InlineData("a-1 [000] 1.000001: cgroup_mkdir: root=0 id=1 level=1", "cgroup_mkdir: expected 'root=N id=N level=N path=/P'")]
    [InlineData("a-1 [000] 1.000001: cgroup_rmdir: root=zero id=1 level=1 path=/a", "cgroup_rmdir: expected 'root=N id=N level=N path=/P'")]
    [InlineData("a-1 [000] 1.000001: sched_switch: a:1 [120] S ==> b", "sched_switch: expected 'prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N' or 'A:N [N] S ==> B:N [N]'")]
    public void A_line_that_cannot_be_read_is_reported_with_its_number_and_reason(string line, string reason)
    {
        var trace = SchedTrace.Read(new StringReader($"# comment\n{Good}\n{line}\n{Good}\n"), "sample.txt");

        Assert.Equal([new TraceProblem(3, line, reason)], trace.Problems);
        Assert.Equal(1, trace.ProblemCount);
        Assert.Equal(2, trace.Events.Count);
    }

    [Fact]
    public void A_problem_keeps_the_first_120_characters_of_its_line()
    {
        var trace = SchedTrace.Read(new StringReader($"{Good}\n{new string('z', 500)}\n"), "sample.txt");

        Assert.Equal(new string('z', 120), Assert.Single(trace.Problems).Text);
    }

    [Fact]
    public void Of_1500_lines_at_fault_1000_are_kept_and_all_are_counted()
    {
        var trace = SchedTrace.Read(new StringReader(Good + "\n" + string.Concat(Enumerable.Repeat("nothing\n", 1500))), "sample.txt");

        Assert.Equal((1000, 1500), (trace.Problems.Count, trace.ProblemCount));
        Assert.Equal(1001, trace.Problems[^1].Line);
    }

    [Fact]
    public void A_file_without_a_readable_line_is_an_error_that_names_the_formats()
    {
        var error = Assert.Throws<TraceInputException>(() => SchedTrace.Read(new StringReader("\n\ndesign: v10\ncpus: 2\n"), "designs/v10.yaml"));

        Assert.Equal(("designs/v10.yaml", 3), (error.File, error.Line));
        Assert.StartsWith("designs/v10.yaml:3:1: error: no scheduler event could be read; the first of 2 lines at fault: expected 'task [cpu]", error.Message, StringComparison.Ordinal);
        Assert.Contains("trace-cmd (", error.Message, StringComparison.Ordinal);
        Assert.Contains("tracefs (", error.Message, StringComparison.Ordinal);
        Assert.Contains("perf script (", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# tracer: nop\n#\n")]
    [InlineData("cpus=2\n")]
    public void A_file_without_events_is_an_error(string text)
    {
        var error = Assert.Throws<TraceInputException>(() => SchedTrace.Read(new StringReader(text), "empty.txt"));

        Assert.StartsWith("empty.txt:1:1: error: the trace has no events. Known are the texts of trace-cmd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_without_scheduler_events_is_an_error_that_says_how_to_record()
    {
        var error = Assert.Throws<TraceInputException>(() => SchedTrace.Read(new StringReader("<idle>-0 [002] 1.000001: cpu_idle: state=0 cpu_id=2\n"), "idle.txt"));

        Assert.Equal("idle.txt:1:1: error: the trace has events, but none of the scheduler: record with 'trace-cmd record -e sched' or 'perf sched record'", error.Message);
    }

    [Theory]
    [InlineData("\u0017\bDtracing6\0\0", "trace-cmd report")]
    [InlineData("PERFILE2h\0\0", "perf script --ns")]
    public void A_recording_that_is_not_text_is_an_error_that_names_the_command_to_run(string text, string command)
    {
        var error = Assert.Throws<TraceInputException>(() => SchedTrace.Read(new StringReader(text), "trace.dat"));

        Assert.Contains(command, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_line_cut_or_damaged_anywhere_is_an_event_or_counted_as_something(string sample)
    {
        foreach (var line in sample.Split('\n').Where(line => line.Contains("sched:", StringComparison.Ordinal) || line.Contains("sched_", StringComparison.Ordinal) || line.Contains("cgroup_", StringComparison.Ordinal)))
        {
            for (var at = line.IndexOf('[', StringComparison.Ordinal); at < line.Length; at++)
            {
                foreach (var damaged in new[] { line[..at], line.Remove(at, 1), line.Insert(at, ":"), line.Insert(at, " "), line.Insert(at, "["), line.Insert(at, "9") })
                {
                    var trace = SchedTrace.Read(new StringReader($"{Good}\n{damaged}\n"), "sample.txt");
                    Assert.Equal(2, trace.EventCounts.Values.Sum() + trace.ProblemCount);
                }
            }
        }
    }

    public static TheoryData<string> Samples() =>
        [TraceSamples.TraceCmd, TraceSamples.Tracefs, TraceSamples.PerfScript, TraceSamples.PerfSchedScript, TraceSamples.PerfWithPlugin, TraceSamples.OldKernel];
}
