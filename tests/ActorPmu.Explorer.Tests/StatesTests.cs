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

    private static ExplorationResult Run(Func<Subject> build) => new Exploration(
        build, new ExploreOptions { Strategy = () => new StatesStrategy(), SchedulesMax = 1_000_000, KeepGoing = true }).Run();
}
