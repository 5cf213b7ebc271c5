using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Exploring;

/// <summary>Writes replay files.</summary>
internal static class ReplayFiles
{
    /// <summary>The text of the replay file of one recorded run.</summary>
    /// <param name="recording">The run.</param>
    /// <param name="signature">The signature of the violation that it is about; null when it has none.</param>
    /// <param name="scenario">What was run, with the text as it was run.</param>
    /// <param name="design">The design's name.</param>
    /// <param name="preemptRt">What the kernel was told to be, or null.</param>
    /// <param name="strategy">Who picked the schedule, its seed, and its bound on steps.</param>
    public static string Text(
        RunRecording recording, string? signature, Scenario scenario, string design, bool? preemptRt,
        (string Name, ulong Seed, long StepsMax) strategy)
    {
        (IReadOnlyList<ReplayStep> steps, ReplayExpectation? expect) = ReplayFile.From(recording, signature);
        return ReplayText.Write(new ReplayFile
        {
            Tool = ToolVersion.Text,
            ScenarioName = scenario.Name,
            ScenarioPath = scenario.File,
            ScenarioText = scenario.Text,
            ScenarioSha256 = Search.Sha256(scenario.Text),
            Design = design,
            PreemptRt = preemptRt,
            Seed = strategy.Seed,
            Strategy = strategy.Name,
            StepsMax = strategy.StepsMax,
            Steps = steps,
            Expect = expect,
        });
    }
}
