using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>Access to published fields. Where the machine is not fine-grained, each is done at once and is no step; otherwise others may come in just before it.</content>
public sealed partial class PerfCore
{
    /// <summary><c>READ_ONCE()</c>, <c>local64_read()</c>: ordered with nothing but this processor's loads of the same field.</summary>
    /// <param name="at">The field.</param>
    public KernelTask<T> ReadOnce<T>(Published<T> at) =>
        _cpu.Memory is { } memory ? memory.Read(at, acquire: false) : new KernelTask<T>(Of(at).Newest);

    /// <summary><c>smp_load_acquire()</c>; also <c>rcu_dereference()</c>, and any load of a pointer through which more is loaded.</summary>
    /// <param name="at">The field.</param>
    public KernelTask<T> LoadAcquire<T>(Published<T> at) =>
        _cpu.Memory is { } memory ? memory.Read(at, acquire: true) : new KernelTask<T>(Of(at).Newest);

    /// <summary>A plain assignment: until the next <c>barrier()</c> an NMI here may find it done before what was written before it.</summary>
    /// <param name="at">The field.</param>
    /// <param name="value">Its new value.</param>
    public KernelTask Store<T>(Published<T> at, T value) => Write(at, value, StoreKind.Plain);

    /// <summary><c>WRITE_ONCE()</c>, <c>local64_set()</c>: an NMI here sees such stores in order, another processor need not.</summary>
    /// <param name="at">The field.</param>
    /// <param name="value">Its new value.</param>
    public KernelTask WriteOnce<T>(Published<T> at, T value) => Write(at, value, StoreKind.Once);

    /// <summary><c>smp_store_release()</c>, <c>rcu_assign_pointer()</c>: who loads it with acquire sees all that was done before.</summary>
    /// <param name="at">The field.</param>
    /// <param name="value">Its new value.</param>
    public KernelTask StoreRelease<T>(Published<T> at, T value) => Write(at, value, StoreKind.Release);

    /// <summary><c>local64_add()</c>: one instruction to an NMI here; of another processor's addition at the same time one may be lost.</summary>
    /// <param name="at">The field.</param>
    /// <param name="delta">What to add.</param>
    public KernelTask LocalAdd(Published<long> at, long delta)
    {
        if (_cpu.Memory is { } memory)
        {
            return memory.Add(at, delta);
        }

        Of(at).Value = at.Newest + delta;
        return KernelTask.Done;
    }

    /// <summary><c>local64_cmpxchg()</c>: stores if the field has the expected value. One instruction to an NMI here, and a compiler barrier.</summary>
    /// <param name="at">The field.</param>
    /// <param name="old">The value that it is expected to have.</param>
    /// <param name="value">Its new value.</param>
    /// <returns>The value that it had; it was stored if that is <paramref name="old"/>.</returns>
    public KernelTask<T> LocalCmpxchg<T>(Published<T> at, T old, T value)
    {
        if (_cpu.Memory is { } memory)
        {
            return memory.Cmpxchg(at, old, value);
        }

        T found = Of(at).Newest;
        if (EqualityComparer<T>.Default.Equals(found, old))
        {
            at.Value = value;
        }

        return new KernelTask<T>(found);
    }

    /// <summary><c>barrier()</c>: for the compiler, and so for an NMI on this processor; on x86 it is all that <see cref="SmpWmb"/> and <see cref="SmpRmb"/> are.</summary>
    public void Barrier() => _cpu.Memory?.Barrier();

    /// <summary><c>smp_wmb()</c>: stores before it are seen before stores after it, by who has an <see cref="SmpRmb"/> in its place.</summary>
    public void SmpWmb() => _cpu.Memory?.SmpWmb();

    /// <summary><c>smp_rmb()</c>: loads after it see what belongs to the loads before it.</summary>
    public void SmpRmb() => _cpu.Memory?.SmpRmb();

    /// <summary><c>smp_mb()</c>: everything before it comes before everything after it.</summary>
    public void SmpMb() => _cpu.Memory?.SmpMb();

    /// <summary>The design's <see cref="ISharingDesign.Count"/> as a reader without the lock computes it: each look at a published value is a <c>READ_ONCE()</c>.</summary>
    /// <param name="e">The event.</param>
    /// <returns>Its own count, without children.</returns>
    public long LoadCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (_cpu.Memory is not { } memory)
        {
            return Design.Count(e);
        }

        memory.Lockless = true;
        long count = Design.Count(e);
        memory.Lockless = false;
        return count;
    }

    private KernelTask Write<T>(Published<T> at, T value, StoreKind kind)
    {
        if (_cpu.Memory is { } memory)
        {
            return memory.Write(at, value, kind);
        }

        Of(at).Value = value;
        return KernelTask.Done;
    }

    private static Published<T> Of<T>(Published<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        return at;
    }
}
