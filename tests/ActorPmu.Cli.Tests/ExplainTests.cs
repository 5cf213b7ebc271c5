using System.Text.Json;
using System.Xml.Linq;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Cli.Tests;

/// <summary>What is said of a violation: its race, what each step changed, its picture, and what was never tried.</summary>
public sealed class ExplainTests : IDisposable
{
    private static readonly string Findings = Path.Combine(Path.GetDirectoryName(Cli.Scenarios)!, "findings");

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_race_is_told_with_its_steps_what_they_change_and_what_would_have_saved_the_run()
    {
        (int code, string output, _) = await Cli.Run(
            "explore", Path.Combine(Findings, "exit-read-counts-twice.yaml"), "-d", "none", "-s", "random", "-o", _cli.OutDir, "--stable");

        Assert.Equal(ExitCode.Violation, code);
        // The reader has child_mutex before the child that has already added its count.
        Assert.Contains(
            "\n  race: step 97 and «mutex_lock by cpu/1:child» are unordered, both at mutex/1000001; cpu/1 sent that in step 91, and it had not arrived when the run ended\n"
            + "  had it come before step 97, and the rest as it was, nothing would be wrong\n", output, StringComparison.Ordinal);
        Assert.Contains("A.child_count: 0 → 5; A@child: Inactive → Exit\n", output, StringComparison.Ordinal);
        Assert.Contains("  cpu/1 at the end:\n    <child>\n      mutex_lock\n      perf_event_exit_event\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_order_does_not_matter_that_is_said()
    {
        (_, string output, _) = await _cli.Explore("user-beside-kernel", "v6");

        Assert.Contains("\n  no race: 100 other schedules, picked by chance, all break something; the order does not matter\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_explains_as_the_search_did()
    {
        (_, string found, _) = await _cli.Explore("user-beside-kernel", "v6");
        (_, string again, _) = await Cli.Run("replay", _cli.Replay());

        string[] why = [.. found.Split('\n').Where(l => l.StartsWith("  no race: ", StringComparison.Ordinal))];
        Assert.Equal(why, again.Split('\n').Where(l => l.StartsWith("  no race: ", StringComparison.Ordinal)));
        Assert.Single(why);
    }

    [Fact]
    public void A_step_lists_the_fields_of_a_design_and_of_the_kernel_in_the_same_order_each_time()
    {
        IReadOnlyList<StateChange> changes = Changes();

        Assert.Equal(changes, Changes());
        Assert.Contains(changes, c => c is { Text: "U.tmp_master: NULL → U'", IsDetail: false });
        Assert.Contains(changes, c => c is { Text: "ctx/0.nr_events: 0 → 1", IsDetail: true });
        Assert.Contains(changes, c => c is { Text: "U.on_cpu: -1 → 0", IsDetail: true });
        Assert.Contains(changes, c => c is { Text: "U: Inactive → Active", IsDetail: false });

        static IReadOnlyList<StateChange> Changes()
        {
            Scenario scenario = Scenario.Load(Cli.Scenario("user-beside-kernel"));
            return [.. RunRecording.Of(() => Subject.Of(scenario.Build(new V6())), new RandomStrategy(1), 1_000).Steps.SelectMany(s => s.Fields)];
        }
    }

    [Fact]
    public async Task The_page_holds_all_steps_the_verdict_and_nothing_to_load()
    {
        string page = Path.Combine(_cli.OutDir, "run.html");
        await _cli.Explore("user-beside-kernel", "v6", "--html", page);
        string html = await File.ReadAllTextAsync(page);
        using JsonDocument data = JsonDocument.Parse(Between(html, "<script type=\"application/json\" id=\"run\">", "</script>"));

        JsonElement run = data.RootElement;
        Assert.Equal("user-beside-kernel", run.GetProperty("scenario").GetString());
        Assert.Equal(96, run.GetProperty("steps").GetArrayLength());
        Assert.StartsWith("counts-exact: ", run.GetProperty("violations")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal($"actorpmu replay {_cli.Replay()}", run.GetProperty("replay").GetString());
        Assert.Equal(["task", "cpu", "pmu", "context", "mutex", "allocator"], run.GetProperty("lanes").EnumerateArray().Select(l => l.GetProperty("kind").GetString()!).Distinct());
        string[] ids = [.. run.GetProperty("lanes").EnumerateArray().Select(l => l.GetProperty("id").GetString()!)];
        Assert.All(run.GetProperty("steps").EnumerateArray(), s => Assert.Contains(s.GetProperty("to").GetString(), ids));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(src|href)\s*=|@import|url\(", html);
        Assert.Equal(96, html.Split("<tr><td>").Length - 1);
    }

    [Fact]
    public async Task A_replay_is_drawn_too_and_scenario_text_cannot_break_out_of_the_page()
    {
        await _cli.Explore("user-beside-kernel", "v6");
        string text = await File.ReadAllTextAsync(_cli.Replay());
        string odd = _cli.Write("odd.replay", text.Replace("\"user-beside-kernel\"", "\"</script><b>\"", StringComparison.Ordinal));
        string page = Path.Combine(_cli.OutDir, "replay.html");
        (int code, _, _) = await Cli.Run("replay", odd, "--html", page);
        string html = await File.ReadAllTextAsync(page);

        Assert.Equal(ExitCode.Violation, code);
        Assert.DoesNotContain("</script><b>", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("</script>").Length - 1);
    }

    [Fact]
    public async Task An_interrupt_is_drawn_in_its_own_band()
    {
        string page = Path.Combine(_cli.OutDir, "run.html");
        await Cli.Run(
            "explore", Path.Combine(Findings, "two-threads-move-one-group.yaml"), "-d", "none", "-s", "random", "-o", _cli.OutDir, "--html", page);
        using JsonDocument data = JsonDocument.Parse(
            Between(await File.ReadAllTextAsync(page), "<script type=\"application/json\" id=\"run\">", "</script>"));

        JsonElement ipi = data.RootElement.GetProperty("steps").EnumerateArray()
            .First(s => s.GetProperty("what").GetString()!.StartsWith("IPI event_function(", StringComparison.Ordinal));
        Assert.Equal(nameof(ContextLevel.HardIrq), ipi.GetProperty("level").GetString());
        Assert.Equal(2, data.RootElement.GetProperty("race").GetArrayLength());
    }

    [Theory]
    [InlineData("two-tools-one-counter", "v6")]
    [InlineData("nmi-read-beside-close", "v7")]
    public async Task Coverage_is_the_same_for_any_number_of_workers(string scenario, string design)
    {
        List<string> outputs = [];
        foreach (string workers in (string[])["1", "3"])
        {
            (_, string output, _) = await _cli.Explore(scenario, design, "-s", "random", "-n", "150", "-k", "--no-shrink", "--coverage", "-w", workers, "-v");
            outputs.Add(output);
        }

        Assert.Equal(outputs[0], outputs[1]);
        Assert.Contains("coverage: design hooks ", outputs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_what_is_covered_changes_nothing_for_a_search_by_partial_orders()
    {
        (_, string plain, _) = await _cli.Explore("user-beside-kernel", "none", "-s", "dpor");
        (_, string covered, _) = await _cli.Explore("user-beside-kernel", "none", "-s", "dpor", "--coverage");

        Assert.EndsWith("; complete: the 1 inequivalent interleaving\n", plain, StringComparison.Ordinal);
        Assert.EndsWith(plain.TrimEnd('\n').Split('\n')[^1] + "\n", covered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_names_what_a_scenario_never_does_and_counts_what_it_does()
    {
        (_, string output, _) = await _cli.Explore("user-beside-kernel", "none", "-s", "random", "-n", "5", "--coverage", "-v");

        Assert.Contains("  never  Inactive → Error\n", output, StringComparison.Ordinal);
        Assert.Contains("            10  new → Inactive\n", output, StringComparison.Ordinal);
        Assert.Contains("             5  perf_install_in_context\n", output, StringComparison.Ordinal);
        Assert.Contains("  never  rotation\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("coverage: design hooks", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_explored_for_coverage_only()
    {
        _cli.Write("a.yaml", Alone(""));
        _cli.Write("b.yaml", Alone(""));
        (int refused, _, string error) = await Cli.Run("explore", _cli.OutDir, "-d", "none");
        (int code, string output, _) = await Cli.Run("explore", _cli.OutDir, "-d", "none", "-n", "3", "--coverage", "--no-progress");

        Assert.Equal(ExitCode.WrongInput, refused);
        Assert.Contains("is a folder: name a scenario, or add --coverage", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("\na  3 schedules  no violation\nb  3 schedules  no violation\n", output, StringComparison.Ordinal);
        Assert.EndsWith("result: 2 of 2 scenarios, 6 schedules, 0 with violations, 0 empty\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_in_which_nothing_is_shared_is_called_empty_and_fails_only_if_it_expects_sharing()
    {
        (int unsaid, string output, _) = await Cli.Run("explore", _cli.Write("unsaid.yaml", Alone("")), "-d", "v6", "-n", "5", "--stable", "-s", "random");
        (int expected, _, _) = await Cli.Run("explore", _cli.Write("expected.yaml", Alone("expect: [ { sharing: sometimes } ]")), "-d", "v6", "-n", "5");
        (int kernel, string none, _) = await Cli.Run("explore", _cli.Write("kernel.yaml", Alone("expect: [ { sharing: sometimes } ]")), "-d", "none", "-n", "5");

        Assert.Equal((ExitCode.Ok, ExitCode.Bounded, ExitCode.Ok), (unsaid, expected, kernel));
        Assert.Contains("result: no violation, empty (never: sharing), ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("empty", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_scenario_expects_sometimes_must_happen_in_some_schedule()
    {
        (int never, string output, _) = await Cli.Run("explore", _cli.Write("never.yaml", Alone("expect: [ { sometimes: [rotation] } ]")), "-d", "none", "-n", "5", "-j");
        (int does, _, _) = await Cli.Run("explore", _cli.Write("does.yaml", Alone("expect: [ { sometimes: [context-switch] } ]")), "-d", "none", "-n", "5");
        (int misspelt, _, string error) = await Cli.Run("explore", _cli.Write("odd.yaml", Alone("expect: [ { sometimes: [rotate] } ]")), "-d", "none");

        Assert.Equal((ExitCode.Bounded, ExitCode.Ok, ExitCode.WrongInput), (never, does, misspelt));
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.True(json.RootElement.GetProperty("empty").GetBoolean());
        Assert.Equal("rotation", json.RootElement.GetProperty("never")[0].GetString());
        Assert.Contains("rotation", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Junit_has_a_failure_with_the_reason_and_the_command_that_replays_it()
    {
        string file = Path.Combine(_cli.OutDir, "junit.xml");
        await _cli.Explore("user-beside-kernel", "v6", "--junit", file);
        XElement suites = XDocument.Load(file).Root!;

        Assert.Equal(("1", "1"), (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value));
        XElement failure = Assert.Single(suites.Descendants("failure"));
        Assert.StartsWith("counts-exact: U counts 15 when read on cpu/0; the truth is 20", failure.Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.EndsWith($"actorpmu replay {_cli.Replay()}", failure.Value, StringComparison.Ordinal);
    }

    private static string Between(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[at..text.IndexOf(to, at, StringComparison.Ordinal)];
    }

    private static string Alone(string expect) => $$"""
        # Two tasks take turns; one event, nothing to share it with.
        machine: { cpus: 1, profile: tiny }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - yield: {}
              - read: A
          - name: other
            script:
              - work: 1
        {{expect}}
        """;
}
