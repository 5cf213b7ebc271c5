using ActorPmu.Scenarios.Traces;
using Xunit;
using static ActorPmu.Scenarios.Traces.SchedEvent;

namespace ActorPmu.Scenarios.Tests.Traces;

public sealed class TraceFormatTests
{
    private static readonly TraceCpu Cpu0 = new(0);
    private static readonly TraceCpu Cpu1 = new(1);

    [Fact]
    public void The_text_of_trace_cmd_report_is_read_into_its_events()
    {
        var trace = Read(TraceSamples.TraceCmd);

        Assert.Equal(
            [
                new Switch(5946131551000, Cpu0, new(18671), "idlespin/0", TaskState.Runnable, "R", new(18675), "python3"),
                new Wakeup(5946132045000, Cpu1, WakeupKind.Woken, new(15), Cpu1),
                new Switch(5946132055000, Cpu1, new(18672), "idlespin/1", TaskState.Runnable, "R", new(15), "rcu_preempt"),
                new Switch(5946132069000, Cpu1, new(15), "rcu_preempt", TaskState.Idle, "W", new(18672), "idlespin/1"),
                new CgroupMake(5946132280000, Cpu0, 0, "/orc_tree"),
                new Fork(5946132900000, Cpu0, new(18675), new(18716)),
                new Wakeup(5946132905000, Cpu0, WakeupKind.WokenAfterFork, new(18716), Cpu1),
                new CgroupAttach(5946160226000, Cpu1, new(18716), 0, "/orc_tree/a"),
                new Migrate(5946160229000, Cpu1, new(18722), Cpu0, Cpu1),
                new Exec(5946025967000, Cpu1, new(18691), new(18690), "/opt/python/libexec/pyenv-version-file"),
                new ProcessExit(5946162437000, Cpu0, new(18698)),
                new CgroupRemove(5949444161000, Cpu1, 0, "/orc_tree/a/a2/deep"),
            ],
            trace.Events);
        Assert.Empty(trace.Problems);
        Assert.Equal([Cpu0, Cpu1], trace.Cpus);
        Assert.Equal(2, trace.CpusInHeader);
        Assert.Equal(1, trace.StepsBackInTime);
    }

    [Fact]
    public void The_trace_file_of_tracefs_is_read_into_its_events()
    {
        var trace = Read(TraceSamples.Tracefs);

        Assert.Equal(
            [
                new Fork(5945971891000, Cpu1, new(18663), new(18675)),
                new Wakeup(5945971900000, Cpu1, WakeupKind.WokenAfterFork, new(18675), Cpu0),
                new Switch(5945971927000, Cpu0, new(18671), "idlespin/0", TaskState.Preempted, "R+", new(18675), "record.sh"),
                new Wakeup(5946000037000, Cpu1, WakeupKind.Woken, new(15), Cpu1),
                new Migrate(5947852025000, Cpu0, new(18725), Cpu0, Cpu1),
                new Switch(5947852100000, Cpu1, new(35), "kworker/u8:2", TaskState.Idle, "I", new(18672), "idlespin/1"),
                new CgroupAttach(5948480458000, Cpu1, new(18724), 0, "/"),
            ],
            trace.Events);
        Assert.Empty(trace.Problems);
        Assert.Equal(2, trace.CpusInHeader);
    }

    [Fact]
    public void The_text_of_perf_script_is_read_to_the_nanosecond()
    {
        var trace = Read(TraceSamples.PerfScript);

        Assert.Equal(
            [
                new Wakeup(6039435014183, Cpu0, WakeupKind.Woken, new(18), Cpu0),
                new Switch(6039435019230, Cpu0, new(5225), "perf", TaskState.Blocked, "D", new(18), "migration/0"),
                new Migrate(6039435025560, Cpu0, new(5225), Cpu0, Cpu1),
                new Switch(6039435047112, Cpu0, new(18), "migration/0", TaskState.Sleeping, "S", new(3955), "idlespin/0"),
                new Fork(6039517405105, Cpu1, new(5246), new(5247)),
                new Exec(6039493361782, Cpu0, new(5243), new(5243), "/opt/python/libexec/pyenv-version-file"),
                new ProcessExit(6039536081150, Cpu0, new(5250)),
                new CgroupAttach(6041769107196, Cpu1, new(5276), 0, "/orc_tree/a/a2/deep"),
            ],
            trace.Events);
        Assert.Empty(trace.Problems);
        Assert.Null(trace.CpusInHeader);
    }

    [Fact]
    public void A_perf_line_whose_task_perf_did_not_know_is_read_like_any_other()
    {
        var trace = Read(TraceSamples.PerfSchedScript);

        Assert.Equal(5, trace.Events.Count);
        Assert.Equal(new Switch(6035261307046, Cpu0, new(4804), "sync", TaskState.Dead, "X", new(4806), "bash"), trace.Events[^1]);
        Assert.Equal([18, 3955, 3958, 4804, 4806], trace.Tasks.Keys.Select(pid => pid.Value));
        Assert.Equal(2, trace.UnreadEvents["sched_stat_runtime"]);
        Assert.Empty(trace.Problems);
    }

    [Fact]
    public void Perf_lines_with_a_period_a_call_chain_and_the_plugin_s_shape_are_read()
    {
        var trace = Read(TraceSamples.PerfWithPlugin);

        Assert.Equal(
            [
                new Wakeup(40917220067000, new(6), WakeupKind.Woken, new(7310), new(6)),
                new Switch(40917220069000, new(6), TracePid.Idle, "swapper/6", TaskState.Sleeping, "S", new(7310), "timer:thread 2"),
                new Switch(40917220099000, new(6), new(7310), "timer:thread 2", TaskState.Preempted, "p", TracePid.Idle, "swapper/6"),
            ],
            trace.Events);
        Assert.Empty(trace.Problems);
    }

    [Fact]
    public void An_old_kernel_s_numeric_states_without_an_arrow_are_read()
    {
        var trace = Read(TraceSamples.OldKernel);

        Assert.Equal(
            [
                new Switch(311407644000, Cpu1, TracePid.Idle, "swapper/1", TaskState.Runnable, "0", new(2051), "poller"),
                new Switch(311407778000, Cpu1, new(2051), "poller", TaskState.Sleeping, "1", new(2052), "log writer"),
                new Switch(311407901000, Cpu1, new(2052), "log writer", TaskState.Preempted, "1024", new(2051), "poller"),
                new Wakeup(311407960000, Cpu1, WakeupKind.Woken, new(2053), new(2)),
            ],
            trace.Events);
        Assert.Empty(trace.Problems);
        Assert.Equal(4, trace.CpusInHeader);
    }

    [Fact]
    public void A_wakeup_that_woke_nobody_is_counted_and_is_no_event()
    {
        var trace = Read(TraceSamples.OldKernel);

        Assert.Equal(3, trace.EventCounts["sched_wakeup"]);
        Assert.Equal(2, trace.UnreadEvents["sched_wakeup"]);
        Assert.Single(trace.Events.OfType<Wakeup>());
    }

    [Theory]
    [InlineData("  <idle>-0       1d..2.  12.000345678: sched_wakeup: a:5 [120] CPU:003", 12000345678)]
    [InlineData("  <idle>-0         1dNh3.   42us : sched_wakeup: comm=a pid=5 prio=120 target_cpu=003", 42000)]
    [InlineData("  <idle>-0         1dNh3.   42us+: sched_wakeup: comm=a pid=5 prio=120 target_cpu=003", 42000)]
    [InlineData("  bash-4711  (   4711) [001] d..2.  12.000345: sched_wakeup: comm=a pid=5 prio=120 target_cpu=003", 12000345000)]
    [InlineData("  bash-4711  (-------) [001] d..2.  12.000345: sched_wakeup: comm=a pid=5 prio=120 target_cpu=003", 12000345000)]
    [InlineData("[001] 12.000345: sched_wakeup: a:5 [120] CPU:3", 12000345000)]
    [InlineData("bash 4711 [001] 12.5: sched:sched_wakeup: comm=a pid=5 prio=120 target_cpu=3\r", 12500000000)]
    [InlineData("bash 4711 d... [001] 1700000000.123456: sched:sched_wakeup: a:5 [120] success=1 CPU:003", 1700000000123456000)]
    public void Columns_that_a_tool_adds_or_leaves_out_do_not_matter(string line, long timeNs)
    {
        var trace = Read(line);

        Assert.Equal([new Wakeup(timeNs, Cpu1, WakeupKind.Woken, new(5), new(3))], trace.Events);
    }

    [Theory]
    [InlineData("rs:main Q:Reg")]
    [InlineData("kworker/2:1")]
    [InlineData("(sd-pam)")]
    [InlineData("a [120] R ==> b")]
    [InlineData("x [000] 1.0: y")]
    [InlineData("tokio 1.25:")]
    [InlineData("pid=7")]
    [InlineData("[kthread]")]
    [InlineData("bash-1")]
    [InlineData("a  b")]
    [InlineData("")]
    public void A_task_may_have_any_name_in_any_format(string comm)
    {
        var expected = new Switch(7000001000, Cpu1, new(12), comm, TaskState.Sleeping, "S", new(13), comm);
        string[] lines =
        [
            $"{comm,16}-12    [001]     7.000001: sched_switch:         {comm}:12 [120] S ==> {comm}:13 [120]",
            $"{comm,16}-12    [001] d..2.     7.000001: sched_switch: prev_comm={comm} prev_pid=12 prev_prio=120 prev_state=S ==> next_comm={comm} next_pid=13 next_prio=120",
            $"{comm,16}-12    [001]     7.000001: sched_switch:         prev_comm={comm} prev_pid=12 prev_prio=120 prev_state=S next_comm={comm} next_pid=13 next_prio=120",
            $"{comm,16}    12 [001]     7.000001000: sched:sched_switch: prev_comm={comm} prev_pid=12 prev_prio=120 prev_state=S ==> next_comm={comm} next_pid=13 next_prio=120",
            $"{comm,16}    12/12    [001]     7.000001000:       sched:sched_switch: {comm}:12 [120] S ==> {comm}:13 [120]",
        ];

        foreach (var line in lines) Assert.Equal([expected], Read(line).Events);
    }

    [Theory]
    [InlineData("R", TaskState.Runnable)]
    [InlineData("R+", TaskState.Preempted)]
    [InlineData("S", TaskState.Sleeping)]
    [InlineData("D|K", TaskState.Blocked)]
    [InlineData("t", TaskState.Stopped)]
    [InlineData("Z", TaskState.Dead)]
    [InlineData("x", TaskState.Dead)]
    [InlineData("I", TaskState.Idle)]
    [InlineData("W", TaskState.Idle)]
    [InlineData("P", TaskState.Parked)]
    [InlineData("N", TaskState.Other)]
    [InlineData("0", TaskState.Runnable)]
    [InlineData("1", TaskState.Sleeping)]
    [InlineData("130", TaskState.Blocked)]
    [InlineData("0x402", TaskState.Idle)]
    [InlineData("64", TaskState.Dead)]
    [InlineData("128", TaskState.Idle)]
    [InlineData("256", TaskState.Preempted)]
    [InlineData("4096", TaskState.Preempted)]
    [InlineData("8192", TaskState.Other)]
    public void The_state_of_the_task_that_leaves_is_told_from_letter_or_number(string text, TaskState state)
    {
        var trace = Read($"a-1 [000] 1.000001: sched_switch: prev_comm=a prev_pid=1 prev_prio=120 prev_state={text} ==> next_comm=b next_pid=2 next_prio=120");

        var s = Assert.IsType<Switch>(Assert.Single(trace.Events));
        Assert.Equal((state, text), (s.PrevState, s.PrevStateText));
        Assert.Equal(state is TaskState.Runnable or TaskState.Preempted, s.PrevStaysRunnable);
    }

    [Fact]
    public void A_cgroup_s_path_may_hold_blanks_and_its_hierarchy_is_kept()
    {
        var trace = Read("""
            sh-9 [000] 1.000001: cgroup_mkdir: root=4 id=7 level=2 path=/user jobs/pid=5 comm=x
            sh-9 [000] 1.000002: cgroup_attach_task: dst_root=4 dst_id=7 dst_level=2 dst_path=/user jobs/pid=5 comm=x pid=31 comm=my task
            sh-9 [000] 1.000003: cgroup_attach_task: dst_root=4 dst_id=7 dst_level=2 dst_path=/a pid=32 comm=b pid=7
            """);

        Assert.Equal(
            [
                new CgroupMake(1000001000, Cpu0, 4, "/user jobs/pid=5 comm=x"),
                new CgroupAttach(1000002000, Cpu0, new(31), 4, "/user jobs/pid=5 comm=x"),
                new CgroupAttach(1000003000, Cpu0, new(32), 4, "/a"),
            ],
            trace.Events);
        Assert.Equal("my task", trace.Tasks[new(31)].Comm);
    }

    private static SchedTrace Read(string text) => SchedTrace.Read(new StringReader(text), "sample.txt");
}
