using ActorPmu.Kernel;
using ActorPmu.Scenarios;

namespace ActorPmu.Akka.Cluster;

/// <summary>What a machine on several nodes cannot do: told before it is built.</summary>
public static class Refusals
{
    /// <summary>Checks a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <exception cref="InputError">It cannot run on so many nodes.</exception>
    public static void Check(Scenario scenario, int nodes)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (nodes < 1 || nodes > scenario.Spec.CpuCount)
        {
            throw new InputError(
                scenario.File, 0, 0, $"{scenario.Spec.CpuCount} processors cannot be spread over {nodes} nodes",
                $"give --nodes 1 to {scenario.Spec.CpuCount}");
        }

        Check(scenario, new Placement(scenario.Spec, nodes));
    }

    /// <summary>Checks a scenario, with its processors where they are to be.</summary>
    /// <exception cref="InputError">It cannot run there.</exception>
    internal static void Check(Scenario scenario, Placement placement)
    {
        if (placement.Nodes == 1)
        {
            return;
        }

        if (scenario.Spec.FineGrained)
        {
            throw new InputError(
                scenario.File, 0, 0, "fine-grained: true orders single loads and stores, which nodes do not exchange one by one",
                "leave it out, or use one node");
        }

        foreach (ScriptTask task in scenario.Tasks)
        {
            foreach (ScriptStep step in task.Steps)
            {
                if (Problem(scenario, placement, task, step.Op) is { } problem)
                {
                    throw new InputError(scenario.File, step.Line, 0, problem.What, problem.Advice);
                }
            }
        }
    }

    private static (string What, string Advice)? Problem(Scenario scenario, Placement placement, ScriptTask task, TaskOp op) => op switch
    {
        RemoveCgroupOp => ("a cgroup cannot be removed while its tasks are on several nodes", "leave the step out, or use one node"),
        ForkOp { Thread: true } fork when !StayTogether(scenario, placement, task.Name, fork.Child) =>
            ($"{task.Name} and its thread {fork.Child} share descriptors, and may be on different nodes", "keep both on processors of one node"),
        _ => null,
    };

    private static bool StayTogether(Scenario scenario, Placement placement, string parent, string child)
    {
        HashSet<int> nodes = [];
        foreach (TaskSpec task in scenario.Spec.Tasks)
        {
            if (task.Name == parent || task.Name == child)
            {
                nodes.Add(placement.NodeOfCpu[task.Cpu]);
            }
        }

        foreach (ScriptTask script in scenario.Tasks)
        {
            foreach (ScriptStep step in script.Steps)
            {
                if (step.Op is MigrateOp m && (m.Task == parent || m.Task == child || (m.Task == "self" && (script.Name == parent || script.Name == child))))
                {
                    nodes.Add(placement.NodeOfCpu[Math.Clamp(m.Cpu, 0, scenario.Spec.CpuCount - 1)]);
                }
            }
        }

        return nodes.Count == 1;
    }
}
