using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

public sealed class OverflowTests
{
    private static readonly WorkPosition Far = WorkPosition.AfterUnits(1_000_000_000);

    [Theory]
    [InlineData(PmuBench.F, 1ul, 0L, 1, 0)] // right after f
    [InlineData(PmuBench.F, 3ul, 2L, 1, 0)]
    [InlineData(PmuBench.A, 1ul, 0L, 2, 0)]
    [InlineData(PmuBench.B, 1ul, 0L, 2, 1)]
    [InlineData(PmuBench.B, 2ul, 0L, 3, 0)]
    [InlineData(PmuBench.C, 4ul, 1L, 3, 1)]
    [InlineData(PmuBench.C, 6ul, 1L, 4, 0)]
    [InlineData(PmuBench.D, 3ul, 0L, 4, 3)]
    [InlineData(PmuBench.D, 4ul, 1L, 0, 0)] // the last of the unit
    [InlineData(PmuBench.D, 401ul, 100L, 4, 1)]
    [InlineData(PmuBench.D, 400_000_003ul, 100_000_000L, 4, 3)]
    public void Work_stops_right_after_the_occurrence_that_overflows(uint code, ulong period, long units, int step, int occurrence)
    {
        var bench = new PmuBench("wide");
        var e = bench.Added(code, period);
        var at = bench.Pmu.Retire(PmuBench.Unit, Privilege.User, default, Far, bench.Overflowed);
        Assert.Equal(new WorkPosition(units, step, occurrence), at);
        Assert.Equal([e.Id], bench.Overflowed);
        Assert.Equal((long)period, bench.Pmu.Read(e.Id));
        Assert.Equal(period, bench.Pmu.ShadowCount(code, Privilege.User));
    }

    [Fact]
    public void A_stop_inside_a_unit_leaves_the_rest_of_the_unit_to_do()
    {
        var bench = new PmuBench("wide");
        bench.Added(PmuBench.C, period: 2);
        bench.Run(1);
        Assert.Single(bench.Overflowed);
        Assert.Equal([1UL, 1, 2, 3, 4], new[] { PmuBench.F, PmuBench.A, PmuBench.B, PmuBench.C, PmuBench.D }.Select(code => bench.Pmu.ShadowCount(code, Privilege.User)));
    }

    [Fact]
    public void Two_events_that_overflow_at_one_occurrence_do_so_in_counter_order()
    {
        var bench = new PmuBench("skl-ht");
        var general = bench.Event(0x3c, period: 10);
        var onFixed = bench.Event(0x3c, period: 10);
        bench.Add(onFixed);
        bench.Add(general);
        Assert.Equal("0:0 33:1", bench.Counters);
        bench.Run(new Work(new Occurrences(0x3c, 1)), 10);
        Assert.Equal([general.Id, onFixed.Id], bench.Overflowed);
    }

    [Fact]
    public void On_Arm_the_cycle_counter_is_looked_at_first()
    {
        var bench = new PmuBench("n1");
        bench.Added(0x11, period: 10);
        bench.Added(0x11, period: 10);
        bench.Run(new Work(new Occurrences(0x11, 1)), 10);
        Assert.Equal("0:1 32:0", bench.Counters);
        Assert.Equal([new EventId(0), new EventId(1)], bench.Overflowed);
    }

    [Fact]
    public void Two_periods_overflow_each_by_itself()
    {
        var bench = new PmuBench("wide");
        var e = bench.Added(PmuBench.A, period: 10);
        var f = bench.Added(PmuBench.B, period: 50);
        bench.Run(100);
        Assert.Equal(10, bench.Overflowed.Count(id => id == e.Id));
        Assert.Equal(4, bench.Overflowed.Count(id => id == f.Id));
    }

    [Theory]
    [InlineData("skl-ht")]
    [InlineData("n1")]
    public void Del_and_add_keep_the_phase_of_the_period(string profile)
    {
        var bench = new PmuBench(profile);
        var e = bench.Added(PmuBench.A, period: 10);
        bench.Run(7);
        bench.Pmu.Del(e.Id);
        bench.Run(50);
        bench.Add(e);
        bench.Run(2);
        Assert.Empty(bench.Overflowed);
        bench.Run(1);
        Assert.Equal([e.Id], bench.Overflowed);
    }

    [Fact]
    public void A_move_to_another_counter_keeps_the_phase_of_the_period()
    {
        var bench = new PmuBench("skl-ht");
        bench.Added(0xc4);
        var e = bench.Added(PmuBench.A, period: 10);
        bench.Run(7);
        bench.Added(0x1c0);
        Assert.Equal("0:0 1:2 2:1", bench.Counters);
        bench.Run(2);
        Assert.Empty(bench.Overflowed);
        bench.Run(1);
        Assert.Equal([e.Id], bench.Overflowed);
    }

    [Fact]
    public void A_forgotten_event_starts_its_period_anew()
    {
        var bench = new PmuBench("n1");
        var e = bench.Added(PmuBench.A, period: 10);
        bench.Run(7);
        bench.Pmu.Del(e.Id);
        bench.Pmu.Forget(e.Id);
        bench.Add(e);
        bench.Run(9);
        Assert.Empty(bench.Overflowed);
        bench.Run(1);
        Assert.Single(bench.Overflowed);
    }

    [Fact]
    public void An_event_that_goes_to_another_CPU_takes_its_phase_along()
    {
        var from = new PmuBench("n1");
        var to = new PmuBench("n1");
        var e = from.Added(PmuBench.A, period: 10);
        from.Run(7);
        from.Pmu.Del(e.Id);
        to.Pmu.Adopt(e, from.Pmu.StateOf(e.Id)!.Value);
        to.Add(e);
        to.Run(2);
        Assert.Empty(to.Overflowed);
        to.Run(1);
        Assert.Equal([e.Id], to.Overflowed);
    }

    [Theory]
    [InlineData("skl-ht", true)]
    [InlineData("n1", true)]
    [InlineData("n1", false)]
    public void A_new_period_begins_at_once_and_loses_no_count(string profile, bool running)
    {
        var bench = new PmuBench(profile);
        var e = bench.Added(PmuBench.A, period: 10);
        bench.Run(7);
        var count = running ? 0 : bench.Pmu.Del(e.Id);
        count += Replace(bench, e, 25, running);
        if (!running)
        {
            bench.Add(e);
        }

        bench.Run(24);
        Assert.Empty(bench.Overflowed);
        bench.Run(26);
        Assert.Equal(2, bench.Overflowed.Count);
        Assert.Equal(57, count + bench.Pmu.Read(e.Id));
    }

    [Fact]
    public void A_new_period_of_a_running_software_event_takes_effect_one_overflow_late()
    {
        var bench = new PmuBench(PmuProfile.Software);
        var e = bench.Added(PmuBench.F, period: 10);
        bench.Run(50);
        Assert.Equal(5, bench.Overflowed.Count);
        var read = Replace(bench, e, 25, running: true);
        List<long> overflowsAt = [];
        for (var unit = 1; unit <= 60; unit++)
        {
            bench.Overflowed.Clear();
            bench.Run(1);
            overflowsAt.AddRange(bench.Overflowed.Select(_ => (long)unit));
        }

        Assert.Equal([1, 10, 35, 60], overflowsAt);
        Assert.Equal(110, read + bench.Pmu.Read(e.Id));
    }

    /// <summary>As __perf_event_period() does it.</summary>
    private static long Replace(PmuBench bench, PmuEvent e, ulong period, bool running)
    {
        long delta = 0;
        if (running)
        {
            bench.Pmu.Stop(e.Id, update: true, out delta);
        }

        bench.Pmu.SetPeriod(e.Id, period, restart: true);
        if (running)
        {
            bench.Pmu.Start(e.Id, reload: true);
        }

        return delta;
    }

    [Fact]
    public void Software_events_see_an_occurrence_newest_first()
    {
        var bench = new PmuBench(PmuProfile.Software);
        bench.Added(PmuBench.F, period: 1);
        bench.Added(PmuBench.F, period: 1);
        bench.Run(2);
        Assert.Equal([1, 0, 1, 0], bench.Overflowed.Select(id => id.Value));
    }

    [Fact]
    public void On_x86_a_period_of_1_overflows_at_each_second_occurrence()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Added(PmuBench.F, period: 1);
        bench.Run(10);
        Assert.Equal(5, bench.Overflowed.Count);
        Assert.Equal(1, bench.Pmu.StateOf(e.Id)!.Value.PeriodLeft);
        Assert.Equal(10, bench.Pmu.Read(e.Id));
    }

    [Theory]
    [InlineData(1, 1000ul, 1000)]
    [InlineData(2, 1000ul, 1000)]
    [InlineData(1, 128ul, 128)]
    [InlineData(2, 128ul, 129)] // 127 and then 1, for which 2 is loaded
    [InlineData(2, 127ul, 127)]
    public void A_period_longer_than_the_counter_overflows_once_at_its_end(int periodMin, ulong period, long firstOverflow)
    {
        var bench = new PmuBench(Profiles.Find("zen")!.Pmus[0] with { WidthBits = 8, PeriodMin = periodMin });
        var e = bench.Added(PmuBench.F, period);
        bench.Run(60);
        var at = bench.Pmu.Retire(PmuBench.Unit, Privilege.User, WorkPosition.AfterUnits(60), Far, bench.Overflowed);
        Assert.Equal(new WorkPosition(firstOverflow - 1, 1, 0), at);
        Assert.Equal(firstOverflow, bench.Pmu.Read(e.Id));
        Assert.Single(bench.Overflowed);
    }

    [Fact]
    public void An_event_overflows_only_in_the_modes_it_counts()
    {
        var bench = new PmuBench("n1");
        bench.Added(PmuBench.F, period: 5);
        Assert.Equal(Far, bench.Pmu.Retire(PmuBench.Unit, Privilege.Kernel, default, Far, bench.Overflowed));
        bench.Pmu.Disable();
        Assert.Equal(Far, bench.Pmu.Retire(PmuBench.Unit, Privilege.User, default, Far, bench.Overflowed));
        bench.Pmu.Enable();
        Assert.Empty(bench.Overflowed);
    }

    [Fact]
    public void Two_PMUs_of_a_CPU_run_to_the_earlier_overflow_of_both()
    {
        var hardware = new PmuBench("n1");
        var software = new PmuBench(PmuProfile.Software);
        hardware.Added(PmuBench.D, period: 6);
        software.Added(PmuBench.B, period: 3);
        var onHardware = hardware.Pmu.NextOverflow(PmuBench.Unit, Privilege.User, default, Far);
        var onSoftware = software.Pmu.NextOverflow(PmuBench.Unit, Privilege.User, default, Far);
        Assert.Equal(new WorkPosition(1, 4, 2), onHardware);
        Assert.Equal(new WorkPosition(1, 2, 1), onSoftware);
        Assert.Equal(onSoftware, hardware.Pmu.Retire(PmuBench.Unit, Privilege.User, default, onSoftware, hardware.Overflowed));
        Assert.Equal(onSoftware, software.Pmu.Retire(PmuBench.Unit, Privilege.User, default, onSoftware, software.Overflowed));
        Assert.Empty(hardware.Overflowed);
        Assert.Single(software.Overflowed);
    }
}
