using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Tests;

/// <summary>The matrix that comes with the program, and what the reader says about others.</summary>
public sealed class MatrixTests
{
    private const string Row = "claims:\n  - id: A\n    claim: \"a sentence\"\n    by: Song Liu\n    date: 2019-11-05\n";

    private static readonly string Here = Repository.Of("config");

    [Fact]
    public void The_matrix_of_the_program_asks_all_that_the_thread_asks()
    {
        Matrix matrix = Matrix.Load(Path.Combine(Here, "matrix.yaml"));
        IEnumerable<string> questions = Enumerable.Range(1, 13).Select(i => FormattableString.Invariant($"T-{i:00}")).Where(id => id != "T-08");
        Assert.Empty(questions.Except(matrix.Claims.Select(c => c.Id)));
        Assert.All(matrix.Claims, c => Assert.InRange(c.Text.Length, 10, 90));
    }

    [Fact]
    public void A_row_has_what_the_file_says()
    {
        Matrix matrix = Parse(Row + "    kind: holds\n    scenarios: [exec, disable-master]\n    properties: lock-rules\n    rt: [true, false]\n    schedules: 7\n    strategy: pct\n");
        HoldsClaim claim = Assert.IsType<HoldsClaim>(Assert.Single(matrix.Claims));
        Assert.Equal(["exec", "disable-master"], claim.Scenarios.Select(s => s.Name));
        Assert.Equal([Property.LockRules], claim.Properties);
        Assert.Equal([true, false], claim.PreemptRt);
        Assert.Equal(7, claim.SchedulesMax);
        Assert.Equal("pct", claim.Strategy);
        Assert.Equal(new DateOnly(2019, 11, 5), claim.Date);
    }

    [Fact]
    public void A_scenario_may_lie_in_another_folder_beside_the_file()
    {
        Matrix matrix = Parse(Row + "    kind: free\n    scenarios: [exec, scenarios/exec]\n");
        FreeClaim claim = Assert.IsType<FreeClaim>(Assert.Single(matrix.Claims));
        Assert.Equal(claim.Scenarios[0].Text, claim.Scenarios[1].Text);
        Assert.Equal($"{Here}/scenarios/exec.yaml", claim.Scenarios[1].File);
    }

    [Theory]
    [InlineData("", "1:1: error: the file is empty; begin with claims:")]
    [InlineData("claim: []\n", "1:1: error: a matrix has no \"claim\"; did you mean \"claims\"?")]
    [InlineData("claims: []\n", "1:9: error: there are no claims; write at least one")]
    [InlineData("bounds: { schedule: 5 }\nclaims: []\n", "1:11: error: the bounds has no \"schedule\"; did you mean \"schedules\"?")]
    [InlineData("variants: [v6+cgroup-chek]\n" + Row, "1:12: error: no design is called \"v6+cgroup-chek\"; did you mean \"v6+cgroup-check\"? v6 has the choices whole-attr, sampling-test and cgroup-check")]
    [InlineData(Row + "    kind: hold\n", "6:11: error: kind cannot be \"hold\"; did you mean \"holds\"?")]
    [InlineData(Row + "    kind: holds\n", "2:5: error: a claim of kind holds needs \"scenarios\"; write scenarios: [ user-beside-kernel ]")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exce]\n", "7:17: error: there is no scenario \"exce\" in HERE/scenarios; did you mean \"exec\"?")]
    [InlineData(Row + "    kind: holds\n    scenarios: [scenarios/exce]\n", "7:17: error: there is no scenario \"exce\" in HERE/scenarios; did you mean \"exec\"?")]
    [InlineData(Row + "    kind: holds\n    scenarios: [nowhere/exec]\n", "7:17: error: there is no scenario \"exec\" in HERE/nowhere; there is none")]
    [InlineData(Row + "    kind: free\n    scenarios: [exec]\n    strategy: rondom\n", "8:15: error: no strategy is called \"rondom\"; did you mean \"random\"?")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exec]\n    rt: yes\n", "8:9: error: rt cannot be \"yes\"; known: false, true")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exec]\n    sharing: never\n", "8:5: error: a claim of kind holds has no \"sharing\"; known: id, claim, by, date, kind, note, scenarios, except, profile, fine-grained, memory, rt, schedules, strategy, properties")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exec]\n    properties: [lock-rule]\n", "8:18: error: no property is called \"lock-rule\"; did you mean \"lock-rules\"?")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exec, rotation-slave-first]\n    profile: zen\n", "8:14: error: scenario rotation-slave-first cannot be run on zen: profile zen has no event \"cache-misses\" (HERE/scenarios/rotation-slave-first.yaml:12:31); choose another profile, or take the scenario out")]
    [InlineData(Row + "    kind: holds\n    scenarios: [exec]\n    memory: tso\n", "8:13: error: scenario exec is not fine-grained, and memory says what others see between accesses; add fine-grained: true, or leave memory out")]
    [InlineData(Row + "    kind: holds\n    scenarios: [read-beside-switch]\n    fine-grained: false\n    memory: tso\n", "9:13: error: memory says what others see between accesses, and with fine-grained: false nobody comes in between; add fine-grained: true, or leave memory out")]
    [InlineData("variants: [v6+nonsense]\n" + Row, "1:12: error: no design is called \"v6+nonsense\"; v6 has no choice \"nonsense\", but whole-attr, sampling-test and cgroup-check, as in v6+whole-attr")]
    [InlineData(Row + "    kind: shares\n    scenarios: [exec]\n", "2:5: error: a claim of kind shares says neither \"sharing\" nor \"counters\"; write sharing: sometimes, or counters: 5, or both")]
    [InlineData(Row + "    kind: cost\n    program: smae\n    operation: open\n    measure: steps\n    at-most: 1\n", "7:14: error: there is no program \"smae\" in HERE/costs; did you mean \"same\"?")]
    [InlineData(Row + "    kind: cost\n    program: same\n    operation: opne\n    measure: steps\n    at-most: 1\n", "8:16: error: no operation is called \"opne\"; did you mean \"open\"?")]
    [InlineData(Row + "    kind: cost\n    program: same\n    operation: open\n    measure: steps\n", "2:5: error: a claim of kind cost says neither \"at-most\" nor \"growth\"; write at-most: 1, or growth: constant, or both")]
    [InlineData(Row + "    kind: cost\n    program: same\n    operation: open\n    measure: steps\n    growth: linaer\n", "10:13: error: growth cannot be \"linaer\"; did you mean \"linear\"?")]
    [InlineData(Row + "    kind: cost\n    program: same\n    operation: open\n    measure: steps\n    at-most: 1\n    sizes: [16, 4]\n", "11:12: error: sizes are two or more numbers, the smallest first; write sizes: [4, 16, 64]")]
    [InlineData("claims:\n  - { id: \"a/b\", claim: x, by: y, date: 2019-11-05, kind: free, scenarios: [exec] }\n", "2:11: error: \"a/b\" cannot be an id; use letters, digits and hyphens, 64 at most, like T-01")]
    [InlineData("claims:\n  - { id: A, claim: x, by: y, date: 5.11.2019, kind: free, scenarios: [exec] }\n", "2:37: error: date is a day, not \"5.11.2019\"; write it like date: 2019-10-31")]
    [InlineData("claims:\n  - { id: A, claim: x, by: y, date: 2019-11-05, kind: free, scenarios: [exec] }\n  - { id: A, claim: x, by: y, date: 2019-11-05, kind: free, scenarios: [exec] }\n", "3:11: error: claim A is here twice; give one of them another id")]
    public void Wrong_input_is_told_with_its_place(string text, string message)
    {
        InputError error = Assert.Throws<InputError>(() => Parse(text));
        Assert.Equal($"{Here}/x.yaml:{message.Replace("HERE", Here, StringComparison.Ordinal)}", error.Message.Split('\n')[0]);
    }

    [Theory]
    [InlineData("cgroup-scope")]
    [InlineData("fork-exit")]
    [InlineData("user-beside-kernel")]
    [InlineData("double-allocation")]
    public void A_narrowed_scenario_looks_at_the_wanted_properties_and_keeps_the_rest(string name)
    {
        Scenario scenario = Scenario.Load(Path.Combine(Here, "scenarios", name + ".yaml"));
        Scenario narrowed = NarrowedScenario.Of(scenario, new SortedSet<Property> { Property.NoLeak, Property.CountsExact });
        IEnumerable<Property> wanted = new[] { Property.CountsExact, Property.NoLeak }.Except(scenario.Expectations.Ignored);
        Assert.Equal(wanted, Properties.All.Select(p => p.Property).Except(narrowed.Expectations.Ignored));
        Assert.Equal(scenario.Expectations.Sharing, narrowed.Expectations.Sharing);
        Assert.Equal(scenario.Expectations.Counts.Count, narrowed.Expectations.Counts.Count);
        Assert.Equal(scenario.Tasks.Count, narrowed.Tasks.Count);
        Assert.Equal(scenario.Name, narrowed.Name);
    }

    [Fact]
    public void Expectations_in_brackets_are_narrowed_too()
    {
        Scenario scenario = Scenario.Parse(
            "machine: { cpus: 1, profile: tiny }\ntasks: [ { name: t, script: [work: 1] } ]\nexpect: [ { sharing: sometimes } ]\n", "x.yaml");
        Scenario narrowed = NarrowedScenario.Of(scenario, new SortedSet<Property>());
        Assert.Equal(Properties.All.Count, narrowed.Expectations.Ignored.Count);
        Assert.Equal(SharingExpectation.Sometimes, narrowed.Expectations.Sharing);
    }

    private static Matrix Parse(string text) => Matrix.Parse(text, $"{Here}/x.yaml");
}
