using System.Collections;
using System.Globalization;
using System.Reflection;
using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Explorer;

/// <summary>A field as it is.</summary>
/// <param name="Name">Its name in the kernel's spelling, with those of the objects around it: <c>dup.master</c>.</param>
/// <param name="Value">Its value as reports print it.</param>
/// <param name="OfDesign">Whether a sharing design put it there.</param>
internal readonly record struct FieldValue(string Name, string Value, bool OfDesign);

/// <summary>Reads all fields of an event, a context or a task, design data included, in the order of their declaration.</summary>
/// <remarks>
/// Numbers, names and references to events, contexts, tasks and cgroups are values, and so are lists of them. A design's own objects are read
/// through, whatever their type. Other objects of the kernel are left out. Which fields a type has is looked up once for each reader.
/// </remarks>
internal sealed class FieldReader
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int DepthMax = 4;

    private static readonly string DesignDataName = KernelNames.Snake(nameof(PerfEvent.DesignData));
    private static readonly Assembly[] Machinery = [typeof(PerfEvent).Assembly, typeof(Actor).Assembly, typeof(object).Assembly];

    private readonly Dictionary<Type, (string Name, FieldInfo Field)[]> _fields = [];

    /// <summary>The fields of an object.</summary>
    /// <param name="of">The object.</param>
    public List<FieldValue> Read(object of)
    {
        List<FieldValue> values = [];
        Read(of, "", ofDesign: false, depth: 0, values);
        return values;
    }

    private void Read(object of, string prefix, bool ofDesign, int depth, List<FieldValue> values)
    {
        foreach ((string name, FieldInfo field) in FieldsOf(of.GetType()))
        {
            bool design = ofDesign || name == DesignDataName;
            Add(field.GetValue(of), name == DesignDataName ? prefix : prefix + name, design, depth, values);
        }
    }

    private void Add(object? value, string name, bool ofDesign, int depth, List<FieldValue> values)
    {
        // Design data is looked through, so that its fields read as the event's own: the patch puts them into struct perf_event.
        bool isData = name.Length == 0 || name.EndsWith('.');
        if (TextOf(value) is { } text)
        {
            if (!isData)
            {
                values.Add(new FieldValue(name, text, ofDesign));
            }
        }
        else if (ofDesign && value is not null && depth < DepthMax && Array.IndexOf(Machinery, value.GetType().Assembly) < 0)
        {
            Read(value, isData ? name : name + ".", ofDesign, depth + 1, values);
        }
    }

    private string? TextOf(object? value) => value switch
    {
        null => "NULL",
        string or PerfEvent or PerfContext => value.ToString(),
        TaskStruct task => task.Name,
        Cgroup cgroup => cgroup.Name,
        bool truth => truth ? "true" : "false",
        Enum => value.ToString(),
        GroupTree tree => ListOf(tree.All()),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        EventId or ActorId or ValueTuple<int, int> => value.ToString(),
        IDictionary map => ListOf(map.Keys.Cast<object>().Select(k => $"{TextOf(k)}={TextOf(map[k])}").Order(StringComparer.Ordinal)),
        IEnumerable list => IsOrdered(list) ? ListOf(list) : ListOf(list.Cast<object?>().Select(TextOf).Order(StringComparer.Ordinal)),
        _ when value.GetType() is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(Published<>) => TextOf(NewestOf(t, value)),
        _ => null,
    };

    private object? NewestOf(Type published, object value) => Array.Find(FieldsOf(published), f => f.Name == "newest").Field.GetValue(value);

    // What is not a value itself is counted, not shown.
    private string ListOf(IEnumerable list)
    {
        List<string> items = [];
        foreach (object? item in list)
        {
            items.Add(TextOf(item) ?? "…");
        }

        return $"[{string.Join(", ", items)}]";
    }

    private static bool IsOrdered(IEnumerable list) => list is IList || list.GetType().Name.StartsWith("Sorted", StringComparison.Ordinal)
        || list.GetType().Name.StartsWith("Queue", StringComparison.Ordinal);

    private (string Name, FieldInfo Field)[] FieldsOf(Type type)
    {
        if (_fields.TryGetValue(type, out (string, FieldInfo)[]? known))
        {
            return known;
        }

        List<(string, FieldInfo)> fields = [];
        for (Type? t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            fields.AddRange(t.GetFields(Declared).OrderBy(f => f.MetadataToken).Select(f => (NameOf(f), f)));
        }

        return _fields[type] = [.. fields];
    }

    // <DupMaster>k__BackingField, <cpu>P, _designData, StateField → dup_master, cpu, design_data, state
    private static string NameOf(FieldInfo field)
    {
        string name = field.Name;
        if (name.StartsWith('<'))
        {
            name = name[1..name.IndexOf('>', StringComparison.Ordinal)];
        }

        name = KernelNames.Snake(name.TrimStart('_'));
        return name.EndsWith("_field", StringComparison.Ordinal) ? name[..^"_field".Length] : name;
    }
}
