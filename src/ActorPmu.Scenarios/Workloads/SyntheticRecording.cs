using System.Collections.Immutable;
using System.Globalization;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>A made-up task that runs and sleeps in turn.</summary>
/// <param name="Name">Its name; with several of a kind, the number follows.</param>
/// <param name="Cpu">Its CPU.</param>
/// <param name="RunNs">How long it runs each time, ns, 1 or more; nobody takes the CPU from it.</param>
/// <param name="SleepNs">How long it sleeps after that, ns; 0 to queue again at once.</param>
public sealed record SyntheticTask(string Name, int Cpu, long RunNs, long SleepNs)
{
    /// <summary>When it first wants the CPU, ns.</summary>
    public long StartNs { get; init; }

    /// <summary>How many of its kind there are, 1 or more.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Its cgroup's path; null for the root.</summary>
    public string? Cgroup { get; init; }

    /// <summary>What a microsecond of its user time does to the counters.</summary>
    public Work Work { get; init; }
}

/// <summary>Makes a schedule of synthetic tasks: each CPU serves its own, first come, first served.</summary>
public static class SyntheticRecording
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="kinds">The tasks.</param>
    /// <param name="lengthNs">How long it lasts, ns.</param>
    public static RecordedWorkload Make(IReadOnlyList<SyntheticTask> kinds, long lengthNs)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        CgroupTree cgroups = new();
        List<RecordedTask> tasks = [];
        List<(SyntheticTask Kind, int Task)> all = [];
        SortedDictionary<string, ImmutableArray<string>> byName = new(StringComparer.Ordinal);
        foreach (SyntheticTask kind in kinds)
        {
            string? cgroup = kind.Cgroup is null ? null : cgroups.Add(kind.Cgroup);
            List<string> names = [];
            for (int i = 1; i <= kind.Count; i++)
            {
                string name = kind.Count == 1 ? kind.Name : string.Create(CultureInfo.InvariantCulture, $"{kind.Name}:{i}");
                all.Add((kind, tasks.Count));
                tasks.Add(new RecordedTask(name, Forked: false) { Work = kind.Work, Cgroup = cgroup });
                names.Add(name);
            }

            byName[kind.Name] = [.. byName.GetValueOrDefault(kind.Name, []), .. names];
        }

        int cpuCount = kinds.Count == 0 ? 1 : kinds.Max(k => k.Cpu) + 1;
        List<RecordedMove> moves = [];
        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            Serve(cpu, [.. all.Where(t => t.Kind.Cpu == cpu)], lengthNs, moves);
        }

        moves.Sort((a, b) => a.TimeNs != b.TimeNs ? a.TimeNs.CompareTo(b.TimeNs) : a.Cpu.CompareTo(b.Cpu));
        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            moves.Add(new RecordedSwitch(lengthNs, cpu, -1));
        }

        return new RecordedWorkload
        {
            Recording = new Recording { Tasks = tasks, Moves = moves },
            Cgroups = cgroups.Specs,
            CpuCount = cpuCount,
            LengthNs = lengthNs,
            TasksByComm = byName.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    private static void Serve(int cpu, (SyntheticTask Kind, int Task)[] tasks, long lengthNs, List<RecordedMove> moves)
    {
        // Who wants the CPU, by the time since when, then in the order of asking.
        PriorityQueue<(SyntheticTask Kind, int Task), (long SinceNs, long Turn)> ready = new();
        long turn = 0;
        foreach ((SyntheticTask Kind, int Task) t in tasks)
        {
            ready.Enqueue(t, (t.Kind.StartNs, turn++));
        }

        long nowNs = 0;
        int current = -1;
        while (ready.TryDequeue(out (SyntheticTask Kind, int Task) next, out (long SinceNs, long Turn) at))
        {
            if (at.SinceNs > nowNs && current >= 0)
            {
                SwitchTo(-1);
            }

            nowNs = Math.Max(nowNs, at.SinceNs);
            if (nowNs >= lengthNs)
            {
                return;
            }

            SwitchTo(next.Task);
            nowNs += next.Kind.RunNs;
            ready.Enqueue(next, (nowNs + next.Kind.SleepNs, turn++));
        }

        void SwitchTo(int task)
        {
            if (task != current && nowNs < lengthNs)
            {
                moves.Add(new RecordedSwitch(nowNs, cpu, task));
                current = task;
            }
        }
    }
}
