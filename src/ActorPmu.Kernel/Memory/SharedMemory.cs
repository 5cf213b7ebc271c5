using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>What the processors of one machine have in common: the published fields and what has been made known by whom.</summary>
internal sealed class SharedMemory(MemoryModel model, bool addsAtOnce)
{
    private readonly List<CpuMemory> _cpus = [];
    private readonly Dictionary<ActorId, View> _ofMutexes = [];
    private int _locations;

    public MemoryModel Model { get; } = model;

    /// <summary>Nobody's store comes between the load and the store of an addition.</summary>
    public bool AddsAtOnce { get; } = addsAtOnce;

    /// <summary>The processor that executes this step, or null outside of one.</summary>
    public CpuMemory? Executing { get; set; }

    /// <summary>What <c>smp_mb()</c> has made known.</summary>
    public View Fences { get; } = new();

    /// <summary>What paths that have ended made known to those that begin: a store buffer is empty long before an interrupt or a system call is over.</summary>
    public View Drained { get; } = new();

    /// <summary>A mutex is unlocked by who knows so much.</summary>
    public void UnlockMutex(ActorId mutex, View known) => _ofMutexes[mutex] = known;

    /// <summary>What the last holder of a mutex knew, or null if there was none.</summary>
    public View? KnownOf(ActorId mutex) => _ofMutexes.GetValueOrDefault(mutex);

    public int NewLocation() => _locations++;

    public void Add(CpuMemory cpu) => _cpus.Add(cpu);

    /// <summary>The oldest store of a field that anybody may still see.</summary>
    public int OldestSeen(int location)
    {
        int oldest = int.MaxValue;
        for (int i = 0; i < _cpus.Count; i++)
        {
            oldest = Math.Min(oldest, _cpus[i].OldestOf(location));
        }

        return oldest;
    }
}
