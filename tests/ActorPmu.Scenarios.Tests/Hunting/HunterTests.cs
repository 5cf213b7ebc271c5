using ActorPmu.Kernel;
using ActorPmu.Scenarios.Tests.Files;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Hunting;

public sealed class HunterTests
{
    [Fact]
    public void The_kernel_as_it_is_breaks_nothing_of_its_own()
    {
        HuntFolding folding = Hunt(() => new NoSharing(), 40, out _);
        Assert.Empty(folding.Findings);
        Assert.Empty(folding.Crashes);
        Assert.Equal(40, folding.Scenarios);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100, true)]
    public void What_the_kernel_as_it_is_breaks_is_its_own_if_it_is_asked(long baselineSchedules, bool itsOwn)
    {
        Scenario scenario = CatalogueFiles.Load("user-beside-kernel");
        HuntOptions options = new() { Design = () => new V6(), Baseline = () => new V6(), BaselineSchedules = baselineSchedules };

        Assert.Equal(itsOwn, new ScenarioOracle(options).BreaksBaseline(scenario, Property.CountsExact));
    }

    [Fact]
    public void A_counter_left_behind_by_pinned_events_is_found_and_made_as_small_as_can_be()
    {
        HuntFolding folding = Hunt(() => new PlantedFaults.LeavesPinnedCounters(), 30, out _);
        Assert.NotEmpty(folding.Findings);
        HuntFinding smallest = folding.Findings.MinBy(f => f.Smallest.Draft.Operations)!;
        DraftStep open = Assert.Single(smallest.Smallest.Draft.Tasks.SelectMany(t => t.Steps));
        Assert.Contains(new DraftField("pinned"), open.Fields);
        Assert.Equal(1, smallest.Scenario.Spec.CpuCount);
    }

    [Fact]
    public void A_fault_of_inherited_events_is_found_with_an_open_a_fork_and_work()
    {
        HuntFolding folding = Hunt(() => new PlantedFaults.ForgetsChildren(), 150, out _);
        HuntFinding finding = folding.Findings.MinBy(f => f.Smallest.Draft.Operations)!;
        Assert.InRange(finding.Smallest.Draft.Operations, 2, 4);
        Assert.Contains(finding.Smallest.Draft.Tasks.SelectMany(t => t.Steps), s => s.Name == "fork");
        Assert.Contains(finding.Smallest.Draft.Tasks.SelectMany(t => t.Steps), s => s.Fields.Contains(new DraftField("inherit")));
    }

    [Fact]
    public void The_same_hunt_gives_the_same_findings()
    {
        string[] once = Texts(Hunt(() => new PlantedFaults.LeavesPinnedCounters(), 25, out _));
        string[] again = Texts(Hunt(() => new PlantedFaults.LeavesPinnedCounters(), 25, out _));
        Assert.NotEmpty(once);
        Assert.Equal(once, again);
    }

    [Fact]
    public void What_one_cause_breaks_in_many_scenarios_is_made_small_twice_and_told_once_for_each_place()
    {
        HuntFolding folding = Hunt(() => new PlantedFaults.LeavesPinnedCounters(), 60, out int explained);
        string[] causes = [.. folding.Findings.Select(f => f.Cause).Distinct()];
        Assert.InRange(explained, causes.Length, 2 * causes.Length);
        Assert.Equal(folding.Findings.Count, folding.Findings.Select(f => f.Key).Distinct().Count());
        Assert.Contains(causes, c => folding.ScenariosWith(c) > 2);
    }

    [Fact]
    public void What_Linux_itself_breaks_in_a_scenario_is_not_the_designs()
    {
        Scenario scenario = CatalogueFiles.LoadFinding("exit-read-counts-twice");
        ScenarioOracle oracle = new(Options(() => new V6()));
        Assert.True(oracle.BreaksBaseline(scenario, Property.CountsExact));
        Assert.False(oracle.BreaksBaseline(scenario, Property.NoDeadlock));

        ScenarioDraft draft = DraftText.Read(scenario);
        string cause = HuntCause.Of(oracle.Explore(scenario).Violations.First(v => v.Violation.Property == Property.CountsExact).Violation, scenario);
        Assert.Null(oracle.Check(draft, cause, 200));
    }

    [Fact]
    public void A_finding_is_a_scenario_of_the_catalogues_form_that_says_what_goes_wrong()
    {
        HuntFinding finding = Hunt(() => new PlantedFaults.LeavesPinnedCounters(), 20, out _).Findings[0];
        Scenario read = Scenario.Parse(finding.Scenario.Text, finding.Scenario.File);
        Assert.StartsWith("leaves-pinned-counters breaks ", read.Summary, StringComparison.Ordinal);
        Assert.InRange(read.Summary.Length, 20, 160);
        Assert.Contains("Found by hunt --design leaves-pinned-counters --seed 1, made-up scenario", read.Story, StringComparison.Ordinal);
        Assert.All(read.Text.Split('\n').Where(l => l.StartsWith('#')), l => Assert.InRange(l.Length, 1, 150));
    }

    [Fact]
    public void A_run_that_fails_by_a_bug_of_ours_is_no_finding_and_is_kept()
    {
        HuntFolding folding = Hunt(() => new PlantedFaults.Throws(), 2, out _);
        Assert.Empty(folding.Findings);
        Assert.Equal(2, folding.Crashes.Count);
        Assert.Contains("a broken promise", folding.Crashes[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_of_a_users_own_is_made_small_too()
    {
        Scenario scenario = CatalogueFiles.Load("user-beside-kernel");
        HuntOptions options = Options(() => new V6());
        ScenarioOracle oracle = new(options);
        BrokenScenario start = new(DraftText.Read(scenario), scenario, oracle.Explore(scenario).Violations[0]);
        BrokenScenario small = ScenarioShrinker.Shrink(start, oracle, options.ShrinkSchedulesMax);
        Assert.True(small.Draft.Operations < start.Draft.Operations);
        Assert.Equal(start.Found.Violation.Property, small.Found.Violation.Property);
    }

    [Fact]
    public void What_the_kernel_as_it_is_breaks_seldom_is_not_the_designs_fault_either()
    {
        // One schedule of the baseline says nothing; the small scenario is looked at again.
        HuntOptions options = Options(() => new Handover()) with { BaselineSchedules = 1, LinuxAsItIs = true };
        Hunter hunter = new(options);
        HuntFolding folding = new(options);
        HuntOutcome outcome = hunter.Examine(1_045);
        IReadOnlyList<BrokenScenario> wanted = folding.Take(outcome);
        Assert.NotEmpty(wanted);
        foreach (BrokenScenario broken in wanted)
        {
            HuntFinding finding = hunter.Explain(1_045, broken);
            Assert.True(finding.IsLinuxItself);
            folding.Add(finding);
        }

        Assert.Empty(folding.Findings);
        Assert.Equal(outcome.LinuxItself + wanted.Count, folding.LinuxItself);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_sharing_a_hunt_finds_what_is_wrong_with_Linux_itself_unless_it_is_mended(bool asItIs)
    {
        Hunter hunter = new(Options(() => new NoSharing()) with { LinuxAsItIs = asItIs, Seed = 4_711, Schedules = 60 });
        BrokenScenario[] broken = [.. Enumerable.Range(0, 30).SelectMany(n => hunter.Examine(n).Broken)];
        Assert.Equal(asItIs, broken.Length > 0);
    }

    private static HuntOptions Options(Func<ISharingDesign> design) => new()
    {
        Design = design,
        Baseline = () => new NoSharing(),
        Schedules = 20,
        BaselineSchedules = design() is NoSharing ? 0 : 100,
        ShrinkSchedulesMax = 4_000,
    };

    private static HuntFolding Hunt(Func<ISharingDesign> design, int scenarios, out int explained)
    {
        HuntOptions options = Options(design);
        Hunter hunter = new(options);
        HuntFolding folding = new(options);
        explained = 0;
        for (int i = 0; i < scenarios; i++)
        {
            foreach (BrokenScenario broken in folding.Take(hunter.Examine(i)))
            {
                folding.Add(hunter.Explain(i, broken));
                explained++;
            }
        }

        return folding;
    }

    private static string[] Texts(HuntFolding folding) => [.. folding.Findings.Select(f => f.Key + "\n" + f.Scenario.Text)];
}
