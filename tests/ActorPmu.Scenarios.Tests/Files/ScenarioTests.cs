using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Sharing;
using IoctlCommand = ActorPmu.Kernel.IoctlCommand;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>What a file's words become, and what its expectations notice.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string, TaskOp> Operations => new()
    {
        { "close: A", new CloseOp("A") },
        { "read: A", new ReadOp("A") },
        { "read: { fd: A, buffer: 8 }", new ReadOp("A", 8) },
        { "read-local: A", new ReadLocalOp("A") },
        { "poll: A", new PollOp("A") },
        { "mmap: A", new MmapOp("A") },
        { "munmap: A", new MunmapOp("A") },
        { "self-read: A", new SelfReadOp("A") },
        { "self-read: { fd: A, page-alone }", new SelfReadOp("A", true) },
        { "signal: A", new SignalOp("A") },
        { "enable: A", new IoctlOp("A", IoctlCommand.Enable) },
        { "disable: { fd: A, group: true }", new IoctlOp("A", IoctlCommand.Disable, 0, true) },
        { "reset: A", new IoctlOp("A", IoctlCommand.Reset) },
        { "refresh: A", new IoctlOp("A", IoctlCommand.Refresh, 1) },
        { "refresh: { fd: A, count: 3 }", new IoctlOp("A", IoctlCommand.Refresh, 3) },
        { "period: { fd: A, period: 0x10 }", new IoctlOp("A", IoctlCommand.Period, 16) },
        { "ioctl: { fd: A, cmd: id }", new IoctlOp("A", IoctlCommand.Id) },
        { "ioctl: { fd: A, cmd: unknown, arg: 7, group }", new IoctlOp("A", IoctlCommand.Unknown, 7, true) },
        { "work: 10", new WorkOp(10) },
        { "work: { units: 10, mode: kernel }", new WorkOp(10, Privilege.Kernel) },
        { "work: { units: 1_000, mode: [guest, user] }", new WorkOp(1_000, Privilege.Guest | Privilege.User) },
        { "prctl: enable", new PrctlOp(true) },
        { "prctl: disable", new PrctlOp(false) },
        { "fork: child", new ForkOp("child") },
        { "fork: { child: child, thread: true, keep-files: true }", new ForkOp("child", true, true) },
        { "exec", new ExecOp() },
        { "exit", new ExitOp() },
        { "exit: { zombie: true }", new ExitOp(false) },
        { "yield", new YieldOp() },
        { "block", new BlockOp() },
        { "sleep: 3ms", new SleepOp(3_000_000) },
        { "wake: tool", new WakeOp("tool") },
        { "migrate: 1", new MigrateOp("self", 1) },
        { "migrate: { task: tool, cpu: 1 }", new MigrateOp("tool", 1) },
        { "move-cgroup: a/b", new MoveCgroupOp("self", "a/b") },
        { "move-cgroup: { task: tool, to: root }", new MoveCgroupOp("tool", "root") },
        { "remove-cgroup: a/b", new RemoveCgroupOp("a/b") },
        { "offline: 1", new OfflineOp(1) },
        { "online: 1", new OnlineOp(1) },
        { "migrate-context: { from: 0, to: 1 }", new MigrateContextOp(0, 1) },
    };

    public static TheoryData<string, OpenOp> Opens => new()
    {
        { "event: cycles", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) },
        { "event: r01c0, cpu: 1, task: any", new OpenOp("X", new PerfEventAttr { Type = PerfType.Raw, Config = 0x1c0 }) { Cpu = 1, TargetTask = null } },
        { "event: 0x3c, task: tool, pmu: cpu", new OpenOp("X", new PerfEventAttr { Type = PerfType.Raw, Config = 0x3c }) { TargetTask = "tool", PmuName = "cpu" } },
        { "event: dummy, task: nobody", new OpenOp("X", new PerfEventAttr { Type = PerfType.Software, Config = 9 }) { NoSuchPid = true } },
        { "event: \"cycles:uD\"", new OpenOp("X", new PerfEventAttr { Config = 0x3c, ExcludeKernel = true, ExcludeHv = true, Pinned = true }) },
        { "event: \"cycles:kppHe\"", new OpenOp("X", new PerfEventAttr { Config = 0x3c, ExcludeUser = true, ExcludeHv = true, ExcludeGuest = true, PreciseIp = 2, Exclusive = true }) },
        { "event: cycles, exclude: [user, idle, host]", new OpenOp("X", new PerfEventAttr { Config = 0x3c, ExcludeUser = true, ExcludeIdle = true, ExcludeHost = true }) },
        { "event: cycles, cpu: 0, cgroup: a", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) { Cpu = 0, TargetTask = null, Cgroup = "a", PidCgroup = true } },
        { "event: cycles, cpu: 0, bad-cgroup-fd", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) { Cpu = 0, TargetTask = null, PidCgroup = true, BadCgroupFd = true } },
        { "event: cycles, group: A, fd-no-group, fd-output, unknown-flag", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) { Group = new GroupArgument("A"), FdNoGroup = true, FdOutput = true, UnknownFlag = true } },
        { "event: cycles, not-a-perf-fd", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) { Group = new GroupArgument(null, false) } },
        { "no-attr", new OpenOp("X", null) },
        { "event: cycles, disabled, inherit, inherit-thread, inherit-stat, enable-on-exec, remove-on-exec", new OpenOp("X", new PerfEventAttr { Config = 0x3c, Disabled = true, Inherit = true, InheritThread = true, InheritStat = true, EnableOnExec = true, RemoveOnExec = true }) },
        { "event: cycles, pinned: true, exclusive: false", new OpenOp("X", new PerfEventAttr { Config = 0x3c, Pinned = true }) },
        { "event: cycles, read-format: [enabled, running, id, group, lost]", new OpenOp("X", new PerfEventAttr { Config = 0x3c, ReadFormat = (ReadFormat)31 }) },
        { "event: cycles, read-format: 0x40", new OpenOp("X", new PerfEventAttr { Config = 0x3c, ReadFormat = (ReadFormat)64 }) },
        { "event: cycles, sample-period: 1000, sample-type: [ip, identifier], wakeup-events: 2, watermark", new OpenOp("X", new PerfEventAttr { Config = 0x3c, SamplePeriod = 1000, SampleType = 1 | (1 << 16), WakeupEvents = 2, Watermark = true }) },
        { "event: cycles, freq: 99, sample-max-stack: 5, branch-sample-type: 8", new OpenOp("X", new PerfEventAttr { Config = 0x3c, SamplePeriod = 99, Freq = true, SampleMaxStack = 5, BranchSampleType = 8 }) },
        { "event: cycles, config1: 1, config2: 0xff, precise: 3, clock-id: -4", new OpenOp("X", new PerfEventAttr { Config = 0x3c, Config1 = 1, Config2 = 255, PreciseIp = 3, UseClockId = true, ClockId = -4 }) },
        { "event: cycles, size: 64, non-zero-tail-at: 70", new OpenOp("X", new PerfEventAttr { Config = 0x3c, Size = 64, NonZeroTailAt = 70 }) },
        { "event: cycles, cpu: 9, expect: EINVAL", new OpenOp("X", new PerfEventAttr { Config = 0x3c }) { Cpu = 9 } },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_has_its_words(string step, TaskOp op) => Assert.Equal(op, Read(step).Op);

    [Fact]
    public void A_repeated_script_is_done_so_often_and_each_step_is_an_object_of_its_own()
    {
        Scenario scenario = Scenario.Parse("machine: { cpus: 1, profile: tiny }\ntasks:\n  - name: t\n    repeat: 3\n    script: [ work: 2, yield ]\n", "x.yaml");

        IReadOnlyList<ScriptStep> steps = Assert.Single(scenario.Tasks).Steps;
        Assert.Equal(6, steps.Count);
        Assert.Equal(6, steps.Select(s => s.Op).Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Every_operation_has_a_test() => Assert.Equal(
        StepReader.OperationNames.Order(StringComparer.Ordinal),
        Operations.Select(row => ((string)row[0]!).Split(':')[0]).Append("open").Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Opens))]
    public void Every_argument_of_an_open_has_its_word(string arguments, OpenOp op) =>
        Assert.Equal(op, Read($"open: {{ fd: X, {arguments} }}").Op);

    [Fact]
    public void Every_argument_of_an_open_has_a_test() => Assert.Equal(
        [],
        OpenReader.Keys.Except(["fd", "pid-cgroup"]).Where(
            key => !Opens.Any(row => $", {row[0]}".Contains($", {key}", StringComparison.Ordinal))));

    [Theory]
    [InlineData("read: { fd: A, expect: 10 }", "10")]
    [InlineData("read: { fd: A, expect: 5..10 }", "5..10")]
    [InlineData("read: { fd: A, expect: eof }", "eof")]
    [InlineData("read: { fd: A, expect: { A: 1, B: 2..3 } }", "A=1, B=2..3")]
    [InlineData("read: { fd: A, expect: ENOSPC }", "ENOSPC")]
    [InlineData("poll: { fd: A, expect: hup }", "16")]
    [InlineData("yield: { expect: ok }", "ok")]
    [InlineData("close: { fd: A, expect: [ok, EBADF] }", "ok or EBADF")]
    [InlineData("close: { fd: A, expect: any }", "any")]
    [InlineData("close: A", "ok")]
    public void Every_expectation_has_its_words(string step, string expected) => Assert.Equal(expected, Read(step).Expect.ToString());

    [Fact]
    public void A_scenario_keeps_its_name_text_and_story()
    {
        const string Text = "# One thing. And another,\n# over two lines.\n#\n# A second paragraph.\nmachine: { profile: tiny }\ntasks: [ { name: a, script: [] } ]\n";
        Scenario scenario = Scenario.Parse(Text, "some/where/one-thing.yaml");
        Assert.Equal(
            ("one-thing", "some/where/one-thing.yaml", Text, "One thing. And another, over two lines.\nA second paragraph.", "One thing."),
            (scenario.Name, scenario.File, scenario.Text, scenario.Story, scenario.Summary));
    }

    [Fact]
    public void A_machine_is_what_its_file_says()
    {
        MachineSpec spec = Scenario.Parse(
            """
            machine: { cpus: 3, profile: n1, rt: true, watchdog: true, mux-fires: 4, mux-interval: 5ms, alloc-failures: 6, fine-grained: true,
              kernel: "5.15", tick: 7us, tick-units: 8, move: 11ns, unit: 9ns, syscall: 10s, paranoid: -1, privileged: false, max-sample-rate: 100 }
            cgroups: [a, a/b]
            work: { cycles: 1, r08: 2 }
            kernel-work: { cycles: 3 }
            tasks:
              - { name: first, cpu: 2, cgroup: a/b, work: { cycles: 5 }, script: [ { open: { fd: A, event: cycles } } ] }
              - { name: second, forked: true, cgroup: root, script: [] }
            inject: [ { tick: { cpu: 0, times: 2 } }, { mux: { cpu: 1 } }, { pmi: { cpu: 2, task: first, reads: A } } ]
            """,
            "x.yaml").Spec;
        Assert.Equal((3, "n1", true, true, 4, 5_000_000), (spec.CpuCount, spec.Profile.Name, spec.PreemptRt, spec.Watchdog, spec.MuxFires, spec.MuxIntervalNs));
        Assert.Equal((6, true, 515, 7_000, 8, 11), (spec.AllocationFailures, spec.FineGrained, spec.KernelVersion, spec.TickNs, spec.TickUnits, spec.MoveNs));
        Assert.Equal((9, 10_000_000_000, -1, false, 100UL), (spec.UnitNs, spec.SyscallNs, spec.PerfEventParanoid, spec.Privileged, spec.MaxSampleRate));
        Assert.Equal([new CgroupSpec("a", null), new CgroupSpec("a/b", "a")], spec.Cgroups);
        Assert.Equal([new Occurrences(0x11, 1), new Occurrences(8, 2)], spec.Work.Steps.ToArray());
        Assert.Equal([new Occurrences(0x11, 3)], spec.KernelWork.Steps.ToArray());
        Assert.Equal(
            [("first", 2, "a/b", false, true), ("second", 0, null, true, false)],
            spec.Tasks.Select(t => (t.Name, t.Cpu, t.Cgroup, t.Forked, t.Work is not null)));
        Assert.Equal(
            [
                new Injection(InjectionKind.Tick, 0, 2), new Injection(InjectionKind.MuxTimer, 1, 1),
                new Injection(InjectionKind.Pmi, 2, 1) { Task = "first", Event = "A" },
            ],
            spec.Injections);
    }

    [Fact]
    public void A_49th_task_is_one_too_many()
    {
        string tasks = string.Concat(Enumerable.Range(1, 49).Select(i => $"  - {{ name: t{i}, script: [] }}\n"));
        InputError error = Assert.Throws<InputError>(() => Scenario.Parse("machine: { profile: tiny }\ntasks:\n" + tasks, "x.yaml"));
        Assert.Equal((51, "there are 49 tasks", "a machine has room for 48"), (error.Line, error.Problem, error.WhatToDo));
    }

    [Fact]
    public void A_thread_may_use_what_its_sibling_opens() =>
        Assert.Equal(2, Parse("fork: { child: child, thread: true }", "read: { fd: A }", "- open: { fd: A, event: cycles }").Tasks.Count);

    [Fact]
    public void A_count_that_is_not_as_expected_is_a_violation()
    {
        Machine machine = Run(
            "open: { fd: A, event: cycles }\n      - work: 10\n      - read: { fd: A, expect: 11 }", "", new NoSharing());
        Violation violation = Assert.Single(machine.Violations);
        Assert.Equal(
            (Property.Expectations, "tool: read(A) returns A=10; expected 11 (x.yaml:10)"), (violation.Property, violation.What));
    }

    [Fact]
    public void An_error_that_is_not_as_expected_is_a_violation()
    {
        Machine machine = Run("offline: 0", "", new NoSharing());
        Assert.Equal("tool: cpu/0 offline returns EBUSY; expected ok (x.yaml:8)", Assert.Single(machine.Violations).What);
    }

    [Fact]
    public void A_count_at_the_end_is_that_of_the_last_read()
    {
        const string Script = "open: { fd: A, event: cycles }\n      - read: A\n      - work: 10\n      - read: A";
        Assert.Equal([], Run(Script, "expect: [ { count: { task: tool, fd: A, at-end: 10 } } ]\n", new NoSharing()).Violations);
        Violation violation = Assert.Single(
            Run(Script, "expect: [ { count: { task: tool, fd: A, at-end: 0 } } ]\n", new NoSharing()).Violations);
        Assert.Equal("tool: A was 10 at the last read; expected 0 (x.yaml:12)", violation.What);
    }

    [Fact]
    public void A_property_that_is_ignored_is_not_looked_at() =>
        Assert.Equal([], Run("offline: 0", "expect: [ { ignore: [expectations] } ]\n", new NoSharing()).Violations);

    [Fact]
    public void A_task_that_nobody_wakes_is_reported_as_stuck()
    {
        Violation violation = Assert.Single(Run("block", "", new NoSharing()).Violations);
        Assert.Equal(
            (Property.NoDeadlock, "nobody can go on, and nobody waits in a circle: a wake-up is missing"), (violation.Property, violation.What));
        Assert.Contains("tool is asleep on cpu/0", violation.Evidence);
    }

    [Fact]
    public void A_run_that_hits_the_step_bound_is_reported_as_endless()
    {
        Machine machine = Parse("work: 1", "yield", "").Build(new NoSharing());
        RunEnd end = machine.World.Run(new RandomChooser(1), 2);
        machine.CheckEnd(end);
        Violation violation = Assert.Single(machine.Violations);
        Assert.Equal((Property.NoLivelock, "the run has not ended after 2 steps"), (violation.Property, violation.What));
    }

    [Fact]
    public void The_caller_may_ask_for_the_other_kernel()
    {
        Scenario scenario = Parse("work: 1", "yield", "");
        Assert.False(scenario.Build(new NoSharing()).Spec.PreemptRt);
        Assert.True(scenario.Build(new NoSharing(), preemptRt: true).Spec.PreemptRt);
        Assert.True(scenario.Build(new NoSharing(), hasClock: true).World.HasClock);
    }

    [Fact]
    public void Two_tools_share_one_counter_under_v6_and_none_without_sharing()
    {
        Scenario scenario = CatalogueFiles.Load("two-tools-one-counter");
        Assert.Equal(0, SharedIn(scenario, new NoSharing()));
        Assert.InRange(SharedIn(scenario, new V6()), 1, int.MaxValue);
    }

    [Fact]
    public void A_kernel_event_beside_a_user_event_spoils_its_count_under_v6()
    {
        Machine machine = CatalogueFiles.Load("user-beside-kernel").Build(new V6());
        machine.HaltOnViolation = false;
        machine.World.Run(new RandomChooser(1), 10_000);
        Assert.Contains(machine.Violations, v => v.Property == Property.CountsExact && v.What.StartsWith("read(U)", StringComparison.Ordinal));
    }

    private static int SharedIn(Scenario scenario, ISharingDesign design)
    {
        Machine machine = scenario.Build(design);
        machine.World.Run(new FirstChooser(), 10_000);
        return machine.Shared;
    }

    // The first delivery of the canonical order: tasks in turn, nothing delayed.
    private sealed class FirstChooser : IChooser
    {
        public int Pick(World world, ReadOnlySpan<int> enabled) => 0;

        public int Choose(ActorId by, int optionCount, string what) => 0;
    }

    // One step of a script in which A is open and child can be forked.
    private static ScriptStep Read(string step) =>
        Parse("open: { fd: A, event: cycles }", step, "").Tasks[0].Steps[1];

    private static Scenario Parse(string first, string second, string childStep) => Scenario.Parse(
        $"""
        machine: {HeadOfMachine}
        cgroups: [a, a/b]
        work: {WorkOfMachine}
        tasks:
          - name: tool
            script:
              - {first}
              - {second}
          - name: child
            forked: true
            script:
              {(childStep.Length == 0 ? "- yield" : childStep)}
        """,
        "x.yaml");

    private const string HeadOfMachine = "{ cpus: 2, profile: skl-ht }";

    private const string WorkOfMachine = "{ cycles: 1 }";

    private static Machine Run(string script, string end, ISharingDesign design)
    {
        string text = $"machine: {HeadOfMachine}\nwork: {WorkOfMachine}\ntasks:\n  - name: other\n    script: []\n  - name: tool\n    script:\n"
            + $"      - {script}\n" + end;
        Machine machine = Scenario.Parse(text, "x.yaml").Build(design);
        machine.CheckEnd(machine.World.Run(new RandomChooser(1), 10_000));
        return machine;
    }
}
