using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>What the steps of several actors look at and change, for <see cref="Footprint"/>: one place for each object that is not an actor's own.</summary>
/// <remarks>
/// Contexts, mutexes and the allocator touch only what is their own. A place is an object, or those of its fields that others look at for
/// reasons of their own; a list that is asked for counts as changed: too much is sound. What a context's lock orders anyway makes no race. Left out on purpose: costs,
/// which only add up; the lock-order graph, which is the same for all orders of the same
/// acquisitions; the comparison of counters with events (<see cref="Invariants"/>), which looks at the same pair in any order.
/// </remarks>
internal static class Books
{
    /// <summary>Descriptor tables, cgroups and their clocks.</summary>
    public const ulong FilesAndCgroups = 0;

    /// <summary>Whether any event has been mapped.</summary>
    public const ulong Pages = 1;

    /// <summary>The truth about the counters of a processor.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfPmus(int cpu) => (1UL << 40) | (uint)cpu;

    /// <summary>Whether a processor is online.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfCpu(int cpu) => (2UL << 40) | (uint)cpu;

    /// <summary>Who runs on a processor.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfRunning(int cpu) => (6UL << 40) | (uint)cpu;

    /// <summary>The clock of a processor.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfClock(int cpu) => (7UL << 40) | (uint)cpu;

    /// <summary>A task, but for what has a place of its own.</summary>
    /// <param name="task">Its index.</param>
    public static ulong OfTask(int task) => (3UL << 40) | (uint)task;

    /// <summary>The processor on whose queue a task is: its script asks at each operation.</summary>
    /// <param name="task">Its index.</param>
    public static ulong OfTaskCpu(int task) => (8UL << 40) | (uint)task;

    /// <summary>The contexts of a task.</summary>
    /// <param name="task">Its index.</param>
    public static ulong OfTaskContexts(int task) => (9UL << 40) | (uint)task;

    /// <summary>The descriptors of a task, and the events that it has opened.</summary>
    /// <param name="task">Its index.</param>
    public static ulong OfTaskFiles(int task) => (10UL << 40) | (uint)task;

    /// <summary>An event, with its truth and its part of the design's data.</summary>
    /// <param name="id">The event.</param>
    public static ulong OfEvent(EventId id) => (4UL << 40) | (uint)id.Value;

    /// <summary>Who holds an event: references, descriptors, owner, and whether it is freed.</summary>
    /// <param name="id">The event.</param>
    public static ulong OfEventLife(EventId id) => (11UL << 40) | (uint)id.Value;

    /// <summary>A context, with its part of the design's data.</summary>
    /// <param name="id">The context.</param>
    public static ulong OfContext(ActorId id) => (5UL << 40) | (uint)id.Index;

    /// <summary>Who holds a context, and whether its processor is online.</summary>
    /// <param name="id">The context.</param>
    public static ulong OfContextLife(ActorId id) => (12UL << 40) | (uint)id.Index;
}
