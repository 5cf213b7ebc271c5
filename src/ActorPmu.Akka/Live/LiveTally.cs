using ActorPmu.Actors;
using ActorPmu.Akka.Hosting;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Live;

/// <summary>Folds live runs. One thread at a time.</summary>
internal sealed class LiveTally
{
    private readonly HashSet<ulong> _traces = [];
    private readonly List<Found> _found = [];
    private readonly SortedDictionary<string, int> _bySignature = new(StringComparer.Ordinal);
    private long _runs;
    private long _steps;
    private long _longest;
    private long _stepBoundHits;
    private long _deadlocks;
    private long _shared;

    public LiveProgress Progress => new(_runs, _steps, _traces.Count, _found.Count);

    /// <summary>Adds a run; returns the violations that no run has shown before.</summary>
    public IReadOnlyList<Violation> Add(long run, AkkaHost host, Subject subject, RunTrace trace, IReadOnlyList<Violation> violations)
    {
        _runs++;
        _steps += host.Steps;
        _longest = Math.Max(_longest, host.Steps);
        _stepBoundHits += host.End == RunEnd.StepBound ? 1 : 0;
        _deadlocks += host.End == RunEnd.Deadlock ? 1 : 0;
        _shared += subject.Machine is { Shared: > 0 } ? 1 : 0;
        _traces.Add(trace.Fingerprint);
        List<Violation> fresh = [];
        foreach (Violation violation in violations.DistinctBy(v => v.Signature))
        {
            if (_bySignature.TryGetValue(violation.Signature, out int at))
            {
                _found[at] = _found[at] with { Runs = _found[at].Runs + 1 };
            }
            else
            {
                _bySignature.Add(violation.Signature, _found.Count);
                _found.Add(new Found(violation, run, host.Schedule, trace.Fingerprint, 1));
                fresh.Add(violation);
            }
        }

        return fresh;
    }

    /// <summary>What came of it, each violation with its run as the deterministic world makes it.</summary>
    public LiveResult Result(Func<Subject> buildInWorld, long stepsMax) => new()
    {
        Runs = _runs,
        Steps = _steps,
        StepsLongest = _longest,
        Traces = _traces.Count,
        StepBoundHits = _stepBoundHits,
        Deadlocks = _deadlocks,
        SharedRuns = _shared,
        Violations = [.. _found.Select(f => Replayable(f, buildInWorld, stepsMax))],
    };

    /// <summary>All that must be alike in a run on Akka and the same run in the deterministic world.</summary>
    public static string Describe(RunEnd end, ulong fingerprint, IReadOnlyList<Violation> violations) =>
        FormattableString.Invariant($"{end}, trace {fingerprint:x16}")
        + string.Concat(violations.Select(v => FormattableString.Invariant($"; {Properties.Name(v.Property)} at {v.Step}: {v.What}")));

    private static FoundViolation Replayable(Found found, Func<Subject> buildInWorld, long stepsMax)
    {
        LiveSchedule.Followed again = found.Schedule.Follow(buildInWorld, stepsMax);
        if (again.Trace.Fingerprint != found.Fingerprint || !again.Violations.Any(v => v.Signature == found.Violation.Signature))
        {
            throw new InvalidOperationException(
                $"run {found.Run} broke {Properties.Name(found.Violation.Property)} on Akka, and does not in the deterministic world");
        }

        return new FoundViolation(found.Violation, found.Run, [.. again.Trace.Choices], found.Runs);
    }

    private sealed record Found(Violation Violation, long Run, LiveSchedule Schedule, ulong Fingerprint, long Runs);
}
