using System.Text.Json;

namespace ActorPmu.Cli.Tests;

public sealed class ExploreTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Nothing_violated_within_a_bound_is_0_and_names_the_bound()
    {
        (int code, string output, string error) = await _cli.Explore("user-beside-kernel", "none", "--strategy", "random", "-n", "20");

        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("result: no violation, 1 trace in 20 schedules, ", LastLine(output), StringComparison.Ordinal);
        Assert.EndsWith("; bounded by schedules 20", LastLine(output), StringComparison.Ordinal);
        Assert.Empty(error);
        Assert.Empty(Directory.GetFiles(_cli.OutDir));
    }

    [Fact]
    public async Task A_violation_is_1_and_names_property_evidence_and_the_command_that_replays_it()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "--seed", "3");

        Assert.Equal(ExitCode.Violation, code);
        Assert.Contains("\nVIOLATION counts-exact  ", output, StringComparison.Ordinal);
        Assert.Contains("U counts 15 when read on cpu/0; the truth is 20\n", output, StringComparison.Ordinal);
        Assert.Contains($"replay: actorpmu replay {_cli.Replay()}\n", output, StringComparison.Ordinal);
        Assert.EndsWith("; bounded by first violation", LastLine(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_proof_ends_chance_and_priorities_take_turns_and_it_says_why()
    {
        (_, string output, _) = await _cli.Explore("nmi-read-beside-handover", "none", "-n", "5", "--no-progress");

        Assert.Matches(@"\nstrategy  turns, seed 1 \(picked: dfs would need some \de\+\d+ schedules; dpor not within 2,000\)\n", output);
    }

    [Fact]
    public async Task A_complete_search_says_so_and_satisfies_who_requires_it()
    {
        (int code, string output, _) = await ExploreSmall("--require-complete");

        Assert.Equal(ExitCode.Ok, code);
        Assert.EndsWith("; complete", LastLine(output), StringComparison.Ordinal);
        Assert.Contains("strategy  dfs, seed 1 (picked: it ends)\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bound_that_is_hit_where_completeness_is_required_is_3()
    {
        (int code, string output, _) = await ExploreSmall("--require-complete", "--strategy", "dfs", "--schedules", "1");

        Assert.Equal(ExitCode.Bounded, code);
        Assert.EndsWith("; bounded by schedules 1", LastLine(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_another_profile_the_run_is_on_that_and_so_is_its_replay()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "--profile", "zen", "--strategy", "random", "-n", "5");

        Assert.Equal(ExitCode.Violation, code);
        Assert.Contains("1 cpu of zen, 1 task\n", output, StringComparison.Ordinal);
        Assert.Contains("profile: zen }", await File.ReadAllTextAsync(_cli.Replay()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_that_a_profile_cannot_run_is_2_and_says_where()
    {
        (int code, _, string error) = await _cli.Explore("rotation-slave-first", "none", "--profile", "zen");

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains(":12:31: error: profile zen has no event \"cache-misses\"; did you mean \"branch-misses\"?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two-tools-one-counter", "none")]
    [InlineData("user-beside-kernel", "v6")]
    public async Task The_number_of_workers_changes_no_byte(string scenario, string design)
    {
        List<string> outputs = [];
        foreach (string workers in (string[])["1", "2", "3"])
        {
            (_, string output, _) = await _cli.Explore(
                scenario, design, "--strategy", "random", "-n", "200", "--workers", workers, "--keep-going", "--no-shrink");
            outputs.Add(output);
        }

        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        (_, string first, _) = await _cli.Explore("two-tools-one-counter", "v6", "--strategy", "random", "-n", "50");
        (_, string again, _) = await _cli.Explore("two-tools-one-counter", "v6", "--strategy", "random", "-n", "50");
        (_, string other, _) = await _cli.Explore("two-tools-one-counter", "v6", "--strategy", "random", "-n", "50", "--seed", "2");

        Assert.Equal(first, again);
        Assert.NotEqual(LastLine(first), LastLine(other));
    }

    [Fact]
    public async Task An_interrupted_search_prints_what_it_has_and_is_130()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        (int code, string output, _) = await Cli.Run(
            cancelled.Token, "explore", Cli.Scenario("two-tools-one-counter"), "-d", "none", "-s", "random", "-o", _cli.OutDir);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("bounded by interruption", LastLine(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_schema_and_the_same_facts()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "--json");

        Assert.Equal(ExitCode.Violation, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement root = json.RootElement;
        Assert.Equal("actorpmu-result/1", root.GetProperty("schema").GetString());
        Assert.False(root.GetProperty("complete").GetBoolean());
        Assert.Equal("counts-exact", root.GetProperty("violations")[0].GetProperty("property").GetString());
        Assert.Equal(_cli.Replay(), root.GetProperty("violations")[0].GetProperty("replay").GetString());
    }

    [Fact]
    public async Task A_design_of_an_assembly_is_found_by_its_name()
    {
        (int code, string output, _) = await _cli.Explore(
            "user-beside-kernel", "own", "--strategy", "random", "-n", "5", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("design    own\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_of_a_model_is_70_and_leaves_a_file_to_attach()
    {
        (int code, _, string error) = await _cli.Explore(
            "user-beside-kernel", "fells", "--strategy", "random", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.Internal, code);
        string file = error.TrimEnd('\n').Split(' ')[^1];
        string text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        Assert.Contains("ArgumentNullException", text, StringComparison.Ordinal);
        Assert.Contains("schedule 0, choices 0/1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throws", "ThrowingDesign.Added threw InvalidOperationException: a broken promise; mend the design\n")]
    [InlineData("cancels", "CancellingDesign.Read threw OperationCanceledException: not by Ctrl-C; mend the design\n")]
    [InlineData("writes", "WritingDesign.Read threw IOException: not the output; mend the design\n")]
    [InlineData("waits", "WaitingDesign.Read threw InvalidOperationException: only a kernel path (an async method that returns KernelTask) may await this")]
    public async Task What_a_users_design_throws_is_2_with_its_place_and_leaves_the_schedule(string design, string message)
    {
        (int code, string output, string error) = await _cli.Explore(
            "user-beside-kernel", design, "--strategy", "random", "--no-progress", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Matches("^[^\n]*OwnDesigns\\.cs:[0-9]+:[0-9]+: error: ActorPmu\\.Cli\\.Tests\\.", error);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(output);
        string file = error.Split('\n')[1].Split(' ')[0];
        string text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        Assert.Contains("schedule 0, choices 0/1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_design_that_is_no_function_of_the_answers_is_2_and_says_how_to_see_where()
    {
        (int code, _, string error) = await _cli.Explore(
            "user-beside-kernel", "counts-runs", "--strategy", "dpor", "--no-progress", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.WrongInput, code);
        File.Delete(error.Split('\n')[1].Split(' ')[0]);
        Assert.Contains("actorpmu check SCENARIO --determinism --design NAME shows where\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preempt_rt_is_said_in_the_head()
    {
        (_, string output, _) = await ExploreSmall("--rt");

        Assert.Contains(", PREEMPT_RT\n", output, StringComparison.Ordinal);
    }

    private static string LastLine(string output) => output.TrimEnd('\n').Split('\n')[^1];

    private Task<(int Code, string Output, string Error)> ExploreSmall(params string[] more)
    {
        string file = _cli.Write("small.yaml", """
            # One task works alone.
            machine: { cpus: 1, profile: tiny }
            work: { cycles: 1 }
            tasks:
              - name: alone
                script:
                  - work: 1
              - name: beside
                script:
                  - work: 1
            """);
        return Cli.Run(["explore", file, "--design", "none", "--outdir", _cli.OutDir, "--stable", .. more]);
    }
}
