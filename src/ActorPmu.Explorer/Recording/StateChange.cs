namespace ActorPmu.Explorer;

/// <summary>One field that a step changed.</summary>
/// <param name="Place">The field, as in <c>U.dup_master</c> or <c>ctx/0.nr_active</c>.</param>
/// <param name="Before">Its value before the step; empty when there was no such field.</param>
/// <param name="After">Its value after the step; empty when there is no such field any more.</param>
/// <param name="IsDetail">Whether it is book-keeping, which a short report leaves out.</param>
public sealed record StateChange(string Place, string Before, string After, bool IsDetail)
{
    /// <summary>Whether it is a field of an event or a context, which more than one processor may want; not of a processor or a task.</summary>
    public bool IsShared { get; init; }

    /// <summary>The change in kernel words.</summary>
    public string Text { get; init; } =
        After.Length == 0 ? $"{Place} is gone" : Before.Length == 0 ? $"{Place} is {After}" : $"{Place}: {Before} → {After}";

    /// <inheritdoc/>
    public override string ToString() => Text;
}
