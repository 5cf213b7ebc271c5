using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>What a replay is to find.</summary>
/// <param name="Property">The property's name.</param>
/// <param name="Step">At which step, from 1; 0 before the first.</param>
/// <param name="What">What is wrong, with the values.</param>
public sealed record ReplayExpectation(string Property, long Step, string What);

/// <summary>One recorded answer of a replay file.</summary>
/// <param name="Choice">The answer.</param>
/// <param name="Label">What it was about.</param>
/// <param name="Fingerprint">FNV-1a over all labels up to this one.</param>
public sealed record ReplayStep(Choice Choice, string Label, ulong Fingerprint);

/// <summary>A run to be run again, with the scenario inside.</summary>
public sealed record ReplayFile
{
    /// <summary>What the first line of every such file says, with the major version of the format.</summary>
    public const string Schema = "actorpmu-replay/1";

    /// <summary>The version of the tool that wrote it.</summary>
    public required string Tool { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Where the scenario's file was, for messages.</summary>
    public required string ScenarioPath { get; init; }

    /// <summary>The scenario's text in full.</summary>
    public required string ScenarioText { get; init; }

    /// <summary>SHA-256 of the scenario's text in UTF-8, 64 lower-case hexadecimal digits.</summary>
    public required string ScenarioSha256 { get; init; }

    /// <summary>The design's name.</summary>
    public required string Design { get; init; }

    /// <summary>Whether the kernel is PREEMPT_RT; null for what the scenario says.</summary>
    public bool? PreemptRt { get; init; }

    /// <summary>The seed of the search.</summary>
    public ulong Seed { get; init; }

    /// <summary>The strategy of the search.</summary>
    public required string Strategy { get; init; }

    /// <summary>The bound on steps of the search.</summary>
    public long StepsMax { get; init; } = 20_000;

    /// <summary>The answers.</summary>
    public required IReadOnlyList<ReplayStep> Steps { get; init; }

    /// <summary>What is to be found; null when the run is good.</summary>
    public ReplayExpectation? Expect { get; init; }

    /// <summary>Where its parts stand, for messages; null where it was not read from a file.</summary>
    public ReplayPlaces? Places { get; init; }

    /// <summary>The answers and the expectation of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="signature">The signature of the violation that it is about; null for the first.</param>
    public static (IReadOnlyList<ReplayStep> Steps, ReplayExpectation? Expect) From(RunRecording recording, string? signature = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Violation? first = recording.Violations.FirstOrDefault(v => signature is null || v.Signature == signature);
        return (
            [.. recording.Steps.Select(s => new ReplayStep(s.Choice, s.Label, s.Fingerprint))],
            first is null ? null : new ReplayExpectation(Properties.Name(first.Property), first.Step, first.What));
    }
}
