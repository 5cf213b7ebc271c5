using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

public sealed class AssignmentTests
{
    [Fact]
    public void Skylake_holds_its_three_fixed_events_and_four_others()
    {
        var bench = new PmuBench("skl-ht");
        foreach (var code in new uint[] { 0x3c, 0xc0, 0x300, 0x4f2e, 0x412e, 0xc4, 0xc5 })
        {
            bench.Added(code);
        }

        Assert.Equal("0:3 1:4 2:5 3:6 32:1 33:0 34:2", bench.Counters);
        Assert.Equal(7, bench.Pmu.CountersInUse);
        Assert.Equal(7, bench.Pmu.Capacity);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x13c)));
        Assert.Equal("0:3 1:4 2:5 3:6 32:1 33:0 34:2", bench.Counters);
    }

    [Fact]
    public void Skylake_refuses_a_second_ref_cycles_with_all_general_counters_free()
    {
        var bench = new PmuBench("skl-ht");
        bench.Added(0x300);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x300)));
        Assert.Equal("34:0", bench.Counters);
    }

    [Fact]
    public void Skylake_places_the_second_cycles_on_a_general_counter()
    {
        var bench = new PmuBench("skl-ht");
        bench.Added(0x3c);
        bench.Added(0x3c);
        Assert.Equal("0:1 33:0", bench.Counters);
    }

    [Fact]
    public void Skylake_moves_an_event_away_from_the_only_counter_that_a_later_one_can_use()
    {
        var bench = new PmuBench("skl-ht");
        bench.Added(0xc4);
        bench.Added(0xc5);
        Assert.Equal("0:0 1:1", bench.Counters);
        bench.Run(new Work(new Occurrences(0xc5, 1)), 10);

        bench.Added(0x1c0); // INST_RETIRED.PREC_DIST: counter 1 only
        Assert.Equal("0:0 1:2 2:1", bench.Counters);
        bench.Run(new Work(new Occurrences(0xc5, 1)), 5);
        Assert.Equal(15, bench.Pmu.Read(new EventId(1)));
    }

    [Fact]
    public void An_x86_event_has_no_counter_before_the_PMU_is_enabled()
    {
        var bench = new PmuBench("skl-ht");
        bench.Pmu.Disable();
        var e = bench.Event(0x3c);
        Assert.Equal(PmuStatus.Ok, bench.Pmu.Add(e));
        Assert.True(bench.Pmu.Has(e.Id));
        Assert.Equal("", bench.Counters);
        bench.Pmu.Enable();
        Assert.Equal("33:0", bench.Counters);
    }

    [Fact]
    public void An_x86_event_deleted_before_the_PMU_is_enabled_leaves_the_others_their_counters()
    {
        var bench = new PmuBench("skl-ht");
        var first = bench.Added(0xc4);
        bench.Added(0xc5);
        bench.Pmu.Disable();
        bench.Pmu.Add(bench.Event(0x13c));
        bench.Pmu.Del(first.Id);
        bench.Pmu.Enable();
        Assert.Equal("1:1 2:2", bench.Counters);
    }

    [Fact]
    public void An_x86_event_comes_back_to_the_counter_it_had()
    {
        var bench = new PmuBench("skl-ht");
        var first = bench.Added(0xc4);
        var second = bench.Added(0xc5);
        bench.Pmu.Del(first.Id);
        bench.Pmu.Del(second.Id);
        bench.Add(second);
        Assert.Equal("1:1", bench.Counters);
    }

    [Fact]
    public void Ice_Lake_holds_four_events_that_are_limited_to_counters_0_to_3_and_four_free_ones_above()
    {
        var bench = new PmuBench("icl");
        for (var i = 0; i < 4; i++)
        {
            bench.Added(0xd1);
        }

        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x60)));
        for (var i = 0; i < 4; i++)
        {
            bench.Added(0xc5);
        }

        Assert.Equal("0:0 1:1 2:2 3:3 4:5 5:6 6:7 7:8", bench.Counters);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0xc5)));
    }

    [Fact]
    public void Ice_Lake_holds_twelve_events()
    {
        var bench = new PmuBench("icl");
        foreach (var code in new uint[] { 0x3c, 0xc0, 0x300, 0x400, 0xc4, 0xc5, 0x2e, 0x04a3, 0xd0, 0xa8, 0x48, 0x03 })
        {
            bench.Added(code);
        }

        Assert.Equal(12, bench.Pmu.CountersInUse);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x3c)));
    }

    [Theory]
    [InlineData(0x04a3u, 8)]
    [InlineData(0x14a3u, 4)]
    [InlineData(0x0ab7u, 4)]
    [InlineData(0x0abeu, 8)]
    [InlineData(0x0400u, 1)]
    [InlineData(0x01c0u, 1)]
    [InlineData(0x003cu, 9)]
    public void Ice_Lake_has_as_many_places_for_a_code_as_its_constraint_says(uint code, int places)
    {
        var bench = new PmuBench("icl");
        var added = 0;
        while (bench.Add(bench.Event(code)) == PmuStatus.Ok)
        {
            added++;
        }

        Assert.Equal(places, added);
    }

    [Fact]
    public void Zen_holds_any_six_events()
    {
        var bench = new PmuBench("zen");
        for (var i = 0; i < 6; i++)
        {
            bench.Added(0x76);
        }

        Assert.Equal("0:0 1:1 2:2 3:3 4:4 5:5", bench.Counters);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0xc0)));
    }

    [Fact]
    public void Tiny_holds_two_events_and_cycles()
    {
        var bench = new PmuBench("tiny");
        bench.Added(0xc0);
        bench.Added(0x3c);
        bench.Added(0xc4);
        Assert.Equal("0:0 1:2 32:1", bench.Counters);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x3c)));
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("qemu-virt")]
    public void An_Arm_PMU_holds_seven_events_if_one_of_them_is_cycles(string profile)
    {
        var bench = new PmuBench(profile);
        for (var i = 0; i < 6; i++)
        {
            bench.Added(0x08);
        }

        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x08)));
        bench.Added(0x11);
        Assert.Equal("0:0 1:1 2:2 3:3 4:4 5:5 32:7", bench.Counters);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x11)));
    }

    [Fact]
    public void On_Arm_the_second_cycles_event_takes_a_general_counter_and_keeps_it_when_the_first_goes()
    {
        var bench = new PmuBench("n1");
        var first = bench.Added(0x11);
        bench.Added(0x11);
        Assert.Equal("0:1 32:0", bench.Counters);
        bench.Pmu.Del(first.Id);
        bench.Added(0x08);
        Assert.Equal("0:1 1:2", bench.Counters);
    }

    [Fact]
    public void An_Arm_event_takes_the_lowest_counter_that_became_free()
    {
        var bench = new PmuBench("n1");
        bench.Added(0x08);
        var second = bench.Added(0x08);
        bench.Added(0x08);
        bench.Pmu.Del(second.Id);
        bench.Added(0x10);
        Assert.Equal("0:0 1:3 2:2", bench.Counters);
    }

    [Fact]
    public void A_64_bit_Arm_event_needs_an_even_counter_and_the_odd_one_above_it()
    {
        var bench = new PmuBench("n1");
        bench.Added(0x08);
        var pair = bench.Added(0x08, long64: true);
        bench.Added(0x10, long64: true);
        Assert.Equal("0:0 2:1 3:1 4:2 5:2", bench.Counters);
        Assert.Equal(5, bench.Pmu.CountersInUse);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x08, long64: true))); // counter 1 is free, but no pair
        bench.Added(0x03);
        bench.Pmu.Del(pair.Id);
        Assert.Equal("0:0 1:4 4:2 5:2", bench.Counters);
        bench.Added(0x08, long64: true);
        Assert.Equal("0:0 1:4 2:5 3:5 4:2 5:2", bench.Counters);
    }

    [Fact]
    public void A_64_bit_cycles_event_has_the_cycle_counter_for_itself_and_no_pair()
    {
        var bench = new PmuBench("n1");
        bench.Added(0x11, long64: true);
        Assert.Equal("32:0", bench.Counters);
        bench.Added(0x11, long64: true);
        Assert.Equal("0:1 1:1 32:0", bench.Counters);
    }

    [Fact]
    public void A_64_bit_event_on_64_bit_counters_needs_no_pair()
    {
        var bench = new PmuBench("wide");
        for (var i = 0; i < 24; i++)
        {
            bench.Added(0x08, long64: true);
        }

        Assert.Equal(24, bench.Pmu.CountersInUse);
        Assert.Equal(PmuStatus.Again, bench.Add(bench.Event(0x08)));
    }

    [Fact]
    public void The_PMU_of_the_other_cluster_answers_ENOENT()
    {
        var little = Profiles.Find("a57+a53")!.Pmus[1];
        var e = new PmuEvent(new EventId(0), new HwSelector(0x08, Privilege.User, 0), 0, false);
        Assert.Equal(PmuStatus.NoEntry, new PmuHardware(little, cpu: 1).Add(e));
        Assert.Equal(PmuStatus.Ok, new PmuHardware(little, cpu: 2).Add(e));
    }

    [Fact]
    public void A_software_PMU_never_runs_out_and_has_no_counters()
    {
        var bench = new PmuBench(PmuProfile.Software);
        for (var i = 0; i < 100; i++)
        {
            bench.Added(2);
        }

        Assert.Equal(0, bench.Pmu.CountersInUse);
        Assert.Equal(int.MaxValue, bench.Pmu.Capacity);
    }

    [Theory]
    [InlineData(false, 6, PmuStatus.Again, "")]
    [InlineData(true, 6, PmuStatus.Ok, "0:1 1:2 2:3 3:0")]
    [InlineData(true, 4, PmuStatus.Again, "")] // a choice taken back stays counted among the general counters used, as in v5.3
    public void An_overlap_constraint_takes_its_choice_back_when_a_later_event_finds_nothing(
        bool overlap, int generalCounters, PmuStatus status, string counters)
    {
        // AMD family 15h has such masks, {0, 3} and {0, 1, 2}: neither contains the other.
        var bench = new PmuBench(Profiles.Find("zen")!.Pmus[0] with
        {
            GeneralCounters = generalCounters,
            Constraints =
            [
                new(0x10, 0x10, EventConstraint.EventOnly, 0b1001, overlap),
                new(0x20, 0x20, EventConstraint.EventOnly, 0b0111, Overlap: false),
            ],
        });

        Assert.Equal(status, bench.AddGroup(bench.Event(0x10), bench.Event(0x20), bench.Event(0x20), bench.Event(0x20)));
        Assert.Equal(counters, bench.Counters);
    }
}
