using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Wire;

/// <summary>Objects that every replica of a machine has: they go over the wire as their names.</summary>
internal sealed class Entities(Machine machine, DesignObjects objects)
{
    // Below are the constants of the design.
    private const int Nothing = -1;

    private readonly Dictionary<int, PerfContext> _contexts = machine.Contexts.ToDictionary(c => c.Id.Index);

    public Machine Machine => machine;

    public DesignObjects Objects => objects;

    public static bool Are(Type type) =>
        type == typeof(PerfEvent) || type == typeof(PerfContext) || type == typeof(TaskStruct) || type == typeof(Cgroup)
        || type == typeof(PmuType) || type == typeof(PmuHardware) || type == typeof(Machine);

    public void Add(PerfContext ctx) => _contexts[ctx.Id.Index] = ctx;

    public void Write(WireWriter w, object? value) => w.Long(value switch
    {
        null => Nothing,
        PerfEvent { Id.Value: < 0 } e => Nothing - 1 - IndexOf(objects.Constants, e),
        PerfEvent e => e.Id.Value,
        PerfContext c => c.Id.Index,
        TaskStruct t => t.Index,
        Cgroup c => IndexOf(machine.Cgroups, c),
        PmuType p => IndexOf(machine.PmuTypes, p),
        PmuHardware h => IndexOf(h),
        _ => 0,
    });

    public object? Read(WireReader r, Type type)
    {
        int id = r.Int();
        if (id == Nothing)
        {
            return null;
        }

        object? found =
            type == typeof(PerfEvent) ? (id < 0 ? At(objects.Constants, Nothing - 1 - id) : machine.Find(new EventId(id)))
            : type == typeof(PerfContext) ? _contexts.GetValueOrDefault(id)
            : type == typeof(TaskStruct) ? At(machine.Tasks, id)
            : type == typeof(Cgroup) ? At(machine.Cgroups, id)
            : type == typeof(PmuType) ? At(machine.PmuTypes, id)
            : type == typeof(PmuHardware) ? HardwareAt(id)
            : machine;
        return found ?? throw new WireException($"there is no {type.Name} {id} here");
    }

    private static int IndexOf<T>(IReadOnlyList<T> list, T item)
        where T : class
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (ReferenceEquals(list[i], item))
            {
                return i;
            }
        }

        throw new WireException($"{item} is not of this machine");
    }

    private static T? At<T>(IReadOnlyList<T> list, int index)
        where T : class? => index >= 0 && index < list.Count ? list[index] : null;

    private int IndexOf(PmuHardware hardware)
    {
        for (int cpu = 0; cpu < machine.Cpus.Count; cpu++)
        {
            IReadOnlyList<Pmu?> pmus = machine.Cpus[cpu].Pmus;
            for (int i = 0; i < pmus.Count; i++)
            {
                if (ReferenceEquals(pmus[i]?.Hardware, hardware))
                {
                    return Pmu.IdOf(cpu, i).Index;
                }
            }
        }

        throw new WireException("a PMU is not of this machine");
    }

    private PmuHardware? HardwareAt(int id) => At(machine.Cpus, id / 4) is { } cpu ? At(cpu.Pmus, id % 4)?.Hardware : null;
}
