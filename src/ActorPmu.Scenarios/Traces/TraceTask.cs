namespace ActorPmu.Scenarios.Traces;

/// <summary>A task of a trace. The idle task is not one.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Comm">The last name an event gave it; empty when no event names it.</param>
/// <param name="Parent">The task that forked it, of the last fork with this number as child; null when the trace has no such fork.</param>
public sealed record TraceTask(TracePid Pid, string Comm, TracePid? Parent);
