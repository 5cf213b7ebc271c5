namespace ActorPmu.Explorer;

/// <summary>Puts the results of parts together as they come, in the order of the parts.</summary>
public sealed class ExplorationMerge
{
    private Exploration.Tally _tally = new(0);

    /// <summary>How far it is.</summary>
    public ExploreProgress Progress => _tally.Progress;

    /// <summary>What has been put together.</summary>
    public ExplorationResult Result => _tally.Result();

    /// <summary>Adds the next part.</summary>
    /// <param name="part">The part's result.</param>
    /// <param name="isNumberedApart">Whether its schedules are numbered from 0, and not from where the part before ended.</param>
    public void Add(ExplorationResult part, bool isNumberedApart = false)
    {
        ArgumentNullException.ThrowIfNull(part);
        long before = isNumberedApart ? _tally.Schedules + _tally.Abandoned : 0;
        _tally.Add(before == 0 ? part : part with { Violations = [.. part.Violations.Select(v => v with { Schedule = v.Schedule + before })] });
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _tally = new Exploration.Tally(0);
}
