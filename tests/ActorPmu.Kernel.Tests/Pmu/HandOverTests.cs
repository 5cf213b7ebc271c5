namespace ActorPmu.Kernel.Tests;

/// <summary>An event goes on on the counter that another one leaves.</summary>
public sealed class HandOverTests
{
    [Theory]
    [InlineData("skl-ht")]
    [InlineData("zen")]
    [InlineData("n1")]
    public void Who_takes_over_counts_on_where_the_counter_stands(string profile)
    {
        var bench = new PmuBench(profile);
        var from = bench.Added(PmuBench.A);
        var to = bench.Event(PmuBench.A);
        bench.Run(7);
        var counter = bench.Pmu.Counters[0].Counter;

        bench.Pmu.Disable();
        Assert.Equal(7, bench.Pmu.HandOver(from.Id, to));
        bench.Pmu.Enable();

        Assert.Equal([new CounterUse(counter, to.Id)], bench.Pmu.Counters);
        Assert.False(bench.Pmu.Has(from.Id));
        bench.Run(5);
        Assert.Equal(5, bench.Pmu.Read(to.Id));
        bench.Run(2);
        Assert.Equal(2, bench.Pmu.Del(to.Id));
        Assert.Equal(0, bench.Pmu.CountersInUse);
        Assert.Empty(bench.Pmu.Warnings);
    }

    [Theory]
    [InlineData("skl-ht")]
    [InlineData("n1")]
    public void Inside_a_transaction_the_place_changes_hands_and_is_cancelled_with_the_rest(string profile)
    {
        var bench = new PmuBench(profile);
        var from = bench.Event(PmuBench.A);
        var to = bench.Event(PmuBench.A);
        bench.Pmu.StartTxn();
        bench.Pmu.Add(from);
        Assert.Equal(0, bench.Pmu.HandOver(from.Id, to));
        bench.Pmu.Del(to.Id);
        bench.Pmu.CancelTxn();
        Assert.False(bench.Pmu.Has(from.Id));
        Assert.False(bench.Pmu.Has(to.Id));
        Assert.Equal(0, bench.Pmu.CountersInUse);

        bench.Add(from);
        bench.Run(3);
        Assert.Equal(3, bench.Pmu.Read(from.Id));
        Assert.Empty(bench.Pmu.Warnings);
    }

    [Fact]
    public void On_x86_the_solver_moves_who_has_taken_over_like_any_other()
    {
        var bench = new PmuBench("skl-ht");
        var from = bench.Added(0x300);
        var to = bench.Event(0x300);
        bench.Pmu.Disable();
        bench.Pmu.HandOver(from.Id, to);
        bench.Pmu.Enable();

        // ref-cycles can be on one counter alone: there is no room for the one that left, until the other does.
        Assert.Equal(PmuStatus.Again, bench.Pmu.Add(from));
        bench.Pmu.Del(to.Id);
        Assert.Equal(PmuStatus.Ok, bench.Pmu.Add(from));
        Assert.Empty(bench.Pmu.Warnings);
    }

    [Fact]
    public void On_Arm_a_pair_of_counters_goes_as_a_pair()
    {
        var bench = new PmuBench("n1");
        var first = new PmuEvent(new EventId(100), new HwSelector(0x08, Privilege.User, 0), 0, Long64: true);
        var next = first with { Id = new EventId(101) };
        bench.Add(first);
        bench.Pmu.HandOver(first.Id, next);
        Assert.Equal([new CounterUse(0, next.Id), new CounterUse(1, next.Id)], bench.Pmu.Counters);
        bench.Pmu.Del(next.Id);
        Assert.Equal(0, bench.Pmu.CountersInUse);
    }

    [Fact]
    public void Only_an_event_on_the_PMU_is_followed_by_one_that_is_not_and_counts_the_same()
    {
        var bench = new PmuBench("skl-ht");
        var on = bench.Added(PmuBench.A);
        var alsoOn = bench.Added(PmuBench.A);
        var off = bench.Event(PmuBench.A);
        bench.Pmu.HandOver(off.Id, bench.Event(PmuBench.A));
        bench.Pmu.HandOver(on.Id, alsoOn);
        bench.Pmu.HandOver(on.Id, bench.Event(0x300));
        bench.Pmu.HandOver(on.Id, bench.Event(PmuBench.A, period: 100));
        Assert.Equal(
            [.. new[] { off, on, on, on }.Select(e => new PmuWarning(PmuMisuse.HandedOverWrongly, e.Id))], bench.Pmu.Warnings);
        Assert.True(bench.Pmu.Has(on.Id) && bench.Pmu.Has(alsoOn.Id));
    }
}
