namespace ActorPmu.Kernel.Tests;

/// <summary><c>pmu->stop()</c> and <c>pmu->start()</c>.</summary>
public sealed class StopStartTests
{
    [Theory]
    [InlineData("skl-ht")]
    [InlineData("n1")]
    public void A_stopped_event_keeps_its_counter_and_does_not_count(string profile)
    {
        var bench = new PmuBench(profile);
        var e = bench.Added(PmuBench.A, period: 100);
        var counters = bench.Counters;
        bench.Run(7);
        bench.Pmu.Stop(e.Id, update: true, out var delta);
        bench.Run(500);
        Assert.Equal((7L, 0L, counters, true), (delta, bench.Pmu.Read(e.Id), bench.Counters, bench.Pmu.IsStopped(e.Id)));
        Assert.Empty(bench.Overflowed);
        bench.Pmu.Start(e.Id, reload: false);
        bench.Run(93);
        Assert.Equal([e.Id], bench.Overflowed);
        Assert.Equal((93L, false), (bench.Pmu.Read(e.Id), bench.Pmu.IsStopped(e.Id)));
        Assert.Empty(bench.Pmu.Warnings);
    }

    [Theory]
    [InlineData("skl-ht", 0L, 7L)]
    [InlineData("n1", 7L, 0L)] // armpmu_stop() ignores the flag
    public void A_stop_without_update_leaves_the_count_to_the_next_read(string profile, long delta, long read)
    {
        var bench = new PmuBench(profile);
        var e = bench.Added(PmuBench.A, period: 100);
        bench.Run(7);
        bench.Pmu.Stop(e.Id, update: false, out var atStop);
        Assert.Equal((delta, read), (atStop, bench.Pmu.Read(e.Id)));
    }

    [Fact]
    public void An_event_that_x86_moves_while_it_is_stopped_stays_stopped_and_loses_nothing()
    {
        var bench = new PmuBench("skl-ht");
        var onFixed = bench.Event(0x3c, period: 10);
        bench.Add(onFixed);
        var before = bench.Counters;
        bench.Run(new Work(new Occurrences(0x3c, 1)), 7);
        bench.Pmu.Stop(onFixed.Id, update: false, out _);
        var mover = PushOut(bench, onFixed);
        Assert.NotEqual(before, bench.Counters);
        bench.Run(new Work(new Occurrences(0x3c, 1)), 50);
        Assert.True(bench.Pmu.IsStopped(onFixed.Id));
        Assert.Equal(7, bench.Pmu.Read(onFixed.Id));
        bench.Pmu.Start(onFixed.Id, reload: false);
        bench.Run(new Work(new Occurrences(0x3c, 1)), 3);
        Assert.Contains(onFixed.Id, bench.Overflowed);
        Assert.True(bench.Pmu.Has(mover.Id));
    }

    [Fact]
    public void An_event_that_is_deleted_while_it_is_stopped_counts_from_its_next_add_on()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Added(PmuBench.A, period: 100);
        bench.Run(7);
        bench.Pmu.Stop(e.Id, update: false, out _);
        bench.Run(5);
        Assert.Equal(7, bench.Pmu.Del(e.Id));
        bench.Add(e);
        bench.Run(4);
        Assert.Equal((4L, false), (bench.Pmu.Read(e.Id), bench.Pmu.IsStopped(e.Id)));
    }

    [Fact]
    public void An_interrupt_that_comes_after_a_stop_or_a_reload_finds_no_overflow()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Added(PmuBench.A, period: 5);
        bench.Run(5);
        bench.Pmu.Stop(e.Id, update: true, out _);
        Assert.False(bench.Pmu.TakeOverflow(e.Id));
        bench.Pmu.Start(e.Id, reload: false);
        Assert.True(bench.Pmu.TakeOverflow(e.Id));
        Assert.False(bench.Pmu.TakeOverflow(e.Id));
        bench.Run(5);
        bench.Pmu.Stop(e.Id, update: true, out _);
        bench.Pmu.Start(e.Id, reload: true);
        Assert.False(bench.Pmu.TakeOverflow(e.Id));
    }

    [Fact]
    public void Whoever_stops_or_starts_what_is_not_there_or_starts_what_counts_is_told()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Event(PmuBench.A, period: 5);
        Assert.Equal(PmuStatus.NoEntry, bench.Pmu.Stop(e.Id, update: true, out _));
        Assert.Equal(PmuStatus.NoEntry, bench.Pmu.Start(e.Id, reload: true));
        bench.Add(e);
        Assert.Equal(PmuStatus.Ok, bench.Pmu.Start(e.Id, reload: false));
        Assert.Equal(
            [PmuMisuse.StoppedWithoutAdd, PmuMisuse.StartedWithoutAdd, PmuMisuse.StartedWhileCounting],
            bench.Pmu.Warnings.Select(w => w.Misuse));
    }

    /// <summary>Adds an event that takes the counter of the one that is there.</summary>
    private static PmuEvent PushOut(PmuBench bench, PmuEvent there)
    {
        var constraint = bench.Pmu.Profile.Fixed.First(f => f.Code == there.Selector.Code);
        var e = bench.Event(constraint.Code);
        Assert.Equal(PmuStatus.Ok, bench.Add(e));
        return e;
    }
}
