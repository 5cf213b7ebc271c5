using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>Plays a workload in virtual time.</summary>
public static class Simulation
{
    private const long StepsBetweenReports = 1 << 18;

    /// <summary>Runs a workload under a design.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="design">The design; a fresh one.</param>
    /// <param name="progress">Told now and then how far the run is; may be null.</param>
    /// <param name="stepsMax">The step bound.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SimulationResult Run(
        Workload workload, ISharingDesign design, Action<SimulationProgress>? progress = null,
        long stepsMax = long.MaxValue, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(design);
        List<ToolProgram> tools = [.. workload.Tools.Select(tool => new ToolProgram(tool, workload.Spec.CpuCount))];
        Machine machine = new(SpecOf(workload, tools), design, hasClock: true) { HaltOnViolation = false };
        machine.AfterOperation = (m, task, op, result) => tools[task.Index].Took(m, task, op, result);
        VirtualTimeChooser chooser = new();
        RunEnd end;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            end = machine.World.Run(chooser, Math.Min(stepsMax, machine.World.Steps + StepsBetweenReports));
            progress?.Invoke(
                new SimulationProgress(design.Name, machine.World.NowNs, workload.Recorded.LengthNs, machine.World.Steps));
        }
        while (end == RunEnd.StepBound && machine.World.Steps < stepsMax);

        if (end == RunEnd.Deadlock)
        {
            machine.Report(Property.NoDeadlock, "nobody can go on", [.. machine.World.Waits().Select(w => w.ToString())]);
        }

        return ResultOf(workload, design, machine, tools, end);
    }

    private static MachineSpec SpecOf(Workload workload, List<ToolProgram> tools) => workload.Spec with
    {
        Cgroups = workload.Recorded.Cgroups,
        Tasks = [.. workload.Tools.Select((tool, i) => new TaskSpec(tool.Name, 0, () => tools[i]))],
        Recording = workload.Recorded.Recording with { Watchers = tools.Count },
    };

    private static SimulationResult ResultOf(
        Workload workload, ISharingDesign design, Machine machine, List<ToolProgram> tools, RunEnd end)
    {
        List<EventMeasure> events = [];
        for (int t = 0; t < tools.Count; t++)
        {
            events.AddRange(workload.Tools[t].Events.Select((e, i) => Measure(workload.Tools[t], e, i, tools[t])));
        }

        int leaked = machine.Leaked.Count(o => o.What == "perf_event");
        if (leaked > 0 && end == RunEnd.Finished)
        {
            machine.Report(Property.NoLeak, $"{leaked} {(leaked == 1 ? "event is" : "events are")} not freed at the end of the run");
        }

        MachineCosts costs = machine.Costs;
        return new SimulationResult
        {
            Design = design.Name,
            Events = events,
            Costs = new SimulationCosts(
                costs.Switches, costs.PmuAdds, costs.PmuDels, costs.PmuReads, costs.Ipis, costs.Rotations, costs.CountersMax,
                machine.Allocator.Granted),
            SimulatedNs = machine.World.NowNs,
            Steps = machine.World.Steps,
            Moves = machine.MovesPlayed,
            Broken = [.. machine.Violations.GroupBy(v => v.Signature, StringComparer.Ordinal).Select(g => new BrokenProperty(g.First(), g.Count()))],
            Bounded = end == RunEnd.StepBound,
        };
    }

    private static EventMeasure Measure(WorkloadTool tool, ToolEvent e, int index, ToolProgram program)
    {
        EventMeasure sum = new(tool.Name, tool.On, e.Name) 
        {
            TrueCount = e.Attr.Type == PerfType.Software ? null : 0,
            Samples = e.Attr.IsSampling ? 0 : null,
        };
        for (int i = 0; i < program.Opened.Count; i++)
        {
            if (program.Opened[i].Event != index)
            {
                continue;
            }

            ToolReading reading = program.Readings[i];
            ReadRecord read = reading.Read ?? new ReadRecord(0, [], 0, 0);
            sum = sum with
            {
                Count = sum.Count + read.Value,
                TrueCount = sum.TrueCount + reading.TrueCount,
                Samples = sum.Samples + reading.Samples,
                EnabledNs = sum.EnabledNs + read.TimeEnabledNs,
                RunningNs = sum.RunningNs + read.TimeRunningNs,
                Estimate = sum.Estimate + Scale(read.Value, read.TimeEnabledNs, read.TimeRunningNs),
                OpenError = sum.OpenError == Errno.Ok ? reading.OpenError : sum.OpenError,
            };
        }

        return sum;
    }

    // perf_counts_values__scale(), but exact and rounded to the nearest.
    private static long Scale(long count, long enabledNs, long runningNs) =>
        runningNs == 0 ? 0 : (long)((((Int128)count * enabledNs) + (runningNs / 2)) / runningNs);
}
