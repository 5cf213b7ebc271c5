using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Conform;

/// <summary>The simulated kernel against what real kernels answered.</summary>
public sealed class ConformanceTests
{
    private static string Own => Repository.Of("tests/ActorPmu.Scenarios.Tests/Conform/Recorded");

    private static AcceptedDifferences Accepted => AcceptedDifferences.Load(Repository.Of("config/conform/accepted.json"));

    [Fact]
    public void The_kernel_without_sharing_answers_the_recorded_cases_of_the_repository() => MustAgree(Own, () => new NoSharing(), 21);

    [Fact]
    public void V6_answers_as_a_kernel_that_carries_v6_its_faults_included() => MustAgree(Path.Combine(Own, "cases_v6"), () => new V6(), 5);

    [Fact]
    public void Without_sharing_v6s_faults_are_missed_so_the_comparison_can_fail()
    {
        ConformCase c = ConformCase.Load(Path.Combine(Own, "cases_v6", "user_then_kernel.json"));
        ConformReport report = ConformRunner.Run(c.File, "v6", theCase => new MachineTarget(theCase, new NoSharing()), AcceptedDifferences.None);
        CaseOutcome.Differs differs = Assert.IsType<CaseOutcome.Differs>(Assert.Single(report.Results).Outcome);
        Assert.Equal(7, differs.Mismatches[0].Step);
        Assert.Equal("raw", differs.Mismatches[0].Field);
    }

    [Fact]
    public void The_checks_find_no_fault_in_the_kernel_without_sharing_in_any_recorded_case()
    {
        foreach (string file in Directory.EnumerateFiles(Own, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            MachineTarget target = new(ConformCase.Load(file), new NoSharing());
            foreach (RecordedStep step in ConformCase.Load(file).Steps)
            {
                target.Execute(step.Step);
            }

            Assert.Empty(target.Machine.Violations);
        }
    }

    [RecordedFact]
    public void Every_case_of_the_oracle_agrees_or_is_accepted_without_sharing() => MustAgree(RecordedCases.Directory!, () => new NoSharing(), 185);

    [RecordedFact]
    public void Every_case_of_the_oracle_agrees_or_is_accepted_under_v6() =>
        MustAgree(Path.Combine(RecordedCases.Directory!, "cases_v6"), () => new V6(), 27);

    private static void MustAgree(string directory, Func<ISharingDesign> design, int cases)
    {
        ConformReport report = ConformRunner.Run(directory, design().Name, c => new MachineTarget(c, design()), Accepted);
        Assert.Equal(cases, report.Results.Count);
        Assert.True(
            report.Results.All(r => r.Outcome is CaseOutcome.Agrees or CaseOutcome.Accepted), ConformReportText.Render(report));
    }
}
