using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every schedule once, in lexicographic order of the choices: depth first, by running again from the start.</summary>
public sealed class DfsStrategy : IStrategy
{
    private readonly List<(int Option, int OptionCount)> _stack = [];
    private readonly (int Option, int OptionCount)[] _prefix = [];
    private readonly int _cutAt = int.MaxValue;
    private readonly List<(int Option, int OptionCount)[]> _parts = [];
    private int _depth;

    /// <summary>Makes the strategy.</summary>
    public DfsStrategy()
    {
    }

    /// <summary>Makes one that runs a part of a search.</summary>
    /// <param name="prefix">The choices with which its runs begin.</param>
    internal DfsStrategy((int Option, int OptionCount)[] prefix) => _prefix = prefix;

    /// <summary>Makes one that cuts the search into parts: a run is given up at the first delivery after so many choices.</summary>
    /// <param name="cutAt">How many choices, 1 or more.</param>
    internal DfsStrategy(int cutAt) => _cutAt = cutAt;

    /// <summary>The parts into which the search was cut, in the order of the search.</summary>
    internal IReadOnlyList<(int Option, int OptionCount)[]> Parts => _parts;

    /// <inheritdoc/>
    public string Name => "dfs";

    /// <inheritdoc/>
    public bool IsIndexed => false;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public bool Begin(long schedule)
    {
        _depth = 0;
        if (schedule == 0)
        {
            _stack.Clear();
            _stack.AddRange(_prefix);
            _parts.Clear();
            return true;
        }

        while (_stack.Count > _prefix.Length && _stack[^1].Option + 1 == _stack[^1].OptionCount)
        {
            _stack.RemoveAt(_stack.Count - 1);
        }

        if (_stack.Count == _prefix.Length)
        {
            IsExhausted = true;
            return false;
        }

        _stack[^1] = (_stack[^1].Option + 1, _stack[^1].OptionCount);
        return true;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled) =>
        _depth >= _cutAt ? -1
        : enabled.Length == 1 ? 0
        : Answer(enabled.Length);

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => Answer(optionCount);

    /// <inheritdoc/>
    /// <remarks>A run that stopped short of a choice that was planned has left the tree of choices: the model is not deterministic.</remarks>
    public void Ended(RunTrace trace)
    {
        if (_depth < _stack.Count)
        {
            throw new InvalidOperationException($"the run asked for {_depth} choices where {_stack.Count} had been asked before");
        }

        if (_cutAt < int.MaxValue)
        {
            _parts.Add([.. _stack]);
        }
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
