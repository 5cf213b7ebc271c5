using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

public sealed class ComparerTests
{
    private const string Toleranced = """ "unit": 100000, "tolerance": "raw 2 %, te_us/tr_us 5 %, ratio 0.03; kernel-mode counts 10 %",""";

    [Fact]
    public void Ret_agrees_only_by_name()
    {
        Assert.Null(Compare("""{"ret": "EINVAL"}""", StepAnswer.Refused("EINVAL")));
        Assert.Equal(("ret", "EINVAL", "ok"), Compare("""{"ret": "EINVAL"}""", StepAnswer.Ok));
    }

    [Fact]
    public void Fields_that_were_not_recorded_are_not_compared() =>
        Assert.Null(Compare("{}", new StepAnswer { Ret = "EIO", Bytes = 3, Values = [1, 2], TimeEnabledNs = -1 }));

    [Fact]
    public void A_recorded_field_that_the_target_does_not_give_differs()
    {
        Assert.Equal(("bytes", "8", "nothing"), Compare("""{"bytes": 8}""", StepAnswer.Ok));
        Assert.Equal(("count", "8", "nothing"), Compare("""{"count": 8}""", StepAnswer.Ok));
        Assert.Equal(("ids", "[L,S]", "nothing"), Compare("""{"ids": ["L", "S"]}""", StepAnswer.Ok));
        Assert.Equal(("rel", "eq", "nothing"), Compare("""{"rel": "eq"}""", new StepAnswer { TimeEnabledNs = 1 }));
        Assert.Equal(("ratio", "1±0.02", "nothing"), Compare("""{"ratio": {"value": 1.0, "tol": 0.02}}""", new StepAnswer { TimeRunningNs = 1 }));
        Assert.Equal(("dte", "+", "nothing"), Compare("""{"dte": "+"}""", StepAnswer.Ok));
    }

    [Theory]
    [InlineData("10", 10, 11, "10")]
    [InlineData("0", 0, -1, "0")]
    [InlineData("\"0\"", 0, 1, "0")]
    [InlineData("\"+\"", 1, 0, "+")]
    [InlineData("""{"value": 354, "tol": 11}""", 365, 366, "354±11")]
    [InlineData("""{"value": 354, "tol": 11}""", 343, 342, "354±11")]
    public void A_count_agrees_up_to_its_tolerance(string expected, long agrees, long differs, string shown)
    {
        Assert.Null(Compare($$"""{"count": {{expected}}}""", new StepAnswer { Values = [agrees] }));
        Assert.Equal(("count", shown, $"{differs}"), Compare($$"""{"count": {{expected}}}""", new StepAnswer { Values = [differs] }));
    }

    [Theory]
    [InlineData(new long[] { 50, 1, 104 }, null)]
    [InlineData(new long[] { 50, 0, 104 }, "[50,0,104]")]
    [InlineData(new long[] { 50, 1, 107 }, "[50,1,107]")]
    [InlineData(new long[] { 50, 1 }, "[50,1]")]
    [InlineData(new long[] { 50, 1, 104, 0 }, "[50,1,104,0]")]
    [InlineData(new long[] { 1, 50, 104 }, "[1,50,104]")]
    public void Counts_agree_one_by_one_in_order(long[] values, string? got) =>
        Assert.Equal(
            got is null ? null : ("counts", "[50,+,102±4]", got),
            Compare("""{"counts": [50, "+", {"value": 102, "tol": 4}]}""", new StepAnswer { Values = values }));

    [Theory]
    [InlineData("""{"nr": 2}""", "nr", "2", "3")]
    [InlineData("""{"bytes": 0}""", "bytes", "0", "24")]
    [InlineData("""{"id": "E"}""", "id", "E", "[L,S]")]
    [InlineData("""{"ids": ["S", "L"]}""", "ids", "[S,L]", "[L,S]")]
    [InlineData("""{"lost": 0}""", "lost", "[0]", "[0,1]")]
    [InlineData("""{"lost": [0, 0]}""", "lost", "[0,0]", "[0,1]")]
    public void What_comes_with_the_counts_is_compared_exactly(string expected, string field, string wanted, string got) =>
        Assert.Equal(
            (field, wanted, got),
            Compare(expected, new StepAnswer { Nr = 3, Bytes = 24, Ids = ["L", "S"], Lost = [0, 1] }));

    [Theory]
    [InlineData("""{"te": "+", "tr": "0"}""", 1, 0, null, "", "")]
    [InlineData("""{"te": "0"}""", 1, 0, "te", "0", "1")]
    [InlineData("""{"tr": "+"}""", 1, 0, "tr", "+", "0")]
    [InlineData("""{"rel": "eq"}""", 5, 5, null, "", "")]
    [InlineData("""{"rel": "eq"}""", 5, 4, "rel", "eq", "te=5 tr=4 ns")]
    [InlineData("""{"rel": "tr<te"}""", 5, 4, null, "", "")]
    [InlineData("""{"rel": "tr<te"}""", 5, 5, "rel", "tr<te", "te=5 tr=5 ns")]
    [InlineData("""{"ratio": {"value": 0.5, "tol": 0.02}}""", 100, 52, null, "", "")]
    [InlineData("""{"ratio": {"value": 0.5, "tol": 0.02}}""", 100, 53, "ratio", "0.5±0.02", "0.53")]
    [InlineData("""{"ratio": {"value": 0.0, "tol": 0.02}}""", 0, 0, null, "", "")]
    [InlineData("""{"te_ms": {"min": 28.0, "max": 61.0}}""", 28_000_000, 0, null, "", "")]
    [InlineData("""{"te_ms": {"min": 28.0, "max": 61.0}}""", 27_999_000, 0, "te_ms", "28..61", "27.999")]
    [InlineData("""{"tr_ms": {"min": 28.0, "max": 61.0}}""", 0, 61_001_000, "tr_ms", "28..61", "61.001")]
    public void Times_are_compared_by_sign_relation_ratio_and_span(string expected, long te, long tr, string? field, string wanted, string got) =>
        Assert.Equal(
            field is null ? null : (field, wanted, got),
            Compare(expected, new StepAnswer { TimeEnabledNs = te, TimeRunningNs = tr }));

    [Fact]
    public void Changes_and_the_delta_ratio_are_since_the_last_read_of_the_same_fd()
    {
        const string Read = """{"op": "read", "args": {"ev": "E", "ratio": "delta"}, "expect": {"dte": "+", "dtr": "+", "ratio": {"value": 0.5, "tol": 0.02}}}""";
        ConformCase recorded = CaseFile.Case(
            "",
            """{"op": "open", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "F"}, "expect": {}}""",
            Read,
            """{"op": "read", "args": {"ev": "F"}, "expect": {}}""",
            """{"op": "read", "args": {"ev": "E", "size": 7}, "expect": {}}""",
            Read,
            Read,
            """{"op": "open", "args": {"ev": "E"}, "expect": {}}""",
            Read);
        var comparer = new Comparer(recorded, "plain");
        StepAnswer Times(long te, long tr) => new() { TimeEnabledNs = te, TimeRunningNs = tr };

        IReadOnlyList<Mismatch>[] steps =
        [
            .. recorded.Steps.Zip(
                [StepAnswer.Ok, StepAnswer.Ok, Times(100, 50), Times(9, 9), StepAnswer.Refused("ENOSPC"), Times(300, 150), Times(300, 150), StepAnswer.Ok, Times(10, 5)],
                comparer.Compare),
        ];

        Assert.Equal([0, 0, 0, 0, 0, 0, 3, 0, 0], steps.Select(s => s.Count));
        Assert.Equal([("dte", "+", "0"), ("dtr", "+", "0"), ("ratio", "0.5±0.02", "0")], steps[6].Select(m => (m.Field, m.Expected, m.Got)));
    }

    [Fact]
    public void A_ratio_over_all_does_not_look_at_the_last_read()
    {
        ConformCase recorded = CaseFile.Case(
            "",
            """{"op": "open", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "read", "args": {"ev": "E", "ratio": "1"}, "expect": {"ratio": {"value": 0.5, "tol": 0.02}}}""",
            """{"op": "read", "args": {"ev": "E", "ratio": "1"}, "expect": {"ratio": {"value": 0.25, "tol": 0.02}}}""");
        var comparer = new Comparer(recorded, "plain");

        Assert.Empty(comparer.Compare(recorded.Steps[0], StepAnswer.Ok));
        Assert.Empty(comparer.Compare(recorded.Steps[1], new StepAnswer { TimeEnabledNs = 100, TimeRunningNs = 50 }));
        Assert.Empty(comparer.Compare(recorded.Steps[2], new StepAnswer { TimeEnabledNs = 200, TimeRunningNs = 50 }));
    }

    [Theory]
    [InlineData("", """{"raw": 1000000}""", 1_020_000, null, "")]
    [InlineData("", """{"raw": 1000000}""", 1_020_001, "1000000±20000", "1020001")]
    [InlineData("", """{"raw": 0}""", 1, "0±0", "1")]
    [InlineData(", \"exclude_user\": 1, \"exclude_kernel\": 0", """{"raw": 1000000}""", 1_100_000, null, "")]
    [InlineData(", \"exclude_user\": 1, \"exclude_kernel\": 0", """{"raw": 1000000}""", 1_100_001, "1000000±100000", "1100001")]
    [InlineData(", \"exclude_kernel\": 0", """{"raw": 1000000}""", 899_999, "1000000±100000", "899999")]
    public void A_raw_value_agrees_within_the_percentage_of_its_mode(string attr, string expected, long raw, string? wanted, string got) =>
        Assert.Equal(
            wanted is null ? null : ("raw", wanted, got),
            Compare(expected, new StepAnswer { Raw = [raw] }, Toleranced, attr));

    [Fact]
    public void Of_a_group_each_raw_value_has_the_tolerance_of_its_own_event()
    {
        ConformCase recorded = CaseFile.Case(
            Toleranced,
            """{"op": "open", "args": {"ev": "X"}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "L"}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "S", "group": "L", "exclude_kernel": 0}, "expect": {}}""",
            """{"op": "read", "args": {"ev": "L"}, "expect": {"raw": [1000, 1000]}}""");
        var comparer = new Comparer(recorded, "plain");
        Assert.All(recorded.Steps.Take(3), s => Assert.Empty(comparer.Compare(s, StepAnswer.Ok)));

        Assert.Empty(comparer.Compare(recorded.Steps[3], new StepAnswer { Raw = [1020, 1100] }));
        Assert.Equal("[1000±20,1000±100]", Assert.Single(comparer.Compare(recorded.Steps[3], new StepAnswer { Raw = [1021, 1100] })).Expected);
        Assert.Equal("[1020,1101]", Assert.Single(comparer.Compare(recorded.Steps[3], new StepAnswer { Raw = [1020, 1101] })).Got);
    }

    [Fact]
    public void Units_and_raw_values_stand_for_each_other()
    {
        Assert.Null(Compare("""{"raw": 10146606}""", new StepAnswer { Values = [100] }, Toleranced));
        Assert.Equal(("raw", "10146606±202932.12", "9900000"), Compare("""{"raw": 10146606}""", new StepAnswer { Values = [99] }, Toleranced));
        Assert.Null(Compare("""{"count": 101}""", new StepAnswer { Raw = [10_146_606] }, Toleranced));
        Assert.Equal(("count", "101±4", "106"), Compare("""{"count": 101}""", new StepAnswer { Raw = [10_550_000] }, Toleranced));
    }

    [Theory]
    [InlineData("""{"te_us": 100000}""", 105_000_999, null, "", "")]
    [InlineData("""{"te_us": 100000}""", 105_001_000, "te_us", "100000±5000", "105001")]
    [InlineData("""{"tr_us": 0}""", 999, null, "", "")]
    [InlineData("""{"tr_us": 0}""", 1000, "tr_us", "0±0", "1")]
    [InlineData("""{"ratio": 0.97}""", 0, null, "", "")]
    [InlineData("""{"ratio": 0.969}""", 0, "ratio", "0.969±0.03", "1")]
    public void Microseconds_and_bare_ratios_have_the_tolerance_of_the_case(string expected, long ns, string? field, string wanted, string got) =>
        Assert.Equal(
            field is null ? null : (field, wanted, got),
            Compare(expected, new StepAnswer { TimeEnabledNs = ns == 0 ? 9 : ns, TimeRunningNs = ns == 0 ? 9 : ns }, Toleranced));

    [Theory]
    [InlineData("""{"op": "signals", "args": {}, "expect": {"in": 3}}""", "in", "3", "2")]
    [InlineData("""{"op": "signals", "args": {}, "expect": {"hup": 0}}""", "hup", "0", "1")]
    [InlineData("""{"op": "open_many", "args": {"max": 9}, "expect": {"opened": 4}}""", "opened", "4", "5")]
    [InlineData("""{"op": "open", "args": {"ev": "E"}, "expect": {"attr_size": 136}}""", "attr_size", "136", "128")]
    [InlineData("""{"op": "slab", "args": {"name": "k"}, "expect": {"active": 125}}""", "active", "125", "126")]
    public void The_answers_of_other_operations_are_compared_exactly(string step, string field, string wanted, string got)
    {
        ConformCase recorded = CaseFile.Case("", step);
        var answer = new StepAnswer { SignalsIn = 2, SignalsHup = 1, Opened = 5, AttrSize = 128, Active = 126 };

        Mismatch mismatch = Assert.Single(new Comparer(recorded, "plain").Compare(recorded.Steps[0], answer));

        Assert.Equal(new Mismatch(0, 3, recorded.Steps[0].Text, field, wanted, got), mismatch);
    }

    [Fact]
    public void Poll_bits_are_compared_as_a_set()
    {
        ConformCase recorded = CaseFile.Case(
            "", """{"op": "open", "args": {"ev": "E"}, "expect": {}}""", """{"op": "poll", "args": {"ev": "E"}, "expect": {"revents": "IN|HUP"}}""");
        var comparer = new Comparer(recorded, "plain");

        Assert.Empty(comparer.Compare(recorded.Steps[1], new StepAnswer { Revents = "HUP|IN" }));
        Assert.Equal("[IN]", Assert.Single(comparer.Compare(recorded.Steps[1], new StepAnswer { Revents = "IN" })).Got);
    }

    [Theory]
    [InlineData("v6", 1)]
    [InlineData("plain", 0)]
    [InlineData("largest-scope", 0)]
    public void The_variant_chooses_the_recording_and_others_fall_back_to_plain(string variant, int mismatches)
    {
        ConformCase recorded = CaseFile.Case(
            """ "kernels": ["plain", "v6"],""", """{"op": "sleep", "args": {"ms": 1}, "expect": {"plain": {"ret": "ok"}, "v6": {"ret": "EIO"}}}""");

        Assert.Equal(mismatches, new Comparer(recorded, variant).Compare(recorded.Steps[0], StepAnswer.Ok).Count);
    }

    /// <summary>The one mismatch of a read with this expectation, or null.</summary>
    private static (string Field, string Wanted, string Got)? Compare(string expected, StepAnswer answer, string frame = "", string attr = "")
    {
        ConformCase recorded = CaseFile.Case(
            frame,
            $$$"""{"op": "open", "args": {"ev": "E"{{{attr}}}}, "expect": {}}""",
            $$$"""{"op": "read", "args": {"ev": "E"}, "expect": {{{expected}}}}""");
        var comparer = new Comparer(recorded, "plain");
        comparer.Compare(recorded.Steps[0], StepAnswer.Ok);
        IReadOnlyList<Mismatch> mismatches = comparer.Compare(recorded.Steps[1], answer);
        return mismatches.Count == 0 ? null : (Assert.Single(mismatches).Field, mismatches[0].Expected, mismatches[0].Got);
    }
}
