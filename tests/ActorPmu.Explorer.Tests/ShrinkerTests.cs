namespace ActorPmu.Explorer.Tests;

public sealed class ShrinkerTests
{
    [Theory]
    [InlineData(3, 4, 200)]
    [InlineData(3, 10, 20)]
    [InlineData(6, 8, 20)]
    public void Each_of_many_hand_off_races_shrinks_to_nine_deliveries(int clients, int rounds, ulong seeds)
    {
        List<long> steps = [];
        for (ulong seed = 0; seed < seeds; seed++)
        {
            steps.Add(Shrink(clients, rounds, seed, reschedules: 50).Steps);
        }

        Assert.All(steps, s => Assert.Equal(9, s));
    }

    [Fact]
    public void The_shrunk_run_is_a_run_and_shows_the_same_violation()
    {
        ShrinkResult shrunk = Shrink(3, 4, 11);
        RunRecording recording = RunRecording.Of(() => ReferencePrograms.HandOff(3, 4), new ReplayChooser(shrunk.Choices), 10_000);

        Assert.Equal("one-master:  works, and  has the lock", Assert.Single(recording.Violations).Signature);
        Assert.Equal(
            ["go 0", "acquire 0", "grant 0", "work 0", "ack 0", "work 0", "ack 0", "hands the lock on", "hand-off 0", "work 0"],
            recording.Steps.Select(s => s.What));
    }

    [Fact]
    public void Shrinking_twice_gives_the_same_run() => Assert.Equal(Shrink(3, 4, 5).Choices, Shrink(3, 4, 5).Choices);

    [Fact]
    public void A_deadlock_shrinks_to_the_shortest_way_into_it()
    {
        ExplorationResult all = Explore.Dfs(() => ReferencePrograms.Philosophers(3), 4_000);
        ExplorationResult found = all.Violations.Count > 0 ? all : new Exploration(
            () => ReferencePrograms.Philosophers(3), Explore.RandomOptions(seed: 1, schedulesMax: 1_000)).Run();
        FoundViolation v = found.Violations[0];
        ShrinkResult shrunk = Shrinker.Shrink(() => ReferencePrograms.Philosophers(3), v.Choices, v.Violation.Signature);

        // Everybody takes one fork and asks for the other: 3 takes, 3 grants, 3 takes that wait.
        Assert.Equal(9, shrunk.Steps);
    }

    [Fact]
    public void A_run_that_does_not_show_the_violation_is_refused() =>
        Assert.Throws<NotDeterministicException>(() =>
            Shrinker.Shrink(() => ReferencePrograms.Philosophers(2), [], "no-deadlock: somebody did not sleep"));

    private static ShrinkResult Shrink(int clients, int rounds, ulong seed, int reschedules = 20)
    {
        FoundViolation v = new Exploration(
            () => ReferencePrograms.HandOff(clients, rounds), Explore.RandomOptions(seed, schedulesMax: 100)).Run().Violations[0];
        return Shrinker.Shrink(() => ReferencePrograms.HandOff(clients, rounds), v.Choices, v.Violation.Signature, new ShrinkOptions { Reschedules = reschedules });
    }
}
