using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

public sealed class CountingTests
{
    private static readonly Work OneCycle = new(new Occurrences(0x3c, 1));

    [Fact]
    public void An_event_counts_what_its_filter_lets_through_and_the_shadow_counts_all()
    {
        var bench = new PmuBench("zen");
        var user = bench.Event(PmuBench.B);
        var all = bench.Event(PmuBench.B, counts: Privilege.User | Privilege.Kernel);
        bench.AddGroup(user, all);
        var to = WorkPosition.AfterUnits(10);
        bench.Pmu.Retire(PmuBench.Unit, Privilege.User, default, to, bench.Overflowed);
        bench.Pmu.Retire(PmuBench.Unit, Privilege.Kernel, default, to, bench.Overflowed);
        bench.Pmu.Retire(PmuBench.Unit, Privilege.User | Privilege.Guest, default, to, bench.Overflowed);
        Assert.Equal(20, bench.Pmu.Read(user.Id));
        Assert.Equal(40, bench.Pmu.Read(all.Id));
        Assert.Equal(20UL, bench.Pmu.ShadowCount(PmuBench.B, Privilege.Kernel));
        Assert.Equal(40, bench.Pmu.ShadowTotal(all.Selector));
        Assert.Equal(60, bench.Pmu.ShadowTotal(all.Selector with { Counts = Privilege.User | Privilege.Kernel | Privilege.Guest }));
        Assert.Equal(0, bench.Pmu.ShadowTotal(all.Selector with { Counts = Privilege.Hypervisor }));
        Assert.Equal(0UL, bench.Pmu.ShadowCount(0x1234, Privilege.User));
    }

    [Fact]
    public void A_disabled_PMU_counts_nothing_but_its_shadow_does()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Added(0x3c);
        bench.Pmu.Disable();
        bench.Pmu.Disable();
        bench.Run(OneCycle, 100);
        bench.Pmu.Enable();
        bench.Run(OneCycle, 10);
        bench.Pmu.Enable();
        bench.Run(OneCycle, 1);
        Assert.Equal(1, bench.Pmu.Read(e.Id));
        Assert.Equal(111UL, bench.Pmu.ShadowCount(0x3c, Privilege.User));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(100)]
    public void Work_may_make_occurrences_of_any_number_of_codes(int codes)
    {
        var bench = new PmuBench("skl-ht");
        var work = new Work(Enumerable.Range(1, codes).Select(code => new Occurrences((uint)code, code)).ToArray());
        bench.Run(work, 2);
        Assert.All(Enumerable.Range(1, codes), code => Assert.Equal(2UL * (uint)code, bench.Pmu.ShadowCount((uint)code, Privilege.User)));
    }

    [Fact]
    public void A_software_event_counts_while_the_PMU_is_disabled()
    {
        var bench = new PmuBench(PmuProfile.Software);
        var e = bench.Added(2);
        bench.Pmu.Disable();
        bench.Run(new Work(new Occurrences(2, 1)), 3);
        Assert.Equal(3, bench.Pmu.Read(e.Id));
    }

    [Fact]
    public void Extra_bits_make_another_event_that_counts_the_same_occurrences()
    {
        var bench = new PmuBench("n1");
        var plain = bench.Event(0x08);
        var extra = plain with { Id = new EventId(1), Selector = plain.Selector with { Extra = 7 } };
        bench.AddGroup(plain, extra);
        bench.Run(new Work(new Occurrences(0x08, 1)), 9);
        Assert.NotEqual(plain.Selector, extra.Selector);
        Assert.Equal(9, bench.Pmu.Read(plain.Id));
        Assert.Equal(9, bench.Pmu.Read(extra.Id));
    }

    [Fact]
    public void Read_gives_what_came_since_the_last_read_and_del_the_rest()
    {
        var bench = new PmuBench("skl-ht");
        var e = bench.Added(0x3c);
        bench.Run(OneCycle, 5);
        Assert.Equal(5, bench.Pmu.Read(e.Id));
        Assert.Equal(0, bench.Pmu.Read(e.Id));
        bench.Run(OneCycle, 3);
        Assert.Equal(3, bench.Pmu.Del(e.Id));
        bench.Run(OneCycle, 50);
        bench.Add(e);
        bench.Run(OneCycle, 2);
        Assert.Equal(2, bench.Pmu.Del(e.Id));
    }

    [Fact]
    public void A_hundred_million_units_are_counted_at_once()
    {
        var bench = new PmuBench("n1");
        var e = bench.Added(PmuBench.D);
        var chained = bench.Added(PmuBench.D, long64: true);
        bench.Run(100_000_000);
        Assert.Equal(400_000_000, bench.Pmu.Read(e.Id));
        bench.Run(5_000_000_000);
        Assert.Equal(20_000_000_000, bench.Pmu.Read(e.Id)); // 32 bits: four reloads on the way at least
        Assert.Equal(20_400_000_000, bench.Pmu.Read(chained.Id));
    }

    [Theory]
    [InlineData(CounterAssignment.X86Solver)]
    [InlineData(CounterAssignment.ArmFirstFree)]
    public void A_counter_of_8_bits_loses_nothing_when_it_passes_its_end(CounterAssignment assignment)
    {
        var bench = new PmuBench(Profiles.Find("zen")!.Pmus[0] with { WidthBits = 8, Assignment = assignment });
        var e = bench.Added(0x3c);
        bench.Run(OneCycle, 126);
        bench.Run(OneCycle, 1);
        bench.Run(OneCycle, 1);
        Assert.Equal(128, bench.Pmu.Read(e.Id));
        bench.Run(OneCycle, 1000);
        Assert.Equal(1000, bench.Pmu.Read(e.Id));
        Assert.Empty(bench.Overflowed);
    }

    [Fact]
    public void A_counting_event_is_loaded_with_half_the_range_of_its_counter()
    {
        var bench = new PmuBench(Profiles.Find("zen")!.Pmus[0] with { WidthBits = 8 });
        var e = bench.Added(0x3c);
        Assert.Equal(new HwEventState(127, 127, 127, 0), bench.Pmu.StateOf(e.Id));
        bench.Run(OneCycle, 100);
        Assert.Equal(27, bench.Pmu.StateOf(e.Id)!.Value.PeriodLeft);
        bench.Run(OneCycle, 27);
        Assert.Equal(127, bench.Pmu.StateOf(e.Id)!.Value.PeriodLeft);
    }

    [Fact]
    public void Misuse_is_noted_and_changes_nothing()
    {
        var bench = new PmuBench("zen");
        var e = bench.Added(0x3c);
        var other = new EventId(99);
        Assert.Equal(PmuStatus.Ok, bench.Add(e));
        bench.Pmu.Forget(e.Id);
        Assert.Equal(0, bench.Pmu.Read(other));
        Assert.Equal(0, bench.Pmu.Del(other));
        Assert.Equal("0:0", bench.Counters);
        Assert.Equal(
            [
                new PmuWarning(PmuMisuse.AddedTwice, e.Id), new PmuWarning(PmuMisuse.ForgottenWhileAdded, e.Id),
                new PmuWarning(PmuMisuse.ReadWithoutAdd, other), new PmuWarning(PmuMisuse.DeletedWithoutAdd, other),
            ],
            bench.Pmu.Warnings);
    }

    [Fact]
    public void Reset_makes_it_as_new()
    {
        var bench = new PmuBench("skl-ht");
        bench.Added(0x3c, period: 10);
        bench.Run(OneCycle, 3);
        bench.Pmu.StartTxn();
        bench.Pmu.Reset();
        Assert.Equal("", bench.Counters);
        Assert.True(bench.Pmu.IsEnabled);
        Assert.Equal(0UL, bench.Pmu.ShadowCount(0x3c, Privilege.User));
        Assert.Null(bench.Pmu.StateOf(new EventId(0)));
        bench.Added(0x300);
        Assert.Equal("34:1", bench.Counters);
    }

    [Fact]
    public void Unbalanced_calls_are_broken_promises()
    {
        var bench = new PmuBench("zen");
        Assert.Throws<InvalidOperationException>(bench.Pmu.Enable);
        Assert.Throws<InvalidOperationException>(() => bench.Pmu.CommitTxn());
        Assert.Throws<InvalidOperationException>(bench.Pmu.CancelTxn);
        bench.Pmu.StartTxn();
        Assert.Throws<InvalidOperationException>(bench.Pmu.StartTxn);
    }

    [Fact]
    public void Nothing_is_allocated_once_warm()
    {
        foreach (var name in new[] { "skl-ht", "zen", "n1" })
        {
            var bench = new PmuBench(name);
            PmuEvent[] group = [.. Enumerable.Range(0, 4).Select(i => bench.Event(new[] { PmuBench.A, PmuBench.B, PmuBench.D, PmuBench.D }[i], i == 0 ? 7UL : 0))];
            PmuEvent[] tooBig = [.. Enumerable.Range(0, 8).Select(_ => bench.Event(PmuBench.A))];
            bench.Overflowed.Capacity = 4096;
            CycleThrough(bench, group, tooBig, times: 50);
            Assert.NotEmpty(bench.Overflowed);
            bench.Overflowed.Clear();

            var before = GC.GetAllocatedBytesForCurrentThread();
            CycleThrough(bench, group, tooBig, times: 50);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void CycleThrough(PmuBench bench, PmuEvent[] group, PmuEvent[] tooBig, int times)
    {
        var pmu = bench.Pmu;
        for (var i = 0; i < times; i++)
        {
            pmu.StartTxn();
            foreach (var e in group)
            {
                pmu.Add(e);
            }

            pmu.CommitTxn();
            bench.Run(20);
            _ = pmu.CountersInUse;
            pmu.ValidateGroup(tooBig);
            foreach (var e in group)
            {
                pmu.Read(e.Id);
                pmu.Del(e.Id);
                pmu.Forget(e.Id);
            }
        }
    }
}
