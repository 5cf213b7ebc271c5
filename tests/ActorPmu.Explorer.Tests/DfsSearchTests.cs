namespace ActorPmu.Explorer.Tests;

/// <summary>A search of every schedule in parts is the search in one piece, in whatever order the parts are run.</summary>
public sealed class DfsSearchTests
{
    [Theory]
    [InlineData("nsend 6 1")]
    [InlineData("2pc 3")]
    [InlineData("lock 2 3")]
    [InlineData("descending 3")]
    public void Parts_put_together_have_each_schedule_once_and_in_order(string program)
    {
        ExplorationResult whole = new Exploration(() => ReferencePrograms.Of(program), Options(100_000)).Run();
        ExplorationResult parts = Run(new DfsSearch(() => ReferencePrograms.Of(program), Options(100_000)), 100_000, atLeast: 300);

        Assert.True(whole.Exhausted);
        Same(whole, parts);
    }

    [Fact]
    public void Answers_inside_steps_are_cut_as_well()
    {
        int cut = 0;
        SeededRandom random = new(5, 0);
        for (int k = 0; k < 40; k++)
        {
            GeneratedProgram program = new(random.Next(), 2, 5, 2, random.Next(2) == 0, Chooses: true, random.Next(2) == 0, Halts: random.Next(2) == 0, Shares: false);
            ExplorationResult whole = new Exploration(() => Explore.Unjudged(program.Build()), Options(4_000)).Run();
            DfsSearch search = new(() => Explore.Unjudged(program.Build()), Options(4_000));
            if (whole.Exhausted && whole.Schedules > 64)
            {
                cut++;
                Same(whole, Run(search, 4_000, atLeast: 2));
            }
        }

        Assert.InRange(cut, 5, 40);
    }

    [Fact]
    public void A_search_that_ends_soon_is_not_cut()
    {
        DfsSearch search = new(() => ReferencePrograms.Of("nsend 4 1"), Options(1_000));
        ExplorationResult? whole = search.Begin();

        Assert.True(whole is { Exhausted: true, Schedules: 24 });
        Assert.Equal(0, search.PartCount);
    }

    private static void Same(ExplorationResult whole, ExplorationResult parts)
    {
        Assert.Equal((whole.Schedules, whole.StepsTotal, whole.Digest), (parts.Schedules, parts.StepsTotal, parts.Digest));
        Assert.Equal(whole.Traces, parts.Traces);
        Assert.Equal(
            whole.Violations.Select(v => (v.Violation.Signature, v.Schedule, v.Schedules)), parts.Violations.Select(v => (v.Violation.Signature, v.Schedule, v.Schedules)));
    }

    private static ExplorationResult Run(DfsSearch search, long most, int atLeast)
    {
        Assert.Null(search.Begin());
        Assert.True(search.PartCount >= atLeast);
        ExplorationResult[] parts = new ExplorationResult[search.PartCount];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            parts[i] = search.RunPart(i, most);
            Assert.True(parts[i].Exhausted);
        }

        ExplorationMerge merge = new();
        Array.ForEach(parts, p => merge.Add(p, isNumberedApart: true));
        return merge.Result;
    }

    private static ExploreOptions Options(long most) => new() { Strategy = () => new DfsStrategy(), SchedulesMax = most, KeepGoing = true };
}
