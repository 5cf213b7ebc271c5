using System.Reflection;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>What of a machine is replicated.</summary>
internal enum ReplicaKind : byte
{
    Event,
    Truth,
    Context,
    Task,
    Files,
    Cpu,
    Shadow,
    Cgroup,
    CgroupClock,
    Design,
}

/// <summary>The fields of the replicated objects: all but those named here.</summary>
internal sealed class ReplicatedTypes(GraphCodec codec)
{
    // Names, numbers and wiring that all replicas have from the start, and what belongs to the processor where it is.
    private static readonly Dictionary<Type, string[]> Without = new()
    {
        [typeof(PerfEvent)] = ["Id", "Name", "Pmu", "Book", "Meter", "Truth", "RefCount", "FileRefs"],
        [typeof(PerfContext)] = ["Id", "Kind", "Cpu", "Book", "KnownMemory", "LockedAtStep", "Occurrences", "RefCount", "PinCount"],
        [typeof(TaskStruct)] = ["Index", "Name", "IsRecorded", "Book", "KnownMemory", "Files", "Work", "Exec", "CountedIn", "PendingAnswer", "Doing", "_on"],
        [typeof(Cgroup)] = ["_clocks", "Name", "Parent"],
        [typeof(CgroupClock)] = ["Occurrences"],
        [typeof(EventTruth)] = ["_book"],
    };

    // Of these only what is named.
    private static readonly Dictionary<Type, string[]> Only = new()
    {
        [typeof(Cpu)] = ["Online", "Active", "Current", "_localClockNs"],
    };

    private static readonly Dictionary<Type, string[]> CounterNames = new()
    {
        [typeof(PerfEvent)] = ["RefCount", "FileRefs"],
        [typeof(PerfContext)] = ["RefCount", "PinCount"],
    };

    private readonly Dictionary<Type, FieldPlan[]> _plans = [];

    public FieldPlan[] PlansOf(Type type)
    {
        if (!_plans.TryGetValue(type, out FieldPlan[]? plans))
        {
            _plans[type] = plans = [.. Fields(type).Select(PlanOf)];
        }

        return plans;
    }

    /// <summary>Counts to which several nodes add and take away without a lock: each node's share goes by itself.</summary>
    public static PropertyInfo[] CountersOf(Type type) =>
        CounterNames.TryGetValue(type, out string[]? names) ? [.. names.Select(n => type.GetProperty(n)!)] : [];

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        IEnumerable<FieldInfo> all = type.Assembly == typeof(Machine).Assembly ? FieldsOf(type) : WithBases(type).SelectMany(FieldsOf);
        return Only.TryGetValue(type, out string[]? only) ? all.Where(f => only.Contains(PropertyOf(f)))
            : Without.TryGetValue(type, out string[]? without) ? all.Where(f => !without.Contains(PropertyOf(f)))
            : all;
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) => type
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .OrderBy(f => f.MetadataToken);

    // A design's classes may have bases of the design's.
    private static IEnumerable<Type> WithBases(Type type)
    {
        for (Type? t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            yield return t;
        }
    }

    private static string PropertyOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private FieldPlan PlanOf(FieldInfo field)
    {
        Type type = field.FieldType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Published<>))
        {
            return new PublishedPlan(field, PlanOf(type.GetField("_newest", BindingFlags.Instance | BindingFlags.NonPublic)!));
        }

        if (type.IsEnum || (type.IsPrimitive && type != typeof(double)))
        {
            // A task's state is counted where it is set.
            PropertyInfo? through = field.DeclaringType == typeof(TaskStruct) && PropertyOf(field) == nameof(TaskStruct.State)
                ? typeof(TaskStruct).GetProperty(nameof(TaskStruct.State))
                : null;
            return (FieldPlan)Activator.CreateInstance(typeof(NumberPlan<>).MakeGenericType(type), field, through)!;
        }

        if (Entities.Are(type) || (type.IsSealed && type.IsClass && type.GetMethod("<Clone>$") is not null))
        {
            return new ReferencePlan(field, codec);
        }

        Type? plan =
            type == typeof(GroupTree) ? typeof(GroupsPlan)
            : type.IsArray ? typeof(ItemsPlan<>).MakeGenericType(type.GetElementType()!)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? typeof(ItemsPlan<>).MakeGenericType(type.GetGenericArguments())
            : type.IsValueType ? typeof(StructPlan<>).MakeGenericType(type)
            : typeof(GraphPlan);
        return (FieldPlan)Activator.CreateInstance(plan, field, codec)!;
    }
}
