using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

/// <summary>A target that answers what was recorded: the middle of each tolerance, and times that fit all that is said of them.</summary>
/// <param name="recorded">The case.</param>
/// <param name="variant">The variant of the kernel.</param>
/// <param name="mutateStep">The step whose answer is spoilt; -1: none.</param>
/// <param name="mutateField">The field that is spoilt there.</param>
internal sealed class RecordedAnswers(ConformCase recorded, string variant, int mutateStep = -1, string mutateField = "") : IConformTarget
{
    private const long NsPerMs = 1_000_000;

    private readonly Dictionary<string, (long Te, long Tr)> lastRead = new(StringComparer.Ordinal);
    private int next;

    public StepAnswer Execute(ConformStep operation)
    {
        RecordedStep step = recorded.Steps[next++];
        Assert.Same(step.Step, operation);
        Expectation expected = step.ExpectationFor(variant);
        StepAnswer answer = Recorded(expected, operation);
        if (operation is OpenStep open)
        {
            lastRead.Remove(open.Ev);
        }

        (long Te, long Tr) before = operation is ReadStep read ? lastRead.GetValueOrDefault(read.Ev) : default;
        if (operation is ReadStep { Ev: var ev } && answer.TimeEnabledNs is { } te)
        {
            lastRead[ev] = (te, answer.TimeRunningNs!.Value);
        }

        return step.Index == mutateStep ? Spoilt(answer, expected, operation, before) : answer;
    }

    private StepAnswer Recorded(Expectation expected, ConformStep operation)
    {
        StepAnswer answer = new()
        {
            Ret = expected.Ret ?? "ok",
            Bytes = Whole(expected, "bytes"),
            Nr = Whole(expected, "nr"),
            Opened = Whole(expected, "opened"),
            SignalsIn = Whole(expected, "in"),
            SignalsHup = Whole(expected, "hup"),
            AttrSize = Whole(expected, "attr_size"),
            Active = Whole(expected, "active"),
            Values = expected.Counts?.Select(Middle).ToList() ?? (expected.Count is { } count ? [Middle(count)] : null),
            Raw = expected.Raw,
            Ids = expected.Ids,
            Lost = expected.Lost,
            Revents = expected.Revents is { } names ? string.Join('|', names) : null,
        };
        bool timed = expected.Fields.Any(f => f is "te" or "tr" or "te_us" or "tr_us" or "ratio");
        return operation is ReadStep read && timed ? WithTimes(answer, expected, read) : answer;
    }

    private StepAnswer WithTimes(StepAnswer answer, Expectation expected, ReadStep read)
    {
        (long teBefore, long trBefore) = lastRead.GetValueOrDefault(read.Ev);
        long te = expected.Numbers switch
        {
            var n when n.TryGetValue("te_us", out ExpectedValue? us) => Middle(us) * 1000,
            var n when n.GetValueOrDefault("te") is ExpectedValue.Zero => 0,
            var n when n.GetValueOrDefault("dte") is ExpectedValue.Zero => teBefore,
            var n when n.TryGetValue("te_ms", out ExpectedValue? ms) => Middle(ms) * NsPerMs,
            _ => (teBefore * 10) + (1000 * NsPerMs),
        };
        return answer with { TimeEnabledNs = te, TimeRunningNs = Running(expected, read, te, teBefore, trBefore) };
    }

    private static long Running(Expectation expected, ReadStep read, long te, long teBefore, long trBefore)
    {
        IReadOnlyDictionary<string, ExpectedValue> numbers = expected.Numbers;
        if (numbers.TryGetValue("tr_us", out ExpectedValue? us))
        {
            return Middle(us) * 1000;
        }

        if (expected.Relation == TimeRelation.Equal)
        {
            return te;
        }

        if (numbers.GetValueOrDefault("dtr") is ExpectedValue.Zero || numbers.GetValueOrDefault("tr") is ExpectedValue.Zero)
        {
            return trBefore;
        }

        double ratio = expected.Ratio is ExpectedValue.Near near ? near.Value : 0.5;
        bool delta = read.Ratio == RatioSpan.SinceLastRead;
        long running = delta ? trBefore + (long)(ratio * (te - teBefore)) : Math.Max(trBefore, (long)(ratio * te));
        return expected.Relation == TimeRelation.RunningLess ? Math.Min(running, te - 1) : running;
    }

    /// <summary>The answer with one field out of what the case allows.</summary>
    private StepAnswer Spoilt(StepAnswer answer, Expectation expected, ConformStep operation, (long Te, long Tr) before) => mutateField switch
    {
        "ret" => answer with { Ret = "EIO" },
        "bytes" => answer with { Bytes = answer.Bytes + 8 },
        "nr" => answer with { Nr = answer.Nr + 1 },
        "opened" => answer with { Opened = answer.Opened - 1 },
        "in" => answer with { SignalsIn = answer.SignalsIn + 1 },
        "hup" => answer with { SignalsHup = answer.SignalsHup + 1 },
        "attr_size" => answer with { AttrSize = answer.AttrSize - 8 },
        "active" => answer with { Active = answer.Active + 1 },
        "count" => answer with { Values = [Outside(expected.Count!)] },
        "counts" => answer with { Values = [.. answer.Values!.SkipLast(1), Outside(expected.Counts![^1])] },
        "raw" => answer with { Raw = [.. answer.Raw!.SkipLast(1), (answer.Raw![^1] * (100 + RawPercent(operation)) / 100) + 2] },
        "id" or "ids" => answer with { Ids = [.. answer.Ids!.SkipLast(1), "Z9"] },
        "lost" => answer with { Lost = [.. answer.Lost!.SkipLast(1), answer.Lost![^1] + 1] },
        "revents" => answer with { Revents = "" },
        "rel" => answer with { TimeRunningNs = expected.Relation == TimeRelation.Equal ? answer.TimeEnabledNs - 1 : answer.TimeEnabledNs },
        "ratio" => answer with { TimeRunningNs = SpoiltRatio(answer, expected, (ReadStep)operation, before) },
        "te" or "te_ms" => answer with { TimeEnabledNs = Outside(expected.Numbers[mutateField]) * (mutateField == "te" ? 1 : NsPerMs) },
        "tr" or "tr_ms" => answer with { TimeRunningNs = Outside(expected.Numbers[mutateField]) * (mutateField == "tr" ? 1 : NsPerMs) },
        "te_us" => answer with { TimeEnabledNs = Outside(expected.Numbers["te_us"]) * 1000 },
        "tr_us" => answer with { TimeRunningNs = Outside(expected.Numbers["tr_us"]) * 1000 },
        "dte" => answer with { TimeEnabledNs = before.Te + Outside(expected.Numbers["dte"]) },
        "dtr" => answer with { TimeRunningNs = before.Tr + Outside(expected.Numbers["dtr"]) },
        _ => throw new InvalidOperationException($"no way to spoil {mutateField}"),
    };

    private static long? SpoiltRatio(StepAnswer answer, Expectation expected, ReadStep read, (long Te, long Tr) before)
    {
        var ratio = (ExpectedValue.Near)expected.Ratio!;
        (long te, long tr) = read.Ratio == RatioSpan.SinceLastRead ? before : default;
        return tr + (long)((ratio.Value + ratio.Tolerance + 0.01) * (answer.TimeEnabledNs!.Value - te));
    }

    private long RawPercent(ConformStep operation)
    {
        bool kernelMode = recorded.Steps.Any(s => s.Step is OpenStep open && open.Ev == ((ReadStep)operation).Ev && open.Call.CountsKernelMode);
        return (long)(kernelMode ? recorded.Tolerance!.KernelModePercent : recorded.Tolerance!.RawPercent);
    }

    private static long? Whole(Expectation expected, string field) =>
        expected.Numbers.TryGetValue(field, out ExpectedValue? value) ? Middle(value) : null;

    private static long Middle(ExpectedValue value) => value switch
    {
        ExpectedValue.Exactly e => e.Value,
        ExpectedValue.Near n => (long)n.Value,
        ExpectedValue.Between b => (long)((b.Min + b.Max) / 2),
        ExpectedValue.Positive => 7,
        _ => 0,
    };

    private static long Outside(ExpectedValue value) => value switch
    {
        ExpectedValue.Exactly e => e.Value + 1,
        ExpectedValue.Near n => (long)(n.Value + n.Tolerance) + 1,
        ExpectedValue.Between b => (long)b.Max + 1,
        ExpectedValue.Positive => 0,
        _ => 1,
    };
}
