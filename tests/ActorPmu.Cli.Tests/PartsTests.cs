using System.Diagnostics;
using ActorPmu.Explorer;

namespace ActorPmu.Cli.Tests;

/// <summary>Searches in parts: any number of workers, and another process that goes on, come to the same bytes.</summary>
public sealed class PartsTests : IDisposable
{
    // Small enough for every schedule of it to be run: 48,620.
    private const string TwoWhoWork = """
        # Two tasks that do no more than work.
        machine: { cpus: 2, profile: tiny }
        work: { cycles: 1 }
        tasks:
          - { name: tool, script: [work: 1] }
          - { name: other, cpu: 1, script: [work: 1] }
        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("two-tools-one-counter", "none", "dpor", 400)]
    [InlineData("user-beside-kernel", "v6", "pct", 150)]
    [InlineData("two-tools-one-counter", "none", "pos", 100)]
    [InlineData("user-beside-kernel", "v6", "dfs", 150)]
    [InlineData("user-beside-kernel", "v6", "delay", 400)]
    [InlineData("opened-from-elsewhere", "v6", "states", 15)]
    public async Task The_number_of_workers_changes_no_byte(string scenario, string design, string strategy, int schedules)
    {
        List<string> outputs = [];
        foreach (string workers in (string[])["1", "2", "4"])
        {
            (_, string output, _) = await _cli.Explore(
                scenario, design, "-s", strategy, "-n", $"{schedules}", "--workers", workers, "--keep-going", "--no-shrink", "--no-progress");
            outputs.Add(output);
        }

        Assert.Contains("digest ", outputs[0], StringComparison.Ordinal);
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Theory]
    [InlineData("random", 3_000, "user-beside-kernel")]
    [InlineData("dpor", 400, "two-tools-one-counter")]
    [InlineData("dfs", 50_000, null)]
    [InlineData("delay", 50_000, null)]
    [InlineData("states", 40, "opened-from-elsewhere")]
    public async Task A_search_that_is_killed_goes_on_to_the_same_bytes(string strategy, int schedules, string? scenario)
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string[] args =
        [
            "explore", scenario is null ? SmallFile() : Cli.Scenario(scenario), "--design", "none", "--outdir", _cli.OutDir, "--stable", "-s", strategy, "-n", $"{schedules}",
            "--workers", "1", "--no-progress",
        ];
        using (Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(CommandLine).Assembly.Location, .. args, "--checkpoint", file]) { RedirectStandardOutput = true })!)
        {
            Stopwatch bound = Stopwatch.StartNew();
            while (!File.Exists(file) && bound.Elapsed < TimeSpan.FromSeconds(60) && !process.WaitForExit(10))
            {
            }

            process.Kill();
            await process.WaitForExitAsync();
            Assert.NotEqual(0, process.ExitCode);
        }

        (int code, string resumed, string error) = await Cli.Run([.. args, "--resume", file]);
        (_, string whole, _) = await Cli.Run(args);

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(whole, resumed);
    }

    [Fact]
    public async Task Every_schedule_of_a_small_scenario_is_run_by_any_number_of_workers()
    {
        string[] args = ["explore", SmallFile(), "-d", "none", "-o", _cli.OutDir, "--stable", "--no-progress", "-s", "dfs", "-n", "50000", "--workers"];
        (_, string one, _) = await Cli.Run([.. args, "1"]);
        (_, string three, _) = await Cli.Run([.. args, "3"]);

        Assert.Contains("result: no violation, 1 trace in 48,620 schedules, ", one, StringComparison.Ordinal);
        Assert.EndsWith("; complete\n", one, StringComparison.Ordinal);
        Assert.Equal(one, three);
    }

    [Fact]
    public async Task A_checkpoint_of_another_search_is_wrong_input()
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string[] random = ["-s", "random", "-n", "20", "--workers", "1"];
        (_, string first, _) = await _cli.Explore("user-beside-kernel", "none", [.. random, "--checkpoint", file]);
        (int same, string again, _) = await _cli.Explore("user-beside-kernel", "none", [.. random, "--resume", file]);
        (int other, _, string error) = await _cli.Explore("two-tools-one-counter", "none", [.. random, "--resume", file]);
        await File.WriteAllTextAsync(file, "hello");
        (int garbage, _, string noCheckpoint) = await _cli.Explore("user-beside-kernel", "none", [.. random, "--resume", file]);

        Assert.Equal((ExitCode.Ok, first), (same, again));
        Assert.Equal(ExitCode.WrongInput, other);
        Assert.Equal(
            $"{file}:3:18: error: the checkpoint is of a search with scenario user-beside-kernel, and this one has two-tools-one-counter; give the same, or begin without --resume\n", error);
        Assert.Equal(ExitCode.WrongInput, garbage);
        Assert.StartsWith($"{file}:1:1: error: this is no checkpoint", noCheckpoint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("delay")]
    [InlineData("dfs")]
    [InlineData("dpor")]
    [InlineData("states")]
    public async Task A_search_that_is_stopped_at_once_can_be_resumed(string strategy)
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string[] search = ["explore", Cli.Scenario("user-beside-kernel"), "-d", "none", "-s", strategy, "-n", "5", "-w", "1", "-o", _cli.OutDir, "--stable"];
        (int stopped, _, _) = await Cli.Run(new CancellationToken(canceled: true), [.. search, "--checkpoint", file]);
        (int code, string resumed, _) = await Cli.Run([.. search, "--resume", file]);
        (_, string whole, _) = await Cli.Run(search);

        Assert.Equal(ExitCode.Interrupted, stopped);
        Assert.Equal((ExitCode.Ok, whole), (code, resumed));
    }

    [Fact]
    public async Task A_scenario_that_was_edited_is_another_search()
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string scenario = _cli.Write("mine.yaml", await File.ReadAllTextAsync(Cli.Scenario("user-beside-kernel")));
        string[] search = ["explore", scenario, "-d", "none", "-s", "random", "-n", "20", "-w", "1", "-o", _cli.OutDir, "--stable"];
        await Cli.Run([.. search, "--checkpoint", file]);
        await File.AppendAllTextAsync(scenario, "# once more\n");

        (int code, _, string error) = await Cli.Run([.. search, "--resume", file]);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith($"{file}:4:23: error: the checkpoint is of a search with scenario-text ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--depth", "depth 3, and this one has 5")]
    [InlineData("--length", "length 0, and this one has 5")]
    public async Task A_search_in_turns_goes_on_with_the_depth_and_length_that_it_began_with(string option, string said)
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string[] turns = ["-s", "turns", "-n", "20", "--workers", "1"];
        await _cli.Explore("user-beside-kernel", "none", [.. turns, "--checkpoint", file]);

        (int code, _, string error) = await _cli.Explore("user-beside-kernel", "none", [.. turns, option, "5", "--resume", file]);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains($": error: the checkpoint is of a search with {said}; ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random", "200", "merged 4 ", "merged 9 ", "this search has 4 parts: there cannot be 9")]
    [InlineData("random", "200", " 0 200 0 0 ", " 0 200 0 -1 ", "\"-1\" is no number from 0")]
    [InlineData("random", "200", " 0 200 0 0 29800 ", " 0 0 0 0 29800 ", "no search comes to 1 traces in 0 schedules")]
    [InlineData("random", "200", " 29800 149 ", " 29800 147 ", "no search comes to 29800 steps in 200 schedules of 147 at most")]
    [InlineData("delay", "200", "own runs ", "own walks ", "\"walks -1.-1.0.46 0.0.1.44:0.2.1 0.1.1.45\" is not what was run: runs")]
    [InlineData("delay", "200", "own ran 1 2.23.1.", "own ran 1 2.24.1.", "part 1 has another schedule than \"2.24.1.44:23.2.1\"")]
    [InlineData("states", "3", "own path -1 0 0 0/2", "own path -1 0 0 7/2", "\"7/2\" is no choice")]
    [InlineData("states", "3", "own open 0 0 1", "own open 0 999 1", "there is no choice 999 with an option 1 on path 0")]
    public async Task A_checkpoint_that_says_what_cannot_be_is_wrong_input(string strategy, string schedules, string what, string other, string problem)
    {
        string file = Path.Combine(_cli.OutDir, "search.checkpoint");
        string[] args = ["-s", strategy, "-n", schedules, "--workers", "1"];
        await _cli.Explore("user-beside-kernel", "none", [.. args, "--checkpoint", file]);
        string[] lines = (await File.ReadAllTextAsync(file)).Split('\n')[..^2];
        int at = Array.FindIndex(lines, l => l.Contains(what, StringComparison.Ordinal));
        lines[at] = lines[at].Replace(what, other, StringComparison.Ordinal);
        string text = string.Concat(lines.Select(l => l + "\n"));
        await File.WriteAllTextAsync(file, $"{text}checksum {StableHash.Fnv1a(StableHash.FnvBasis, text):x16}\n");

        (int code, _, string error) = await _cli.Explore("user-beside-kernel", "none", [.. args, "--resume", file]);

        Assert.Equal((ExitCode.WrongInput, $"{file}:{at + 1}:1: error: {problem}; begin without --resume\n"), (code, error));
    }

    [Fact]
    public async Task Repeated_searches_tell_how_many_schedules_each_strategy_needs()
    {
        (int code, string output, _) = await Cli.Run(
            "explore", Cli.Scenario("user-beside-kernel"), "-d", "v6", "--repeat", "4", "-s", "random,delay", "-n", "5", "-o", _cli.OutDir);
        (int none, string nothing, _) = await Cli.Run(
            "explore", Cli.Scenario("user-beside-kernel"), "-d", "none", "--repeat", "3", "-s", "pos", "-n", "5", "-o", _cli.OutDir);

        Assert.Equal((ExitCode.Violation, ExitCode.Ok), (code, none));
        string[] lines = output.Split('\n');
        Assert.Equal("random 4 0 1 1 1 1 1", string.Join(' ', lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("delay 1 0 1 1 1 1 1", string.Join(' ', lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("pos 3 3 - - - - -", string.Join(' ', nothing.Split('\n')[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Pct_says_its_guarantee_and_delay_its_certificate()
    {
        (_, string pct, _) = await _cli.Explore("user-beside-kernel", "none", "-s", "pct", "-n", "5", "--depth", "1");
        (_, string delay, _) = await _cli.Explore("user-beside-kernel", "none", "-s", "delay", "--delays", "0");

        Assert.Contains("guarantee: a schedule meets a violation of depth 1 with P ≥ 1/(w²·n^(d−1)) = 1/(", pct, StringComparison.Ordinal);
        Assert.Contains("certificate: no violation with ≤ 0 delays\n", delay, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_that_are_not_asked_for_are_not_looked_at()
    {
        (int asked, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "-s", "random", "-n", "3", "--property", "expectations");
        (int other, _, _) = await _cli.Explore("user-beside-kernel", "v6", "-s", "random", "-n", "3", "--property", "no-deadlock");
        (int unknown, _, string error) = await _cli.Explore("user-beside-kernel", "v6", "--property", "no-deadlok");

        Assert.Equal((ExitCode.Violation, ExitCode.Ok, ExitCode.WrongInput), (asked, other, unknown));
        Assert.Contains("VIOLATION expectations", output, StringComparison.Ordinal);
        Assert.DoesNotContain("counts-exact", output, StringComparison.Ordinal);
        Assert.Contains("no-deadlock", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bound_on_time_is_named_and_is_no_interruption()
    {
        (int code, string output, _) = await _cli.Explore(
            "user-beside-kernel", "none", "-s", "random", "-n", "1000000000", "--seconds", "0.2", "--no-progress");

        Assert.Equal(ExitCode.Ok, code);
        Assert.EndsWith("; bounded by seconds 0.2\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_design_that_keeps_something_between_runs_is_found_at_the_step_where_it_shows()
    {
        (int same, string fine, _) = await Cli.Run("check", Cli.Scenario("user-beside-kernel"), "--determinism", "-d", "v6", "-n", "3");
        (int parted, string output, _) = await Cli.Run(
            "check", Cli.Scenario("user-beside-kernel"), "--determinism", "-d", "counts-runs", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal((ExitCode.Ok, ExitCode.Violation), (same, parted));
        Assert.EndsWith(": 3 schedules run twice, no difference\n", fine, StringComparison.Ordinal);
        Assert.Contains("two runs of schedule 0, seed 1, part at step 8\n", output, StringComparison.Ordinal);
        Assert.Contains("raw_spin_lock granted: ctx/0 (0 of 1, fingerprint 03e5f2d19a82ae7e)", output, StringComparison.Ordinal);
        Assert.Contains("[U: Inactive → Active]\n", output, StringComparison.Ordinal);
    }

    private string SmallFile()
    {
        string file = Path.Combine(_cli.OutDir, "two-who-work.yaml");
        File.WriteAllText(file, TwoWhoWork);
        return file;
    }
}
