namespace ActorPmu.Actors;

/// <summary>Tells which kernel paths are entered, to whoever asks on the thread that runs them.</summary>
/// <remarks>Until somebody asks for the first time, entering a path costs one look at a flag more.</remarks>
public static class PathProbe
{
    [ThreadStatic]
    private static HashSet<Type>? _entered;

    /// <summary>Whether anybody has ever asked.</summary>
    internal static bool IsOn { get; private set; }

    /// <summary>From now on paths that are entered on this thread are noted.</summary>
    /// <param name="entered">Where to: the compiler's types behind them (<see cref="KernelNames.Of"/>). Null to end it.</param>
    public static void Into(HashSet<Type>? entered)
    {
        IsOn |= entered is not null;
        _entered = entered;
    }

    internal static void Note(Type stateMachine) => _entered?.Add(stateMachine);
}
