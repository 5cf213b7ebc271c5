using System.Reflection;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>The objects that a design keeps with events and contexts: each has a number that all nodes know, so that they may share, and hold each other.</summary>
/// <remarks>
/// Which they are: objects of classes of the design's own assembly that are no records. A number is taken when an object is first met, by a
/// node that met it; two nodes never take the same. The events that a design has made for itself, as constants, are known on all nodes by their place.
/// </remarks>
internal sealed class DesignObjects
{
    private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, object> _objects = [];
    private readonly Dictionary<Type, bool> _are = [];
    private readonly List<(int Number, object Object)> _found = [];
    private readonly Assembly _assembly;
    private readonly int _node;
    private readonly int _nodes;
    private int _taken;

    public DesignObjects(ISharingDesign design, int node, int nodes)
    {
        (_assembly, _node, _nodes) = (design.GetType().Assembly, node, nodes);
        Constants =
        [
            .. _assembly.GetTypes()
                .Where(t => !t.ContainsGenericParameters)
                .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Where(f => f.FieldType == typeof(PerfEvent))
                .OrderBy(f => f.DeclaringType!.FullName, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => (PerfEvent)f.GetValue(null)!),
        ];
    }

    /// <summary>The events that are in no machine.</summary>
    public IReadOnlyList<PerfEvent> Constants { get; }

    /// <summary>Called with the number of an object that was met again.</summary>
    public Action<int>? Met { get; set; }

    /// <summary>Whether objects of a type are such.</summary>
    public bool Are(Type type)
    {
        if (!_are.TryGetValue(type, out bool are))
        {
            are = type is { IsClass: true, IsArray: false } && type.Assembly == _assembly && type.GetMethod("<Clone>$") is null
                && !typeof(Delegate).IsAssignableFrom(type) && !typeof(ISharingDesign).IsAssignableFrom(type);
            _are.Add(type, are);
        }

        return are;
    }

    /// <summary>An object's number; a new one if it has none.</summary>
    public int NumberOf(object value)
    {
        if (_numbers.TryGetValue(value, out int number))
        {
            Met?.Invoke(number);
            return number;
        }

        number = _node + (_nodes * _taken);
        Add(number, value);
        _found.Add((number, value));
        return number;
    }

    /// <summary>The object of a number, or null.</summary>
    public object? Find(int number) => _objects.GetValueOrDefault(number);

    /// <summary>Takes over an object that another node has numbered.</summary>
    public void Add(int number, object value)
    {
        _numbers.Add(value, number);
        _objects.Add(number, value);
        if (number % _nodes == _node)
        {
            // A node that comes in the place of one that went goes on from its numbers.
            _taken = Math.Max(_taken, (number / _nodes) + 1);
        }
    }

    /// <summary>Those that got their numbers here since the last call.</summary>
    public (int Number, object Object)[] TakeFound()
    {
        if (_found.Count == 0)
        {
            return [];
        }

        (int Number, object Object)[] found = [.. _found];
        _found.Clear();
        return found;
    }
}
