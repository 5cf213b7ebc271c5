namespace ActorPmu.Explorer;

/// <summary>What was open.</summary>
public enum ChoiceKind : byte
{
    /// <summary>Which channel's head is delivered next.</summary>
    Deliver,

    /// <summary>A choice inside a step: does this allocation fail?</summary>
    Inside,
}

/// <summary>One answer of a chooser. A run is the list of its answers.</summary>
/// <param name="Kind">What was open.</param>
/// <param name="Option">What was taken, 0…<paramref name="OptionCount"/>−1.</param>
/// <param name="OptionCount">How many options there were, 1 or more.</param>
public readonly record struct Choice(ChoiceKind Kind, int Option, int OptionCount);
