namespace ActorPmu.Scenarios.Conform;

/// <summary>What a target answered to one step. A field that the operation does not give is null.</summary>
public sealed record StepAnswer
{
    /// <summary>An operation that succeeded and gives nothing else.</summary>
    public static StepAnswer Ok { get; } = new();

    /// <summary><c>ok</c>, or the name of the errno.</summary>
    public string Ret { get; init; } = "ok";

    /// <summary>What read(2) returned, in bytes; 0 is end of file.</summary>
    public long? Bytes { get; init; }

    /// <summary>The counts of a read in the kernel's order, one for a plain read. Units of work for a..d, f where the case has a unit, else as read.</summary>
    public IReadOnlyList<long>? Values { get; init; }

    /// <summary>The 64-bit values behind <see cref="Values"/>, in instructions. Null: <see cref="Values"/> times the unit of the case.</summary>
    public IReadOnlyList<long>? Raw { get; init; }

    /// <summary>The number of events that a group read says it holds.</summary>
    public long? Nr { get; init; }

    /// <summary>The names of the events behind the ids that a read or the ID ioctl gave, in the kernel's order.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Lost records, one for each value.</summary>
    public IReadOnlyList<long>? Lost { get; init; }

    /// <summary>Time enabled, nanoseconds.</summary>
    public long? TimeEnabledNs { get; init; }

    /// <summary>Time running, nanoseconds.</summary>
    public long? TimeRunningNs { get; init; }

    /// <summary>How many siblings <c>open_many</c> got before the refusal in <see cref="Ret"/>.</summary>
    public long? Opened { get; init; }

    /// <summary>The names of the bits that poll gave, such as <c>HUP</c> or <c>IN|HUP</c>; empty when none.</summary>
    public string? Revents { get; init; }

    /// <summary>POLL_IN signals since last asked.</summary>
    public long? SignalsIn { get; init; }

    /// <summary>POLL_HUP signals since last asked.</summary>
    public long? SignalsHup { get; init; }

    /// <summary>What the kernel wrote back into <c>attr.size</c> on E2BIG, in bytes.</summary>
    public long? AttrSize { get; init; }

    /// <summary>Objects in use in the slab cache that was asked for.</summary>
    public long? Active { get; init; }

    /// <summary>An operation that was refused.</summary>
    /// <param name="errno">The name of the errno.</param>
    /// <returns>The answer with that errno and nothing else.</returns>
    public static StepAnswer Refused(string errno) => new() { Ret = errno };
}
