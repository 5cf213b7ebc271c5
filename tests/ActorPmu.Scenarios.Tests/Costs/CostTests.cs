using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests;

/// <summary>What operations cost, and how that grows.</summary>
public sealed class CostTests
{
    private static readonly int[] Sizes = [4, 16, 64];

    [Theory]
    [InlineData(GrowthOrder.Constant, 7, 7, 7, 7, 7, 7)]
    [InlineData(GrowthOrder.Constant, 100, 101, 99, 100, 102, 100)]
    [InlineData(GrowthOrder.Logarithmic, 12, 14, 16, 18, 20, 22)]
    [InlineData(GrowthOrder.Linear, 17, 41, 137, 521, 2_057, 8_201)]
    [InlineData(GrowthOrder.Linear, 4, 16, 64, 256, 1_024, 4_096)]
    [InlineData(GrowthOrder.Quadratic, 16, 256, 4_096, 65_536, 1_048_576, 16_777_216)]
    [InlineData(GrowthOrder.Constant, 9, 8, 7, 5, 3, 2)]
    public void The_slowest_order_that_fits_is_the_growth(GrowthOrder expected, params int[] values)
    {
        int[] sizes = [4, 16, 64, 256, 1_024, 4_096];
        Assert.Equal(expected, Growth.Fit([.. sizes.Zip(values, (n, v) => (n, (long)v))]).Order);
    }

    [Fact]
    public void What_stops_growing_is_constant_from_there()
    {
        Growth growth = Growth.Fit([(4, 5), (16, 17), (64, 24), (256, 24), (1_024, 24)]);
        Assert.Equal((GrowthOrder.Constant, 24.0, (int?)64), (growth.Order, growth.A, growth.LevelFrom));
    }

    [Fact]
    public void A_fit_has_the_coefficients_of_what_was_measured()
    {
        Growth growth = Growth.Fit([(4, 34), (16, 118), (64, 454), (256, 1_798)]);
        Assert.Equal((6.0, 7.0), (Math.Round(growth.A, 6), Math.Round(growth.B, 6)));
        Assert.Equal(0, growth.Error, 9);
    }

    [Fact]
    public void Without_sharing_an_open_allocates_one_object_and_moves_each_event_that_has_a_counter()
    {
        Assert.Equal([1L, 1L, 1L], Measure(() => new NoSharing(), "apart", "open", "allocations"));
        Assert.Equal([5L, 17L, 24L], Measure(() => new NoSharing(), "same", "open", "moves"));
        Assert.Equal([0L, 0L, 0L], Measure(() => new NoSharing(), "same", "switch", "setup-calls"));
    }

    [Fact]
    public void A_hidden_master_is_a_second_object_of_the_same_size()
    {
        Assert.Equal([2L, 2L, 2L], Measure(() => new V6(), "apart", "open", "allocations"));
        Assert.Equal([2_400L, 2_400L, 2_400L], Measure(() => new V6(), "apart", "open", "bytes"));
    }

    [Fact]
    public void A_fork_allocates_for_each_event()
    {
        long[] none = Measure(() => new NoSharing(), "fork", "fork", "allocations");
        long[] v6 = Measure(() => new V6(), "fork", "fork", "allocations");
        Assert.Equal([12L, 48L], [none[1] - none[0], none[2] - none[1]]);
        Assert.Equal([24L, 96L], [v6[1] - v6[0], v6[2] - v6[1]]);
    }

    [Fact]
    public void A_walk_over_all_events_at_each_add_is_seen_although_it_sends_no_message()
    {
        long[] calls = Measure(() => new WalksAtAdd(), "same", "switch", "add-call");
        Assert.Equal(GrowthOrder.Linear, Growth.Fit([.. Sizes.Zip(calls)]).Order);
    }

    [Fact]
    public void An_event_elsewhere_is_opened_and_closed_by_one_interrupt_each()
    {
        Assert.Equal([1L, 1L, 1L], Measure(() => new NoSharing(), "other-cpu", "open", "ipis"));
        Assert.Equal([1L, 1L, 1L], Measure(() => new NoSharing(), "other-cpu", "close", "ipis"));
    }

    [Fact]
    public void A_size_that_would_cost_too_much_is_left_out()
    {
        int[] sizes = [4, 16, 64, 256, 1_024];
        var runs = CostProgram.Load(Repository.Of("config/costs/same.yaml")).Run(() => new LooksAtPairs(), sizes);
        Assert.Equal([4, 16, 64, 256], runs.Select(r => r.N));
    }

    [Fact]
    public void A_program_that_repeats_or_measures_nothing_is_refused()
    {
        InputError error = Assert.Throws<InputError>(() => CostProgram.Load(Repository.Of("config/scenarios/exec.yaml")));
        Assert.EndsWith("error: nothing is repeated, or nothing is measured; end a line with # each, and the line of an operation with # measure NAME", error.Message, StringComparison.Ordinal);
    }

    private static long[] Measure(Func<ISharingDesign> design, string program, string operation, string measure)
    {
        CostProgram loaded = CostProgram.Load(Repository.Of($"config/costs/{program}.yaml"));
        CostQuantity quantity = new("", loaded, operation, measure, PerEvent: false, Sizes);
        return [.. CostSeries.Of(quantity, "", loaded.Run(design, Sizes)).Values.Select(v => v.Value)];
    }

    // Looks at everybody before it adds one.
    private sealed class WalksAtAdd : ISharingDesign
    {
        public string Name => "walks";

        public string Source => "these tests";

        public string Claim => "is not O(1)";

        public KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx) =>
            ctx.EventList.TrueForAll(other => other.Attr == e.Attr) ? core.PmuAdd(e) : core.PmuAdd(e);
    }

    /// <summary>No sharing, and sixteen looks for each pair of events when one comes.</summary>
    private sealed class LooksAtPairs : ISharingDesign
    {
        public string Name => "looks-at-pairs";

        public string Source => "a test";

        public string Claim => "quadratic";

        public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx)
        {
            foreach (PerfEvent a in Enumerable.Repeat(ctx.EventList, 8).SelectMany(list => list))
            {
                foreach (PerfEvent b in ctx.EventList)
                {
                    _ = a.Attr == b.Attr;
                }
            }

            return KernelTask.Done;
        }
    }
}
