using ActorPmu.Actors;

namespace ActorPmu.Explorer;

/// <summary>Where a replay left its recording.</summary>
/// <param name="Step">The number of the delivery, from 1, that could not be made as recorded.</param>
/// <param name="Problem">What is different, in one line.</param>
/// <param name="Expected">What the recording has there.</param>
/// <param name="Found">What could be delivered, or was asked, instead.</param>
public sealed record Divergence(long Step, string Problem, string Expected, IReadOnlyList<string> Found);

/// <summary>What a replay expects of one answer.</summary>
/// <param name="Choice">The answer.</param>
/// <param name="Label">What it is about; null when only the number of options is known.</param>
public readonly record struct ExpectedChoice(Choice Choice, string? Label);

/// <summary>Gives recorded answers, and notices when the questions are others.</summary>
public sealed class ReplayChooser : IChooser
{
    private readonly IReadOnlyList<ExpectedChoice> _expected;
    private int _next;

    /// <summary>Replays answers with what they were about.</summary>
    /// <param name="expected">The recording.</param>
    public ReplayChooser(IReadOnlyList<ExpectedChoice> expected) => _expected = expected;

    /// <summary>Replays bare answers.</summary>
    /// <param name="choices">The answers.</param>
    public ReplayChooser(IReadOnlyList<Choice> choices)
        : this([.. (choices ?? throw new ArgumentNullException(nameof(choices))).Select(c => new ExpectedChoice(c, null))])
    {
    }

    /// <summary>Where it left the recording, or null.</summary>
    public Divergence? Divergence { get; private set; }

    /// <inheritdoc/>
    public bool RunsOn => Divergence is null && _next < _expected.Count;

    /// <summary>Call it after the run: whether all of the recording was used.</summary>
    /// <param name="step">The steps that were made.</param>
    /// <param name="end">Why the run ended.</param>
    public Divergence? Finish(long step, RunEnd end)
    {
        if (Divergence is null && _next < _expected.Count)
        {
            Divergence = new Divergence(
                step + 1, $"the run ended ({end}) where the recording goes on", Text(_expected[_next]), []);
        }

        return Divergence;
    }

    /// <inheritdoc/>
    public int Pick(World world, ReadOnlySpan<int> enabled)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (Divergence is not null)
        {
            return -1;
        }

        string? problem = null;
        ExpectedChoice expected = default;
        if (_next == _expected.Count)
        {
            problem = "the recording ends where the run goes on";
        }
        else
        {
            expected = _expected[_next++];
            problem = expected.Choice.Kind != ChoiceKind.Deliver ? "the recording has a choice inside a step where the run has a delivery"
                : expected.Choice.OptionCount != enabled.Length
                    ? $"{enabled.Length} deliveries are possible where the recording had {expected.Choice.OptionCount}"
                : expected.Label is not null && RecordedStep.LabelOf(world.Head(enabled[expected.Choice.Option])) != expected.Label
                    ? "another message has its place"
                : null;
        }

        if (problem is null)
        {
            return expected.Choice.Option;
        }

        List<string> found = [];
        foreach (int channel in enabled)
        {
            found.Add(RecordedStep.LabelOf(world.Head(channel)));
        }

        Divergence = new Divergence(world.Steps + 1, problem, Text(expected), found);
        return -1;
    }

    /// <inheritdoc/>
    /// <remarks>A choice inside a step cannot end the run: the next delivery does.</remarks>
    public int Choose(ActorId by, int optionCount, string what)
    {
        if (Divergence is not null)
        {
            return 0;
        }

        ExpectedChoice expected = _next < _expected.Count ? _expected[_next++] : default;
        if (expected.Choice is { Kind: ChoiceKind.Inside } c && c.OptionCount == optionCount
            && (expected.Label is null || expected.Label == RecordedStep.LabelOf(by, what)))
        {
            return c.Option;
        }

        string question = $"{RecordedStep.LabelOf(by, what)} ({optionCount} options)";
        Divergence = new Divergence(StepNow(), "a choice inside the step is not the recorded one", Text(expected), [question]);
        return 0;
    }

    private long StepNow() => _expected.Take(_next).Count(e => e.Choice.Kind == ChoiceKind.Deliver);

    private static string Text(ExpectedChoice expected) =>
        expected.Choice.OptionCount == 0 ? "nothing"
        : expected.Label ?? $"option {expected.Choice.Option} of {expected.Choice.OptionCount}";
}
