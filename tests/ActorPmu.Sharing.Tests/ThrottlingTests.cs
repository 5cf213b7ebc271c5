using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>Throttling, frequencies and the tick on a machine with a clock: one instruction each microsecond, a tick each 4 ms.</summary>
public sealed class ThrottlingTests
{
    private const string Sampler = "S";

    private static readonly PerfEventAttr Counting = Scripts.Attr(Scripts.Instructions) with
    {
        ReadFormat = ReadFormat.TotalTimeEnabled | ReadFormat.TotalTimeRunning,
    };

    private static readonly PerfEventAttr Sampling = Counting with { SamplePeriod = 100 };

    [Fact]
    public void An_event_that_overflows_too_often_counts_nothing_until_the_next_tick()
    {
        // Two samples a tick: it stops at 200 µs, 4,200 µs and 8,200 µs of 10,000.
        Clocked run = new(2 * 250, Open(Sampling), Open("C", Counting), new WorkOp(10_000), new ReadOp(Sampler), new ReadOp("C"));
        Assert.Equal("S=600 C=10000", run.Reads);
        Assert.Equal((3, "6+0"), (run.Machine.Costs.Throttled, run.Signals));
    }

    [Fact]
    public void An_event_that_stays_under_the_limit_is_never_stopped()
    {
        Clocked run = new(41 * 250, Open(Sampling), new WorkOp(10_000), new ReadOp(Sampler));
        Assert.Equal("S=10000", run.Reads);
        Assert.Equal((0, "100+0"), (run.Machine.Costs.Throttled, run.Signals));
    }

    [Fact]
    public void A_throttled_event_is_on_the_PMU_all_the_time_and_counts_for_a_part_of_it()
    {
        Clocked run = new(2 * 250, Open(Sampling), new WorkOp(3_000), new ReadOp(Sampler));
        ReadRecord read = run.Last.Read!;
        Assert.Equal(200, read.Entries[0].Value);
        Assert.Equal(read.TimeEnabledNs, read.TimeRunningNs);
        Assert.InRange(read.TimeRunningNs, 3_000_000, 3_010_000);
    }

    [Fact]
    public void A_new_period_starts_a_throttled_event_and_the_tick_leaves_it_alone()
    {
        Clocked run = new(
            2 * 250, Open(Sampling), new WorkOp(1_000), new IoctlOp(Sampler, IoctlCommand.Period, 50), new WorkOp(1_000),
            new ReadOp(Sampler), new IoctlOp(Sampler, IoctlCommand.Period, 3_000), new WorkOp(4_000), new ReadOp(Sampler));
        Assert.Equal("S=300 S=4300", run.Reads);
        Assert.Equal(2, run.Machine.Costs.Throttled);
    }

    [Fact]
    public void Scheduling_a_throttled_event_in_again_ends_its_throttling()
    {
        Clocked run = new(
            2 * 250, Open(Sampling), new WorkOp(1_000), new IoctlOp(Sampler, IoctlCommand.Disable),
            new IoctlOp(Sampler, IoctlCommand.Enable), new WorkOp(1_000), new ReadOp(Sampler));
        Assert.Equal("S=400", run.Reads);
    }

    [Fact]
    public void A_sample_comes_when_the_counter_overflows_and_not_when_the_work_is_over()
    {
        Clocked run = new(
            100_000, Open(Sampling with { SamplePeriod = 250, Disabled = true }), new IoctlOp(Sampler, IoctlCommand.Refresh, 1),
            new WorkOp(10_000), new ReadOp(Sampler));
        ReadRecord read = run.Last.Read!;
        Assert.Equal((250, "0+1"), (read.Entries[0].Value, run.Signals));
        Assert.InRange(read.TimeRunningNs, 250_000, 251_000);
    }

    [Fact]
    public void A_frequency_begins_with_a_period_of_1_and_finds_its_period()
    {
        Clocked first = new(100_000, Open(Frequency(1_000) with { Disabled = true }), new ReadOp(Sampler));
        Assert.Equal(1UL, first.Period);
        Clocked run = new(100_000, Open(Frequency(1_000)), new WorkOp(1_000_000), new ReadOp(Sampler));
        Assert.Equal("S=1000000", run.Reads);
        Assert.InRange(run.Period, 950UL, 1_050UL);
        Assert.InRange(run.Samples, 950, 1_150);
    }

    [Fact]
    public void A_new_frequency_leads_to_another_period()
    {
        Clocked run = new(
            100_000, Open(Frequency(1_000)), new WorkOp(200_000), new IoctlOp(Sampler, IoctlCommand.Period, 250),
            new WorkOp(500_000), new ReadOp(Sampler));
        Assert.Equal("S=700000", run.Reads);
        Assert.InRange(run.Period, 3_800UL, 4_200UL);
    }

    [Fact]
    public void A_copy_for_a_child_goes_on_from_the_period_that_the_parent_has_found()
    {
        Clocked run = new(
            100_000,
            [
                Scripts.Task(
                    "tool", 0, new OpenOp(Sampler, Frequency(1_000) with { Inherit = true }) { TargetTask = "self" }, new WorkOp(300_000),
                    new ForkOp("child"), new ReadOp(Sampler)),
                Scripts.Task("child", 0) with { Forked = true },
            ]);
        PerfEvent copy = run.Machine.Events.Single(e => e.Parent is not null);
        Assert.Equal(run.Period, copy.Hw.SamplePeriod);
        Assert.InRange(run.Period, 950UL, 1_050UL);
    }

    [Fact]
    public void A_copy_of_a_copy_begins_with_the_period_of_the_original()
    {
        // What is not inherited makes the contexts different, so that they are not swapped.
        Clocked run = new(
            100_000,
            [
                Scripts.Task(
                    "tool", 0, new OpenOp(Sampler, Frequency(1_000) with { Inherit = true }) { TargetTask = "self" },
                    new OpenOp("N", Counting) { TargetTask = "self" }, new WorkOp(10_000), new ForkOp("child"), new SleepOp(1_000_000_000), new ReadOp(Sampler)),
                Scripts.Task("child", 0, new WorkOp(300_000), new ForkOp("grandchild")) with { Forked = true },
                Scripts.Task("grandchild", 0) with { Forked = true },
            ]);
        ulong[] periods = [.. run.Machine.Events.Where(e => e.Name == Sampler).Select(e => e.Hw.SamplePeriod)];
        Assert.InRange(periods[1], 950UL, 1_050UL);
        Assert.NotEqual(periods[0], periods[1]);
        Assert.Equal(periods[0], periods[2]);
    }

    [Fact]
    public void A_throttled_sharer_stops_the_master_of_v6_and_nothing_starts_it_again()
    {
        Clocked run = new(
            2 * 250, () => new V6(), Open("C", Counting), Open(Sampling), new WorkOp(10_000), new ReadOp("C"), new ReadOp(Sampler));
        Assert.Equal("C=200 S=200", run.Reads);
        Assert.Contains(run.Machine.Violations, v => v.What == "read(C) returns 200; the truth is 10000");
        Assert.Contains(run.Machine.Violations, v => v.Property == Property.SamplersAlone);
    }

    [Fact]
    public void The_tick_stops_a_sharer_of_v6_that_has_no_counter()
    {
        Clocked run = new(
            100_000, () => new V6(), Open(Frequency(1_000)), Open("C", Counting), new WorkOp(5_000), new ReadOp("C"));
        Assert.Contains(run.Machine.Violations, v => v.What == "pmu/0: StoppedWithoutAdd of S");
    }

    [Fact]
    public void Throttling_comes_and_goes_in_the_schedules_of_an_exploration()
    {
        SortedSet<(long Throttled, long Counted)> seen = [];
        for (ulong seed = 0; seed < 60; seed++)
        {
            Machine machine = Runs.Seeded(Scripts.Find("throttled beside counting"), new NoSharing(), seed);
            Assert.Empty(machine.Violations);
            seen.Add((machine.Costs.Throttled, machine.Events.Single(e => e.Name == Sampler).Count));
        }

        // Two ticks: never a third stretch of two samples, and once or twice the tick comes too early to help.
        Assert.All(seen, s => Assert.True(s.Throttled is 1 or 2 or 3 && s.Counted < 75, $"{s}"));
        Assert.Superset(new HashSet<(long, long)> { (1, 48), (2, 30) }, seen);
    }

    private static PerfEventAttr Frequency(ulong hz) => Counting with { SamplePeriod = hz, Freq = true };

    private static OpenOp Open(PerfEventAttr attr) => Open(Sampler, attr);

    private static OpenOp Open(string name, PerfEventAttr attr) => Scripts.OnCpu(name, attr);

    /// <summary>A run in virtual time, to its end whatever is found on the way; without sharing nothing may be.</summary>
    private sealed class Clocked
    {
        private readonly List<string> _reads = [];

        public Clocked(ulong maxSampleRate, params TaskOp[] ops)
            : this(maxSampleRate, [Scripts.Task("tool", 0, [.. ops.Take(1), new SignalOp(((OpenOp)ops[0]).Name), .. ops.Skip(1)])])
        {
        }

        public Clocked(ulong maxSampleRate, IReadOnlyList<TaskSpec> tasks)
            : this(maxSampleRate, new NoSharing(), tasks)
        {
            Assert.Empty(Machine.Violations);
        }

        public Clocked(ulong maxSampleRate, Func<ISharingDesign> design, params TaskOp[] ops)
            : this(maxSampleRate, design(), [Scripts.Task("tool", 0, ops)])
        {
        }

        private Clocked(ulong maxSampleRate, ISharingDesign design, IReadOnlyList<TaskSpec> tasks)
        {
            MachineSpec spec = Scripts.Machine("skl-ht", 1, [.. tasks]) with
            {
                Work = new Work(new Occurrences(Scripts.Instructions, 1)),
                TickNs = 4_000_000,
                UnitNs = 1_000,
                SyscallNs = 100,
                MaxSampleRate = maxSampleRate,
            };
            Machine = new Machine(spec, design, hasClock: true)
            {
                HaltOnViolation = false,
                AfterOperation = (_, _, op, result) =>
                {
                    Assert.True(result.Error == Errno.Ok, $"{op}: {result.Error}");
                    if (result.Read is { } read)
                    {
                        Last = result;
                        _reads.Add(string.Join(' ', read.Entries.Select(e => $"{e.Name}={e.Value}")));
                    }
                },
            };
            Machine.CheckEnd(Machine.World.Run(new VirtualTimeChooser(), 1_000_000));
        }

        public Machine Machine { get; }

        public string Reads => string.Join(' ', _reads);

        public OpResult Last { get; private set; } = OpResult.Ok;

        public ulong Period => S.Hw.SamplePeriod;

        public int Samples => S.SignalCounts.In;

        public string Signals => $"{S.SignalCounts.In}+{S.SignalCounts.Hup}";

        private PerfEvent S => Machine.Events.First(e => e.Name == Sampler);
    }
}
