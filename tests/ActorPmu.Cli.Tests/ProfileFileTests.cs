namespace ActorPmu.Cli.Tests;

/// <summary>Hardware of the user's own: <c>--profile FILE</c>.</summary>
public sealed class ProfileFileTests : IDisposable
{
    private const string Mine = """
        # A processor with one counter for everything.
        pmus:
          - name: cpu
            assignment: x86
            general: 1
            events:
              cycles: 0x3c
              "odd, name": 0x1
        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_scenario_is_explored_on_it_and_its_replay_needs_no_file()
    {
        string file = _cli.Write("mine.yaml", Mine);
        (int code, string output, string error) = await _cli.Explore("user-beside-kernel", "v6", "--profile", file);
        File.Delete(file);

        Assert.Equal((ExitCode.Violation, ""), (code, error));
        Assert.Contains("  1 cpu of mine, 1 task\n", output, StringComparison.Ordinal);

        (code, output, _) = await Cli.Run("replay", _cli.Replay());

        Assert.Equal(ExitCode.Violation, code);
        Assert.Contains("  1 cpu of mine, 1 task\n", output, StringComparison.Ordinal);
        Assert.Contains("counts-exact reproduced\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_is_put_to_it_and_what_it_has_not_is_left_out()
    {
        string file = _cli.Write("mine.yaml", Mine);
        string matrix = _cli.Write("matrix.yaml", """
            bounds: { schedules: 5, exhaustive-schedules: 0 }
            claims:
              - { id: T-04, claim: "counts stay right", by: Peter Zijlstra, date: 2019-10-31, kind: holds, scenarios: [user-beside-kernel, rotation-slave-first] }
            """);
        Directory.CreateDirectory(Path.Combine(_cli.OutDir, "scenarios"));
        File.Copy(Cli.Scenario("user-beside-kernel"), Path.Combine(_cli.OutDir, "scenarios", "user-beside-kernel.yaml"));
        File.Copy(Cli.Scenario("rotation-slave-first"), Path.Combine(_cli.OutDir, "scenarios", "rotation-slave-first.yaml"));
        (int code, string output, string error) = await Cli.Run(
            "compare", "--matrix", matrix, "--profile", file, "-d", "v6", "--outdir", _cli.OutDir, "--no-progress");

        Assert.Equal(ExitCode.Violation, code);
        Assert.Contains("\nbroken: user-beside-kernel (mine): counts-exact: ", output, StringComparison.Ordinal);
        Assert.Equal($"left out: {_cli.OutDir}/scenarios/rotation-slave-first.yaml:10:31: profile mine has no event \"instructions\"\n", error);
    }
}
