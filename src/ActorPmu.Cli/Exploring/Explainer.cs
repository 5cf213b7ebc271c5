using ActorPmu.Explorer;
using ActorPmu.Reporting;

namespace ActorPmu.Cli.Exploring;

/// <summary>Makes runs that break something short, and writes their replay files.</summary>
internal sealed class Explainer(SearchRequest request, string strategy, CancellationToken cancellation)
{
    // More than these are told in one line each.
    private const int ExplainedMax = 10;

    /// <summary>The first violations with their runs; one for a run that breaks several properties.</summary>
    public IReadOnlyList<ExplainedViolation> Explain(IEnumerable<FoundViolation> violations) =>
        [.. violations.DistinctBy(v => v.Schedule).Take(ExplainedMax).Select(Explain)];

    private ExplainedViolation Explain(FoundViolation found)
    {
        ShrinkOptions options = new() { StepsMax = request.StepsMax, Seed = request.Seed };
        IReadOnlyList<Choice> choices = request.Shrinks
            ? Shrinker.Shrink(request.Build, found, options, () => cancellation.IsCancellationRequested)
            : found.Choices;
        RunRecording recording = RunRecording.Of(request.Build, new ReplayChooser(choices), request.StepsMax)
            .Explained(request.Build, request.StepsMax, request.Seed);
        return new ExplainedViolation(
            found, recording, found.Choices.Count(c => c.Kind == ChoiceKind.Deliver), WriteReplay(recording, found.Violation.Signature));
    }

    private string? WriteReplay(RunRecording recording, string signature)
    {
        string text = ReplayFiles.Text(
            recording, signature, request.Scenario, request.Design().Name, request.PreemptRt, (strategy, request.Seed, request.StepsMax));
        return request.Out.Write(ReplayFiles.NameOf(request.Scenario, text), text);
    }
}
