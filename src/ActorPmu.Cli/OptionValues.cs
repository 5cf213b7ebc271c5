namespace ActorPmu.Cli;

/// <summary>Values of options that several commands have.</summary>
internal static class OptionValues
{
    /// <summary>The most threads or machines at once.</summary>
    public const int WorkersMax = 256;

    private const double SecondsMax = 1_000_000;

    /// <summary>A number within its bounds.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="value">What was given.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The most.</param>
    /// <exception cref="WrongInputException">It is out of bounds.</exception>
    public static long InRange(string option, long value, long min, long max) =>
        value >= min && value <= max
            ? value
            : throw new WrongInputException(
                max == long.MaxValue ? $"{option} {value}: give {min} or more" : $"{option} {value}: give {min} to {max}");

    /// <summary>A number from 1.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="value">What was given.</param>
    /// <param name="max">The most.</param>
    /// <exception cref="WrongInputException">It is out of bounds.</exception>
    public static long AtLeastOne(string option, long value, long max = long.MaxValue) => InRange(option, value, 1, max);

    /// <summary>A bound on time; null where there is none.</summary>
    /// <param name="value">What was given to <c>--seconds</c>.</param>
    /// <exception cref="WrongInputException">It is nothing, or more than eleven days.</exception>
    public static double? Seconds(double? value) =>
        value is null or (> 0 and <= SecondsMax)
            ? value
            : throw new WrongInputException(FormattableString.Invariant($"--seconds {value}: give more than 0, and at most {SecondsMax:0}"));

    /// <summary>The words of an option that may be given again, and takes several with commas between them.</summary>
    /// <param name="values">What was given; null for nothing.</param>
    public static IReadOnlyList<string> Words(string[]? values) =>
        [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The property of that name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="WrongInputException">There is none.</exception>
    public static Kernel.Property PropertyOf(string name) =>
        Kernel.Properties.Find(name)
        ?? throw new WrongInputException($"unknown property \"{name}\"; {Suggest.For(name, [.. Kernel.Properties.All.Select(p => p.Name)])}");
}
