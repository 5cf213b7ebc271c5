using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>Cgroups by path, as a machine wants them: parents first.</summary>
internal sealed class CgroupTree
{
    private const string Root = "root";

    private readonly List<CgroupSpec> _specs = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<CgroupSpec> Specs => _specs;

    /// <summary>Adds a path with all that is above it.</summary>
    /// <param name="path">Begins with <c>/</c>.</param>
    /// <returns>The cgroup's name in the machine.</returns>
    public string Add(string path)
    {
        path = path.TrimEnd('/');
        if (path.Length == 0)
        {
            return Root;
        }

        if (_known.Add(path))
        {
            string parent = Add(path[..path.LastIndexOf('/')]);
            _specs.Add(new CgroupSpec(path, parent == Root ? null : parent));
        }

        return path;
    }

    /// <summary>The cgroups that a path, or the end of one, may mean.</summary>
    public static IReadOnlyList<string> Matches(IReadOnlyList<CgroupSpec> specs, string path)
    {
        if (path is "/" or Root)
        {
            return [Root];
        }

        string whole = "/" + path.Trim('/');
        return specs.Any(s => s.Name == whole)
            ? [whole]
            : [.. specs.Select(s => s.Name).Where(name => name.EndsWith(whole, StringComparison.Ordinal))];
    }
}
