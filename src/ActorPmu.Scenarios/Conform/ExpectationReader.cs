namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads what was recorded of one step.</summary>
/// <param name="kernels">The variants of the case; empty when there is one recording.</param>
/// <param name="tolerance">For numbers that come without a tolerance of their own; null: the case says none.</param>
internal sealed class ExpectationReader(IReadOnlyList<string> kernels, ConformTolerance? tolerance)
{
    private static readonly string[] ReadFields =
    [
        "ret", "bytes", "count", "counts", "nr", "id", "ids", "lost", "te", "tr", "dte", "dtr", "rel", "ratio", "te_ms", "tr_ms",
        "raw", "te_us", "tr_us",
    ];

    private static readonly Dictionary<string, string[]> FieldsOf = new(StringComparer.Ordinal)
    {
        ["open"] = ["ret", "attr_size"],
        ["open_many"] = ["ret", "opened", "attr_size"],
        ["read"] = ReadFields,
        ["ioctl"] = ["ret", "id"],
        ["poll"] = ["ret", "revents"],
        ["signals"] = ["ret", "in", "hup"],
        ["slab"] = ["ret", "active"],
    };

    private static readonly string[] OnlyRet = ["ret"];

    /// <summary>Every field that some operation gives.</summary>
    public static IReadOnlyList<string> AllFields { get; } = [.. OnlyRet.Concat(FieldsOf.Values.SelectMany(f => f)).Distinct()];

    public IReadOnlyDictionary<string, Expectation> Read(string op, JsonFields expect)
    {
        string[] known = FieldsOf.GetValueOrDefault(op, OnlyRet);
        var byVariant = new SortedDictionary<string, Expectation>(StringComparer.Ordinal);
        if (!expect.Item.Members.Any(m => kernels.Contains(m.Name)))
        {
            byVariant[""] = One(expect, known);
            return byVariant;
        }

        expect.RejectUnknown([.. kernels]);
        foreach (string kernel in kernels)
        {
            byVariant[kernel] = One(JsonFields.Of(expect.File, expect.Required(kernel), $"expect field of {op}"), known);
        }

        return byVariant;
    }

    private Expectation One(JsonFields fields, string[] known)
    {
        fields.RejectUnknown(known);
        return new Expectation
        {
            Ret = Ret(fields),
            Numbers = Numbers(fields),
            Ratio = fields.Optional("ratio") is { } ratio ? Ratio(fields, ratio) : null,
            Count = fields.Optional("count") is { } count ? Count(fields, count) : null,
            Counts = fields.Optional("counts") is { } counts ? [.. fields.ListOf(counts, "counts").Select(c => Count(fields, c))] : null,
            Raw = fields.Optional("raw") is { } raw ? Raw(fields, raw) : null,
            Ids = Ids(fields),
            Lost = fields.Optional("lost") is { } lost ? OneOrMore(fields, lost, "lost") : null,
            Relation = Relation(fields),
            Revents = fields.Has("revents") ? SortedNames(fields.Text("revents")) : null,
            Fields = [.. fields.Item.Members.Select(m => m.Name)],
        };
    }

    /// <summary>The names in <c>IN|HUP</c>, sorted.</summary>
    internal static IReadOnlyList<string> SortedNames(string names) =>
        [.. names.Split(['|', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static string? Ret(JsonFields fields)
    {
        if (!fields.Has("ret"))
        {
            return null;
        }

        string ret = fields.Text("ret");
        return ErrnoNames.OkAndErrnos.Contains(ret)
            ? ret
            : throw fields.Error(fields.Required("ret").At, $"unknown ret \"{ret}\"", KnownNames.Advice(ret, ErrnoNames.OkAndErrnos));
    }

    private SortedDictionary<string, ExpectedValue> Numbers(JsonFields fields)
    {
        var numbers = new SortedDictionary<string, ExpectedValue>(StringComparer.Ordinal);
        foreach (JsonMember member in fields.Item.Members)
        {
            ExpectedValue? value = member.Name switch
            {
                "bytes" or "nr" or "opened" or "in" or "hup" or "attr_size" or "active" =>
                    new ExpectedValue.Exactly(Whole(fields, member.Value, member.Name)),
                "te" or "tr" or "dte" or "dtr" => Sign(fields, member.Value, member.Name),
                "te_ms" or "tr_ms" => Span(fields, member.Value, member.Name),
                "te_us" or "tr_us" => Microseconds(fields, member.Value, member.Name),
                _ => null,
            };
            if (value is not null)
            {
                numbers[member.Name] = value;
            }
        }

        return numbers;
    }

    private static ExpectedValue Sign(JsonFields fields, JsonItem value, string name) => value switch
    {
        JsonTextItem { Value: "0" } => new ExpectedValue.Zero(),
        JsonTextItem { Value: "+" } => new ExpectedValue.Positive(),
        _ => throw fields.Error(value.At, $"\"{name}\" is {JsonFields.Shown(value)}", "write \"0\" or \"+\""),
    };

    private static ExpectedValue.Between Span(JsonFields fields, JsonItem value, string name)
    {
        JsonFields span = JsonFields.Of(fields.File, value, $"field of {name}");
        span.RejectUnknown(["min", "max"]);
        double min = span.FractionOf(span.Required("min"), "min");
        double max = span.FractionOf(span.Required("max"), "max");
        return min <= max ? new ExpectedValue.Between(min, max) : throw fields.Error(value.At, $"\"{name}\" has min above max", "swap them");
    }

    private ExpectedValue.Near Microseconds(JsonFields fields, JsonItem value, string name)
    {
        long recorded = Whole(fields, value, name);
        return new ExpectedValue.Near(recorded, recorded * Needed(fields, value, name).TimePercent / 100);
    }

    private ExpectedValue.Near Ratio(JsonFields fields, JsonItem value) =>
        value is JsonObjectItem
            ? WithTolerance(fields, value, "ratio")
            : new ExpectedValue.Near(fields.FractionOf(value, "ratio"), Needed(fields, value, "ratio").Ratio);

    /// <summary>A count. A bare number of a case with a tolerance was rounded to units on both sides, hence one unit more.</summary>
    private ExpectedValue Count(JsonFields fields, JsonItem value)
    {
        if (value is JsonObjectItem)
        {
            return WithTolerance(fields, value, "count");
        }

        if (value is JsonTextItem)
        {
            return Sign(fields, value, "count");
        }

        long count = Whole(fields, value, "count");
        return tolerance is null || count == 0
            ? new ExpectedValue.Exactly(count)
            : new ExpectedValue.Near(count, Math.Ceiling(count * tolerance.RawPercent / 100) + 1);
    }

    private static ExpectedValue.Near WithTolerance(JsonFields fields, JsonItem value, string name)
    {
        JsonFields near = JsonFields.Of(fields.File, value, $"field of {name}");
        near.RejectUnknown(["value", "tol"]);
        double tol = near.FractionOf(near.Required("tol"), "tol");
        return tol >= 0
            ? new ExpectedValue.Near(near.FractionOf(near.Required("value"), "value"), tol)
            : throw fields.Error(near.Required("tol").At, "\"tol\" is negative", "write 0 or more");
    }

    private IReadOnlyList<long> Raw(JsonFields fields, JsonItem value)
    {
        Needed(fields, value, "raw");
        return OneOrMore(fields, value, "raw");
    }

    private static IReadOnlyList<long> OneOrMore(JsonFields fields, JsonItem value, string name) =>
        [.. (value is JsonArrayItem list ? list.Items : [value]).Select(v => Whole(fields, v, name))];

    private static IReadOnlyList<string>? Ids(JsonFields fields)
    {
        if (fields.Optional("ids") is { } ids)
        {
            return [.. fields.ListOf(ids, "ids").Select(i => fields.TextOf(i, "ids"))];
        }

        return fields.Has("id") ? [fields.Text("id")] : null;
    }

    private static TimeRelation? Relation(JsonFields fields)
    {
        if (fields.Optional("rel") is not { } value)
        {
            return null;
        }

        return value switch
        {
            JsonTextItem { Value: "eq" } => TimeRelation.Equal,
            JsonTextItem { Value: "tr<te" } => TimeRelation.RunningLess,
            _ => throw fields.Error(value.At, $"\"rel\" is {JsonFields.Shown(value)}", "write \"eq\" or \"tr<te\""),
        };
    }

    private ConformTolerance Needed(JsonFields fields, JsonItem value, string name) =>
        tolerance ?? throw fields.Error(value.At, $"\"{name}\" without a tolerance", $"give the case a \"tolerance\" such as \"{ConformTolerance.Form}\"");

    private static long Whole(JsonFields fields, JsonItem value, string name) =>
        value is JsonNumberItem
            ? (long)fields.WholeOf(value, name, long.MinValue, long.MaxValue)
            : throw fields.Error(value.At, $"\"{name}\" is {JsonFields.Shown(value)}", "write a whole number");
}
