using ActorPmu.Kernel;
using ActorPmu.Scenarios.Traces;
using ActorPmu.Scenarios.Workloads;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Workloads;

/// <summary>Workloads to run, and what came of them.</summary>
internal static class WorkloadRuns
{
    public static SimulationResult None(Workload workload) => Simulation.Run(workload, new NoSharing());

    public static SimulationResult V6(Workload workload) => Simulation.Run(workload, new V6());

    public static EventMeasure Of(this SimulationResult result, string tool, string e) =>
        Assert.Single(result.Events, m => m.Tool == tool && m.Event == e);

    /// <summary>Synthetic tasks under some tools, on one CPU of Skylake unless said otherwise.</summary>
    public static Workload Synthetic(string duration, string tasks, string tools, string machine = "{ profile: skl-ht }") =>
        Workload.Parse(
            $$"""
            machine: {{machine}}
            duration: {{duration}}
            synthetic: [ {{tasks}} ]
            rates: { cycles: 2000, instructions: 1500, ref-cycles: 1800, cache-misses: 7 }
            tools: [ {{tools}} ]
            """, "test.yaml");

    /// <summary>The lines of a trace under some tools.</summary>
    public static Workload Traced(string trace, string tools, string more = "")
    {
        string folder = Directory.CreateTempSubdirectory("actorpmu").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "t.txt"), trace);
            return Workload.Parse(
                $$"""
                machine: { profile: skl-ht }
                trace: t.txt
                rates: { cycles: 2 }
                {{more}}
                tools: [ {{tools}} ]
                """, Path.Combine(folder, "test.yaml"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static RecordedWorkload Schedule(string trace) => TraceRecording.Make(
        SchedTrace.Read(new StringReader(trace), "t.txt"), task => new TaskBehaviour(task.Comm.StartsWith("idle", StringComparison.Ordinal), default), []);

    public static string[] Moves(RecordedWorkload recorded) =>
        [.. recorded.Recording.Moves.Select(m => FormattableString.Invariant($"{m.TimeNs / 1000} cpu{m.Cpu} {Text(recorded, m)}"))];

    private static string Text(RecordedWorkload recorded, RecordedMove move)
    {
        IReadOnlyList<RecordedTask> tasks = recorded.Recording.Tasks;
        return move switch
        {
            RecordedSwitch { Task: < 0 } => "idle",
            RecordedSwitch m => tasks[m.Task].Name,
            RecordedFork m => "fork " + tasks[m.Child].Name,
            RecordedExit => "exit",
            RecordedExec => "exec",
            RecordedCgroupMove m => $"{tasks[m.Task].Name} to {m.Cgroup}",
            _ => move.Label,
        };
    }
}
