using System.Collections.Immutable;

namespace ActorPmu.Scenarios.Traces;

/// <summary>Counts by name. Allocates only when a name is new.</summary>
internal sealed class NameCounts
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    public bool Any => counts.Count > 0;

    public void Add(ReadOnlySpan<char> name)
    {
        var byName = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        byName[name] = byName.TryGetValue(name, out var n) ? n + 1 : 1;
    }

    public ImmutableSortedDictionary<string, int> ToCounts() => counts.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
