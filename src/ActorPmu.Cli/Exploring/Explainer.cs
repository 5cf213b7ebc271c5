using ActorPmu.Explorer;
using ActorPmu.Kernel;
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
        string signature = found.Violation.Signature;
        IReadOnlyList<Choice> choices = found.Choices;
        long stepsBefore = choices.Count(c => c.Kind == ChoiceKind.Deliver);

        // A run that does not end has as many steps as the bound: there is nothing to gain.
        if (request.Shrinks && found.Violation.Property != Property.NoLivelock)
        {
            ShrinkOptions options = new() { StepsMax = request.StepsMax, Seed = request.Seed };
            choices = Shrinker.Shrink(request.Build, choices, signature, options, () => cancellation.IsCancellationRequested).Choices;
        }

        RunRecording recording = RunRecording.Of(request.Build, new ReplayChooser(choices), request.StepsMax)
            .Explained(request.Build, request.StepsMax, request.Seed);
        return new ExplainedViolation(found, recording, stepsBefore, WriteReplay(recording, signature));
    }

    private string? WriteReplay(RunRecording recording, string signature)
    {
        string text = ReplayFiles.Text(
            recording, signature, request.Scenario, request.Design().Name, request.PreemptRt, (strategy, request.Seed, request.StepsMax));
        uint hash = (uint)StableHash.Fnv1a(StableHash.FnvBasis, text);
        return request.Out.Write($"{request.Scenario.Name}-{hash:x8}.replay", text);
    }
}
