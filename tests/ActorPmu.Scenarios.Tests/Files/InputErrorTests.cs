namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>What the reader says about files that it cannot read: the whole first line, place included.</summary>
public sealed class InputErrorTests
{
    private const string Faults = "known: exit-read-counts-twice, reset-is-lost, count-behind-oncpu, sibling-beside-migrate, two-threads-move-one-group, "
        + "close-beside-group-read, swap-beside-inherited-read, sibling-outlives-leader, sync-stat-pairs-unlike, closed-leader-was-off, "
        + "swap-leaves-time-behind, fork-beside-disable, cgroup-time-from-nowhere, cgroup-time-begins-again, cgroup-of-the-reader, "
        + "cgroup-move-beside-switch, all";

    private const string Machine = "machine: { cpus: 2, profile: skl-ht }\n";

    [Theory]
    [InlineData("", "x.yaml:1:1: error: the file is empty; begin with machine:, and see the other scenarios for the rest")]
    [InlineData("- a\n", "x.yaml:1:1: error: a scenario is a map of keys and values, not a list; write { machine: … }")]
    [InlineData("tasks: []\n", "x.yaml:1:1: error: a scenario needs \"machine\"; write machine: { cpus: 1, profile: skl-ht }")]
    [InlineData("machine: { cpus: 1 }\n", "x.yaml:1:10: error: a machine needs \"profile\"; write profile: skl-ht")]
    [InlineData(
        "machine: { profile: skl }\n", "x.yaml:1:21: error: there is no profile \"skl\"; did you mean \"skl-ht\"?")]
    [InlineData(
        "machine: { profile: hsw }\n", "x.yaml:1:21: error: there is no profile \"hsw\"; "
        + "known: a57+a53, icl, n1, qemu-virt, skl-ht, tiny, wide, zen")]
    [InlineData("machine:\n\tcpus: 1\n", "x.yaml:2:1: error: a tab indents this line; indent with spaces; YAML knows no tabs there")]
    [InlineData(
        "machine: { profile: skl-th }\n", "x.yaml:1:21: error: there is no profile \"skl-th\"; did you mean \"skl-ht\"?")]
    [InlineData(
        "machine: { profile: tiny, cpu: 2 }\n", "x.yaml:1:27: error: a machine has no \"cpu\"; did you mean \"cpus\"?")]
    [InlineData(
        "machine: { profile: tiny, cpus: two }\n",
        "x.yaml:1:33: error: cpus is a whole number, not \"two\"; write a number from 1 to 64")]
    [InlineData(
        "machine: { profile: tiny, cpus: 65 }\n", "x.yaml:1:33: error: cpus is out of range: 65; write a number from 1 to 64")]
    [InlineData(
        "machine: { profile: tiny, cpus: 99999999999999999999999 }\n",
        "x.yaml:1:33: error: cpus is out of range: 99999999999999999999999; write a number from 1 to 64")]
    [InlineData(
        "machine: { profile: tiny, cpus: -99999999999999999999999 }\n",
        "x.yaml:1:33: error: cpus is out of range: -99999999999999999999999; write a number from 1 to 64")]
    [InlineData(
        "machine: { profile: tiny, mended: exit-read-count-twice }\n",
        "x.yaml:1:35: error: no fault of Linux is called \"exit-read-count-twice\"; did you mean \"exit-read-counts-twice\"?")]
    [InlineData(
        "machine: { profile: tiny, mended: [all, [all]] }\n", "x.yaml:1:41: error: mended is a word, not a list; " + Faults)]
    [InlineData("machine: { profile: tiny, mended: }\n", "x.yaml:1:35: error: mended is a word, not nothing; " + Faults)]
    [InlineData("machine: { profile: tiny, mended: none }\n", "x.yaml:1:35: error: no fault of Linux is called \"none\"; " + Faults)]
    [InlineData(
        "machine: { profile: tiny, fine-grained: true, memory: arm }\n", "x.yaml:1:55: error: memory cannot be \"arm\"; known: weak, tso, sc")]
    [InlineData(
        "machine: { profile: tiny, rt: yes }\n",
        "x.yaml:1:31: error: rt is true or false, not \"yes\"; write rt: true or rt: false")]
    [InlineData(
        "machine: { profile: tiny, tick: 4 }\n", "x.yaml:1:33: error: tick has no unit; write 4ns, 4us, 4ms or 4s")]
    [InlineData(
        "machine: { profile: tiny, tick: 4min }\n",
        "x.yaml:1:33: error: no unit of time is called \"min\"; write ns, us, ms or s")]
    [InlineData(
        "machine: { profile: tiny, tick: soon }\n",
        "x.yaml:1:33: error: tick is a time, not \"soon\"; write a number with a unit, like tick: 4ms")]
    [InlineData(
        "machine: { profile: tiny, tick: 293000000000s }\n",
        "x.yaml:1:33: error: tick is longer than 292 years; write a shorter time")]
    [InlineData(
        "machine: { profile: tiny, kernel: 5 }\n",
        "x.yaml:1:35: error: kernel is a version, not \"5\"; write it like kernel: \"5.3\"")]
    [InlineData(
        "machine: { profile: tiny, memory: tso }\n",
        "x.yaml:1:35: error: memory says what others see between accesses, and without fine-grained: true nobody comes in between; "
        + "add fine-grained: true, or leave memory out")]
    [InlineData(
        "machine: { profile: tiny, fine-grained: false, memory: tso }\n",
        "x.yaml:1:56: error: memory says what others see between accesses, and without fine-grained: true nobody comes in between; "
        + "add fine-grained: true, or leave memory out")]
    [InlineData(
        "machine: { profile: tiny }\nmachine: { profile: tiny }\n",
        "x.yaml:2:1: error: machine is here twice; keep one of the two; the other is in line 1")]
    [InlineData(
        "machine: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
        "x.yaml:1:74: error: lists and maps are nested 65 deep; take some levels out; a scenario needs a handful")]
    [InlineData(
        "machine: &m { profile: tiny }\n",
        "x.yaml:1:10: error: &m names a part of the file; leave the name out; scenarios have no anchors")]
    [InlineData(
        "machine: *m\n",
        "x.yaml:1:10: error: *m stands for another part of the file; write that part out; scenarios have no aliases")]
    [InlineData(
        "machine: !m { profile: tiny }\n", "x.yaml:1:10: error: !m gives a value a type; leave it out; scenarios have no tags")]
    [InlineData(
        "machine: { profile: tiny }\n---\nmachine: 1\n",
        "x.yaml:2:1: error: a second document begins here; give each scenario a file of its own")]
    [InlineData("machine: { profile: tiny }\n", "x.yaml:1:1: error: a scenario needs \"tasks\"; write tasks: [ { name: tool, script: [ … ] } ]")]
    [InlineData(Machine + "tasks: []\n", "x.yaml:2:8: error: there are no tasks; write at least one")]
    [InlineData(Machine + "tasks: 1\n", "x.yaml:2:8: error: tasks is a list, not \"1\"; write tasks: [ … ]")]
    [InlineData(
        Machine + "cgroups: [a/b]\ntasks: []\n", "x.yaml:2:11: error: there is no cgroup \"a\" before this one; write [ a, a/b ]")]
    [InlineData(Machine + "cgroups: [a, a]\ntasks: []\n", "x.yaml:2:14: error: cgroup a is here twice; keep one of the two")]
    [InlineData(
        Machine + "cgroups: [root]\ntasks: []\n",
        "x.yaml:2:11: error: \"root\" cannot be a cgroup; write a path below the root, like a or a/b")]
    [InlineData(
        Machine + "tasks: [ { name: a, script: [] }, { name: a, script: [] } ]\n",
        "x.yaml:2:43: error: there are two tasks called a; give one of them another name")]
    [InlineData(
        Machine + "tasks: [ { name: self, script: [] } ]\n", "x.yaml:2:18: error: \"self\" cannot be a task; choose another name")]
    [InlineData(
        Machine + "tasks: [ { name: a, cpu: 2, script: [] } ]\n", "x.yaml:2:26: error: the machine has no cpu 2; write 0 to 1")]
    [InlineData(Machine + "tasks: [ { name: a } ]\n", "x.yaml:2:10: error: a task needs \"script\"; write script: [ … ]")]
    [InlineData(
        Machine + "work: { cyles: 1 }\ntasks: [ { name: a, script: [] } ]\n",
        "x.yaml:2:9: error: profile skl-ht has no event \"cyles\"; did you mean \"cycles\"?, or a raw code like r003c")]
    public void Files_are_refused_with_place_problem_and_advice(string text, string message) => Assert.Equal(message, FirstLine(text));

    [Theory]
    [InlineData("reed: A", "x.yaml:5:9: error: no operation is called \"reed\"; did you mean \"read\"?")]
    [InlineData("[a]", "x.yaml:5:9: error: a step is an operation, not a list; write one like \"- read: A\"")]
    [InlineData(
        "{ yield: , work: 1 }", "x.yaml:5:20: error: a step is one operation, and \"work\" is a second key; begin a new line with \"- \", or put it into { … }")]
    [InlineData("open: A", "x.yaml:5:15: error: open cannot read \"A\"; write - open: { fd: … }")]
    [InlineData("yield: 3", "x.yaml:5:16: error: yield cannot read \"3\"; write - yield")]
    [InlineData("open: { fd: A }", "x.yaml:5:15: error: an open needs \"event\"; write event: cycles")]
    [InlineData(
        "open: { fd: A, event: instr }",
        "x.yaml:5:31: error: profile skl-ht has no event \"instr\"; known: branch-instructions, branch-misses, bus-cycles, cache-misses, "
        + "cache-references, cycles, instructions, ref-cycles, cpu-clock, task-clock, page-faults, context-switches, cpu-migrations, dummy, "
        + "tracepoint, breakpoint, unknown-type, or a raw code like r003c")]
    [InlineData(
        "open: { fd: A, event: \"cycles:x\" }",
        "x.yaml:5:31: error: no modifier of an event is called \"x\"; write some of u, k, h, G, H, p, D, e")]
    [InlineData("open: { fd: A, event: cycles, cpu: 2 }", "x.yaml:5:44: error: the machine has no cpu 2; write 0 to 1")]
    [InlineData("open: { fd: A, event: cycles, task: tol }", "x.yaml:5:45: error: there is no task \"tol\"; did you mean \"tool\"?")]
    [InlineData("open: { fd: A, event: cycles, cgroup: b }", "x.yaml:5:47: error: there is no cgroup \"b\"; did you mean \"a\"?")]
    [InlineData("open: { fd: A, event: cycles, pmu: gpu }", "x.yaml:5:44: error: no PMU is called \"gpu\"; did you mean \"cpu\"?")]
    [InlineData(
        "open: { fd: A, event: cycles, exclude: [usr] }", "x.yaml:5:49: error: exclude cannot be \"usr\"; did you mean \"user\"?")]
    [InlineData(
        "open: { fd: A, event: cycles, freq: 1, sample-period: 2 }",
        "x.yaml:5:63: error: sample-period and freq are the same field of the attr; keep one of the two")]
    [InlineData(
        "open: { fd: A, event: cycles, config1: -1 }",
        "x.yaml:5:48: error: config1 is a whole number, 0 or more, not \"-1\"; write it in digits, or in hex digits after 0x")]
    [InlineData("open: { fd: A, event: cycles, pined }", "x.yaml:5:39: error: an open has no \"pined\"; did you mean \"pinned\"?")]
    [InlineData("open: { fd: A, event: cycles, period: 5 }", "x.yaml:5:39: error: an open has no \"period\"; did you mean \"sample-period\"?")]
    [InlineData("open: { fd: A, event: cycles, group: B }", "x.yaml:5:46: error: tool has no descriptor \"B\"; did you mean \"A\"?")]
    [InlineData("read: B", "x.yaml:5:15: error: tool has no descriptor \"B\"; there is none")]
    [InlineData("read: { fd: B, expect: EBADFD }", "x.yaml:5:32: error: no error is called \"EBADFD\"; did you mean \"EBADF\"?")]
    [InlineData(
        "yield: { expect: 4 }",
        "x.yaml:5:26: error: yield does not return \"4\"; write expect: with ok, an error, a list of them, or any")]
    [InlineData("work: 0", "x.yaml:5:15: error: units is out of range: 0; write a number from 1 to 1000000")]
    [InlineData("sleep: 3", "x.yaml:5:16: error: time has no unit; write 3ns, 3us, 3ms or 3s")]
    [InlineData(
        "migrate-context: { from: 1, to: 1 }",
        "x.yaml:5:41: error: events cannot move from a processor to itself; name another processor")]
    [InlineData("wake: tol", "x.yaml:5:15: error: there is no task \"tol\"; did you mean \"tool\"?")]
    [InlineData("fork: tool", "x.yaml:5:15: error: task tool is there from the start; give task tool forked: true")]
    [InlineData("migrate: 7", "x.yaml:5:18: error: the machine has no cpu 7; write 0 to 1")]
    [InlineData("move-cgroup: z", "x.yaml:5:22: error: there is no cgroup \"z\"; did you mean \"a\"?")]
    [InlineData("prctl: on", "x.yaml:5:16: error: events cannot be \"on\"; known: enable, disable")]
    public void Steps_are_refused_with_place_problem_and_advice(string step, string message) => Assert.Equal(message, FirstLine(Script(step)));

    [Fact]
    public void A_descriptor_is_not_used_before_it_is_opened_in_its_own_script() => Assert.Equal(
        "x.yaml:5:15: error: tool uses descriptor A when it is not open; open it before, or say expect: EBADF",
        FirstLine(Script("read: A", "open: { fd: A, event: cycles }")));

    [Fact]
    public void A_descriptor_is_not_used_after_it_is_closed() => Assert.Equal(
        "x.yaml:7:21: error: tool uses descriptor A when it is not open; open it before, or say expect: EBADF",
        FirstLine(Script("open: { fd: A, event: cycles }", "close: A", "read: { fd: A }")));

    [Fact]
    public void A_descriptor_is_not_opened_twice() => Assert.Equal(
        "x.yaml:6:21: error: tool has a descriptor A already; close it before, or choose another name",
        FirstLine(Script("open: { fd: A, event: cycles }", "open: { fd: A, event: cycles }")));

    [Theory]
    [InlineData("name: \"to\\ne\"", "name has a character that cannot be shown (U+000A); take it out, and save the file as UTF-8")]
    [InlineData("name: \"\\e[31m\"", "name has a character that cannot be shown (U+001B); take it out, and save the file as UTF-8")]
    [InlineData("name: \"\\u202eloot\"", "name has a character that cannot be shown (U+202E); take it out, and save the file as UTF-8")]
    [InlineData("name: t\ufffdol", "name has a character that cannot be shown (U+FFFD); take it out, and save the file as UTF-8")]
    [InlineData("name: \"\"", "name is a word, not \"\"; write name: …")]
    public void A_name_that_would_change_the_lines_of_a_report_is_refused(string name, string message) =>
        Assert.EndsWith(": error: " + message, FirstLine($"machine: {{ profile: tiny }}\ntasks:\n  - {name}\n    script: [yield]\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"A\\tB\"", "fd has a character that cannot be shown (U+0009); take it out, and save the file as UTF-8")]
    [InlineData("\"\"", "fd is a word, not \"\"; write fd: …")]
    public void A_descriptor_is_a_word_that_can_be_shown(string fd, string message)
    {
        Assert.EndsWith(": error: " + message, FirstLine(Script($"open: {{ fd: {fd}, event: cycles }}")), StringComparison.Ordinal);
        Assert.EndsWith(": error: " + message, FirstLine(Script($"close: {fd}")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_may_fail_may_use_a_closed_descriptor() =>
        Assert.Equal(3, Scenario.Parse(
            Script("open: { fd: A, event: cycles }", "close: A", "read: { fd: A, expect: EBADF }"), "x.yaml").Tasks[0].Steps.Count);

    [Theory]
    [InlineData("inject: [ { pmi: { cpu: 0, task: tool, reads: A } } ]", "x.yaml:7:47: error: task tool has no descriptor \"A\"; there is none")]
    [InlineData("inject: [ { tock: { cpu: 0 } } ]", "x.yaml:7:13: error: an injection has no \"tock\"; did you mean \"tick\"?")]
    [InlineData("inject: [ { tick: { cpu: 9 } } ]", "x.yaml:7:26: error: the machine has no cpu 9; write 0 to 1")]
    [InlineData("expect: [ { sharing: often } ]", "x.yaml:7:22: error: sharing cannot be \"often\"; known: sometimes, never")]
    [InlineData("expect: [ { ignore: [times] } ]", "x.yaml:7:22: error: no property is called \"times\"; did you mean \"times-right\"?")]
    [InlineData("expect: [ { ignore: [clocks] } ]", "x.yaml:7:22: error: no property is called \"clocks\"; known: counts-exact, "
        + "counts-monotone, times-right, active-counts, one-master, counters-owned, counters-enough, work-conserving, slave-in-scope, samplers-alone, "
        + "no-leak, lock-rules, no-warning, no-deadlock, no-livelock, no-torn-count, expectations")]
    [InlineData(
        "expect: [ { count: { task: tool, fd: A, at-end: 1 } } ]", "x.yaml:7:38: error: task tool reads nothing; add - read: A to its script")]
    public void Injections_and_expectations_are_refused_with_place_problem_and_advice(string line, string message) =>
        Assert.Equal(message, FirstLine(Script("yield") + line + "\n"));

    [Fact]
    public void Text_that_is_no_yaml_is_refused_at_its_place() =>
        Assert.StartsWith("x.yaml:2:1: error: this is no YAML: ", FirstLine("machine: { cpus: 1\n"), StringComparison.Ordinal);

    [Fact]
    public void The_line_at_fault_is_shown_with_a_caret_below_the_place()
    {
        InputError error = Assert.Throws<InputError>(() => Scenario.Parse("machine: { profile: tiny, cpu: 2 }\n", "x.yaml"));
        Assert.Equal(["  machine: { profile: tiny, cpu: 2 }", "                            ^"], error.Message.Split('\n')[1..]);
        Assert.Equal((1, 27, "a machine has no \"cpu\"", "did you mean \"cpus\"?"), (error.Line, error.Column, error.Problem, error.WhatToDo));
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_input_error_without_a_place() => Assert.Equal(
        "no/such.yaml: error: the file cannot be read; check its name and whether you may read it",
        Assert.Throws<InputError>(() => Scenario.Load("no/such.yaml")).Message);

    [Fact]
    public void A_directory_that_is_not_there_is_an_input_error_without_a_place() => Assert.Equal(
        "no/such: error: the directory cannot be read; name the directory that holds the scenarios",
        Assert.Throws<InputError>(() => Catalogue.List("no/such")).Message);

    private static string FirstLine(string text) =>
        Assert.Throws<InputError>(() => Scenario.Parse(text, "x.yaml")).Message.Split('\n')[0];

    // The steps begin in line 5, after eight characters.
    private static string Script(params string[] steps) =>
        Machine + "cgroups: [a]\ntasks:\n  - script:\n"
        + string.Concat(steps.Select(step => $"      - {step}\n")) + "    name: tool\n";
}
