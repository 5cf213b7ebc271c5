using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Every schedule once, in lexicographic order of the choices: depth first, by running again from the start.</summary>
public sealed class DfsStrategy : IStrategy
{
    private readonly ChoicePath _path;
    private readonly int _cutAt = int.MaxValue;
    private readonly List<(int Option, int OptionCount)[]> _parts = [];

    /// <summary>Makes the strategy.</summary>
    public DfsStrategy()
        : this([])
    {
    }

    /// <summary>Makes one that runs a part of a search.</summary>
    /// <param name="prefix">The choices with which its runs begin.</param>
    internal DfsStrategy((int Option, int OptionCount)[] prefix) => _path = new ChoicePath(prefix);

    /// <summary>Makes one that cuts the search into parts: a run is given up at the first delivery after so many choices.</summary>
    /// <param name="cutAt">How many choices, 1 or more.</param>
    internal DfsStrategy(int cutAt)
        : this([]) =>
        _cutAt = cutAt;

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
        if (schedule == 0)
        {
            _path.BeginFirst();
            _parts.Clear();
            return true;
        }

        IsExhausted = !_path.BeginNext();
        return !IsExhausted;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled) =>
        _path.Depth >= _cutAt ? -1
        : enabled.Length == 1 ? 0
        : _path.Answer(enabled.Length);

    /// <inheritdoc/>
    public int Choose(ActorId by, int optionCount, string what) => _path.Answer(optionCount);

    /// <inheritdoc/>
    /// <remarks>A run that stopped short of a choice that was planned has left the tree of choices: the model is not deterministic.</remarks>
    public void Ended(RunTrace trace)
    {
        _path.End();
        if (_cutAt < int.MaxValue)
        {
            _parts.Add(_path.Choices);
        }
    }
}
