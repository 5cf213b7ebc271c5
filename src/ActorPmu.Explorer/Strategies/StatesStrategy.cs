using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every state once: depth first, and a run is given up where it comes to a state that was gone on from before.</summary>
/// <remarks>
/// A world cannot be copied, for its kernel paths are suspended methods; a run begins at the start and goes along what is
/// planned. What a state is says <see cref="StateFingerprint"/>. The fingerprints of all states are kept, 16 bytes each. A run that the bound on steps cuts
/// makes the result incomplete, as everywhere.
/// </remarks>
public sealed class StatesStrategy : IStrategy
{
    private readonly HashSet<StateHash> _states = [];
    private readonly ChoicePath _path = new([]);
    private readonly StateFingerprint _fingerprint = new();
    private World? _world;

    /// <inheritdoc/>
    public string Name => "states";

    /// <inheritdoc/>
    public bool IsIndexed => false;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public long? States => _states.Count;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _fingerprint.BeginRun();
        _world = null;
        if (schedule == 0)
        {
            _path.BeginFirst();
            _states.Clear();
            return true;
        }

        IsExhausted = !_path.BeginNext();
        return !IsExhausted;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _fingerprint.CloseStep(world);

        // Along what is planned the run is one that was made before.
        if (_path.IsNew && !_states.Add(_fingerprint.Value()))
        {
            return -1;
        }

        int position = enabled.Length == 1 ? 0 : _path.Answer(enabled.Length);
        _fingerprint.Delivering(enabled[position]);
        return position;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what)
    {
        int option = _path.Answer(optionCount);
        _fingerprint.Chosen(option);
        return option;
    }

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        _path.End();
        if (_world is null || trace.End == RunEnd.Abandoned)
        {
            return;
        }

        // A run that somebody ended stands where another one may go on.
        _fingerprint.CloseStep(_world);
        StateHash last = _fingerprint.Value();
        if (trace.End == RunEnd.Halted)
        {
            last.Add((ulong)trace.End);
        }

        _states.Add(last);
    }
}
