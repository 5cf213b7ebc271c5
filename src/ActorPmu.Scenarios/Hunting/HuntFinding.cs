using ActorPmu.Explorer;

namespace ActorPmu.Scenarios;

/// <summary>What came of one made-up scenario.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Schedules">Schedules run under the design.</param>
/// <param name="Steps">Their steps.</param>
/// <param name="Shared">Schedules in which two events shared a counter.</param>
/// <param name="Broken">What the design breaks and the kernel as it is does not, one for each cause.</param>
/// <param name="LinuxItself">How many causes were dropped because the kernel as it is breaks the same property in the same scenario.</param>
/// <param name="Crash">The bug of the model that ended it, or null.</param>
public sealed record HuntOutcome(
    long Number, long Schedules, long Steps, long Shared, IReadOnlyList<BrokenScenario> Broken, int LinuxItself, HuntCrash? Crash);

/// <summary>A run that failed by a bug of the model.</summary>
/// <param name="ScenarioText">The scenario.</param>
/// <param name="Exception">What was thrown.</param>
public sealed record HuntCrash(string ScenarioText, RunCrashException Exception);

/// <summary>Something that a design breaks: its smallest scenario and a short run of it.</summary>
/// <param name="Number">The made-up scenario that showed it, from 0.</param>
/// <param name="Cause">Property and what is wrong, without names and numbers.</param>
/// <param name="Where">The kernel's function where it broke, and the kinds of the messages that race.</param>
/// <param name="Operations">Operations of the scenario as it was made up.</param>
/// <param name="Smallest">The smallest scenario found, and what was found in it.</param>
/// <param name="Scenario">The same with a story at its head.</param>
/// <param name="Recording">A short run of it.</param>
/// <param name="StepsBefore">The steps of the run before it was made short.</param>
public sealed record HuntFinding(
    long Number, string Cause, string Where, int Operations, BrokenScenario Smallest, Scenario Scenario, RunRecording Recording, long StepsBefore)
{
    /// <summary>The kernel as it is breaks the same property in the smallest scenario, too: it was not the design.</summary>
    public bool IsLinuxItself { get; init; }

    /// <summary>What it is folded by.</summary>
    public string Key => $"{Cause} [{Where}]";

    /// <summary>The name of its files without an extension, from the design and what is in them.</summary>
    /// <param name="design">The design's name.</param>
    public string FileName(string design)
    {
        uint hash = (uint)StableHash.Fnv1a(StableHash.Fnv1a(StableHash.FnvBasis, Key), DraftText.Write(Smallest.Draft));
        return FormattableString.Invariant($"{design}-{Kernel.Properties.Name(Smallest.Found.Violation.Property)}-{hash:x8}");
    }
}
