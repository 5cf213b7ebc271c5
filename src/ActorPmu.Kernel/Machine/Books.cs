using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>What the steps of several actors look at and change, for <see cref="Footprint"/>: one place for each object that is not an actor's own.</summary>
/// <remarks>
/// Contexts, mutexes and the allocator touch only what is their own. A place is a whole object, whichever of its fields is touched, and a list
/// that is asked for counts as changed: too much is sound. What a context's lock orders anyway makes no race. Left out on purpose: costs,
/// which only add up; the lock-order graph, which is the same for all orders of the same
/// acquisitions; the comparison of counters with events (<see cref="Invariants"/>), which looks at the same pair in any order.
/// </remarks>
internal static class Books
{
    /// <summary>Descriptor tables, cgroups and their clocks.</summary>
    public const ulong FilesAndCgroups = 0;

    /// <summary>The truth about the counters of a processor.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfPmus(int cpu) => (1UL << 40) | (uint)cpu;

    /// <summary>Who runs on a processor, its clock, and whether it is online.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfCpu(int cpu) => (2UL << 40) | (uint)cpu;

    /// <summary>A task.</summary>
    /// <param name="task">Its index.</param>
    public static ulong OfTask(int task) => (3UL << 40) | (uint)task;

    /// <summary>An event, with its truth and its part of the design's data.</summary>
    /// <param name="id">The event.</param>
    public static ulong OfEvent(EventId id) => (4UL << 40) | (uint)id.Value;

    /// <summary>A context, with its part of the design's data.</summary>
    /// <param name="id">The context.</param>
    public static ulong OfContext(ActorId id) => (5UL << 40) | (uint)id.Index;
}
