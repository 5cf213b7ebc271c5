using System.Security.Cryptography;
using System.Text;
using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>What replay files say, and how they are called.</summary>
public static class ReplayFiles
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
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(scenario);
        (IReadOnlyList<ReplayStep> steps, ReplayExpectation? expect) = ReplayFile.From(recording, signature);
        return ReplayText.Write(new ReplayFile
        {
            Tool = ToolVersion.Text,
            ScenarioName = scenario.Name,
            ScenarioPath = scenario.File,
            ScenarioText = scenario.Text,
            ScenarioSha256 = Sha256(scenario.Text),
            Design = design,
            PreemptRt = preemptRt,
            Seed = strategy.Seed,
            Strategy = strategy.Name,
            StepsMax = strategy.StepsMax,
            Steps = steps,
            Expect = expect,
        });
    }

    /// <summary>The name of a replay file that nobody has named: the scenario's, and a hash of what the file says.</summary>
    /// <param name="scenario">What was run.</param>
    /// <param name="text">The text of the file.</param>
    public static string NameOf(Scenario scenario, string text)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return FormattableString.Invariant($"{scenario.Name}-{(uint)StableHash.Fnv1a(StableHash.FnvBasis, text):x8}.replay");
    }

    /// <summary>The SHA-256 of a text in UTF-8, in lower-case hexadecimal digits.</summary>
    /// <param name="text">The text.</param>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
