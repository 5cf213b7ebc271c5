using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>What must hold when a run is over, whatever the scenario: nothing leaked, nobody stuck.</summary>
internal static class EndChecks
{
    public static void Check(Machine machine, RunEnd end)
    {
        switch (end)
        {
            case RunEnd.Finished:
                CheckLeaks(machine);
                break;
            case RunEnd.Deadlock:
                ReportDeadlock(machine);
                break;
            case RunEnd.StepBound:
                machine.Report(Property.NoLivelock, $"the run has not ended after {machine.Host.Steps} steps", Unfinished(machine));
                break;
            default:
                // Halted: what stopped the run has been reported. Abandoned: nobody wants to know.
                break;
        }
    }

    /// <summary>Objects that are not freed, and that no event on a context's list (the watchdog's) still follows.</summary>
    internal static IEnumerable<(int Object, string What, int Bytes)> Leaked(Machine machine) =>
        machine.Allocator.Live.Where(o => !machine.Contexts.Any(
            ctx => ctx.EventList.Exists(e => machine.Design.CounterOwner(e)?.ObjectId == o.Object)));

    private static void CheckLeaks(Machine machine)
    {
        List<string> live = [];
        foreach ((int number, string what, int bytes) in Leaked(machine))
        {
            PerfEvent? e = machine.Find(new EventId(number));
            live.Add(e is null ? $"{what} {number}, {bytes} bytes" : $"{what} {number}, {bytes} bytes: {e}");
        }

        if (live.Count > 0)
        {
            machine.Report(Property.NoLeak, $"{live.Count} objects are not freed at the end of the run", live);
        }
    }

    private static void ReportDeadlock(Machine machine)
    {
        IReadOnlyList<WaitEdge> waits = machine.Host.Waits();
        IReadOnlyList<WaitEdge> cycle = FindCycle(waits);
        if (cycle.Count > 0)
        {
            string path = string.Join(" → ", cycle.Select(edge => edge.Waiter)) + " → " + cycle[0].Waiter;
            machine.Report(Property.NoDeadlock, $"deadlock: {path}", [.. cycle.Select(Line), .. Unfinished(machine)]);
        }
        else
        {
            machine.Report(
                Property.NoDeadlock, "nobody can go on, and nobody waits in a circle: a wake-up is missing",
                [.. waits.Select(Line), .. Unfinished(machine)]);
        }
    }

    /// <summary>The first circle of the wait-for graph in the order of its edges, each edge once; empty when there is none.</summary>
    internal static IReadOnlyList<WaitEdge> FindCycle(IReadOnlyList<WaitEdge> edges)
    {
        SortedSet<string> done = new(StringComparer.Ordinal);
        foreach (WaitEdge first in edges)
        {
            List<WaitEdge> path = [];
            if (Walk(first.Waiter, edges, path, done) is { } closing)
            {
                int from = path.FindIndex(edge => edge.Waiter == closing);
                return path.GetRange(from, path.Count - from);
            }
        }

        return [];
    }

    // Depth first; answers the node that closes a circle with the path, or null. Nodes that lead nowhere are not walked twice.
    private static string? Walk(string node, IReadOnlyList<WaitEdge> edges, List<WaitEdge> path, SortedSet<string> done)
    {
        if (path.Exists(edge => edge.Waiter == node))
        {
            return node;
        }

        if (done.Contains(node))
        {
            return null;
        }

        foreach (WaitEdge edge in edges)
        {
            if (edge.Waiter != node)
            {
                continue;
            }

            path.Add(edge);
            if (Walk(edge.WaitsFor, edges, path, done) is { } closing)
            {
                return closing;
            }

            path.RemoveAt(path.Count - 1);
        }

        done.Add(node);
        return null;
    }

    private static string Line(WaitEdge edge) => $"{edge.Waiter} waits for {edge.WaitsFor}: {edge.Why}";

    private static List<string> Unfinished(Machine machine)
    {
        List<string> lines = [];
        foreach (TaskStruct task in machine.Tasks)
        {
            if (task.State is TaskState.Runnable or TaskState.Sleeping)
            {
                lines.Add($"{task.Name} is {(task.State == TaskState.Runnable ? "runnable" : "asleep")} on cpu/{task.Cpu}");
            }
        }

        foreach (Cpu cpu in machine.Cpus)
        {
            IReadOnlyList<string> stack = cpu.StackTrace();
            if (stack.Count > 0)
            {
                lines.Add($"cpu/{cpu.Index}:");
                lines.AddRange(stack.Select(frame => "  " + frame));
            }
        }

        return lines;
    }
}
