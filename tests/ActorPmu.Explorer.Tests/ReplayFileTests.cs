namespace ActorPmu.Explorer.Tests;

public sealed class ReplayFileTests
{
    [Fact]
    public void What_is_written_is_what_is_read()
    {
        ReplayFile file = Sample();
        ReplayFile read = ReplayReader.Read(ReplayText.Write(file), "x.replay", Unexpected);

        Assert.Equal(file with { Steps = [] }, read with { Steps = [], Places = null });
        Assert.Equal(file.Steps, read.Steps);
        Assert.Equal(ReplayText.Write(file), ReplayText.Write(read));
    }

    [Fact]
    public void What_is_read_knows_where_the_design_and_the_lines_of_the_scenario_stand()
    {
        ReplayFile file = Sample() with { ScenarioText = "one line\nand another" };
        string text = ReplayText.Write(file);
        string[] lines = text.Split('\n');
        ReplayPlaces places = ReplayReader.Read(text, "x.replay", Unexpected).Places!;

        Assert.StartsWith($"\"{file.Design}\"", lines[places.Design.Line - 1][(places.Design.Column - 1)..], StringComparison.Ordinal);
        Assert.Equal(file.ScenarioText.Split('\n').Length, places.ScenarioLines.Count);
        Assert.All(places.ScenarioLines, at => Assert.Equal('"', lines[at.Line - 1][at.Column - 1]));
        Assert.StartsWith($"x.replay:{places.ScenarioLines[1].Line}:7: error: wrong", places.ScenarioError(2, "wrong").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_has_a_line_of_its_own()
    {
        string[] lines = ReplayText.Write(Sample()).Split('\n');

        Assert.Single(lines, l => l == "    {\"pick\": 0, \"of\": 2, \"step\": \"node/1000→node/1 request: go 0\", \"fp\": \"" + Sample().Steps[0].Fingerprint.ToString("x16", null) + "\"},");
        Assert.Single(lines, l => l.StartsWith("    {\"choose\": 1, \"of\": 2, \"step\": \"node/1: hands the lock on\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_recorded_run_goes_as_recorded()
    {
        ReplayRun run = ReplayRun.Of(Sample(), () => ReferencePrograms.HandOff(2, 1));

        Assert.Null(run.Divergence);
        Assert.Single(run.Recording.Violations);
    }

    [Fact]
    public void A_message_in_another_place_is_a_divergence_that_names_both()
    {
        ReplayFile file = Sample();
        ReplayStep changed = file.Steps[1] with { Label = "node/2→node/0 request: acquire 0" };
        ReplayRun run = ReplayRun.Of(
            file with { Steps = [file.Steps[0], changed, .. file.Steps.Skip(2)] }, () => ReferencePrograms.HandOff(2, 1));

        Assert.Equal(
            (2, "another message has its place", "node/2→node/0 request: acquire 0"),
            (run.Divergence!.Step, run.Divergence.Problem, run.Divergence.Expected));
        Assert.Contains("node/1→node/0 request: acquire 0", run.Divergence.Found);
    }

    [Fact]
    public void Another_number_of_options_is_a_divergence()
    {
        ReplayRun run = ReplayRun.Of(Sample(), () => ReferencePrograms.HandOff(3, 1));

        Assert.Equal((1, "3 deliveries are possible where the recording had 2"), (run.Divergence!.Step, run.Divergence.Problem));
    }

    [Fact]
    public void All_steps_alike_and_another_verdict_is_a_divergence()
    {
        ReplayFile file = Sample();
        ReplayRun run = ReplayRun.Of(
            file with { Expect = file.Expect! with { What = "something else" } }, () => ReferencePrograms.HandOff(2, 1));

        Assert.Equal("all steps are as recorded, and the verdict is another", run.Divergence!.Problem);
    }

    [Theory]
    [InlineData("\"seed\": 7", "\"seed\": -7", "13:11: error: seed is a whole number, 0 or more")]
    [InlineData("\"seed\": 7", "\"seed\": 7, \"seed\": 8", "13:14: error: the field seed is there twice")]
    [InlineData("actorpmu-replay/1", "actorpmu-replay/2", "2:13: error: the file has format actorpmu-replay/2 and this version reads actorpmu-replay/1; take the version that wrote it")]
    [InlineData("actorpmu-replay/1", "other", "2:13: error: \"other\" is no replay file; the schema of one is \"actorpmu-replay/1\"")]
    [InlineData("\"pick\": 0, \"of\": 2", "\"pick\": 2, \"of\": 2", "17:5: error: a step picks 2 of 2: the first is 0")]
    [InlineData("\"pick\": 0, \"of\": 2, ", "\"pick\": 0, ", "17:5: error: a step needs pick or choose, of, and step")]
    [InlineData("\"design\": \"a\"", "\"desing\": \"a\"", "1:1: error: the field design is missing")]
    [InlineData("\"design\": \"a\"", "\"design\": 5", "12:13: error: design is a string")]
    [InlineData("\"tool\": \"1\",", "\"tool\": \"1\"", "4:3: error: this is no JSON: ")]
    public void What_is_wrong_is_told_with_its_place(string good, string wrong, string message)
    {
        string text = ReplayText.Write(Sample());
        int at = text.IndexOf(good, StringComparison.Ordinal);
        ReplayInputException e = Assert.Throws<ReplayInputException>(
            () => ReplayReader.Read(text[..at] + wrong + text[(at + good.Length)..], "x.replay"));

        Assert.StartsWith("x.replay:" + message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_early_is_refused() =>
        Assert.StartsWith(
            "x.replay:2:1: error: this is no JSON: ",
            Assert.Throws<ReplayInputException>(() => ReplayReader.Read("{\n", "x.replay")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_field_that_is_not_known_is_a_warning()
    {
        List<string> warnings = [];
        string text = ReplayText.Write(Sample()).Replace("\"seed\": 7", "\"mood\": { \"x\": [1] }, \"seed\": 7", StringComparison.Ordinal);
        ReplayFile read = ReplayReader.Read(text, "x.replay", warnings.Add);

        Assert.Equal(7u, read.Seed);
        Assert.Equal(["x.replay:13:3: warning: the field mood is not known and has no effect"], warnings);
    }

    [Fact]
    public void A_label_that_was_edited_is_a_warning()
    {
        List<string> warnings = [];
        ReplayReader.Read(ReplayText.Write(Sample()).Replace("acquire 0", "acquire 1", StringComparison.Ordinal), "x.replay", warnings.Add);

        Assert.Equal(["x.replay:18:5: warning: the fingerprint does not belong to the labels up to here: the file has been edited"], warnings);
    }

    [Fact]
    public void A_run_whose_every_message_causes_the_next_has_no_race()
    {
        RunRecording run = ReplayRun.Of(Sample(), () => ReferencePrograms.HandOff(2, 1)).Recording;

        Assert.Null(run.LastRace);
    }

    [Fact]
    public void Two_philosophers_who_starve_race_for_both_forks()
    {
        ExplorationResult starved = Explore.Dfs(() => ReferencePrograms.Philosophers(2), 100);
        RunRecording both = RunRecording.Of(
            () => ReferencePrograms.Philosophers(2), new ReplayChooser(starved.Violations[0].Choices), 100);

        Assert.Equal(["node/0", "node/1"], both.Races.Select(r => r.Receiver.ToString()).Order(StringComparer.Ordinal));
    }

    private static void Unexpected(string warning) => Assert.Fail(warning);

    private static ReplayFile Sample()
    {
        FoundViolation found = new Exploration(
            () => ReferencePrograms.HandOff(2, 1), Explore.RandomOptions(seed: 1, schedulesMax: 100)).Run().Violations[0];
        ShrinkResult shrunk = Shrinker.Shrink(() => ReferencePrograms.HandOff(2, 1), found.Choices, found.Violation.Signature);
        RunRecording run = RunRecording.Of(() => ReferencePrograms.HandOff(2, 1), new ReplayChooser(shrunk.Choices), 100);
        (IReadOnlyList<ReplayStep> steps, ReplayExpectation? expect) = ReplayFile.From(run);
        return new ReplayFile
        {
            Tool = "1",
            ScenarioName = "hand-off",
            ScenarioPath = "hand-off.yaml",
            ScenarioText = "one line",
            ScenarioSha256 = "00",
            Design = "a",
            Seed = 7,
            Strategy = "random",
            StepsMax = 100,
            Steps = steps,
            Expect = expect,
        };
    }
}
