using System.Text.Json;
using System.Xml.Linq;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Tests;

public sealed class CompareTests : IDisposable
{
    private const string Small = """
        bounds: { schedules: 5, exhaustive-schedules: 0 }
        claims:
          - id: T-02
            claim: "no more than one counter is in use"
            by: Peter Zijlstra
            date: 2019-10-31
            kind: shares
            scenarios: [same]
            counters: 0..1
          - { id: T-04, claim: "counts stay right", by: Peter Zijlstra, date: 2019-10-31, kind: holds, scenarios: [same, user-beside-kernel] }
          - { id: T-15, claim: "nothing leaks", by: Song Liu, date: 2019-09-19, kind: free, scenarios: [same] }
          - { id: T-01, claim: "an open allocates one event", by: Peter Zijlstra, date: 2019-10-31, kind: cost, program: apart, operation: open, measure: allocations, at-most: 1, sizes: [4, 16] }
        costs:
          - { head: alloc/open, program: apart, operation: open, measure: allocations, sizes: [4, 16] }
        """;

    private const string Same = """
        # Two events that ask for the same.
        machine: { cpus: 1, profile: tiny }
        work: { instructions: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: instructions, cpu: 0, task: any }
              - open: { fd: B, event: instructions, cpu: 0, task: any }
              - work: 10
              - read: { fd: B, expect: 10 }
        expect:
          - sharing: sometimes
        """;

    private readonly Cli _cli = new();

    public CompareTests()
    {
        Directory.CreateDirectory(Path.Combine(_cli.OutDir, "scenarios"));
        Directory.CreateDirectory(Path.Combine(_cli.OutDir, "costs"));
        _cli.Write("scenarios/same.yaml", Same);
        File.Copy(Cli.Scenario("user-beside-kernel"), Path.Combine(_cli.OutDir, "scenarios", "user-beside-kernel.yaml"));
        File.Copy(Path.Combine(Cli.Scenarios, "..", "costs", "apart.yaml"), Path.Combine(_cli.OutDir, "costs", "apart.yaml"));
        _cli.Write("matrix.yaml", Small);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_table_has_a_row_for_each_claim_and_a_column_for_each_design()
    {
        (int code, string output, string error) = await Compare("--design", "none,v6");

        Assert.Equal(ExitCode.Violation, code);
        Assert.Empty(error);
        string expected = $"""
                                                      none
                                                      │  v6
            T-02  no more than one counter is in use  ✗  b  Peter Zijlstra, 2019-10-31
            T-04  counts stay right                   -  ✗  Peter Zijlstra, 2019-10-31
            T-15  nothing leaks                       -  b  Song Liu, 2019-09-19
            T-01  an open allocates one event         ✓  ✗  Peter Zijlstra, 2019-10-31

            ✓ in every schedule, as measured, or seen to happen   b bounded: nothing found in 5 schedules of each scenario
            - bounded, and vacuous: no two events shared   ✗ broken
            a cell: actorpmu compare --matrix {_cli.OutDir}/matrix.yaml --design DESIGN --claim CLAIM
            replays of the 3 broken cells: actorpmu replay {_cli.OutDir}/CLAIM-DESIGN.replay
            result: 8 cells: 1 holds, 4 bounded, 3 broken; 36 schedules

            costs with n = 256 events, and how they grow (all of it: --costs)
                     alloc/
                       open
            none  1@16 O(1)
            v6    2@16 O(1)

            """;
        Assert.Equal(Lines(expected), Lines(output));
    }

    [Fact]
    public async Task One_of_a_kind_is_told_in_the_singular()
    {
        _cli.Write("matrix.yaml", """
            bounds: { schedules: 1, exhaustive-schedules: 0 }
            claims:
              - { id: T-02, claim: "no more than one counter is in use", by: Peter Zijlstra, date: 2019-10-31, kind: shares, scenarios: [same], counters: 0..1 }
            """);
        (_, string output, _) = await Compare("--design", "none,v6");

        Assert.Equal(
            [
                "✓ in every schedule, as measured, or seen to happen   b bounded: nothing found in 1 schedule of each scenario",
                "- bounded, and vacuous: no two events shared   ✗ broken",
                $"a cell: actorpmu compare --matrix {_cli.OutDir}/matrix.yaml --design DESIGN --claim CLAIM",
                $"replay of the broken cell: actorpmu replay {_cli.OutDir}/T-02-none.replay",
                "result: 2 cells: 0 hold, 1 bounded, 1 broken; 2 schedules",
            ],
            Lines(output).Where(l => l.Length > 0).TakeLast(5));

        (_, output, _) = await Compare("--design", "v6");

        Assert.Contains("\nbounded: same: shared in 1 of 1 schedule, at most 1 in use of a PMU's counters\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_workers_changes_no_byte_of_the_table_or_of_a_replay()
    {
        (_, string one, _) = await Compare("--workers", "1");
        SortedDictionary<string, string> files = Replays();
        (_, string two, _) = await Compare("--workers", "2");

        Assert.Equal(one, two);
        Assert.NotEmpty(files);
        Assert.Equal(files, Replays());
    }

    [Fact]
    public async Task Behind_each_broken_cell_is_a_replay_that_goes_as_recorded()
    {
        await Compare("--design", "none,v6");
        Assert.Equal(["T-01-v6.replay", "T-02-none.replay", "T-04-v6.replay"], Replays().Keys);
        foreach ((string name, bool violates) in ((string, bool)[])[("T-01-v6", false), ("T-02-none", false), ("T-04-v6", true)])
        {
            (int code, string output, _) = await Cli.Run("replay", Path.Combine(_cli.OutDir, name + ".replay"));
            Assert.Equal(violates ? ExitCode.Violation : ExitCode.Ok, code);
            Assert.Contains("steps as recorded; ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_cell_is_told_in_full()
    {
        (int code, string output, _) = await Compare("--design", "v6", "--claim", "t-04");

        Assert.Equal(ExitCode.Violation, code);
        Assert.StartsWith("claim     T-04  counts stay right\nraised    Peter Zijlstra, 2019-10-31\ndesign    v6\n", output, StringComparison.Ordinal);
        Assert.Contains("result: no violation, 1 trace in 5 schedules, ", output, StringComparison.Ordinal);
        Assert.Contains("\nVIOLATION counts-exact  schedule 0, 96 steps (shrunk from 97)\n", output, StringComparison.Ordinal);
        Assert.Contains("\nbroken: user-beside-kernel: counts-exact: U counts 15 when read on cpu/0; the truth is 20\n", output, StringComparison.Ordinal);
        Assert.EndsWith($"replay: actorpmu replay {_cli.OutDir}/T-04-v6.replay\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cost_is_told_with_its_values_and_its_growth()
    {
        (_, string cell, _) = await Compare("--design", "v6", "--claim", "T-01");
        (int code, string costs, _) = await Compare("--design", "none,v6", "--costs");

        Assert.Contains("\nbroken: allocations of open in apart: 2 at n = 4, 2 at n = 16; O(1): 2\n", cell, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(
            "alloc/open: objects allocated, by open in apart\nn         4     16  growth\nnone      1      1  O(1): 1\nv6        2      2  O(1): 2\n",
            costs);
    }

    [Fact]
    public async Task A_design_under_another_name_gets_the_same_column()
    {
        (_, string output, _) = await Compare(
            "--design", "none,own", "-x", ";", "--design-assembly", typeof(OwnDesign).Assembly.Location);
        List<string[]> cells = [.. output.Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => l.Split(';'))];

        string[] Of(string design) =>
            [.. cells.Where(c => c[0] == design).Select(c => string.Join(';', c[1], c[4], c[5], c[6], c[7], c[9], c[10], c[11]))];
        Assert.Equal(6, Of("none").Length);
        Assert.Equal(Of("none"), Of("own"));
    }

    [Fact]
    public async Task A_variant_of_the_matrix_stands_beside_its_design()
    {
        _cli.Write("matrix.yaml", "variants: [v6+whole-attr]\n" + Small);
        (_, string output, _) = await Compare("--claim", "T-04", "-x", ";");

        string[] columns = [.. output.Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => l.Split(';')[0])];
        Assert.Equal([.. Designs.All.Select(d => d().Name).SelectMany(name => name == "v6" ? ["v6", "v6+whole-attr"] : new[] { name })], columns);
    }

    [Fact]
    public async Task A_design_that_throws_has_cells_without_a_result_and_the_rest_of_the_table_is_there()
    {
        (int code, string output, string error) = await Compare(
            "--design", "none,throws", "--design-assembly", typeof(OwnDesign).Assembly.Location);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("T-15  nothing leaks                       -  !  Song Liu", output, StringComparison.Ordinal);
        Assert.Matches("\nfailed: throws, T-15: [^\n]*OwnDesigns\\.cs:[^\n]*\\.Added threw InvalidOperationException: a broken promise; mend the design\n", output);
        Assert.StartsWith("error: throws, T-02: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_cells_with_what_was_run()
    {
        (int code, string output, _) = await Compare("--design", "none,v6", "--json");

        Assert.Equal(ExitCode.Violation, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("actorpmu-compare/1", json.RootElement.GetProperty("schema").GetString());
        JsonElement cell = json.RootElement.GetProperty("cells").EnumerateArray()
            .Single(c => c.GetProperty("claim").GetString() == "T-04" && c.GetProperty("design").GetString() == "v6");
        Assert.Equal("broken", cell.GetProperty("verdict").GetString());
        Assert.Equal(6, cell.GetProperty("schedules").GetInt64());
        Assert.Equal(["same", "user-beside-kernel"], cell.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("scenario").GetString()!));
        JsonElement cost = json.RootElement.GetProperty("costs")[1];
        Assert.Equal("v6", cost.GetProperty("design").GetString());
        Assert.Equal("constant", cost.GetProperty("growth").GetString());
    }

    [Fact]
    public async Task Junit_has_a_failure_for_each_broken_cell()
    {
        string file = Path.Combine(_cli.OutDir, "junit.xml");
        await Compare("--design", "none,v6", "--junit", file);

        XElement root = XDocument.Load(file).Root!;
        Assert.Equal(("8", "3", "0", "2"), (Count(root, "tests"), Count(root, "failures"), Count(root, "errors"), Count(root, "skipped")));
        XElement broken = root.Elements("testsuite").Single(s => s.Attribute("name")!.Value.StartsWith("T-04", StringComparison.Ordinal))
            .Elements("testcase").Single(c => c.Attribute("name")!.Value == "v6");
        Assert.Equal($"actorpmu replay {_cli.OutDir}/T-04-v6.replay", broken.Element("failure")!.Value);

        static string Count(XElement e, string name) => e.Attribute(name)!.Value;
    }

    [Theory]
    [InlineData("error: unknown claim \"T-05\"; did you mean \"T-02\"?\n", "--claim", "T-05")]
    [InlineData("error: unknown design \"v5\"; did you mean \"v6\"?\n", "--design", "v5")]
    [InlineData("error: --workers 0: give 1 to 256\n", "--workers", "0")]
    [InlineData("error: unknown profile \"zenn\"; did you mean \"zen\"?\n", "--profile", "zenn")]
    [InlineData("error: --json and -x exclude one another; leave one of them out\n", "--json", "-x", ",")]
    [InlineData("error: --costs and --claim exclude one another; leave one of them out\n", "--costs", "--claim", "T-04")]
    public async Task Wrong_input_is_2_and_says_what_to_do(string message, params string[] args)
    {
        (int code, string output, string error) = await Compare(args);

        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Empty(output);
        Assert.Equal(message, error);
    }

    [Fact]
    public async Task An_interrupted_comparison_is_130_and_prints_what_it_has()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        (int code, string output, _) = await Cli.Run(cancelled.Token, Args([]));

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("   · not reached\n", output, StringComparison.Ordinal);
        Assert.Matches(@"\nresult: (\d+) cells: 0 hold, 0 bounded, 0 broken, \1 not reached; 0 schedules\n", output);
    }

    private Task<(int Code, string Output, string Error)> Compare(params string[] more) => Cli.Run(Args(more));

    private string[] Args(string[] more) =>
        ["compare", "--matrix", Path.Combine(_cli.OutDir, "matrix.yaml"), "--outdir", _cli.OutDir, "--no-progress", .. more];

    private SortedDictionary<string, string> Replays() => new(
        Directory.GetFiles(_cli.OutDir, "*.replay").ToDictionary(f => Path.GetFileName(f), File.ReadAllText), StringComparer.Ordinal);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
