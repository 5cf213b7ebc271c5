namespace ActorPmu.Explorer.Tests;

/// <summary>The stateful search comes to exactly the states that the programs have.</summary>
public sealed class StatesTests
{
    [Theory]
    [InlineData("nsend 4 1", 65)]
    [InlineData("nsend 5 1", 326)]
    [InlineData("nsend 6 1", 1_957)]
    [InlineData("nsend 3 2", 271)]
    [InlineData("nsend 3 3", 5_248)]
    [InlineData("pairs 3 2", 125)]
    [InlineData("readers 4", 706)]
    [InlineData("2pc 2", 17)]
    [InlineData("2pc 3", 53)]
    [InlineData("2pc 4", 161)]
    [InlineData("2pc 5", 485)]
    [InlineData("lock 2 1", 16)]
    [InlineData("lock 2 2", 49)]
    [InlineData("lock 2 3", 100)]
    [InlineData("lock 2 4", 169)]
    [InlineData("lock 2 5", 256)]
    [InlineData("lock 3 1", 68)]
    [InlineData("lock 4 1", 320)]
    [InlineData("lock 3 2", 375)]
    [InlineData("ring 3 1 6", 420)]
    [InlineData("ring 3 2 3", 561)]
    [InlineData("ring 4 3 2", 1_218)]
    [InlineData("ascending 2", 19)]
    [InlineData("ascending 3", 73)]
    [InlineData("ascending 4", 254)]
    [InlineData("ascending 5", 851)]
    [InlineData("descending 2", 19)]
    [InlineData("descending 3", 82)]
    [InlineData("descending 4", 370)]
    [InlineData("descending 5", 1_847)]
    [InlineData("philosophers 2", 49)]
    [InlineData("philosophers 3", 359)]
    [InlineData("philosophers 4", 2_569)]
    public void The_states_of_a_program_are_as_many_as_is_known(string program, long states)
    {
        ExplorationResult result = Run(() => ReferencePrograms.Of(program));
        Assert.Equal((states, true), (result.States, result.IsComplete));
    }

    [Fact]
    public void The_deadlock_of_the_philosophers_is_one_of_the_states()
    {
        ExplorationResult result = Run(() => ReferencePrograms.Philosophers(3));
        Assert.Equal("somebody did not eat", Assert.Single(result.Violations).Violation.What);
    }

    [Theory]
    [InlineData("nsend 6 1", 1_957)]
    [InlineData("lock 3 2", 375)]
    [InlineData("descending 5", 1_847)]
    [InlineData("philosophers 4", 2_569)]
    public void Batches_come_to_the_same_in_any_order_and_in_another_object_half_way(string program, long states)
    {
        Func<Subject> build = () => ReferencePrograms.Of(program);
        (StateSearch inOrder, ExplorationResult one) = Search(build, (runs, run) => runs.ForEach(run), moves: false);
        (StateSearch backwards, ExplorationResult other) = Search(build, (runs, run) => Enumerable.Reverse(runs).ToList().ForEach(run), moves: true);

        Assert.Equal((states, states), (inOrder.States, backwards.States));
        Assert.Equal((one.Schedules, one.Abandoned, one.StepsTotal, one.Digest), (other.Schedules, other.Abandoned, other.StepsTotal, other.Digest));
        Assert.Equal(one.Traces, other.Traces);
        Assert.Equal(one.Violations.Select(v => (v.Violation.Signature, v.Schedule)), other.Violations.Select(v => (v.Violation.Signature, v.Schedule)));
    }

    [Fact]
    public void What_a_search_does_not_take_of_a_batch_is_left_for_the_next()
    {
        StateSearch search = new(() => ReferencePrograms.Of("nsend 4 1"), Options());
        search.NextBatch();
        search.Run(0);
        search.Take(0);
        long left = search.Left;
        Assert.InRange(search.NextBatch(), 2, 64);
        Assert.True(search.Left < left);
        search.Leave(0);
        Assert.Equal(left, search.Left);
    }

    [Theory]
    [InlineData("hello", "\"hello\" is not known here")]
    [InlineData("states AAAA", "a state is cut, or there twice")]
    [InlineData("path -1 0 1 0/2", "there is no choice 0 with an option 1 on path -1")]
    [InlineData("path -1 0 0 2/2", "\"2/2\" is no choice")]
    [InlineData("open 0 3 1", "there is no choice 3 with an option 1 on path 0")]
    public void What_is_known_of_another_search_is_read_strictly(string line, string problem)
    {
        StateSearch search = new(() => ReferencePrograms.Of("nsend 4 1"), Options());
        KnowledgeException e = Assert.Throws<KnowledgeException>(() => search.Continue([line]));
        Assert.Equal((0, problem), (e.Line, e.Message));
    }

    private static (StateSearch Search, ExplorationResult Result) Search(Func<Subject> build, Action<List<int>, Action<int>> make, bool moves)
    {
        StateSearch search = new(build, Options());
        ExplorationMerge merge = new();
        for (int runs = search.NextBatch(); runs > 0; runs = search.NextBatch())
        {
            make([.. Enumerable.Range(0, runs)], search.Run);
            for (int i = 0; i < runs; i++)
            {
                merge.Add(search.Take(i), isNumberedApart: true);
            }

            if (moves)
            {
                IReadOnlyList<string> knowledge = search.Knowledge();
                search = new StateSearch(build, Options());
                search.Continue(knowledge);
            }
        }

        return (search, merge.Result);
    }

    private static ExploreOptions Options() => new() { Strategy = () => new StatesStrategy(), KeepGoing = true };

    private static ExplorationResult Run(Func<Subject> build) => new Exploration(
        build, new ExploreOptions { Strategy = () => new StatesStrategy(), SchedulesMax = 1_000_000, KeepGoing = true }).Run();
}
