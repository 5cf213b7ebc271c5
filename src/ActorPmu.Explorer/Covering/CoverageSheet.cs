namespace ActorPmu.Explorer;

/// <summary>How often something was taken.</summary>
/// <param name="Table">What kind of thing: one of <see cref="CoverageTables"/>.</param>
/// <param name="What">Which: a state transition, a hook, a function.</param>
/// <param name="Column">In what state or with what outcome; empty where there is none.</param>
public readonly record struct CoverageKey(string Table, string What, string Column) : IComparable<CoverageKey>
{
    /// <inheritdoc/>
    public int CompareTo(CoverageKey other)
    {
        int byTable = string.CompareOrdinal(Table, other.Table);
        int byWhat = string.CompareOrdinal(What, other.What);
        return byTable != 0 ? byTable : byWhat != 0 ? byWhat : string.CompareOrdinal(Column, other.Column);
    }
}

/// <summary>The names of the coverage tables.</summary>
public static class CoverageTables
{
    /// <summary>From what state to what state events went, as seen between two steps.</summary>
    public const string States = "event states";

    /// <summary>What was delivered, and what the receiver was doing.</summary>
    public const string Messages = "messages";

    /// <summary>Which hooks of the design were called, with what outcome.</summary>
    public const string Hooks = "design hooks";

    /// <summary>Which functions of perf core were entered: those that may wait. In schedules.</summary>
    public const string Functions = "perf core";

    /// <summary>Which functions of the design were entered: those that may wait. In schedules.</summary>
    public const string DesignFunctions = "design functions";

    /// <summary>What happened in some schedule. In schedules.</summary>
    public const string Sometimes = "sometimes";
}

/// <summary>What was taken how often, beside what could have been. Adding sheets up gives the same sheet in any order.</summary>
public sealed class CoverageSheet
{
    private readonly SortedDictionary<CoverageKey, long> _counts = [];
    private readonly SortedDictionary<string, ulong> _accepting = new(StringComparer.Ordinal);
    private readonly SortedDictionary<CoverageKey, ulong> _classes = [];

    /// <summary>All keys in order, with their counts; 0 for what was never taken though it could be.</summary>
    /// <remarks>A message could be delivered in each state of its receiver in which messages of its class were accepted at some time.</remarks>
    public IEnumerable<KeyValuePair<CoverageKey, long>> Counts
    {
        get
        {
            SortedDictionary<CoverageKey, long> all = new(_counts);
            foreach ((CoverageKey message, ulong classes) in _classes)
            {
                foreach ((string state, ulong mask) in _accepting)
                {
                    if ((mask & classes) != 0 && state.StartsWith(message.Column, StringComparison.Ordinal))
                    {
                        all.TryAdd(new CoverageKey(message.Table, message.What, state), 0);
                    }
                }
            }

            // What was delivered somewhere is not listed once more for being delivered nowhere in some part of the runs.
            HashSet<string> somewhere = new(all.Keys.Where(k => k.Table == CoverageTables.Messages && k.Column.Length > 0).Select(k => k.What), StringComparer.Ordinal);
            return all.Where(c => c.Key.Table != CoverageTables.Messages || c.Key.Column.Length > 0 || !somewhere.Contains(c.Key.What));
        }
    }

    /// <summary>How often something was taken; 0 if never.</summary>
    /// <param name="table">The table.</param>
    /// <param name="what">Which.</param>
    /// <param name="column">The column.</param>
    public long Count(string table, string what, string column = "") => _counts.GetValueOrDefault(new CoverageKey(table, what, column));

    /// <summary>Notes that something was taken, or with 0 that it could be.</summary>
    /// <param name="table">The table.</param>
    /// <param name="what">Which.</param>
    /// <param name="column">The column.</param>
    /// <param name="times">How often, 0 or more.</param>
    public void Add(string table, string what, string column = "", long times = 1)
    {
        CoverageKey key = new(table, what, column);
        _counts[key] = _counts.GetValueOrDefault(key) + times;
    }

    /// <summary>Adds another sheet.</summary>
    /// <param name="other">The other one; it stays as it is.</param>
    public void Add(CoverageSheet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((CoverageKey key, long count) in other._counts)
        {
            Add(key.Table, key.What, key.Column, count);
        }

        foreach ((string state, ulong mask) in other._accepting)
        {
            _accepting[state] = _accepting.GetValueOrDefault(state) | mask;
        }

        foreach ((CoverageKey message, ulong classes) in other._classes)
        {
            _classes[message] = _classes.GetValueOrDefault(message) | classes;
        }
    }

    /// <summary>Notes a delivery.</summary>
    /// <param name="message">What kind of message.</param>
    /// <param name="receiver">What kind of receiver, with a space behind.</param>
    /// <param name="state">What the receiver was doing; begins with <paramref name="receiver"/>.</param>
    /// <param name="acceptClass">The message's class.</param>
    /// <param name="mask">What the receiver accepts in that state.</param>
    internal void AddMessage(string message, string receiver, string state, byte acceptClass, ulong mask)
    {
        Add(CoverageTables.Messages, message, state);
        _accepting[state] = _accepting.GetValueOrDefault(state) | mask;
        CoverageKey key = new(CoverageTables.Messages, message, receiver);
        _classes[key] = _classes.GetValueOrDefault(key) | 1UL << acceptClass;
    }
}
