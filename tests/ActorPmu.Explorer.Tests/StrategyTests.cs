using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer.Tests;

/// <summary>How often strategies by chance hit what they look for: beside the exact expectation, over a fixed set of seeds.</summary>
public sealed class StrategyTests
{
    private const int Schedules = 20_000;

    public static TheoryData<int> Hops => [2, 4, 8];

    [Theory]
    [MemberData(nameof(Hops))]
    public void Random_lets_a_chain_of_n_win_against_one_message_in_1_of_2_to_the_n(int hops) =>
        Near(Math.Pow(2, -hops), Hits(new StrategySettings { Seed = 3 }, "random", () => Race(hops)));

    [Theory]
    [MemberData(nameof(Hops))]
    public void Pos_lets_a_chain_of_n_win_against_one_message_in_1_of_n_plus_1(int hops) =>
        Near(1.0 / (hops + 1), Hits(new StrategySettings { Seed = 3 }, "pos", () => Race(hops)));

    [Theory]
    [MemberData(nameof(Hops))]
    public void Pct_of_depth_1_lets_a_chain_win_against_one_message_in_1_of_2_however_long_it_is(int hops) =>
        Near(0.5, Hits(new StrategySettings { Seed = 3, Depth = 1, Length = hops + 1 }, "pct", () => Race(hops)));

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(16, 8)]
    public void Pct_of_depth_2_puts_one_message_between_two_of_a_chain_in_1_of_2n(int chain, int after)
    {
        // The chain has the higher priority (1 of 2), and the change comes just before the message behind the gap (1 of n).
        int n = chain + 1;
        double hits = Hits(new StrategySettings { Seed = 5, Depth = 2, Length = n }, "pct", () => Between(chain, after));

        Near(1.0 / (2 * n), hits);
        Assert.True(hits >= PctStrategy.Guarantee(width: 2, n, depth: 2));
    }

    [Theory]
    [InlineData("philosophers 3", 3)]
    [InlineData("philosophers 4", 4)]
    public void Pct_starves_the_philosophers_at_least_as_often_as_it_promises(string program, int philosophers)
    {
        // Everybody has their first fork before anybody asks for the second: that is an order of 2 messages for each neighbour.
        StrategySettings settings = new() { Seed = 1, Depth = philosophers, Length = 6 * philosophers };
        ExplorationResult all = Run(settings, "pct", () => ReferencePrograms.Of(program));

        Assert.InRange(all.Width, philosophers, 2 * philosophers);
        Assert.InRange(
            (double)all.Violations[0].Schedules / Schedules,
            PctStrategy.Guarantee(all.Width, all.StepsLongest, philosophers), 1);
    }

    [Theory]
    [InlineData("nsend 5 1", 5)]
    [InlineData("pairs 3 2", 3)]
    [InlineData("pairs 1 10", 1)]
    [InlineData("2pc 4", 4)]
    public void The_width_is_the_number_of_messages_that_nothing_orders(string program, int width)
    {
        ExplorationResult all = new Exploration(
            () => ReferencePrograms.Of(program),
            new ExploreOptions { Strategy = () => new PctStrategy(1, 2, 20), SchedulesMax = 200 }).Run();

        Assert.Equal(width, all.Width);
    }

    [Fact]
    public void Without_a_length_pct_goes_by_the_longest_run_so_far()
    {
        PctStrategy learns = new(seed: 1, depth: 2);

        Assert.False(learns.IsIndexed);
        Assert.True(new PctStrategy(seed: 1, depth: 2, length: 9).IsIndexed);
        ExplorationResult all = new Exploration(
            () => Between(8, 4), new ExploreOptions { Strategy = () => learns, SchedulesMax = 2_000, KeepGoing = true }).Run();
        Assert.InRange(all.Violations[0].Schedules / 2_000.0, 0.5 / 9 * 0.6, 0.5 / 9 * 1.4);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    [InlineData("pos")]
    [InlineData("turns")]
    public void Ranges_of_every_strategy_by_chance_put_together_are_what_one_worker_finds(string name)
    {
        Exploration exploration = new(
            () => ReferencePrograms.HandOff(3, 2),
            new ExploreOptions { Strategy = () => Strategies.Get(name)!(new StrategySettings { Seed = 9, Length = 40 }), SchedulesMax = 300, KeepGoing = true });
        ExplorationResult alone = exploration.Run();

        ExplorationResult together = Exploration.Merge([exploration.RunRange(0, 70), exploration.RunRange(70, 1), exploration.RunRange(71, 229)]);

        Assert.Equal(alone.Traces, together.Traces);
        Assert.Equal(alone.Repeated, together.Repeated);
        Assert.Equal(
            (alone.Digest, alone.Width, alone.Violations[0].Schedules), (together.Digest, together.Width, together.Violations[0].Schedules));
    }

    [Fact]
    public void Who_takes_turns_runs_the_schedules_of_the_others_one_of_each_after_the_other()
    {
        Exploration Of(string name) => new(
            () => ReferencePrograms.HandOff(3, 2),
            new ExploreOptions { Strategy = () => Strategies.Get(name)!(new StrategySettings { Seed = 9, Length = 40 }), SchedulesMax = 1, KeepGoing = true });
        ulong Trace(string name, long schedule) => Of(name).RunRange(schedule, 1).Digest;
        ulong[] alone = [.. new long[] { 0, 1, 2, 3 }.SelectMany(k => new[] { Trace("random", k), Trace("pos", k), Trace("pct", k) })];

        Assert.Equal(alone, Enumerable.Range(0, 12).Select(k => Trace("turns", k)));
        Assert.True(alone.Distinct().Count() > 3);
    }

    [Fact]
    public void Who_takes_turns_is_indexed_where_all_are()
    {
        Assert.True(Strategies.Get("turns")!(new StrategySettings { Length = 9 }).IsIndexed);
        Assert.False(Strategies.Get("turns")!(new StrategySettings()).IsIndexed);
    }

    [Fact]
    public void The_share_of_the_unseen_is_that_of_traces_met_once()
    {
        Exploration exploration = new(
            () => Explore.Unjudged(ReferencePrograms.NSend(4, 1)), Explore.RandomOptions(seed: 2, schedulesMax: 30));
        ExplorationResult some = exploration.Run();
        List<ulong> each = [.. Enumerable.Range(0, 30).Select(k => exploration.RunRange(k, 1).Traces[0])];

        Assert.Equal(each.GroupBy(t => t).Count(g => g.Count() == 1) / 30.0, some.UnseenShare);
        Assert.InRange(some.UnseenShare, 0.01, 0.99);
    }

    // Node 1 passes a message on until it comes to node 0, where another one waits: who is first?
    private static Subject Race(int hops)
    {
        World world = new();
        int first = 0;
        world.Add(new Node(0, (_, from, _) => first = first == 0 ? from : first));
        for (int i = 1; i < hops; i++)
        {
            int next = i + 1 == hops ? 0 : i + 1;
            world.Add(new Node(i, (self, _, _) => self.Tell(next, "pass")));
        }

        Send(world, 100, hops == 1 ? 0 : 1);
        Send(world, 200, 0);
        return new Subject(world, _ => first == 200 ? [] : [new Violation(Property.OneMaster, 0, "the chain was first", [])]);
    }

    // Node 0 gets a chain of messages from one sender, and one from another: it must not come just there.
    private static Subject Between(int chain, int after)
    {
        World world = new();
        int seen = 0;
        bool hit = false;
        world.Add(new Node(0, (_, from, _) =>
        {
            hit |= from == 200 && seen == after;
            seen += from == 100 ? 1 : 0;
        }));
        for (int i = 0; i < chain; i++)
        {
            Send(world, 100, 0);
        }

        Send(world, 200, 0);
        return new Subject(world, _ => hit ? [new Violation(Property.OneMaster, 0, "it came between", [])] : []);
    }

    private static void Send(World world, int from, int to) => world.Send(Node.IdOf(from), Node.IdOf(to), Lane.Request, 0, new Say("pass"));

    private static double Hits(StrategySettings settings, string name, Func<Subject> build) =>
        (double)Run(settings, name, build).Violations[0].Schedules / Schedules;

    private static ExplorationResult Run(StrategySettings settings, string name, Func<Subject> build) => new Exploration(
        build, new ExploreOptions { Strategy = () => Strategies.Get(name)!(settings), SchedulesMax = Schedules, KeepGoing = true }).Run();

    // Within four standard deviations of what is expected of so many schedules.
    private static void Near(double expected, double share)
    {
        double deviation = Math.Sqrt(expected * (1 - expected) / Schedules);
        Assert.InRange(share, expected - (4 * deviation), expected + (4 * deviation));
    }
}
