namespace ActorPmu.Explorer.Tests;

/// <summary>A search by partial orders in parts finds what it finds in one piece, in whatever order the parts are run.</summary>
public sealed class ReducedSearchTests
{
    [Theory]
    [InlineData("nsend 6 1", 720)]
    [InlineData("2pc 4", 576)]
    [InlineData("lock 4 1", 336)]
    [InlineData("lock 3 2", 2_898)]
    [InlineData("ring 4 1 8", 2_520)]
    [InlineData("ascending 5", 496)]
    [InlineData("descending 5", 642)]
    [InlineData("philosophers 5", 961)]
    public void Parts_put_together_have_each_trace_once(string program, long traces)
    {
        ExplorationResult whole = new Exploration(() => ReferencePrograms.Of(program), Options(100_000)).Run();
        ReducedSearch search = new(() => ReferencePrograms.Of(program), Options(100_000));
        Assert.Null(search.Begin());
        Assert.True(search.PartCount >= 30);

        ReducedPart[] parts = new ReducedPart[search.PartCount];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            parts[i] = search.RunPart(i, 100_000);
            Assert.False(parts[i].ShowedMore);
            Assert.True(parts[i].Result.Exhausted);
        }

        ExplorationMerge merge = new();
        foreach (ReducedPart part in parts)
        {
            merge.Add(part.Result, isNumberedApart: true);
        }

        Assert.Equal((traces, traces), (merge.Result.Schedules, merge.Result.Traces.Count));
        Assert.Equal((whole.Digest, whole.StepsTotal), (merge.Result.Digest, merge.Result.StepsTotal));
        Assert.Equal(whole.Violations.Select(v => (v.Violation.Signature, v.Schedules)), merge.Result.Violations.Select(v => (v.Violation.Signature, v.Schedules)));
    }

    [Fact]
    public void A_search_that_ends_soon_is_not_cut()
    {
        ReducedSearch search = new(() => ReferencePrograms.Of("philosophers 4"), Options(100_000));
        ExplorationResult? whole = search.Begin();

        Assert.NotNull(whole);
        Assert.True(whole.IsComplete);
        Assert.Equal((225L, 0), (whole.Schedules, search.PartCount));
    }

    [Fact]
    public void What_steps_share_is_learned_across_parts()
    {
        // Programs whose steps touch what others touch: some only in orders that no first run has.
        int cut = 0;
        SeededRandom random = new(8, 0);
        for (int k = 0; k < 60; k++)
        {
            GeneratedProgram program = new(
                random.Next(), 2 + random.Next(2), 6, 2, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, Halts: false, Shares: true);
            ExplorationResult whole = new Exploration(() => Explore.Unjudged(program.Build()), Options(3_000)).Run();
            if (!whole.Exhausted || whole.Schedules < 257)
            {
                continue;
            }

            cut++;
            ExplorationResult parts = Run(new ReducedSearch(() => Explore.Unjudged(program.Build()), Options(3_000)));
            Assert.Equal((k, whole.Schedules), (k, parts.Schedules));
            Assert.Equal((k, whole.Digest), (k, parts.Digest));
        }

        Assert.InRange(cut, 5, 60);
    }

    [Fact]
    public void A_checkpoint_is_read_as_it_was_written()
    {
        ExplorationResult some = new Exploration(
            () => ReferencePrograms.HandOff(3, 2), Explore.RandomOptions(seed: 3, schedulesMax: 20, keepGoing: true)).Run();
        Checkpoint written = new()
        {
            Settings = [("scenario", "abc"), ("seed", "7")],
            MergedParts = 3,
            Merged = some,
            Others = [(5, some)],
            StartedOver = 2,
            Knowledge = ["7 1 7 0 0 4 1 r1f w20"],
        };
        string text = CheckpointText.Write(written);
        Checkpoint read = CheckpointReader.Read(text, "x", written.Settings);

        Assert.Equal(text, CheckpointText.Write(read));
        Assert.Equal(some.Digest, read.Merged.Digest);
        Assert.Equal(some.Violations[0].Choices, read.Others[0].Result.Violations[0].Choices);
    }

    [Theory]
    [InlineData("", "x:1:1: error: this is no checkpoint")]
    [InlineData("{\"schema\": 1}\n", "x:1:1: error: this is no checkpoint")]
    [InlineData("actorpmu-checkpoint 2\n", "x:1:1: error: the file has format actorpmu-checkpoint 2 and this version reads")]
    [InlineData("actorpmu-checkpoint 1\nsetting seed 7\n", "x:2:1: error: the file is cut or was edited")]
    public void Garbage_is_refused_with_its_place(string text, string problem)
    {
        CheckpointInputException e = Assert.Throws<CheckpointInputException>(() => CheckpointReader.Read(text, "x", [("seed", "7")]));

        Assert.StartsWith(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_search_is_refused_where_it_says_so()
    {
        string text = CheckpointText.Write(new Checkpoint { Settings = [("scenario", "abc"), ("seed", "7")], Merged = new ExplorationResult() });
        CheckpointInputException e = Assert.Throws<CheckpointInputException>(
            () => CheckpointReader.Read(text, "x", [("scenario", "abc"), ("seed", "8")]));

        Assert.Equal((3, 14), (e.Line, e.Column));
        Assert.Contains("with seed 7, and this one has 8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_cut_and_no_changed_byte_of_a_checkpoint_goes_unnoticed()
    {
        string text = CheckpointText.Write(new Checkpoint
        {
            Settings = [("seed", "7")],
            Merged = new Exploration(() => Explore.Unjudged(ReferencePrograms.NSend(3, 1)), Explore.RandomOptions(1, 5)).Run(),
        });
        for (int i = 0; i < text.Length; i++)
        {
            string cut = text[..i];
            string changed = text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..];
            Assert.Throws<CheckpointInputException>(() => CheckpointReader.Read(cut, "x", [("seed", "7")]));
            Assert.Throws<CheckpointInputException>(() => CheckpointReader.Read(changed, "x", [("seed", "7")]));
        }
    }

    private static ExplorationResult Run(ReducedSearch search)
    {
        if (search.Begin() is { } whole)
        {
            return whole;
        }

        while (true)
        {
            ExplorationMerge merge = new();
            ReducedPart? more = null;
            for (int i = 0; i < search.PartCount && more is null; i++)
            {
                ReducedPart part = search.RunPart(i, 100_000);
                more = part.ShowedMore ? part : null;
                merge.Add(part.Result, isNumberedApart: true);
            }

            if (more is null)
            {
                return merge.Result;
            }

            search.StartOver(more);
        }
    }

    private static ExploreOptions Options(long schedulesMax) => new()
    {
        Strategy = () => new DporStrategy(), SchedulesMax = schedulesMax, KeepGoing = true,
    };
}
