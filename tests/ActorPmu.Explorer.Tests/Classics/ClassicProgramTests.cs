using ActorPmu.Actors;

namespace ActorPmu.Explorer.Tests.Classics;

/// <summary>Every search comes to exactly the orders, traces, deadlocks and states that well-known programs have.</summary>
public sealed class ClassicProgramTests
{
    // More orders than that are not run one by one.
    private const long OrdersMax = 4_000;

    public static TheoryData<string> All => [.. ClassicTable.All.Select(p => p.Name)];

    public static TheoryData<string> Ending => [.. ClassicTable.All.Where(p => p.Ends).Select(p => p.Name)];

    public static TheoryData<string> FewOrders => [.. ClassicTable.All.Where(p => p.Ends && p.Orders.All <= OrdersMax).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(FewOrders))]
    public void Depth_first_runs_every_order_in_one_piece_and_in_parts(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult whole = Run(program, () => new DfsStrategy());
        Assert.True(whole.IsComplete);
        Assert.Equal(program.Orders, (whole.Schedules, whole.Deadlocks));
        if (program.IsPlain)
        {
            Assert.Equal(program.Traces.All, whole.Traces.Count);
            Assert.Equal(Run(program, () => new DporStrategy()).Digest, whole.Digest);
        }

        for (int workers = 1; workers <= 3; workers++)
        {
            DfsSearch search = new(() => program.Build(canGoBack: false), Options(() => new DfsStrategy()));
            ExplorationResult parts = search.Begin() ?? InParts(search.PartCount, workers, i => search.RunPart(i, long.MaxValue));
            Assert.Equal((whole.Schedules, whole.Deadlocks, whole.StepsTotal, whole.Digest), (parts.Schedules, parts.Deadlocks, parts.StepsTotal, parts.Digest));
        }
    }

    [Theory]
    [MemberData(nameof(FewOrders))]
    public void Delays_without_a_bound_run_every_order(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult all = Run(program, () => new DelayStrategy(int.MaxValue));
        Assert.True(all.IsComplete);
        Assert.Equal(program.Orders, (all.Schedules, all.Deadlocks));
    }

    [Theory]
    [MemberData(nameof(Ending))]
    public void Every_reduction_runs_each_trace_once_whichever_channel_comes_first(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult first = Run(program, () => new DporStrategy());
        Assert.Equal((program.Traces.All, program.Traces.Deadlocks, 0L), (first.Schedules, first.Deadlocks, first.Abandoned));
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            for (ulong seed = 0; seed <= 2; seed++)
            {
                foreach (bool canGoBack in new[] { false, program.CanGoBack })
                {
                    DporStrategy strategy = new(reduction, seed == 0 ? null : Shuffled.By(seed));
                    ExplorationResult all = Run(program, () => strategy, canGoBack);
                    Assert.True(all.IsComplete);
                    Assert.Equal(
                        (reduction, program.Traces.All, program.Traces.All, program.Traces.Deadlocks, first.Digest),
                        (reduction, all.Schedules, all.Traces.Count, all.Deadlocks, all.Digest));
                    Assert.True(reduction != Reduction.Optimal || all.Abandoned == 0);
                    if (reduction == Reduction.SleepSets && all.StartedOver == 0)
                    {
                        Assert.Equal(program.Configurations - 1, strategy.EventsExplored);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ending))]
    public void A_reduction_in_parts_runs_each_trace_once_with_any_number_of_workers(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult whole = Run(program, () => new DporStrategy());
        for (int workers = 1; workers <= 3; workers++)
        {
            ReducedSearch search = new(() => program.Build(canGoBack: workers == 2 && program.CanGoBack), Options(() => new DporStrategy()));
            ExplorationResult parts = search.Begin() ?? InParts(search.PartCount, workers, i =>
            {
                ReducedPart part = search.RunPart(i, long.MaxValue);
                return part.ShowedMore ? throw new InvalidOperationException("a part showed more") : part.Result;
            });
            Assert.Equal((program.Traces.All, program.Traces.Deadlocks, whole.Digest), (parts.Schedules, parts.Deadlocks, parts.Digest));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_search_by_states_comes_to_each_once(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult again = Run(program, () => new StatesStrategy());
        Assert.True(again.IsComplete);
        Assert.Equal(program.States.All, again.States);
        Assert.Equal(program.States.Deadlocks > 0, again.Deadlocks > 0);
        if (program.CanGoBack)
        {
            ExplorationResult back = Run(program, () => new StatesStrategy(), canGoBack: true);
            Assert.True(back.IsComplete);
            Assert.Equal(program.States, (back.States ?? 0, back.Schedules, back.Deadlocks));
        }

        for (int workers = 1; workers <= 3; workers++)
        {
            StateSearch search = new(() => program.Build(canGoBack: false), Options(() => new StatesStrategy()));
            ExplorationMerge merge = new();
            for (int runs = search.NextBatch(); runs > 0; runs = search.NextBatch())
            {
                Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = workers }, search.Run);
                for (int i = 0; i < runs; i++)
                {
                    merge.Add(search.Take(i), isNumberedApart: true);
                }
            }

            Assert.Equal((program.States.All, program.States.Deadlocks > 0), (search.States, merge.Result.Deadlocks > 0));
        }
    }

    [Theory]
    [MemberData(nameof(Ending))]
    public void A_search_by_states_of_actors_that_do_not_say_theirs_misses_no_deadlock(string name)
    {
        Classic program = ClassicTable.Of(name);
        ExplorationResult all = new Exploration(() => program.Build(canGoBack: false, saysItsState: false), Options(() => new StatesStrategy())).Run();
        Assert.True(all.IsComplete);
        Assert.InRange(all.States ?? 0, program.States.All, program.IsPlain ? program.Configurations : long.MaxValue);
        Assert.Equal(program.States.Deadlocks > 0, all.Deadlocks > 0);
    }

    [Fact]
    public void Larger_programs_have_as_many_traces_as_their_formulas_say()
    {
        (long Traces, Action<Cast> Put)[] programs =
        [
            (720, c => Counted.Broadcast(c, 6)),
            (1_296, c => Counted.Gossip(c, 4)),
            (1_536, c => Counted.Cell(c, 3, 4)),
            (320, c => Counted.LastZero(c, 7)),
            (1, c => Counted.Indexer(c, 11)),
            (8, c => Counted.Indexer(c, 12)),
            (64, c => Counted.Indexer(c, 13)),
            (1_024, c => Counted.TokenRing(c, 5, 3)),
            (256, c => Counted.Racers(c, 4, 4)),
            (128, c => Counted.Tree(c, 3)),
            (63, c => Counted.Forks(c, 6, false)),
            (62, c => Counted.Forks(c, 6, true)),
        ];
        Assert.Equal(
            programs.Select(p => (p.Traces, 0L)),
            programs.Select(p => Run(new Classic("", p.Put), () => new DporStrategy())).Select(r => (r.Schedules, r.Abandoned)));
    }

    private static ExplorationResult Run(Classic program, Func<IStrategy> strategy, bool canGoBack = false) =>
        new Exploration(() => program.Build(canGoBack), Options(strategy)).Run();

    private static ExploreOptions Options(Func<IStrategy> strategy) => new() { Strategy = strategy, SchedulesMax = 1_000_000, KeepGoing = true };

    private static ExplorationResult InParts(int count, int workers, Func<int, ExplorationResult> run)
    {
        ExplorationResult[] parts = new ExplorationResult[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = workers }, i => parts[i] = run(i));
        ExplorationMerge merge = new();
        foreach (ExplorationResult part in parts)
        {
            merge.Add(part, isNumberedApart: true);
        }

        return merge.Result;
    }
}
