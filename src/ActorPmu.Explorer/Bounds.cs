using System.Globalization;

namespace ActorPmu.Explorer;

/// <summary>Says what stopped an exploration short of everything.</summary>
public static class Bounds
{
    /// <summary>The bounds that were hit, each with its name and value; empty for a complete exploration.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="options">How it was run.</param>
    public static IReadOnlyList<string> Of(ExplorationResult result, ExploreOptions options)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        List<string> bounds = [];
        if (result.Interrupted)
        {
            bounds.Add("interruption");
        }

        if (result.StoppedAtViolation)
        {
            bounds.Add("first violation");
        }
        else if (result.TimedOut)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"seconds {options.SecondsMax:0.###}"));
        }
        else if (options.DelaysMax is { } delays && result.DelaysCovered >= delays && !result.Exhausted && !result.Interrupted)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"delays {delays:#,0}"));
        }
        else if (!result.Exhausted && !result.Interrupted)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"schedules {options.SchedulesMax:#,0}"));
        }

        if (result.StepBoundHits > 0)
        {
            bounds.Add(string.Create(
                CultureInfo.InvariantCulture, $"steps {options.StepsMax:#,0} in {result.StepBoundHits:#,0} {(result.StepBoundHits == 1 ? "schedule" : "schedules")}"));
        }

        return bounds;
    }
}
