namespace ActorPmu.Scenarios.Conform;

/// <summary>What the kernel answered to one step; null and empty fields were not recorded and are not compared.</summary>
public sealed record Expectation
{
    /// <summary><c>ok</c> or the name of an errno.</summary>
    public string? Ret { get; init; }

    /// <summary>bytes, nr, opened, in, hup, attr_size, active and the times te, tr, dte, dtr, te_ms, tr_ms, te_us, tr_us, by field name in ordinal order.</summary>
    public required IReadOnlyDictionary<string, ExpectedValue> Numbers { get; init; }

    /// <summary>The ratio running/enabled.</summary>
    public ExpectedValue? Ratio { get; init; }

    /// <summary>The count of a plain read.</summary>
    public ExpectedValue? Count { get; init; }

    /// <summary>The counts of a group read.</summary>
    public IReadOnlyList<ExpectedValue>? Counts { get; init; }

    /// <summary>The 64-bit values, in instructions; their tolerance depends on the event.</summary>
    public IReadOnlyList<long>? Raw { get; init; }

    /// <summary>Event names behind ids: one for <c>id</c>.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Lost records.</summary>
    public IReadOnlyList<long>? Lost { get; init; }

    /// <summary>Whether time running equals time enabled or is less.</summary>
    public TimeRelation? Relation { get; init; }

    /// <summary>The names of poll's bits, sorted.</summary>
    public IReadOnlyList<string>? Revents { get; init; }

    /// <summary>The names of the recorded fields, in the order of the file.</summary>
    public required IReadOnlyList<string> Fields { get; init; }
}

/// <summary>How time running stands to time enabled.</summary>
public enum TimeRelation
{
    /// <summary>Both are the same: <c>eq</c>.</summary>
    Equal,

    /// <summary>Time running is less: <c>tr&lt;te</c>.</summary>
    RunningLess,
}
