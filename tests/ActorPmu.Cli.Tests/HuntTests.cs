using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorPmu.Cli.Tests;

public sealed class HuntTests : IDisposable
{
    private static readonly string OwnAssembly = typeof(ThrowingDesign).Assembly.Location;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_design_without_findings_is_0_and_the_bound_is_named()
    {
        (int code, string output, _) = await Hunt("none", "-n", "6", "--schedules", "5");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("\nresult: no finding, 6 scenarios, 30 schedules, ", output, StringComparison.Ordinal);
        Assert.EndsWith("; bounded by scenarios 6\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cli.OutDir));
    }

    [Fact]
    public async Task Findings_are_1_and_each_has_a_scenario_file_and_a_replay_file_that_work()
    {
        (int code, string output, _) = await Hunt("v6", "-n", "20", "--per-cause", "1");

        Assert.Equal(ExitCode.Violation, code);
        string scenario = Directory.GetFiles(_cli.OutDir, "*.yaml").Order(StringComparer.Ordinal).First();
        string replay = Path.ChangeExtension(scenario, ".replay");
        Assert.Contains($"replay: actorpmu replay {replay}\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Cli.Run("check", scenario)).Code);
        (int replayed, string told, _) = await Cli.Run("replay", replay);
        Assert.Equal(ExitCode.Violation, replayed);
        Assert.EndsWith(" reproduced\n", told, StringComparison.Ordinal);
        (int found, _, _) = await Cli.Run("explore", scenario, "--design", "v6", "--outdir", _cli.OutDir, "-n", "2000");
        Assert.Equal(ExitCode.Violation, found);
    }

    [Fact]
    public async Task On_the_way_a_finding_is_told_with_its_names_and_numbers()
    {
        (_, string output, string error) = await Cli.Run(
            "hunt", "--design", "v6", "--outdir", _cli.OutDir, "--stable", "--scenarios", "16", "--schedules", "20", "--per-cause", "1", "-j");

        string[] findings = [.. JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("what").GetString()!)];
        Assert.NotEmpty(findings);
        Assert.All(findings, what => Assert.Contains($": {what}; ", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_number_of_workers_changes_no_byte()
    {
        (_, string one, _) = await Hunt("v6", "-n", "18", "-w", "1");
        (_, string three, _) = await Hunt("v6", "-n", "18", "-w", "3");

        Assert.Contains("FINDING", one, StringComparison.Ordinal);
        Assert.Equal(one, three);
    }

    [Fact]
    public async Task With_seconds_the_number_of_scenarios_is_told()
    {
        (int code, string output, _) = await Hunt("handover", "--seconds", "0.01", "--schedules", "1");

        Assert.Equal(ExitCode.Ok, code);
        Match told = Regex.Match(output, @"; bounded by 0\.01 s, which was enough for ([1-9]\d*) scenarios\n\z");
        Assert.True(told.Success, output);
        int scenarios = int.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Contains($"{scenarios} scenarios, {scenarios} schedules, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_the_same()
    {
        (_, string output, _) = await Hunt("v6", "-n", "20", "--per-cause", "1", "--json");

        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("actorpmu-hunt/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal(20, json.RootElement.GetProperty("scenarios").GetInt64());
        JsonElement first = json.RootElement.GetProperty("findings")[0];
        Assert.True(File.Exists(first.GetProperty("replay").GetString()));
        Assert.True(first.GetProperty("operations").GetInt32() <= first.GetProperty("operationsBefore").GetInt32());
    }

    [Fact]
    public async Task An_interrupted_hunt_reports_and_is_130()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        (int code, string output, _) = await Cli.Run(source.Token, "hunt", "--design", "none", "--outdir", _cli.OutDir);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.EndsWith("; bounded by interruption\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_of_the_model_is_70_and_leaves_its_scenario()
    {
        (int code, string output, _) = await Hunt("fells", "-n", "1", "--design-assembly", OwnAssembly);

        Assert.Equal(ExitCode.Internal, code);
        string file = Assert.Single(Directory.GetFiles(_cli.OutDir, "crash-*.yaml"));
        Assert.Contains($"MODEL FAILS in {file}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_design_that_throws_is_2_with_its_scenario_and_its_place()
    {
        (int code, string output, _) = await Hunt("throws", "-n", "1", "--design-assembly", OwnAssembly);

        Assert.Equal(ExitCode.WrongInput, code);
        string file = Assert.Single(Directory.GetFiles(_cli.OutDir, "crash-*.yaml"));
        Assert.Contains($"DESIGN FAILS in {file}\n  ", output, StringComparison.Ordinal);
        Assert.Contains(".Added threw InvalidOperationException: a broken promise; mend the design\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scenarios 0: give 1 or more", "-n", "0")]
    [InlineData("--seconds 0: give more than 0", "--seconds", "0")]
    [InlineData("unknown feature \"smpling\"; the features are task-events, ", "--without", "excludes,smpling")]
    [InlineData("unknown property \"counts-exct\"", "--ignore", "counts-exct")]
    public async Task Wrong_input_is_2(string message, params string[] more)
    {
        (int code, _, string error) = await Hunt("none", more);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Hunt(string design, params string[] more) =>
        Cli.Run(["hunt", "--design", design, "--outdir", _cli.OutDir, "--stable", "--no-progress", .. more]);
}
