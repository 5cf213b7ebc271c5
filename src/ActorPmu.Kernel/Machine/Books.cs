namespace ActorPmu.Kernel;

/// <summary>What the steps of several actors look at and change, for <see cref="Actors.Footprint"/>.</summary>
/// <remarks>
/// Contexts, mutexes and the allocator touch only what is their own. A processor touches what perf core keeps for the whole machine, so that the
/// order of any two steps of processors counts; and its own PMUs, whose steps check what it has scheduled.
/// </remarks>
internal static class Books
{
    /// <summary>Tasks, events, contexts, the design's own data, who is online.</summary>
    public const ulong PerfCore = 0;

    /// <summary>The counters of a processor, the truth about them, and the checks that compare the two.</summary>
    /// <param name="cpu">The processor.</param>
    public static ulong OfPmus(int cpu) => (ulong)cpu + 1;
}
