using System.Text.Json;

namespace ActorPmu.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_broke_live_is_written_and_replays_in_the_world_and_on_controlled_Akka()
    {
        (int code, string output, _) = await Run("user-beside-kernel", "v6", "--runs", "3", "--machines", "1");
        (int world, string inWorld, _) = await Cli.Run("replay", _cli.Replay());
        (int akka, string onAkka, _) = await Cli.Run("replay", _cli.Replay(), "--host", "controlled");

        Assert.Equal((ExitCode.Violation, ExitCode.Violation, ExitCode.Violation), (code, world, akka));
        Assert.Contains("\nVIOLATION counts-exact  run 0, ", output, StringComparison.Ordinal);
        Assert.EndsWith("bounded by runs 3\n", output, StringComparison.Ordinal);
        Assert.EndsWith("counts-exact reproduced\n", inWorld, StringComparison.Ordinal);
        Assert.EndsWith("steps, with the same fingerprints\n", onAkka, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_design_of_a_user_that_throws_live_is_2_and_leaves_a_file_with_the_choices_that_throw_in_the_world_too()
    {
        (int code, _, string error) = await Run(
            "user-beside-kernel", "throws", "--runs", "3", "--machines", "1", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.WrongInput, code);
        string file = error.Split('\n')[^2].Split(' ')[0];
        string text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        Assert.Contains("a broken promise", text, StringComparison.Ordinal);
        Assert.Contains("schedule 0, choices 0/1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_without_a_violation_end_with_0_and_are_counted_in_the_JSON()
    {
        (int code, string output, _) = await Run("user-beside-kernel", "none", "--runs", "5", "--json");

        Assert.Equal(ExitCode.Ok, code);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("actorpmu-live/1", 5), (json.GetProperty("schema").GetString(), json.GetProperty("runs").GetInt32()));
        Assert.Empty(json.GetProperty("violations").EnumerateArray());
    }

    [Fact]
    public async Task A_setting_that_nobody_would_look_at_is_refused_with_its_place()
    {
        string settings = _cli.Write("my.conf", "actorpmu.live {\n  dispatcher.throughputt = 3\n}\n");
        (int code, _, string error) = await Run("user-beside-kernel", "none", "--runs", "1", "--settings", settings);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith(
            $"{settings}:2:3: error: unknown key actorpmu.live.dispatcher.throughputt; did you mean \"actorpmu.live.dispatcher.throughput\"?",
            error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seconds", "0", "error: --seconds 0: give more than 0, and at most 1000000\n")]
    [InlineData("--runs", "0", "error: --runs 0: give 1 or more\n")]
    [InlineData("--machines", "1000", "error: --machines 1000: give 1 to 256\n")]
    public async Task A_bound_that_cannot_be_is_refused(string option, string value, string message)
    {
        (int code, _, string error) = await Run("user-beside-kernel", "none", option, value);

        Assert.Equal((ExitCode.WrongInput, message), (code, error));
    }

    [Fact]
    public async Task A_host_that_there_is_not_is_refused()
    {
        (int code, _, string error) = await Cli.Run("replay", "x.replay", "--host", "controled");

        Assert.Equal((ExitCode.WrongInput, "error: --host controled: did you mean \"controlled\"?\n"), (code, error));
    }

    private Task<(int Code, string Output, string Error)> Run(string scenario, string design, params string[] more) =>
        Cli.Run(["run", Cli.Scenario(scenario), "--design", design, "--outdir", _cli.OutDir, .. more]);
}
