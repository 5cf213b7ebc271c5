using System.Globalization;

namespace ActorPmu.Scenarios;

/// <summary>Makes a scenario small that still breaks the same thing: delta debugging over its parts, with exploration inside.</summary>
/// <remarks>
/// A candidate is accepted when random schedules of the design show the same cause, and those of the kernel as it is do not break the property.
/// How many are tried follows how many the smallest one so far has needed. The same input gives the same scenario.
/// Sources: Zeller, Hildebrandt, TSE 2002; Scott et al., NSDI 2016.
/// </remarks>
public sealed class ScenarioShrinker
{
    private const int RetriesMin = 40;
    private const int RetriesMax = 300;
    private const int RetriesPerHit = 6;

    private readonly ScenarioOracle _oracle;
    private readonly string _cause;
    private readonly long _schedulesMax;
    private readonly Func<bool>? _cancelled;
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private BrokenScenario _best;

    private ScenarioShrinker(BrokenScenario start, string cause, ScenarioOracle oracle, long schedulesMax, Func<bool>? cancelled)
    {
        _best = start;
        _cause = cause;
        _oracle = oracle;
        _schedulesMax = oracle.Schedules + schedulesMax;
        _cancelled = cancelled;
        _tried.Add(DraftText.Write(start.Draft));
    }

    private bool IsOver => _oracle.Schedules >= _schedulesMax || (_cancelled is not null && _cancelled());

    private long Retries => Math.Clamp((_best.Found.Schedule + 1) * RetriesPerHit, RetriesMin, RetriesMax);

    /// <summary>Shrinks a scenario.</summary>
    /// <param name="start">The scenario, and what breaks in it.</param>
    /// <param name="oracle">What runs candidates.</param>
    /// <param name="schedulesMax">The bound on schedules of the design, 1 or more.</param>
    /// <param name="cancelled">Asked between candidates whether to be content with what there is, or null.</param>
    public static BrokenScenario Shrink(BrokenScenario start, ScenarioOracle oracle, long schedulesMax, Func<bool>? cancelled = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(oracle);
        string cause = HuntCause.Of(start.Found.Violation, start.Scenario);
        ScenarioShrinker shrinker = new(start, cause, oracle, schedulesMax, cancelled);
        shrinker.Improve();
        shrinker.Try(DraftEdits.Renamed(shrinker._best.Draft));
        return shrinker._best;
    }

    private void Improve()
    {
        BrokenScenario before;
        do
        {
            before = _best;
            Each(DraftEdits.WithoutTask);
            Chunks();
            Each(DraftEdits.WithoutInjection);
            Each(DraftEdits.WithoutMachineKey);
            Each(DraftEdits.WithoutIgnored);
            Each(DraftEdits.WithoutExpectation);
            Each(DraftEdits.NotForked);
            Each(DraftEdits.WithTasksInOne);
            Each(DraftEdits.WithFewerCpus);
            Each(DraftEdits.InRootCgroup);
            Each(DraftEdits.WithoutCgroup);
            Each(DraftEdits.WithoutWork);
            Each(DraftEdits.WithoutField);
            Each(DraftEdits.WithSmallerValue);
            Each(DraftEdits.OnFirstCpu);
        }
        while (_best != before && !IsOver);
    }

    // Stretches of operations, from half of all down to single ones, the last ones first.
    private void Chunks()
    {
        for (int size = Math.Max(1, _best.Draft.Operations / 2); size >= 1; size /= 2)
        {
            for (int from = _best.Draft.Operations - size; from > -size && !IsOver; from -= size)
            {
                Try(DraftEdits.WithoutSteps(_best.Draft, Math.Max(0, from), size));
            }
        }
    }

    // What is accepted has something less, and the next of its kind is at the same place.
    private void Each(Func<ScenarioDraft, int, ScenarioDraft?> edit)
    {
        int at = 0;
        while (!IsOver && edit(_best.Draft, at) is { } candidate)
        {
            at += Try(candidate) ? 0 : 1;
        }
    }

    private bool Try(ScenarioDraft candidate)
    {
        if (!_tried.Add(DraftText.Write(candidate)) || _oracle.Check(candidate, _cause, Retries) is not { } smaller)
        {
            return false;
        }

        _best = smaller;
        return true;
    }

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
