using ActorPmu.Kernel;
using ActorPmu.Scenarios.Traces;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>A workload to be simulated: a machine, a schedule, and tools that count. Immutable: one workload, many runs.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Story">What it shows, from the file's first comment.</param>
/// <param name="Spec">The machine, without tools and schedule.</param>
/// <param name="Recorded">The schedule.</param>
/// <param name="Tools">The tools, in the order of the file; the watchdog first.</param>
public sealed record Workload(
    string File, string Story, MachineSpec Spec, RecordedWorkload Recorded, IReadOnlyList<WorkloadTool> Tools)
{
    /// <summary>The trace that the schedule was made of, and its name; null for a synthetic one.</summary>
    public (string File, SchedTrace Trace)? Trace { get; init; }

    /// <summary>Reads a workload file, and the trace that it names.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputError">The file, or the trace, cannot be used.</exception>
    /// <exception cref="TraceInputException">The trace is no scheduler trace.</exception>
    public static Workload Load(string path) =>
        Parse(InputFile.Text(path, "name a workload file, like config/workloads/four-tools.yaml"), path);

    /// <summary>Reads a workload from text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name to use in errors; a trace is looked for beside it.</param>
    /// <exception cref="InputError">The text, or the trace, cannot be used.</exception>
    /// <exception cref="TraceInputException">The trace is no scheduler trace.</exception>
    public static Workload Parse(string text, string file) => new WorkloadReader(new YamlSource(text, file)).Read();
}
