namespace ActorPmu.Kernel.Tests;

public sealed class TransactionTests
{
    [Fact]
    public void A_group_that_fits_is_programmed_at_the_end_of_its_transaction()
    {
        var bench = new PmuBench("skl-ht");
        Assert.Equal(PmuStatus.Ok, bench.AddGroup(bench.Event(0x3c), bench.Event(0xc0), bench.Event(0xc4)));
        Assert.Equal("0:2 32:1 33:0", bench.Counters);
        Assert.True(bench.Pmu.IsEnabled);
    }

    [Theory]
    [InlineData("skl-ht", 0xc4u)]
    [InlineData("zen", 0xc2u)]
    [InlineData("n1", 0x08u)]
    public void A_cancelled_transaction_leaves_counters_and_counts_as_they_were(string profile, uint code)
    {
        var bench = new PmuBench(profile);
        var kept = bench.Added(code);
        var work = new Work(new Occurrences(code, 1));
        bench.Run(work, 10);
        var before = bench.Counters;

        Assert.Equal(PmuStatus.Again, bench.AddGroup([.. Enumerable.Range(0, 6).Select(_ => bench.Event(code))]));

        Assert.Equal(before, bench.Counters);
        Assert.False(bench.Pmu.Has(new EventId(1)));
        Assert.True(bench.Pmu.IsEnabled);
        bench.Run(work, 5);
        Assert.Equal(15, bench.Pmu.Read(kept.Id));
        Assert.Empty(bench.Pmu.Warnings);
    }

    [Fact]
    public void On_x86_a_group_is_judged_as_a_whole_at_the_commit()
    {
        var bench = new PmuBench("skl-ht");
        bench.Pmu.StartTxn();
        Assert.Equal(PmuStatus.Ok, bench.Pmu.Add(bench.Event(0x300)));
        Assert.Equal(PmuStatus.Ok, bench.Pmu.Add(bench.Event(0x300)));
        Assert.Equal(PmuStatus.Again, bench.Pmu.CommitTxn());
        Assert.False(bench.Pmu.IsEnabled);
        bench.Pmu.CancelTxn();
        Assert.True(bench.Pmu.IsEnabled);
    }

    [Fact]
    public void On_Arm_each_add_of_a_transaction_is_judged_at_once()
    {
        var bench = new PmuBench("n1");
        bench.Pmu.StartTxn();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(PmuStatus.Ok, bench.Pmu.Add(bench.Event(0x08)));
        }

        Assert.Equal(PmuStatus.Again, bench.Pmu.Add(bench.Event(0x08)));
    }

    [Fact]
    public void On_x86_an_event_of_before_that_is_deleted_in_a_transaction_stays_on_its_counter_with_a_warning()
    {
        var bench = new PmuBench("skl-ht");
        var old = bench.Added(0xc4);
        bench.Pmu.StartTxn();
        bench.Pmu.Add(bench.Event(0xc5));
        bench.Pmu.Del(old.Id);
        bench.Pmu.CommitTxn();
        Assert.Equal("0:0 1:1", bench.Counters);
        Assert.Equal([new PmuWarning(PmuMisuse.DeletedInForeignTransaction, old.Id)], bench.Pmu.Warnings);
    }

    [Fact]
    public void Nothing_counts_inside_a_transaction()
    {
        var bench = new PmuBench("n1");
        var e = bench.Added(0x08);
        var work = new Work(new Occurrences(0x08, 1));
        bench.Pmu.StartTxn();
        bench.Run(work, 7);
        bench.Pmu.CommitTxn();
        bench.Run(work, 2);
        Assert.Equal(2, bench.Pmu.Read(e.Id));
    }

    [Theory]
    [InlineData("skl-ht", PmuStatus.Ok, 0x3cu, 0xc0u, 0x300u, 1u, 2u, 4u, 5u)]
    [InlineData("skl-ht", PmuStatus.Invalid, 0x3cu, 0xc0u, 1u, 2u, 4u, 5u, 6u)]
    [InlineData("skl-ht", PmuStatus.Invalid, 0x300u, 0x300u)]
    [InlineData("skl-ht", PmuStatus.Invalid, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u)]
    [InlineData("icl", PmuStatus.Invalid, 0xd0u, 0xd1u, 0xd2u, 0xd3u, 0xd4u)]
    [InlineData("zen", PmuStatus.Ok, 1u, 2u, 3u, 4u, 5u, 6u)]
    [InlineData("n1", PmuStatus.Ok, 0x11u, 1u, 2u, 3u, 4u, 5u, 6u)]
    [InlineData("n1", PmuStatus.Invalid, 1u, 2u, 3u, 4u, 5u, 6u, 7u)]
    [InlineData("tiny", PmuStatus.Ok, 0x3cu, 1u, 2u)]
    [InlineData("tiny", PmuStatus.Invalid, 1u, 2u, 3u)]
    public void A_group_is_valid_when_an_empty_PMU_can_hold_it(string profile, PmuStatus status, params uint[] codes)
    {
        var bench = new PmuBench(profile);
        var holder = bench.Added(codes[0]);
        Assert.Equal(status, bench.Pmu.ValidateGroup([.. codes.Select(code => bench.Event(code))]));
        Assert.True(bench.Pmu.Has(holder.Id));
        Assert.Equal(1, bench.Pmu.CountersInUse);
    }

    [Fact]
    public void A_group_of_four_64_bit_events_is_invalid_where_there_are_three_pairs()
    {
        var bench = new PmuBench("n1");
        PmuEvent[] Group(int size) => [.. Enumerable.Range(0, size).Select(_ => bench.Event(0x08, long64: true))];
        Assert.Equal(PmuStatus.Ok, bench.Pmu.ValidateGroup(Group(3)));
        Assert.Equal(PmuStatus.Invalid, bench.Pmu.ValidateGroup(Group(4)));
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("skl-ht")]
    [InlineData("icl")]
    public void Without_overlapping_constraints_the_solver_finds_a_place_for_all_whenever_there_is_one(string profile)
    {
        var bench = new PmuBench(profile);
        uint[] codes = [0x3c, 0xc0, 0x300, 0x400, 0x1c0, 0xd1, 0x60, 0xc4, 0xc5, 0x04a3];
        var random = new Random(20191115);
        int fitting = 0, refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            PmuEvent[] group = [.. Enumerable.Range(0, random.Next(1, bench.Pmu.Capacity + 1)).Select(_ => bench.Event(codes[random.Next(codes.Length)]))];
            var fits = HasMatching(bench.Pmu.Profile, group);
            Assert.Equal(fits ? PmuStatus.Ok : PmuStatus.Invalid, bench.Pmu.ValidateGroup(group));
            fitting += fits ? 1 : 0;
            refused += fits ? 0 : 1;
        }

        Assert.True(fitting > 100 && refused > 100, $"{fitting} groups fit, {refused} do not");
    }

    /// <summary>Whether the events can be matched to counters one to one, by augmenting paths.</summary>
    private static bool HasMatching(PmuProfile profile, PmuEvent[] group)
    {
        var owner = new int[64];
        Array.Fill(owner, -1);
        return Enumerable.Range(0, group.Length).All(i => TryPlace(profile, group, i, owner, new bool[64]));
    }

    private static bool TryPlace(PmuProfile profile, PmuEvent[] group, int i, int[] owner, bool[] tried)
    {
        for (var counter = 0; counter < 64; counter++)
        {
            if (tried[counter] || !IsAllowed(profile, group[i].Selector.Code, counter))
            {
                continue;
            }

            tried[counter] = true;
            if (owner[counter] < 0 || TryPlace(profile, group, owner[counter], owner, tried))
            {
                owner[counter] = i;
                return true;
            }
        }

        return false;
    }

    private static bool IsAllowed(PmuProfile profile, uint code, int counter)
    {
        if (counter >= 32)
        {
            return counter - 32 < profile.Fixed.Count
                && (profile.Fixed[counter - 32].Code == code
                    || profile.Constraints.Any(c => (code & c.CodeMask) == c.First && (c.Counters >> counter & 1) == 1));
        }

        if (counter >= profile.GeneralCounters || profile.Fixed.Any(f => f.Code == code && !f.GeneralToo))
        {
            return false;
        }

        var constraint = profile.Constraints.FirstOrDefault(c => (code & c.CodeMask) >= c.First && (code & c.CodeMask) <= c.Last);
        return constraint is null || profile.Fixed.Any(f => f.Code == code) || (constraint.Counters >> counter & 1) == 1;
    }
}
