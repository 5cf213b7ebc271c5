using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The scenarios that come with the program.</summary>
public sealed class CatalogueTests
{
    private const long StepsMax = 50_000;

    public static TheoryData<string> Names => [.. Catalogue.List(CatalogueFiles.Folder).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_scenario_holds_without_sharing_in_100_random_schedules(string name)
    {
        Scenario scenario = CatalogueFiles.Load(name);
        for (int seed = 0; seed < 100; seed++)
        {
            Machine machine = Run(scenario, new NoSharing(), seed);
            Assert.True(machine.Violations.Count == 0, Describe(machine, seed));
            Assert.Equal(0, machine.Shared);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_scenario_has_a_story_whose_first_sentence_fits_a_line(string name) =>
        Assert.InRange(CatalogueFiles.Load(name).Summary.Length, 20, 160);

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_sharing_is_expected_v6_shares_in_some_schedule(string name)
    {
        Scenario scenario = CatalogueFiles.Load(name);
        if (scenario.Expectations.Sharing == SharingExpectation.Unsaid)
        {
            return;
        }

        bool shared = Enumerable.Range(0, 20).Any(seed => Run(scenario, new V6(), seed).Shared > 0);
        Assert.Equal(scenario.Expectations.Sharing == SharingExpectation.Sometimes, shared);
    }

    [Theory]
    [InlineData("count-behind-oncpu", Property.CountsExact)]
    [InlineData("exit-read-counts-twice", Property.CountsExact)]
    [InlineData("two-threads-move-one-group", Property.LockRules)]
    public void What_is_wrong_with_Linux_itself_shows_without_sharing(string name, Property broken)
    {
        Scenario scenario = CatalogueFiles.LoadFinding(name);
        Assert.Contains(Enumerable.Range(0, 1_000), seed => Run(scenario, new NoSharing(), seed).Violations is [{ Property: var p }, ..] && p == broken);
    }

    [Fact]
    public void Every_finding_has_a_test() =>
        Assert.Equal(["count-behind-oncpu", "exit-read-counts-twice", "two-threads-move-one-group"], Catalogue.List(CatalogueFiles.Findings).Select(s => s.Name));

    private static string Describe(Machine machine, int seed) => string.Join(
        "\n", machine.Violations.Select(v => $"seed {seed}, step {v.Step}: {v.What}\n  {string.Join("\n  ", v.Evidence)}"));

    private static Machine Run(Scenario scenario, ISharingDesign design, int seed)
    {
        Machine machine = scenario.Build(design);
        RunEnd end = machine.World.Run(new RandomChooser(seed), StepsMax);
        machine.CheckEnd(end);
        return machine;
    }
}
