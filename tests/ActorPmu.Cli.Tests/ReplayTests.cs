using ActorPmu.Explorer;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_violation_is_reproduced_byte_for_byte_the_same_each_time()
    {
        string file = await Found();
        (int code, string output, string error) = await Cli.Run("replay", file);
        (_, string again, _) = await Cli.Run("replay", file);

        Assert.Equal(ExitCode.Violation, code);
        Assert.Equal(output, again);
        Assert.EndsWith("steps as recorded; counts-exact reproduced\n", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_recording_without_a_violation_that_goes_as_recorded_is_0()
    {
        Scenario scenario = Scenario.Load(Cli.Scenario("user-beside-kernel"));
        RunRecording run = RunRecording.Of(
            () => Subject.Of(scenario.Build(new NoSharing())), new RandomStrategy(seed: 1), stepsMax: 1_000);
        (IReadOnlyList<ReplayStep> steps, ReplayExpectation? expect) = ReplayFile.From(run);
        string file = _cli.Write("good.replay", ReplayText.Write(new ReplayFile
        {
            Tool = "test",
            ScenarioName = scenario.Name,
            ScenarioPath = scenario.File,
            ScenarioText = scenario.Text,
            ScenarioSha256 = new string('0', 64),
            Design = "none",
            Strategy = "random",
            Steps = steps,
            Expect = expect,
        }));
        (int code, string output, _) = await Cli.Run("replay", file);

        Assert.Equal(ExitCode.Ok, code);
        Assert.EndsWith("steps as recorded; no violation, as recorded\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_ends_early_diverges()
    {
        string text = await File.ReadAllTextAsync(await Found());
        int last = text.LastIndexOf(",\n    {\"pick\"", StringComparison.Ordinal);
        string cut = _cli.Write("cut.replay", text[..last] + "\n  ]\n}\n");
        (int code, string output, _) = await Cli.Run("replay", cut);

        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("the recording ends where the run goes on", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_that_has_changed_diverges_and_the_first_other_step_is_shown()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string changed = _cli.Write("changed.replay", text.Replace("\"      - work: 10\"", "\"      - work: 11\"", StringComparison.Ordinal));
        (int code, string output, string error) = await Cli.Run("replay", changed);

        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("warning: the scenario is not the text that was recorded", error, StringComparison.Ordinal);
        Assert.Contains("\nDIVERGED at step ", output, StringComparison.Ordinal);
        Assert.Contains("another message has its place\n  recorded: task/0→cpu/0 request: task/0: work 10\n  found:    task/0→cpu/0 request: task/0: work 11\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_design_diverges_too()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string changed = _cli.Write("design.replay", text.Replace("\"design\": \"v6\"", "\"design\": \"none\"", StringComparison.Ordinal));
        (int code, string output, _) = await Cli.Run("replay", changed);

        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("DIVERGED at step ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_later_major_version_is_refused_with_its_place()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string later = _cli.Write("later.replay", text.Replace("actorpmu-replay/1", "actorpmu-replay/2", StringComparison.Ordinal));
        (int code, _, string error) = await Cli.Run("replay", later);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{later}:2:13: error: the file has format actorpmu-replay/2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_design_that_there_is_not_is_told_with_its_place_and_where_designs_come_from()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string changed = _cli.Write("own.replay", text.Replace("\"design\": \"v6\"", "\"design\": \"my-own-design\"", StringComparison.Ordinal));
        (int code, string output, string error) = await Cli.Run("replay", changed);

        (int line, int column) = PlaceOf(text, "\"v6\"");
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Empty(output);
        Assert.StartsWith($"{changed}:{line}:{column}: error: unknown design \"my-own-design\"; ", error, StringComparison.Ordinal);
        Assert.EndsWith(" (a design of your own comes with --design-assembly FILE)\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_there_is_not_is_told_with_its_place()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string changed = _cli.Write("property.replay", text.Replace("\"property\": \"counts-exact\"", "\"property\": \"counts-exat\"", StringComparison.Ordinal));
        (int code, string output, string error) = await Cli.Run("replay", changed);

        (int line, int column) = PlaceOf(text, "\"counts-exact\"");
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Empty(output);
        Assert.Equal($"{changed}:{line}:{column}: error: there is no property \"counts-exat\"; actorpmu list properties tells those that there are\n", error);
    }

    [Fact]
    public async Task An_error_in_the_scenario_inside_names_the_replay_file_and_the_scenarios()
    {
        string text = await File.ReadAllTextAsync(await Found());
        string changed = _cli.Write("inside.replay", text.Replace("\"      - work: 10\"", "\"      - wrok: 10\"", StringComparison.Ordinal));
        (int code, string output, string error) = await Cli.Run("replay", changed);

        (int line, int column) = PlaceOf(text, "\"      - work: 10\"");
        int inside = text[text.IndexOf("\"text\": [", StringComparison.Ordinal)..text.IndexOf("\"      - work: 10\"", StringComparison.Ordinal)].Count(c => c == '\n');
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Empty(output);
        Assert.StartsWith($"{changed}:{line}:{column}: error: no operation is called \"wrok\"; did you mean \"work\"? ", error, StringComparison.Ordinal);
        Assert.EndsWith($" (the scenario inside was {Cli.Scenario("user-beside-kernel")}:{inside}:9)\n", error, StringComparison.Ordinal);
    }

    private static (int Line, int Column) PlaceOf(string text, string what)
    {
        string before = text[..text.IndexOf(what, StringComparison.Ordinal)];
        return (before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private async Task<string> Found()
    {
        await _cli.Explore("user-beside-kernel", "v6");
        return _cli.Replay();
    }
}
