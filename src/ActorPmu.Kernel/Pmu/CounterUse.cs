namespace ActorPmu.Kernel;

/// <summary>A counter that is programmed, and for which event.</summary>
/// <param name="Counter">Counter index: general counters from 0, fixed counters from 32.</param>
/// <param name="Event">The event it counts for.</param>
public readonly record struct CounterUse(int Counter, EventId Event);
