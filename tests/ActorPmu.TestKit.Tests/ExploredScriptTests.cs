using ActorPmu.Kernel;
using ActorPmu.Sharing;
using static ActorPmu.TestKit.Explorations;

namespace ActorPmu.TestKit.Tests;

public sealed class ExploredScriptTests
{
    private const string OneEvent = """
        machine: { cpus: 1, profile: skl-ht, mux-fires: 0 }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - work: 3
              - read: { fd: A, expect: 3 }
        """;

    [Fact]
    public void What_holds_must_hold() =>
        Explore("user-beside-kernel").Under("none").With(schedules: 20).MustHold().MustHold(Property.CountsExact);

    [Fact]
    public void What_is_broken_must_not_hold()
    {
        string message = Fails(() => Explore("user-beside-kernel").Under("v6").MustHold());

        Assert.StartsWith("user-beside-kernel under v6 must hold, and does not:\n\nscenario  user-beside-kernel  config/scenarios/user-beside-kernel.yaml", message, StringComparison.Ordinal);
        Assert.Contains("\nVIOLATION counts-exact  schedule 0, 96 steps", message, StringComparison.Ordinal);
        Assert.EndsWith(
            "search: actorpmu explore config/scenarios/user-beside-kernel.yaml --design v6 --strategy random --seed 1 --schedules 1000\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_is_not_named_may_be_broken() =>
        Explore("user-beside-kernel").Under("v6").With(schedules: 20).MustHold(Property.NoDeadlock, Property.NoLeak);

    [Fact]
    public void What_is_violated_must_violate()
    {
        ViolationScript violation = Explore("user-beside-kernel").Under("v6").MustViolate(Property.CountsExact).Within(steps: 96);

        Assert.Equal(96, violation.Steps);
        Assert.StartsWith(Path.Combine(AppContext.BaseDirectory, "out"), violation.ReplayPath, StringComparison.Ordinal);
        Assert.True(File.Exists(violation.ReplayPath));
        violation.Saying("the truth is 20");
    }

    [Fact]
    public void A_violation_that_takes_more_steps_fails() =>
        Assert.Contains(
            "must violate counts-exact within 95 steps, and takes 96",
            Fails(() => Explore("user-beside-kernel").Under("v6").MustViolate(Property.CountsExact).Within(95)), StringComparison.Ordinal);

    [Fact]
    public void A_violation_that_says_something_else_fails() =>
        Assert.Contains(
            "saying \"the moon\", and says something else",
            Fails(() => Explore("user-beside-kernel").Under("v6").MustViolate(Property.CountsExact).Saying("the moon")), StringComparison.Ordinal);

    [Fact]
    public void What_holds_must_not_violate()
    {
        string message = Fails(() => Explore("user-beside-kernel").Under("none").With(schedules: 20).MustViolate(Property.CountsExact));

        Assert.StartsWith("user-beside-kernel under none must violate counts-exact, and does not:", message, StringComparison.Ordinal);
        Assert.Contains("result: no violation", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sharing_can_be_asked_for_and_forbidden()
    {
        ExploredScript shares = Explore("reset-one-of-two").Under("largest-scope").With(schedules: 10).MustShare();
        ExploredScript apart = Explore("reset-one-of-two").Under("none").With(schedules: 10).MustNotShare();

        Assert.Contains("must not share a counter, and does", Fails(() => shares.MustNotShare()), StringComparison.Ordinal);
        Assert.Contains("must share a counter, and does not", Fails(() => apart.MustShare()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_a_scenario_that_has_the_name_of_its_test()
    {
        Explore(OneEvent).Under("none").MustHold().MustBeComplete();
        string message = Fails(() => Explore(OneEvent.Replace("expect: 3", "expect: 4", StringComparison.Ordinal)).Under("none").MustHold());

        Assert.Contains("scenario  A_text_is_a_scenario_that_has_the_name_of_its_test", message, StringComparison.Ordinal);
        Assert.Contains("read(A) returns A=3; expected 4 (A_text_is_a_scenario_that_has_the_name_of_its_test.yaml:8)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_a_bound_stops_is_not_complete() =>
        Assert.Contains(
            "must be searched completely, and is not",
            Fails(() => Explore("two-tools-one-counter").Under("none").With("random", schedules: 5).MustBeComplete()), StringComparison.Ordinal);

    [Fact]
    public void On_rt_the_rules_are_those_of_rt()
    {
        Explore("alloc-under-ctx-lock").Under("v6-atomic").OnRt(false).With(schedules: 20).MustHold(Property.LockRules);
        Explore("alloc-under-ctx-lock").Under("v6-atomic").OnRt().MustViolate(Property.LockRules);
    }

    [Fact]
    public void A_design_of_one_s_own_is_a_class_or_a_factory()
    {
        Explore(OneEvent).Under<NoSharing>().With(schedules: 2).MustHold();
        Explore(OneEvent).Under(() => new V6()).With(schedules: 2).MustHold();
    }

    [Fact]
    public void The_same_seed_gives_the_same_report()
    {
        string Report() => Explore("user-beside-kernel").Under("v6").With(seed: 7).MustViolate(Property.CountsExact).Report;
        Assert.Equal(Report(), Report());
    }

    [Theory]
    [InlineData("defects/one-counter-for-two")]
    [InlineData("findings/reset-is-lost")]
    public void What_lies_beside_the_catalogue_has_its_folder_before_its_name(string scenario) =>
        Assert.Contains(
            $"actorpmu explore config/{scenario}.yaml --design handover",
            Fails(() => Explore(scenario).Under("handover").With("random", schedules: 1).MustViolate(Property.LockRules)), StringComparison.Ordinal);

    [Theory]
    [InlineData("two-tool-one-counter", "none", "there is no scenario \"two-tool-one-counter\" in the catalogue; did you mean \"two-tools-one-counter\"?; a file's name ")]
    [InlineData("user-beside-kernel", "first-activ", "there is no design \"first-activ\"; did you mean \"first-active\"?; one of your own ")]
    [InlineData("user-beside-kernel", "my-design", "there is no design \"my-design\"; known: none, v6,")]
    public void A_name_that_nobody_has_is_wrong_input(string scenario, string design, string says) =>
        Assert.StartsWith(says, Assert.Throws<ArgumentException>(() => Explore(scenario).Under(design)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_strategy_is_wrong_input() =>
        Assert.StartsWith(
            "there is no strategy \"luck\"; there are random",
            Assert.Throws<ArgumentException>(() => Explore(OneEvent).With("luck")).Message, StringComparison.Ordinal);

    private static string Fails(Action script) => Assert.Throws<ScenarioFailedException>(script).Message;
}
