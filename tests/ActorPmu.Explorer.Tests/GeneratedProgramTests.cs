namespace ActorPmu.Explorer.Tests;

/// <summary>On small generated programs the reductions reach exactly the classes of runs that brute force reaches, each once.</summary>
public sealed class GeneratedProgramTests
{
    private const int RunsMax = 300;
    private const int Programs = 800;

    [Theory]
    [InlineData(Reduction.Optimal, false)]
    [InlineData(Reduction.Optimal, true)]
    [InlineData(Reduction.Source, false)]
    [InlineData(Reduction.Source, true)]
    [InlineData(Reduction.SleepSets, false)]
    [InlineData(Reduction.SleepSets, true)]
    public void A_reduction_runs_each_class_of_a_program_once(Reduction reduction, bool halts) =>
        Check(shares: false, halts, reduction);

    [Theory]
    [InlineData(Reduction.Optimal)]
    [InlineData(Reduction.Source)]
    [InlineData(Reduction.SleepSets)]
    public void A_reduction_reaches_each_class_of_a_program_whose_steps_share_books(Reduction reduction) =>
        Check(shares: true, halts: false, reduction);

    [Fact]
    public void With_answers_inside_steps_too_wakeup_trees_give_up_no_run()
    {
        // Larger than what brute force can be asked about; 83 runs of 13,834 were given up before a plan was divided by the answers of its last event.
        SeededRandom random = new(8, 0);
        (int programs, long runs) = (0, 0);
        for (int k = 0; k < Programs; k++)
        {
            GeneratedProgram program = new(
                random.Next(), random.Next(3) + 1, random.Next(4) + 2, random.Next(3),
                random.Next(2) == 0, Chooses: true, random.Next(2) == 0, Halts: false, Shares: false);
            if (BruteForce.Run(program.Build, new DporStrategy(), 2 * RunsMax) is ({ } distinct, { } all, { } abandoned))
            {
                Assert.True((distinct.Count, 0) == (all, abandoned), $"{program}: {all} runs of {distinct.Count} classes, {abandoned} given up");
                (programs, runs) = (programs + 1, runs + all);
            }
        }

        Assert.InRange(programs, Programs * 3 / 4, Programs);
        Assert.InRange(runs, 10_000, 2 * RunsMax * Programs);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Neither_the_reduction_nor_the_order_of_channels_nor_a_way_back_changes_number_and_digest_of_the_classes(bool halts, bool shares)
    {
        SeededRandom random = new(9, 0);
        int compared = 0;
        for (int k = 0; k < Programs / 4; k++)
        {
            GeneratedProgram program = new(
                random.Next(), random.Next(3) + 1, random.Next(3) + 2, random.Next(3),
                random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, halts, shares);
            ExplorationResult first = Explored(program, new DporStrategy());
            if (!first.Exhausted)
            {
                continue;
            }

            Assert.True(first.Schedules == first.Traces.Count, $"{program}: {first.Schedules} runs, {first.Traces.Count} fingerprints");
            if (!shares)
            {
                ExplorationResult back = Explored(program, new DporStrategy(), canGoBack: true);
                Assert.True(
                    (first.Schedules, first.StepsTotal, first.Deadlocks, first.Digest) == (back.Schedules, back.StepsTotal, back.Deadlocks, back.Digest),
                    $"{program}: {back.Schedules} runs where steps are taken back, {first.Schedules} without");
            }

            foreach (Reduction reduction in Enum.GetValues<Reduction>())
            {
                for (ulong seed = 1; seed <= 2; seed++)
                {
                    ExplorationResult other = Explored(program, new DporStrategy(reduction, Shuffled.By(seed)));
                    Assert.True(
                        (first.Schedules, first.Digest) == (other.Schedules, other.Digest),
                        $"{program}: {reduction} in order {seed} has {other.Schedules} runs, digest {other.Digest:x16}, for {first.Schedules}, {first.Digest:x16}");
                }
            }

            compared++;
        }

        Assert.InRange(compared, Programs / 8, Programs / 4);
    }

    private static ExplorationResult Explored(GeneratedProgram program, IStrategy strategy, bool canGoBack = false) =>
        new Exploration(() => Explore.Unjudged(program.Build(), canGoBack), new ExploreOptions { Strategy = () => strategy, SchedulesMax = RunsMax }).Run();

    private static void Check(bool shares, bool halts, Reduction reduction)
    {
        SeededRandom random = new(8, 0);
        int compared = 0;
        for (int k = 0; k < Programs; k++)
        {
            GeneratedProgram program = new(
                random.Next(), random.Next(3) + 1, random.Next(3) + 2, random.Next(3),
                random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, halts, shares);
            if (BruteForce.Classes(program.Build, RunsMax) is not { } all)
            {
                continue;
            }

            (SortedSet<string> distinct, int runs, int abandoned) =
                BruteForce.Run(program.Build, new DporStrategy(reduction), 100 * RunsMax)
                ?? throw new InvalidOperationException($"{program}: far more runs than brute force");
            Assert.True(all.SetEquals(distinct), $"{program}: {distinct.Count} classes of {all.Count}");

            // What a step may touch, or whether it may end the run, is known over all orders: that tells apart what one order does not.
            Assert.True(all.Count == runs || ((shares || halts) && all.Count < runs), $"{program}: {runs} runs for {all.Count} classes");

            Assert.True(abandoned == 0 || reduction != Reduction.Optimal, $"{program}: {abandoned} runs given up");
            compared += all.Count > 3 ? 1 : 0;
        }

        Assert.InRange(compared, Programs / 4, Programs);
    }
}
