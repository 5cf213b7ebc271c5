using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>Depth first finds as many orders, and as many traces, as are known for programs of other explorers.</summary>
public sealed class DfsTests
{
    [Theory]
    [InlineData(4, 1, 24, 24)]
    [InlineData(5, 1, 120, 120)]
    [InlineData(2, 4, 70, 70)]
    [InlineData(3, 2, 90, 90)]
    [InlineData(3, 3, 1_680, 1_680)]
    public void Senders_to_one_receiver_have_a_trace_for_each_order(int senders, int each, long orders, int traces) =>
        Check(() => ReferencePrograms.NSend(senders, each), orders, traces);

    [Fact]
    public void A_ping_pong_has_one_order() => Check(() => ReferencePrograms.Pairs(1, 10), 1, 1);

    [Theory]
    [InlineData(2, 2, 70)]
    [InlineData(3, 2, 34_650)]
    public void Pairs_that_never_meet_have_one_trace(int pairs, int rounds, long orders) =>
        Check(() => ReferencePrograms.Pairs(pairs, rounds), orders, 1);

    [Theory]
    [InlineData(2, 36, 4)]
    [InlineData(3, 8_100, 36)]
    public void Two_phase_commit_has_N_factorial_squared_traces(int participants, long orders, int traces) =>
        Check(() => ReferencePrograms.TwoPhaseCommit(participants), orders, traces);

    [Theory]
    [InlineData(2, 1, 6, 4)]
    [InlineData(2, 2, 78, 28)]
    [InlineData(2, 3, 1_068, 212)]
    [InlineData(3, 1, 72, 30)]
    [InlineData(4, 1, 1_320, 336)]
    public void A_lock_server_has_the_known_orders(int clients, int rounds, long orders, int traces) =>
        Check(() => ReferencePrograms.Lock(clients, rounds), orders, traces);

    [Theory]
    [InlineData(2, true, 13, 6)]
    [InlineData(3, true, 433, 28)]
    [InlineData(4, true, 30_716, 120)]
    [InlineData(2, false, 13, 6)]
    [InlineData(3, false, 621, 29)]
    public void An_election_on_a_ring_has_the_known_orders(int nodes, bool ascending, long orders, int traces) =>
        Check(() => ReferencePrograms.ChangRoberts(nodes, ascending), orders, traces);

    [Fact]
    public void Two_philosophers_starve_in_one_trace_of_nine()
    {
        ExplorationResult all = Explore.Dfs(() => ReferencePrograms.Philosophers(2), 1_000);

        Assert.True(all.IsComplete);
        Assert.Equal(74, all.Schedules);
        Assert.Equal(9, all.Traces.Count);
        FoundViolation starved = Assert.Single(all.Violations);
        Assert.Equal("no-deadlock: somebody did not eat", starved.Violation.Signature);
    }

    [Fact]
    public void A_bound_below_the_number_of_orders_leaves_the_search_incomplete()
    {
        ExplorationResult some = Explore.Dfs(() => Explore.Unjudged(ReferencePrograms.NSend(4, 1)), 23);

        Assert.Equal(23, some.Schedules);
        Assert.False(some.IsComplete);
    }

    [Fact]
    public void A_bound_equal_to_the_number_of_orders_leaves_it_complete() =>
        Assert.True(Explore.Dfs(() => Explore.Unjudged(ReferencePrograms.NSend(4, 1)), 24).IsComplete);

    [Fact]
    public void Depth_first_cannot_start_in_the_middle() =>
        Assert.Throws<ArgumentException>(() =>
            new Exploration(() => Explore.Unjudged(ReferencePrograms.NSend(2, 1)), Explore.DfsOptions(10)).RunRange(1, 1));

    private static void Check(Func<World> build, long orders, int traces)
    {
        ExplorationResult all = Explore.Dfs(() => Explore.Unjudged(build()), 50_000);

        Assert.True(all.IsComplete);
        Assert.Equal((orders, traces), (all.Schedules, all.Traces.Count));
    }
}
