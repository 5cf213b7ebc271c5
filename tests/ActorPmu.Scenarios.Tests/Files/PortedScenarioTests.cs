using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>A scenario on another machine than its file says.</summary>
public sealed class PortedScenarioTests
{
    [Fact]
    public void The_text_names_the_other_profile_so_that_a_replay_has_it()
    {
        Scenario ported = PortedScenario.Of(CatalogueFiles.Load("user-beside-kernel"), Profiles.Choose("zen"));

        Assert.Equal("zen", ported.Spec.Profile.Name);
        Assert.Contains("machine: { cpus: 1, profile: zen }", ported.Text, StringComparison.Ordinal);
        Assert.Equal("zen", Scenario.Parse(ported.Text, "again.yaml").Spec.Profile.Name);
    }

    [Theory]
    [InlineData("machine: { cpus: 1, profile: \"tiny\" }", "machine: { cpus: 1, profile: n1 }")]
    [InlineData("machine:\n  profile: tiny\n  cpus: 1", "machine:\n  profile: n1\n  cpus: 1")]
    public void It_does_so_however_the_machine_is_written(string machine, string expected)
    {
        Scenario scenario = Scenario.Parse(machine + "\ntasks: [ { name: a, script: [ yield ] } ]\n", "a.yaml");

        Assert.StartsWith(expected, PortedScenario.Of(scenario, Profiles.Choose("n1")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine: { profile: tiny }", "machine: { memory: tso, fine-grained: true, profile: tiny }")]
    [InlineData("machine: { fine-grained: false, profile: tiny }", "machine: { memory: tso, fine-grained: true, profile: tiny }")]
    [InlineData("machine: { profile: tiny, fine-grained, memory: weak }", "machine: { profile: tiny, fine-grained, memory: tso }")]
    [InlineData("machine:\n  profile: tiny", "machine:\n  memory: tso\n  fine-grained: true\n  profile: tiny")]
    public void Grain_and_memory_replace_what_is_said_or_come_first(string machine, string expected)
    {
        Scenario scenario = Scenario.Parse(machine + "\ntasks: [ { name: a, script: [ yield ] } ]\n", "a.yaml");
        Scenario ported = PortedScenario.Of(scenario, null, fineGrained: true, memory: "tso");

        Assert.StartsWith(expected + "\n", ported.Text, StringComparison.Ordinal);
        Assert.True(ported.Spec.FineGrained);
        Assert.Equal(MemoryModel.TotalStoreOrder, ported.Spec.Memory);
    }

    [Theory]
    [InlineData("machine: { profile: tiny, fine-grained: true, memory: weak }", "machine: { profile: tiny, fine-grained: false }")]
    [InlineData("machine: { memory: weak, profile: tiny, fine-grained }", "machine: { profile: tiny, fine-grained: false }")]
    [InlineData("machine:\n  profile: tiny\n  memory: weak\n  fine-grained: true", "machine:\n  profile: tiny\n  fine-grained: false")]
    public void Memory_goes_with_the_grain(string machine, string expected)
    {
        Scenario scenario = Scenario.Parse(machine + "\ntasks: [ { name: a, script: [ yield ] } ]\n", "a.yaml");

        Assert.StartsWith(expected + "\n", PortedScenario.Of(scenario, null, fineGrained: false).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_the_profile_has_not_is_told_with_its_place()
    {
        InputError error = Assert.Throws<InputError>(() => PortedScenario.Of(CatalogueFiles.Load("rotation-slave-first"), Profiles.Choose("zen")));

        Assert.Equal((12, 31), (error.Line, error.Column));
        Assert.Equal("profile zen has no event \"cache-misses\"", error.Problem);
    }

    [Fact]
    public void A_processor_without_a_PMU_is_told()
    {
        Scenario scenario = Scenario.Parse("machine: { cpus: 5, profile: tiny }\ntasks: [ { name: a, script: [ yield ] } ]\n", "a.yaml");
        InputError error = Assert.Throws<InputError>(() => PortedScenario.Of(scenario, Profiles.Choose("a57+a53")));

        Assert.Equal((1, 18), (error.Line, error.Column));
        Assert.Equal("profile a57+a53 has no PMU on cpu 4, and the scenario has 5 cpus", error.Problem);
    }

    [Fact]
    public void A_profile_that_the_scenario_writes_out_stays()
    {
        const string Own = "machine: { profile: { pmus: [ { name: cpu, assignment: x86, general: 4, events: { cycles: 0x3c } } ] } }\n";
        Scenario scenario = Scenario.Parse(Own + "tasks: [ { name: a, script: [ yield ] } ]\n", "a.yaml");

        Assert.Equal(
            "the scenario writes out a profile of its own, and cannot be run on zen",
            Assert.Throws<InputError>(() => PortedScenario.Of(scenario, Profiles.Choose("zen"))).Problem);
    }
}
