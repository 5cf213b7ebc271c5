namespace ActorPmu.Explorer.Tests;

public sealed class RandomTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Ranges_put_together_are_what_one_worker_finds(int ranges)
    {
        Exploration exploration = new(
            () => Explore.Unjudged(ReferencePrograms.Lock(3, 2)), Explore.RandomOptions(seed: 5, schedulesMax: 700));
        ExplorationResult alone = exploration.Run();

        List<ExplorationResult> parts = [];
        for (int r = 0; r < ranges; r++)
        {
            long first = 700 * r / ranges;
            parts.Add(exploration.RunRange(first, (700 * (r + 1) / ranges) - first));
        }

        ExplorationResult together = Exploration.Merge(parts);
        Assert.Equal(alone.Traces, together.Traces);
        Assert.Equal(
            (alone.Schedules, alone.StepsTotal, alone.StepsLongest, alone.Digest),
            (together.Schedules, together.StepsTotal, together.StepsLongest, together.Digest));
    }

    [Fact]
    public void The_first_violation_is_that_of_the_lowest_schedule_whoever_finds_it()
    {
        Exploration exploration = new(() => ReferencePrograms.HandOff(3, 2), Explore.RandomOptions(seed: 3, schedulesMax: 100));
        ExplorationResult alone = exploration.Run();
        ExplorationResult late = exploration.RunRange(50, 50);
        ExplorationResult early = exploration.RunRange(0, 50);

        ExplorationResult together = Exploration.Merge([early, late]);
        Assert.Equal(alone.Violations[0].Schedule, together.Violations[0].Schedule);
        Assert.Equal(alone.Violations[0].Choices, together.Violations[0].Choices);
        Assert.Equal(alone.Schedules, together.Schedules);
        Assert.True(late.Violations[0].Schedule >= 50);
    }

    [Fact]
    public void Enough_chance_meets_every_trace_of_a_small_program()
    {
        ExplorationResult all = new Exploration(
            () => Explore.Unjudged(ReferencePrograms.Lock(2, 2)), Explore.RandomOptions(seed: 1, schedulesMax: 2_000)).Run();
        ExplorationResult dfs = Explore.Dfs(() => Explore.Unjudged(ReferencePrograms.Lock(2, 2)), 100);

        Assert.Equal(28, all.Traces.Count);
        Assert.Equal(dfs.Digest, all.Digest);
        Assert.False(all.IsComplete);
    }

    [Fact]
    public void Violations_of_one_signature_are_folded_and_counted()
    {
        ExplorationResult all = new Exploration(
            () => ReferencePrograms.HandOff(3, 2), Explore.RandomOptions(seed: 3, schedulesMax: 100, keepGoing: true)).Run();

        FoundViolation found = Assert.Single(all.Violations);
        Assert.Equal(100, all.Schedules);
        Assert.InRange(found.Schedules, 2, 100);
    }

    [Fact]
    public void The_numbers_of_a_seed_are_the_same_for_ever()
    {
        SeededRandom random = new(seed: 7, stream: 3);
        Assert.Equal([0x98e75f223ddb868d, 0x87295a87ac7fbccc], [random.Next(), random.Next()]);
    }

    [Fact]
    public void A_request_to_end_is_answered_between_two_schedules()
    {
        int asked = 0;
        ExplorationResult some = new Exploration(
            () => Explore.Unjudged(ReferencePrograms.NSend(3, 2)), Explore.RandomOptions(seed: 1, schedulesMax: 100))
            .Run(cancelled: () => ++asked > 10);

        Assert.True(some.Interrupted);
        Assert.Equal(10, some.Schedules);
    }
}
