using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests;

/// <summary>The reductions run one schedule for each trace of the programs whose numbers of traces are known.</summary>
public sealed class ReductionTests
{
    public static TheoryData<string, long, long, long> Known => new()
    {
        // Program, traces, configurations, runs that source sets give up when the lowest sender's lowest channel is picked.
        { "nsend 4 1", 24, 65, 0 },
        { "nsend 5 1", 120, 326, 0 },
        { "nsend 6 1", 720, 1_957, 0 },
        { "nsend 7 1", 5_040, 13_700, 0 },
        { "nsend 3 2", 90, 271, 0 },
        { "nsend 4 2", 2_520, 7_365, 0 },
        { "nsend 3 3", 1_680, 5_248, 0 },
        { "nsend 2 4", 70, 251, 0 },
        { "pairs 1 10", 1, 21, 0 },
        { "pairs 3 2", 1, 125, 0 },
        { "readers 4", 120, 3_482, 0 },
        { "2pc 2", 4, 28, 0 },
        { "2pc 3", 36, 260, 0 },
        { "2pc 4", 576, 4_176, 0 },
        { "lock 2 1", 4, 23, 0 },
        { "lock 2 2", 28, 197, 0 },
        { "lock 2 3", 212, 1_571, 0 },
        { "lock 2 4", 1_676, 12_713, 0 },
        { "lock 3 1", 30, 196, 0 },
        { "lock 4 1", 336, 2_341, 0 },
        { "lock 3 2", 2_898, 20_293, 0 },
        { "ring 3 1 6", 90, 420, 0 },
        { "ring 3 2 3", 90, 561, 0 },
        { "ring 4 1 8", 2_520, 9_989, 0 },
        { "ring 4 2 4", 2_520, 12_681, 0 },
        { "ring 4 3 2", 180, 1_218, 0 },
        { "ascending 2", 6, 34, 0 },
        { "ascending 3", 28, 236, 0 },
        { "ascending 4", 120, 1_428, 0 },
        { "ascending 5", 496, 8_007, 0 },
        { "descending 2", 6, 34, 0 },
        { "descending 3", 29, 252, 0 },
        { "descending 4", 135, 1_745, 2 },
        { "descending 5", 642, 12_030, 19 },
        { "philosophers 2", 9, 90, 0 },
        { "philosophers 3", 49, 1_195, 1 },
        { "philosophers 4", 225, 13_986, 3 },
        { "philosophers 5", 961, 157_009, 7 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Optimal_reduction_runs_each_trace_once_and_gives_none_up(string program, long traces, long configurations, long givenUp)
    {
        _ = (configurations, givenUp);
        ExplorationResult all = Run(program, Reduction.Optimal, out _);

        Assert.True(all.IsComplete);
        Assert.Equal((traces, traces, 0L), (all.Schedules, all.Traces.Count, all.Abandoned));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Source_sets_run_each_trace_once(string program, long traces, long configurations, long givenUp)
    {
        _ = configurations;
        ExplorationResult all = Run(program, Reduction.Source, out _, BySender);

        Assert.True(all.IsComplete);
        Assert.Equal((traces, traces, givenUp), (all.Schedules, all.Traces.Count, all.Abandoned));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Sleep_sets_visit_each_configuration_once(string program, long traces, long configurations, long givenUp)
    {
        _ = givenUp;
        ExplorationResult all = Run(program, Reduction.SleepSets, out long events);

        Assert.True(all.IsComplete);
        Assert.Equal((traces, traces, configurations - 1), (all.Schedules, all.Traces.Count, events));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void The_order_in_which_channels_are_picked_changes_no_trace(string program, long traces, long configurations, long givenUp)
    {
        _ = (configurations, givenUp);
        ExplorationResult canonical = Run(program, Reduction.Optimal, out _);
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            for (ulong seed = 1; seed <= 2; seed++)
            {
                ExplorationResult shuffled = Run(program, reduction, out _, Shuffled.By(seed));

                Assert.Equal((reduction, seed, traces, canonical.Digest), (reduction, seed, shuffled.Schedules, shuffled.Digest));
                Assert.True(shuffled.Abandoned == 0 || reduction != Reduction.Optimal);
            }
        }
    }

    private static int BySender(ChannelName a, ChannelName b) => a.CompareTo(b);

    private static ExplorationResult Run(
        string program, Reduction reduction, out long events, Comparison<ChannelName>? pickOrder = null)
    {
        DporStrategy strategy = new(reduction, pickOrder);
        ExplorationResult result = new Exploration(
            () => ReferencePrograms.Of(program),
            new ExploreOptions { Strategy = () => strategy, SchedulesMax = 1_000_000, KeepGoing = true }).Run();
        events = strategy.EventsExplored;
        return result;
    }
}
