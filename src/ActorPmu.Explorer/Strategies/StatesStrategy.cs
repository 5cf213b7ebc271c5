using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every state once: depth first, and a run is given up where it comes to a state that was gone on from before.</summary>
/// <remarks>
/// A world cannot be copied, for its kernel paths are suspended methods; a run begins at the start and goes along the prefix that is on the
/// stack. What a state is says <see cref="StateFingerprint"/>. The fingerprints of all states are kept, 16 bytes each. A run that the bound on steps cuts
/// makes the result incomplete, as everywhere.
/// </remarks>
public sealed class StatesStrategy : IStrategy
{
    private readonly HashSet<StateHash> _states = [];
    private readonly List<(int Option, int OptionCount)> _stack = [];
    private readonly StateFingerprint _fingerprint = new();
    private World? _world;
    private int _depth;

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
        _depth = 0;
        if (schedule == 0)
        {
            _stack.Clear();
            _states.Clear();
            return true;
        }

        while (_stack.Count > 0 && _stack[^1].Option + 1 == _stack[^1].OptionCount)
        {
            _stack.RemoveAt(_stack.Count - 1);
        }

        if (_stack.Count == 0)
        {
            IsExhausted = true;
            return false;
        }

        _stack[^1] = (_stack[^1].Option + 1, _stack[^1].OptionCount);
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _fingerprint.CloseStep(world);

        // Short of the end of the stack the run is one that was made before.
        if (_depth == _stack.Count && !_states.Add(_fingerprint.Value()))
        {
            return -1;
        }

        int position = enabled.Length == 1 ? 0 : Answer(enabled.Length);
        _fingerprint.Delivering(enabled[position]);
        return position;
    }

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what)
    {
        int option = Answer(optionCount);
        _fingerprint.Chosen(option);
        return option;
    }

    /// <inheritdoc/>
    public void Ended(RunTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (_depth < _stack.Count)
        {
            throw new InvalidOperationException($"the run asked for {_depth} choices where {_stack.Count} had been asked before");
        }

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

    private int Answer(int optionCount)
    {
        if (_depth == _stack.Count)
        {
            _stack.Add((0, optionCount));
        }
        else if (_stack[_depth].OptionCount != optionCount)
        {
            throw new InvalidOperationException(
                $"choice {_depth} has {optionCount} options where it had {_stack[_depth].OptionCount} before");
        }

        return _stack[_depth++].Option;
    }
}
