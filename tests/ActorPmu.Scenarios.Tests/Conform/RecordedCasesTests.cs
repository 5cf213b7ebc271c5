using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

public sealed class RecordedCasesTests
{
    private static readonly string[] Designs = ["none", "v6"];

    [RecordedFact]
    public void Who_answers_what_was_recorded_agrees_in_every_case_and_variant()
    {
        foreach (string design in Designs)
        {
            ConformReport report = ConformRunner.Run(
                RecordedCases.Directory!, design, c => new RecordedAnswers(c, c.VariantFor(design)), AcceptedDifferences.None);

            Assert.All(report.Results, r => Assert.True(r.Outcome is CaseOutcome.Agrees, ConformReportText.Render(report)));
            Assert.InRange(report.Results.Count, 184, 185);
            Assert.True(report.Passed);
        }
    }

    [RecordedFact]
    public void Every_recorded_field_that_is_answered_otherwise_is_caught_at_its_step()
    {
        int spoilt = 0;
        foreach ((ConformCase recorded, string variant) in RecordedCases.All.SelectMany(VariantsOf))
        {
            foreach ((RecordedStep step, string field) in recorded.Steps.SelectMany(s => s.ExpectationFor(variant).Fields.Select(f => (s, f))))
            {
                if (field == "ratio" && HasNoTimeEnabled(step.ExpectationFor(variant)))
                {
                    continue;
                }

                IReadOnlyList<Mismatch> mismatches = Run(recorded, variant, new RecordedAnswers(recorded, variant, step.Index, field));
                Assert.True(
                    mismatches.Any(m => m.Step == step.Index && m.Field == field),
                    $"{recorded.Id} step {step.Index}: {step.Text}: {field} was spoilt and not caught");
                spoilt++;
            }
        }

        Assert.InRange(spoilt, 6000, 20000);
    }

    private static IEnumerable<(ConformCase Case, string Variant)> VariantsOf(ConformCase recorded) =>
        Designs.Select(recorded.VariantFor).Distinct().Select(v => (recorded, v));

    // Its ratio is 0 whatever time is said to have run.
    private static bool HasNoTimeEnabled(Expectation expected) =>
        expected.Numbers.GetValueOrDefault("te_us") is ExpectedValue.Near { Value: 0 } or null && expected.Numbers.GetValueOrDefault("te") is not ExpectedValue.Positive;

    private static List<Mismatch> Run(ConformCase recorded, string variant, RecordedAnswers target)
    {
        var comparer = new Comparer(recorded, variant);
        return [.. recorded.Steps.SelectMany(s => comparer.Compare(s, target.Execute(s.Step)))];
    }
}
