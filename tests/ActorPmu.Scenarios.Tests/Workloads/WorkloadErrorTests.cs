using ActorPmu.Scenarios.Workloads;

namespace ActorPmu.Scenarios.Tests.Workloads;

/// <summary>Workload files that cannot be used, and what their authors are told.</summary>
public sealed class WorkloadErrorTests
{
    private const string Good = """
        machine: { profile: skl-ht }
        duration: 10ms
        synthetic: [ { name: busy, run: 1ms } ]
        rates: { cycles: 2000 }
        tools: [ { name: a, events: [ cycles ], on: cpus } ]
        """;

    [Theory]
    [InlineData("profile: skl-ht", "profile: skl", 1, 21, "there is no profile \"skl\"")]
    [InlineData("{ profile: skl-ht }", "{ profile: skl-ht, cups: 2 }", 1, 29, "a machine has no \"cups\"")]
    [InlineData("{ profile: skl-ht }", "{ profile: skl-ht, mux-interval: 0ms }", 1, 43, "mux-interval is 0")]
    [InlineData("duration: 10ms", "duration: 10", 2, 11, "duration has no unit")]
    [InlineData("duration: 10ms", "duration: 0ms", 2, 11, "duration is out of range")]
    [InlineData("run: 1ms", "cpu: 0", 3, 14, "a synthetic task needs \"run\"")]
    [InlineData("run: 1ms", "run: 1ms, cgroup: a", 3, 46, "\"a\" is no path of a cgroup")]
    [InlineData("synthetic:", "trace:", 3, 8, "trace is a word, not a list")]
    [InlineData("cycles: 2000", "cycels: 2000", 4, 10, "profile skl-ht has no event \"cycels\"")]
    [InlineData("cycles: 2000", "cycles: -1", 4, 18, "cycles is out of range: -1")]
    [InlineData("[ cycles ]", "[ instructions ]", 5, 31, "nothing makes instructions happen")]
    [InlineData("[ cycles ]", "[ \"cycles:x\" ]", 5, 31, "no modifier is called \"x\"")]
    [InlineData("[ cycles ]", "[ { event: cycles, sample-period: 5, freq: 5 } ]", 5, 63, "sample-period and freq are the same field of the attr")]
    [InlineData("[ cycles ]", "[ { event: cpu-clock, sample-period: 5 } ]", 5, 66, "cpu-clock never overflows here")]
    [InlineData("[ cycles ]", "[ { event: cycles, periods: 5 } ]", 5, 48, "an event has no \"periods\"")]
    [InlineData("[ cycles ]", "[ ]", 5, 29, "a counts nothing")]
    [InlineData("on: cpus", "on: cpu", 5, 45, "nothing can be counted on \"cpu\"")]
    [InlineData("on: cpus", "on: cgroup x", 5, 45, "there is no cgroup \"x\"")]
    [InlineData("on: cpus", "on: task lazy", 5, 45, "no task called \"lazy\" is there at the start")]
    [InlineData("on: cpus", "on: cpus, inherit: true", 5, 60, "only a task has children")]
    [InlineData("tools: [ { name: a, events: [ cycles ], on: cpus } ]", "tools: []", 5, 8, "nobody counts anything")]
    public void A_mistake_is_pointed_at(string good, string bad, int line, int column, string problem)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);

        InputError error = Assert.Throws<InputError>(() => Workload.Parse(Good.Replace(good, bad, StringComparison.Ordinal), "w.yaml"));

        Assert.Equal((line, column, problem), (error.Line, error.Column, error.Problem));
        Assert.StartsWith(FormattableString.Invariant($"w.yaml:{line}:{column}: error: {problem}; "), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_is_not_there_is_an_error_of_the_line_that_names_it()
    {
        InputError error = Assert.Throws<InputError>(() => Workload.Parse(
            "machine: { profile: skl-ht }\ntrace: nowhere.txt\nrates: { cycles: 1 }\ntools: []", "w.yaml"));

        Assert.Equal((2, 8), (error.Line, error.Column));
    }

    [Fact]
    public void A_machine_with_fewer_CPUs_than_the_schedule_is_told_how_many()
    {
        string text = Good.Replace("run: 1ms", "run: 1ms, cpu: 3", StringComparison.Ordinal).Replace("skl-ht", "skl-ht, cpus: 2", StringComparison.Ordinal);

        InputError error = Assert.Throws<InputError>(() => Workload.Parse(text, "w.yaml"));

        Assert.Equal((1, 35, "write cpus: 4, or leave it out"), (error.Line, error.Column, error.WhatToDo));
    }

    [Fact]
    public void Two_tools_have_two_names()
    {
        string text = Good.Replace("on: cpus }", "on: cpus }, { name: a, events: [ cycles ], on: cpus }", StringComparison.Ordinal);

        Assert.Equal((5, 61), Place(text));
    }

    [Fact]
    public void A_task_that_is_forked_later_is_followed_through_its_parent()
    {
        InputError error = Assert.Throws<InputError>(() => WorkloadRuns.Traced(
            """
            cpus=1
                    x-10    [000]     1.000000: sched_process_fork:   comm=x pid=10 child_comm=y child_pid=11
                    x-10    [000]     1.001000: sched_switch:         x:10 [120] S ==> y:11 [120]
            """, "{ name: a, events: [ cycles ], on: task y }"));

        Assert.Equal("it is forked later: name its parent, with inherit: true", error.WhatToDo);
    }

    private static (int Line, int Column) Place(string text)
    {
        InputError error = Assert.Throws<InputError>(() => Workload.Parse(text, "w.yaml"));
        return (error.Line, error.Column);
    }
}
