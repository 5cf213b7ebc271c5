using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

public sealed class ConformRunnerTests
{
    private const string Sleep = """{"op": "sleep", "args": {"ms": 1}, "expect": {"ret": "ok"}}""";
    private const string Open = """{"op": "open", "args": {"ev": "E"}, "expect": {"ret": "EINVAL"}}""";

    [Fact]
    public void Cases_run_in_ordinal_order_below_the_directory()
    {
        using var files = new CaseFile();
        Write(files, "b/deep", "x", Sleep);
        Write(files, "a", "y", Sleep);
        Write(files, "a", "Z", Sleep);

        ConformReport report = Run(files);

        Assert.Equal(["a/Z", "a/y", "deep/x"], report.Results.Select(r => r.Id));
        Assert.True(report.Passed);
    }

    [Fact]
    public void One_case_can_be_run_alone()
    {
        using var files = new CaseFile();
        Write(files, "a", "y", Sleep);
        Write(files, "a", "x", Sleep);

        ConformReport report = ConformRunner.Run(Path.Combine(files.Root, "a", "x.json"), "none", _ => new Target(), AcceptedDifferences.None);

        Assert.Equal(["a/x"], report.Results.Select(r => r.Id));
    }

    [Fact]
    public void A_directory_without_cases_is_wrong_input()
    {
        using var files = new CaseFile();

        Assert.Equal("no case (*.json) in this directory", Assert.Throws<ConformInputException>(() => Run(files)).Problem);
        Assert.StartsWith("cannot list the directory", Assert.Throws<ConformInputException>(() => ConformRunner.Run(files.Root + "/no", "none", _ => new Target(), AcceptedDifferences.None)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_whose_target_breaks_down_is_internal_and_the_others_go_on()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep, """{"op": "exec", "args": {}, "expect": {}}""", Sleep);
        Write(files, "a", "y", Sleep);

        ConformReport report = Run(files);

        var broken = Assert.IsType<CaseOutcome.Internal>(report.Results[0].Outcome);
        Assert.Equal((1, "exec"), (broken.Step, broken.Op));
        Assert.Contains("broke at exec", broken.Error, StringComparison.Ordinal);
        Assert.IsType<CaseOutcome.Agrees>(report.Results[1].Outcome);
        Assert.False(report.Passed);
    }

    [Fact]
    public void A_target_that_cannot_be_made_is_internal_before_the_first_step()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep);

        ConformReport report = ConformRunner.Run(files.Root, "none", _ => throw new InvalidOperationException("no machine"), AcceptedDifferences.None);

        Assert.Equal(-1, Assert.IsType<CaseOutcome.Internal>(report.Results[0].Outcome).Step);
    }

    [Fact]
    public void A_case_that_cannot_be_read_is_reported_and_the_others_go_on()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", """{"op": "slepe", "args": {}, "expect": {}}""");
        Write(files, "a", "y", Sleep);

        ConformReport report = Run(files);

        Assert.EndsWith("x.json:3:8: error: unknown op \"slepe\"; did you mean \"sleep\"?", Assert.IsType<CaseOutcome.Unreadable>(report.Results[0].Outcome).Problem, StringComparison.Ordinal);
        Assert.IsType<CaseOutcome.Agrees>(report.Results[1].Outcome);
        Assert.False(report.Passed);
    }

    [Fact]
    public void An_unsupported_step_ends_its_case_with_what_differed_before()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Open, """{"op": "slab", "args": {"name": "k"}, "expect": {"active": 1}}""", Open);

        var outcome = Assert.IsType<CaseOutcome.Unsupported>(Run(files).Results[0].Outcome);

        Assert.Equal((1, "slab name=k", "no slab here"), (outcome.Step, outcome.Op, outcome.Why));
        Assert.Equal([0], outcome.Mismatches.Select(m => m.Step));
    }

    [Theory]
    [InlineData("""{"case": "x", "reason": "r"}""")]
    [InlineData("""{"case": "a/x", "step": 1, "field": "ret", "reason": "r"}""")]
    [InlineData("""{"case": "x", "design": "none", "field": "ret", "reason": "r"}""")]
    public void A_listed_difference_is_accepted_with_its_reason(string entry)
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep, Open);

        ConformReport report = Run(files, entry);

        AcceptedMismatch accepted = Assert.Single(Assert.IsType<CaseOutcome.Accepted>(report.Results[0].Outcome).Differences);
        Assert.Equal(("r", 1, "ret"), (accepted.Entry.Reason, accepted.Mismatch.Step, accepted.Mismatch.Field));
        Assert.True(report.Passed);
    }

    [Theory]
    [InlineData("""{"case": "x", "step": 0, "reason": "r"}""", 1, 0)]
    [InlineData("""{"case": "x", "field": "bytes", "reason": "r"}""", 1, 0)]
    [InlineData("""{"case": "x", "design": "v6", "reason": "r"}""", 0, 0)]
    [InlineData("""{"case": "b/x", "reason": "r"}""", 0, 1)]
    public void A_difference_that_no_entry_covers_stays_one(string entry, int stale, int notRun)
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep, Open);

        ConformReport report = Run(files, entry);

        Assert.IsType<CaseOutcome.Differs>(report.Results[0].Outcome);
        Assert.Equal((stale, notRun), (report.Stale.Count, report.NotRun.Count));
    }

    [Fact]
    public void What_is_accepted_beside_what_is_not_is_kept_apart()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Open, Open);

        var outcome = Assert.IsType<CaseOutcome.Differs>(Run(files, """{"case": "x", "step": 0, "reason": "r"}""").Results[0].Outcome);

        Assert.Equal(1, Assert.Single(outcome.Mismatches).Step);
        Assert.Equal(0, Assert.Single(outcome.Differences).Mismatch.Step);
    }

    [Fact]
    public void A_listed_case_that_agrees_is_stale()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep);

        ConformReport report = Run(files, """{"case": "x", "reason": "r"}""");

        Assert.IsType<CaseOutcome.Agrees>(report.Results[0].Outcome);
        Assert.Equal("x", Assert.Single(report.Stale).Case);
        Assert.False(report.Passed);
    }

    [Fact]
    public void An_unsupported_step_can_be_accepted()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", """{"op": "slab", "args": {"name": "k"}, "expect": {"active": 1}}""");

        ConformReport report = Run(files, """{"case": "x", "field": "unsupported", "reason": "r"}""");

        Assert.IsType<CaseOutcome.Accepted>(report.Results[0].Outcome);
    }

    [Fact]
    public void A_target_is_disposed_of_at_the_end_of_its_case()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep, """{"op": "exec", "args": {}, "expect": {}}""");
        var target = new Target();

        ConformRunner.Run(files.Root, "none", _ => target, AcceptedDifferences.None);

        Assert.True(target.Disposed);
    }

    [Fact]
    public void A_cancelled_run_ends_between_two_steps()
    {
        using var files = new CaseFile();
        Write(files, "a", "x", Sleep);

        Assert.Throws<OperationCanceledException>(
            () => ConformRunner.Run(files.Root, "none", _ => new Target(), AcceptedDifferences.None, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_text_has_a_table_the_steps_that_differ_and_totals()
    {
        using var files = new CaseFile();
        Write(files, "a", "agreeing", Sleep);
        Write(files, "a", "differing", Sleep, Open, Open);
        Write(files, "a", "wanted", Open);
        Write(files, "b", "slabby", """{"op": "slab", "args": {"name": "k"}, "expect": {}}""");

        string text = ConformReportText.Render(Run(
            files,
            """{"case": "wanted", "reason": "known"}""",
            """{"case": "agreeing", "step": 0, "reason": "was once"}""",
            """{"case": "c/gone", "reason": "long ago"}"""));

        Assert.Equal(
            """
            case         steps  result
            a/agreeing       1  agrees
            a/differing      3  differs in 2 fields, first at step 1
            a/wanted         1  accepted: known
            b/slabby         1  unsupported at step 0: no slab here

            a/differing
              step 1 (line 4): open ev=E
                ret  expected EINVAL  got ok
              step 2 (line 5): open ev=E
                ret  expected EINVAL  got ok

            b/slabby
              step 0: slab name=k
                unsupported: no slab here

            stale accepted differences: these agree now, take them off the list
              line 1: agreeing, step 0: was once

            accepted differences of cases that are not in this run
              line 1: c/gone: long ago

            design none, 4 cases: 1 agrees, 1 accepted, 1 differs, 1 unsupported, 0 internal errors, 0 unreadable; 1 stale

            """.ReplaceLineEndings("\n"),
            text);
    }

    private static void Write(CaseFile files, string folder, string name, params string[] steps) =>
        files.Write($"{folder}/{name}.json", CaseFile.Text(name, "", steps));

    private static ConformReport Run(CaseFile files, params string[] accepted)
    {
        using var list = new CaseFile();
        AcceptedDifferences differences = AcceptedDifferences.Load(list.Write("accepted.json", $"[{string.Join(", ", accepted)}]"));
        return ConformRunner.Run(files.Root, "none", _ => new Target(), differences);
    }

    /// <summary>Answers ok, has no slab, and breaks down at exec.</summary>
    private sealed class Target : IConformTarget, IDisposable
    {
        public bool Disposed { get; private set; }

        public StepAnswer Execute(ConformStep operation) => operation switch
        {
            SlabStep => throw new ConformUnsupportedException("no slab here"),
            ExecStep => throw new InvalidOperationException("broke at exec"),
            _ => StepAnswer.Ok,
        };

        public void Dispose() => Disposed = true;
    }
}
