using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Where two runs with the same answers part.</summary>
/// <param name="Schedule">The schedule's number, from 0.</param>
/// <param name="Step">The number of the delivery, from 1; one behind the last where only the ends differ.</param>
/// <param name="First">What the first run did there.</param>
/// <param name="Second">What the second run did there.</param>
public sealed record RunDifference(long Schedule, long Step, string First, string Second);

/// <summary>Runs schedules twice, each time with fresh objects, and compares them step by step.</summary>
/// <remarks>A search and a replay go by a run's being a function of its answers; a design that keeps something between runs breaks that.</remarks>
public static class Determinism
{
    /// <summary>Looks for a difference.</summary>
    /// <param name="build">Makes what one schedule runs.</param>
    /// <param name="seed">The seed of the schedules.</param>
    /// <param name="schedules">How many schedules to run, each twice.</param>
    /// <param name="stepsMax">The bound on the steps of a schedule.</param>
    /// <param name="cancelled">Asked between schedules whether to end, or null.</param>
    /// <returns>The first difference, or null for none.</returns>
    public static RunDifference? FirstDifference(Func<Subject> build, ulong seed, long schedules, long stepsMax, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        RandomStrategy strategy = new(seed);
        for (long k = 0; k < schedules && cancelled?.Invoke() != true; k++)
        {
            strategy.Begin(k);
            RunRecording first = RunRecording.Of(build, strategy, stepsMax);
            strategy.Begin(k);
            RunRecording second = RunRecording.Of(build, strategy, stepsMax);
            if (Compare(k, first, second) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static RunDifference? Compare(long schedule, RunRecording first, RunRecording second)
    {
        int most = Math.Max(first.Steps.Count, second.Steps.Count);
        for (int i = 0; i < most; i++)
        {
            RecordedStep? a = i < first.Steps.Count ? first.Steps[i] : null;
            RecordedStep? b = i < second.Steps.Count ? second.Steps[i] : null;
            if (a is null || b is null || a.Fingerprint != b.Fingerprint || a.Choice != b.Choice || !a.Changes.SequenceEqual(b.Changes))
            {
                return new RunDifference(schedule, (a ?? b)!.Step, Text(a, first.End), Text(b, second.End));
            }
        }

        string[] ends = [.. new[] { first, second }.Select(r => string.Join("; ", [$"ends: {r.End}", .. r.Violations.Select(v => v.Signature)]))];
        return ends[0] == ends[1] ? null : new RunDifference(schedule, first.StepCount + 1, ends[0], ends[1]);
    }

    private static string Text(RecordedStep? step, RunEnd end)
    {
        if (step is null)
        {
            return $"ends: {end}";
        }

        string changes = step.Changes.Count == 0 ? "" : $" [{string.Join("; ", step.Changes)}]";
        return FormattableString.Invariant($"{step.Label} ({step.Choice.Option} of {step.Choice.OptionCount}, fingerprint {step.Fingerprint:x16}){changes}");
    }
}
