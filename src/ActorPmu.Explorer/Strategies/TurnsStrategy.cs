using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Several strategies take turns, schedule by schedule: whatever one of them is good at is found in as many times its schedules as there are of them.</summary>
/// <remarks>
/// No way of picking by chance is the best one everywhere: what needs no waiting is found by <c>random</c>, what needs one message to wait for a great
/// many others by priorities, and an interrupt at one moment of a long run hardly by anything but <c>pct</c>.
/// </remarks>
public sealed class TurnsStrategy : IStrategy
{
    private readonly IReadOnlyList<IStrategy> _parts;
    private IStrategy _now;

    /// <summary>Makes the strategy.</summary>
    /// <param name="parts">Who takes turns, one or more. Schedule <em>k</em> of n strategies is schedule k / n of number k mod n.</param>
    public TurnsStrategy(IReadOnlyList<IStrategy> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        _parts = parts;
        _now = parts[0];
    }

    /// <inheritdoc/>
    public string Name => "turns";

    /// <inheritdoc/>
    public bool IsIndexed => _parts.All(p => p.IsIndexed);

    /// <inheritdoc/>
    public bool IsExhausted => false;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _now = _parts[(int)(schedule % _parts.Count)];
        return _now.Begin(schedule / _parts.Count);
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled) => _now.Pick(world, enabled);

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => _now.Choose(by, optionCount, what);

    /// <inheritdoc/>
    public void Ended(RunTrace trace) => _now.Ended(trace);
}
