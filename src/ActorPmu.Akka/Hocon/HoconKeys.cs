using ActorPmu.Scenarios;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorPmu.Akka.Hocon;

/// <summary>The keys that a file of settings may have: those of Akka's reference, and ours.</summary>
/// <remarks>Akka takes any key and looks only for those that it knows: a misspelt one has no effect and no message. Hence this.</remarks>
public sealed class HoconKeys
{
    private const string AnyDispatcher = "akka.actor.default-dispatcher";

    // What users name themselves: below these any key is good.
    private static readonly string[] Open =
    [
        "akka.actor.deployment", "akka.actor.serializers", "akka.actor.serialization-bindings", "akka.actor.serialization-identifiers",
        "akka.actor.router.type-mapping",
    ];

    // Keys of dispatchers that the reference has for some of them only, or not at all.
    private static readonly string[] OfDispatchers =
    [
        "mailbox-type", "dedicated-thread-pool.thread-count", "dedicated-thread-pool.deadlock-timeout", "dedicated-thread-pool.threadtype",
        "channel-executor.priority",
    ];

    private readonly SortedDictionary<string, SortedSet<string>> _children = new(StringComparer.Ordinal);
    private readonly List<string> _open = [.. Open];

    /// <summary>Takes the keys of Akka's reference, and dispatchers of ours.</summary>
    /// <param name="dispatchers">The paths of our dispatchers: each may have what Akka's default one may.</param>
    public HoconKeys(params string[] dispatchers)
    {
        ArgumentNullException.ThrowIfNull(dispatchers);
        AddReference(ConfigurationFactory.Default());
        string[] keys = [.. Below(AnyDispatcher), .. OfDispatchers];
        foreach (string key in keys.SelectMany(k => dispatchers.Append(AnyDispatcher).Append("akka.actor.internal-dispatcher").Select(d => $"{d}.{k}")))
        {
            Add(key);
        }
    }

    /// <summary>Takes the keys of another reference: Akka's remoting, its cluster.</summary>
    /// <param name="reference">The reference, as the module has it in its assembly.</param>
    /// <returns>These keys.</returns>
    public HoconKeys AddReference(Config reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        for (Config? at = reference; at is not null; at = at.Fallback)
        {
            if (at.Root?.IsObject() == true)
            {
                Walk("", at.Root.GetObject());
            }
        }

        return this;
    }

    /// <summary>Takes keys of ours.</summary>
    /// <param name="paths">Their full paths, for instance <c>actorpmu.cluster.min-nodes</c>.</param>
    /// <returns>These keys.</returns>
    public HoconKeys Add(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string path in paths)
        {
            string[] parts = path.Split('.');
            for (int i = 0; i < parts.Length; i++)
            {
                ChildrenOf(string.Join('.', parts[..i])).Add(parts[i]);
            }
        }

        return this;
    }

    /// <summary>Lets any key stand below a path.</summary>
    /// <param name="path">The path of a section whose keys the user names.</param>
    /// <returns>These keys.</returns>
    public HoconKeys AddOpen(string path)
    {
        _open.Add(path);
        return Add(path);
    }

    /// <summary>Whether there is such a key or section.</summary>
    /// <param name="path">The full path, its parts.</param>
    internal bool Knows(IReadOnlyList<string> path) => FirstUnknown(path) < 0;

    /// <summary>What to say of a path that is not known: the nearest key.</summary>
    /// <param name="path">The full path, its parts.</param>
    internal string Advice(IReadOnlyList<string> path)
    {
        int at = FirstUnknown(path);
        string parent = string.Join('.', path.Take(at));
        string before = parent.Length == 0 ? "" : parent + ".";
        if (KnownNames.Nearest(path[at], ChildrenOf(parent)) is { } near)
        {
            return $"did you mean \"{before}{near}\"?";
        }

        string? elsewhere = _children.SelectMany(c => c.Value.Select(v => c.Key.Length == 0 ? v : $"{c.Key}.{v}"))
            .FirstOrDefault(known => known.EndsWith("." + path[at], StringComparison.Ordinal));
        return elsewhere is not null ? $"did you mean \"{elsewhere}\"?" : KnownNames.Advice(path[at], ChildrenOf(parent));
    }

    private int FirstUnknown(IReadOnlyList<string> path)
    {
        for (int i = 0; i < path.Count; i++)
        {
            string parent = string.Join('.', path.Take(i));
            if (_open.Contains(parent))
            {
                return -1;
            }

            if (!ChildrenOf(parent).Contains(path[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private SortedSet<string> ChildrenOf(string path)
    {
        if (!_children.TryGetValue(path, out SortedSet<string>? children))
        {
            children = new SortedSet<string>(StringComparer.Ordinal);
            _children.Add(path, children);
        }

        return children;
    }

    private IEnumerable<string> Below(string path)
    {
        foreach (string child in ChildrenOf(path).ToArray())
        {
            yield return child;
            foreach (string deeper in Below($"{path}.{child}"))
            {
                yield return $"{child}.{deeper}";
            }
        }
    }

    private void Walk(string path, HoconObject section)
    {
        foreach ((string key, HoconValue value) in section.Items)
        {
            ChildrenOf(path).Add(key);
            if (value.IsObject())
            {
                Walk(path.Length == 0 ? key : $"{path}.{key}", value.GetObject());
            }
        }
    }
}
