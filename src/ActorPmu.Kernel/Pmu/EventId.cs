namespace ActorPmu.Kernel;

/// <summary>Names a perf_event. Unique in a run, on every CPU.</summary>
/// <param name="Value">0 or more; ids are handed out in the order in which events are opened.</param>
public readonly record struct EventId(int Value);
