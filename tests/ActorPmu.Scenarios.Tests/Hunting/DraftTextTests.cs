using ActorPmu.Scenarios.Tests.Files;

namespace ActorPmu.Scenarios.Tests.Hunting;

public sealed class DraftTextTests
{
    public static TheoryData<string> Names => [.. Catalogue.List(CatalogueFiles.Folder).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_of_the_catalogue_taken_apart_and_written_again_does_the_same(string name)
    {
        Scenario original = CatalogueFiles.Load(name);
        Scenario again = Scenario.Parse(DraftText.Write(DraftText.Read(original)), name + ".yaml");
        Assert.Equal(Operations(original), Operations(again));
        Assert.Equal(original.Spec.Injections, again.Spec.Injections);
        Assert.Equal(original.Spec.Cgroups, again.Spec.Cgroups);
        Assert.Equal((original.Spec.CpuCount, original.Spec.PreemptRt, original.Spec.MuxFires), (again.Spec.CpuCount, again.Spec.PreemptRt, again.Spec.MuxFires));
        Assert.Equal(original.Expectations.Ignored, again.Expectations.Ignored);
        Assert.Equal(original.Expectations.Sharing, again.Expectations.Sharing);
    }

    [Fact]
    public void A_story_becomes_the_comment_at_the_head()
    {
        string text = DraftText.Write(ScenarioGenerator.Make(1, 0), ["What it is about.", "", "Where it is from."]);
        Assert.StartsWith("# What it is about.\n#\n# Where it is from.\nmachine: { ", text, StringComparison.Ordinal);
        Assert.Equal("What it is about.", Scenario.Parse(text, "x.yaml").Summary);
    }

    private static IEnumerable<string> Operations(Scenario scenario) =>
        scenario.Tasks.SelectMany(t => t.Steps.Select(s => $"{t.Name}: {s.Op}; {s.Expect}"));
}
