namespace ActorPmu.Explorer;

/// <summary>A way through the tree of choices, and the next one: depth first, each run from the start along what is planned.</summary>
/// <param name="prefix">The choices with which all ways begin.</param>
internal sealed class ChoicePath((int Option, int OptionCount)[] prefix)
{
    private readonly List<(int Option, int OptionCount)> _choices = [];

    /// <summary>How many choices this run has made.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the run has made all choices that were planned: what comes now is new.</summary>
    public bool IsNew => Depth == _choices.Count;

    /// <summary>The choices of this run.</summary>
    public (int Option, int OptionCount)[] Choices => [.. _choices];

    /// <summary>Goes back to the root and plans the first way.</summary>
    public void BeginFirst()
    {
        Depth = 0;
        _choices.Clear();
        _choices.AddRange(prefix);
    }

    /// <summary>Goes back to the root and plans the next way.</summary>
    /// <returns>False when there is none.</returns>
    public bool BeginNext()
    {
        Depth = 0;
        while (_choices.Count > prefix.Length && _choices[^1].Option + 1 == _choices[^1].OptionCount)
        {
            _choices.RemoveAt(_choices.Count - 1);
        }

        if (_choices.Count == prefix.Length)
        {
            return false;
        }

        _choices[^1] = (_choices[^1].Option + 1, _choices[^1].OptionCount);
        return true;
    }

    /// <summary>The next choice: what is planned, or else the first option.</summary>
    /// <param name="optionCount">How many options there are.</param>
    /// <exception cref="NotDeterministicException">There were others before: the model is not deterministic.</exception>
    public int Answer(int optionCount)
    {
        if (IsNew)
        {
            _choices.Add((0, optionCount));
        }
        else if (_choices[Depth].OptionCount != optionCount)
        {
            throw new NotDeterministicException(
                $"choice {Depth} has {optionCount} options where it had {_choices[Depth].OptionCount} before");
        }

        return _choices[Depth++].Option;
    }

    /// <summary>The run has ended.</summary>
    /// <exception cref="NotDeterministicException">It stopped short of a choice that was planned: the model is not deterministic.</exception>
    public void End()
    {
        if (!IsNew)
        {
            throw new NotDeterministicException($"the run asked for {Depth} choices where {_choices.Count} had been asked before");
        }
    }
}
