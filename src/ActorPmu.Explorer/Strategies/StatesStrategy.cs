using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every state once: depth first, and a run is given up where it comes to a state that was gone on from before.</summary>
/// <remarks>
/// A world of suspended kernel paths cannot be copied; a run begins at the start and goes along what is
/// planned. What a state is says <see cref="StateFingerprint"/>. The fingerprints of all states are kept, 16 bytes each. A run that the bound on steps cuts
/// makes the result incomplete, as everywhere.
/// </remarks>
public sealed class StatesStrategy : IStrategy
{
    private readonly StateSet _states;
    private readonly bool _isPart;
    private readonly ChoicePath _path;
    private readonly StateFingerprint _fingerprint = new();

    // A run alone may come to a state twice, too.
    private readonly HashSet<StateHash> _own = [];
    private readonly List<(StateHash State, int At)> _found = [];
    private World? _world;

    /// <summary>Makes the strategy.</summary>
    public StatesStrategy() => (_states, _path) = (new StateSet(), new ChoicePath([]));

    /// <summary>Makes one for a single run of a search.</summary>
    /// <param name="prefix">The choices with which it begins; the last one was not taken before.</param>
    /// <param name="known">The states that were gone on from; not changed.</param>
    internal StatesStrategy((int Option, int OptionCount)[] prefix, StateSet known) => (_states, _path, _isPart) = (known, new ChoicePath(prefix), true);

    /// <inheritdoc/>
    public string Name => "states";

    /// <inheritdoc/>
    public bool IsIndexed => false;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public long? States => _isPart ? null : _states.Count;

    /// <summary>The states that the single run came to, each with the number of choices made before; the last may be where it ended.</summary>
    internal IReadOnlyList<(StateHash State, int At)> Found => _found;

    /// <summary>The choices of the last run.</summary>
    internal (int Option, int OptionCount)[] Choices => _path.Choices;

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _fingerprint.BeginRun();
        _world = null;
        if (schedule == 0)
        {
            _path.BeginFirst();
            if (!_isPart)
            {
                _states.Clear();
            }

            return true;
        }

        IsExhausted = _isPart || !_path.BeginNext();
        return !IsExhausted;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _fingerprint.CloseStep(world);

        // Along what is planned the run is one that was made before.
        if (_path.IsNew && !Find(_fingerprint.Value()))
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

        Find(last);
    }

    private bool Find(StateHash state)
    {
        if (!_isPart)
        {
            return _states.Add(state);
        }

        bool isNew = !_states.Contains(state) && _own.Add(state);
        if (isNew)
        {
            _found.Add((state, _path.Depth));
        }

        return isNew;
    }
}
