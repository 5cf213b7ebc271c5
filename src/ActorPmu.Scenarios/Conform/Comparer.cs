using System.Globalization;

namespace ActorPmu.Scenarios.Conform;

/// <summary>Compares a target's answers with a case, step by step and in order: changes since the last read need the reads before.</summary>
public sealed class Comparer
{
    private const string Nothing = "nothing";

    private readonly ConformCase conformCase;
    private readonly string variant;
    private readonly OpenedEvents opened = new();

    /// <summary>Begins the comparison of one run.</summary>
    /// <param name="conformCase">The case.</param>
    /// <param name="variant">The variant of the kernel; one that the case does not have means <see cref="ConformCase.PlainVariant"/>.</param>
    public Comparer(ConformCase conformCase, string variant)
    {
        this.conformCase = conformCase;
        this.variant = variant;
    }

    /// <summary>Compares the answer to the next step in the fields that were recorded.</summary>
    /// <param name="step">The step.</param>
    /// <param name="answer">The target's answer.</param>
    /// <returns>The fields that differ, in the order of the file; empty when all agree.</returns>
    public IReadOnlyList<Mismatch> Compare(RecordedStep step, StepAnswer answer)
    {
        Expectation expected = step.ExpectationFor(variant);
        var mismatches = new List<Mismatch>();
        foreach (string field in expected.Fields)
        {
            if (CompareField(field, expected, step.Step, answer) is var (wanted, got))
            {
                mismatches.Add(new Mismatch(step.Index, step.Line, step.Text, field, wanted, got));
            }
        }

        opened.Follow(step.Step, answer);
        return mismatches;
    }

    /// <summary>Null when the field agrees, else what was wanted and what came.</summary>
    private (string Wanted, string Got)? CompareField(string field, Expectation expected, ConformStep step, StepAnswer answer) => field switch
    {
        "ret" => Texts([expected.Ret!], [answer.Ret], listed: false),
        "count" => Counts([expected.Count!], answer, listed: false),
        "counts" => Counts(expected.Counts!, answer, listed: true),
        "raw" => Raw(expected.Raw!, step, answer),
        "id" => Texts(expected.Ids!, answer.Ids, listed: false),
        "ids" => Texts(expected.Ids!, answer.Ids, listed: true),
        "lost" => All([.. expected.Lost!.Select(l => new ExpectedValue.Exactly(l))], answer.Lost, listed: true),
        "revents" => Texts(expected.Revents!, answer.Revents is { } names ? ExpectationReader.SortedNames(names) : null, listed: true),
        "rel" => Relation(expected.Relation!.Value, answer),
        "ratio" => Ratio(expected.Ratio!, (ReadStep)step, answer),
        _ => Number(expected.Numbers[field], NumberOf(field, step, answer)),
    };

    private double? NumberOf(string field, ConformStep step, StepAnswer answer) => field switch
    {
        "bytes" => answer.Bytes,
        "nr" => answer.Nr,
        "opened" => answer.Opened,
        "in" => answer.SignalsIn,
        "hup" => answer.SignalsHup,
        "attr_size" => answer.AttrSize,
        "active" => answer.Active,
        "te" => answer.TimeEnabledNs,
        "tr" => answer.TimeRunningNs,
        "te_ms" => answer.TimeEnabledNs / 1e6,
        "tr_ms" => answer.TimeRunningNs / 1e6,
        // The recorder cut off fractions of a microsecond.
        "te_us" => answer.TimeEnabledNs / 1000,
        "tr_us" => answer.TimeRunningNs / 1000,
        "dte" => answer.TimeEnabledNs - opened.LastRead(step).EnabledNs,
        "dtr" => answer.TimeRunningNs - opened.LastRead(step).RunningNs,
        _ => throw new InvalidOperationException($"field {field} is read but not compared"),
    };

    private static (string Wanted, string Got)? Number(ExpectedValue expected, double? got) =>
        got is { } number && expected.Accepts(number) ? null : (expected.ToString()!, got is null ? Nothing : Shown(got.Value));

    private (string Wanted, string Got)? Ratio(ExpectedValue expected, ReadStep read, StepAnswer answer)
    {
        ReadTimes since = read.Ratio == RatioSpan.SinceLastRead ? opened.LastRead(read) : default;
        if (answer.TimeEnabledNs - since.EnabledNs is not { } enabled || answer.TimeRunningNs - since.RunningNs is not { } running)
        {
            return (expected.ToString()!, Nothing);
        }

        return Number(expected, enabled == 0 ? 0 : (double)running / enabled);
    }

    private static (string Wanted, string Got)? Relation(TimeRelation expected, StepAnswer answer)
    {
        string wanted = expected == TimeRelation.Equal ? "eq" : "tr<te";
        if (answer.TimeEnabledNs is not { } enabled || answer.TimeRunningNs is not { } running)
        {
            return (wanted, Nothing);
        }

        bool agrees = expected == TimeRelation.Equal ? running == enabled : running < enabled;
        return agrees ? null : (wanted, string.Create(CultureInfo.InvariantCulture, $"te={enabled} tr={running} ns"));
    }

    private (string Wanted, string Got)? Counts(IReadOnlyList<ExpectedValue> expected, StepAnswer answer, bool listed)
    {
        long unit = conformCase.UnitInstructions ?? 1;
        IReadOnlyList<long>? values = answer.Values ?? answer.Raw?.Select(r => (r + (unit / 2)) / unit).ToList();
        return All(expected, values, listed);
    }

    private (string Wanted, string Got)? Raw(IReadOnlyList<long> expected, ConformStep step, StepAnswer answer)
    {
        long unit = conformCase.UnitInstructions ?? 1;
        IReadOnlyList<long>? values = answer.Raw ?? answer.Values?.Select(v => v * unit).ToList();
        ConformTolerance tolerance = conformCase.Tolerance!;
        var near = new List<ExpectedValue>();
        for (int i = 0; i < expected.Count; i++)
        {
            double percent = opened.CountsKernelMode(step, expected.Count, i) ? tolerance.KernelModePercent : tolerance.RawPercent;
            near.Add(new ExpectedValue.Near(expected[i], expected[i] * percent / 100));
        }

        return All(near, values, expected.Count > 1);
    }

    private static (string Wanted, string Got)? All(IReadOnlyList<ExpectedValue> expected, IReadOnlyList<long>? got, bool listed)
    {
        bool agrees = got is not null && got.Count == expected.Count && expected.Zip(got).All(p => p.First.Accepts(p.Second));
        return agrees ? null : (List(expected.Select(e => e.ToString()!), listed), Numbers(got, listed));
    }

    private static (string Wanted, string Got)? Texts(IReadOnlyList<string> expected, IReadOnlyList<string>? got, bool listed) =>
        got is not null && expected.SequenceEqual(got) ? null : (List(expected, listed), got is null ? Nothing : List(got, listed || got.Count != 1));

    private static string Numbers(IReadOnlyList<long>? got, bool listed) =>
        got is null ? Nothing : List(got.Select(g => g.ToString(CultureInfo.InvariantCulture)), listed || got.Count != 1);

    private static string List(IEnumerable<string> parts, bool listed) => listed ? $"[{string.Join(',', parts)}]" : string.Concat(parts);

    private static string Shown(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
