using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>A recorded run, run again.</summary>
/// <param name="Recording">What happened this time.</param>
/// <param name="Divergence">Where it left the recording, or null.</param>
public sealed record ReplayRun(RunRecording Recording, Divergence? Divergence)
{
    /// <summary>Runs a replay file again.</summary>
    /// <param name="file">The file.</param>
    /// <param name="build">Makes what is run: the scenario and the design that the file names.</param>
    public static ReplayRun Of(ReplayFile file, Func<Subject> build)
    {
        ArgumentNullException.ThrowIfNull(file);
        ReplayChooser chooser = new([.. file.Steps.Select(s => new ExpectedChoice(s.Choice, s.Label))]);
        RunRecording recording = RunRecording.Of(build, chooser, file.StepsMax);
        return new ReplayRun(recording, chooser.Finish(recording.StepCount, recording.End) ?? CompareEnd(file.Expect, recording));
    }

    // All steps alike and another verdict: the machine differs in something that no label shows.
    private static Divergence? CompareEnd(ReplayExpectation? expect, RunRecording recording)
    {
        string[] found = [.. recording.Violations.Select(v => Text(Properties.Name(v.Property), v.Step, v.What))];
        string? expected = expect is null ? null : Text(expect.Property, expect.Step, expect.What);
        return (expected is null && found.Length == 0) || found.Contains(expected)
            ? null
            : new Divergence(
                recording.StepCount, "all steps are as recorded, and the verdict is another", expected ?? "no violation",
                found.Length > 0 ? found : ["no violation"]);
    }

    private static string Text(string property, long step, string what) => $"{property} at step {step}: {what}";
}
