using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>How an operation of a script may end.</summary>
public sealed record StepExpectation
{
    /// <summary>What every operation is expected to do unless its script says otherwise: to work.</summary>
    public static readonly StepExpectation Works = new();

    /// <summary>Anything may happen.</summary>
    public static readonly StepExpectation Anything = new() { Errors = [] };

    /// <summary>The errors that it may end with; empty for any.</summary>
    public IReadOnlyList<Errno> Errors { get; init; } = [Errno.Ok];

    /// <summary>The value that it returns; null for any.</summary>
    public ValueRange? Value { get; init; }

    /// <summary>The values of a group's read by the names of their descriptors; empty for any.</summary>
    public IReadOnlyList<(string Fd, ValueRange Value)> Values { get; init; } = [];

    /// <summary>It reads end of file, as a pinned event without a counter does.</summary>
    public bool EndOfFile { get; init; }

    /// <summary>Whether it has to work.</summary>
    public bool MustWork => Errors is [Errno.Ok];

    /// <summary>Whether a result is as expected.</summary>
    /// <param name="result">The result.</param>
    public bool Holds(OpResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (Errors.Count > 0 && !Errors.Contains(result.Error))
        {
            return false;
        }

        if (result.Error != Errno.Ok)
        {
            return true;
        }

        bool atEnd = result.Read is { Bytes: 0 };
        bool wantsValue = Value is not null || Values.Count > 0;
        return atEnd ? !wantsValue : !EndOfFile && ValuesHold(result);
    }

    /// <summary>As files write it.</summary>
    public override string ToString() =>
        EndOfFile ? "eof"
        : Value is { } value ? value.ToString()
        : Values.Count > 0 ? string.Join(", ", Values.Select(v => $"{v.Fd}={v.Value}"))
        : Errors.Count == 0 ? "any"
        : string.Join(" or ", Errors.Select(e => e == Errno.Ok ? "ok" : e.ToString()));

    private bool ValuesHold(OpResult result)
    {
        if (Value is { } value && !value.Has(result.Read?.Value ?? result.Value))
        {
            return false;
        }

        foreach ((string fd, ValueRange wanted) in Values)
        {
            if (result.Read?.Entries.FirstOrDefault(e => e.Name == fd) is not { } entry || !wanted.Has(entry.Value))
            {
                return false;
            }
        }

        return true;
    }
}
