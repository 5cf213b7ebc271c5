using System.Globalization;

namespace ActorPmu.Kernel;

/// <summary>A field that the kernel reads without the lock: a count, a state, a pointer.</summary>
/// <typeparam name="T">A number, an enum or a reference.</typeparam>
/// <remarks>
/// <see cref="PerfCore"/> has the accesses: <c>ReadOnce</c>, <c>WriteOnce</c>, <c>Store</c>, <c>LoadAcquire</c>, <c>StoreRelease</c>,
/// <c>LocalAdd</c>, <c>LocalCmpxchg</c>. Each is a place where an NMI may land and another processor may look, if the machine is fine-grained; otherwise
/// it is done at once. <see cref="Value"/> is for whoever holds the lock that the stores are made under, and for properties.
/// </remarks>
/// <param name="name">The field's name, as in <c>dup_master</c>.</param>
/// <param name="initial">Its first value, which everybody sees.</param>
/// <param name="owner">What it is a field of, for messages; null if it stands alone.</param>
public sealed class Published<T>(string name, T initial, object? owner = null)
{
    private T _newest = initial;
    private SharedMemory? _memory;
    private List<(T Value, View? Message)>? _stores;
    private int _dropped;

    /// <summary>The newest value. Where stores are recorded, setting it is a store (<c>WRITE_ONCE()</c>) of the processor that executes.</summary>
    /// <remarks>Inside <see cref="ISharingDesign.Count"/>, when that is asked for a reader without the lock, getting it is such a reader's load.</remarks>
    public T Value
    {
        get => _memory?.Executing is { Lockless: true } reader ? reader.Load(this, acquire: false) : _newest;
        set
        {
            if (_memory is null)
            {
                _newest = value;
            }
            else if (_memory.Executing is { } cpu)
            {
                cpu.Put(this, value, StoreKind.Once);
            }
            else
            {
                // Before the run, or outside of any processor: everybody knows it.
                _dropped = NewestStore + 1;
                _stores = [(value, null)];
                _newest = value;
            }
        }
    }

    internal T Newest => _newest;

    internal int Location { get; private set; } = -1;

    internal int NewestStore => _dropped + _stores!.Count - 1;

    internal int OldestStore => _dropped;

    /// <inheritdoc/>
    public override string ToString() => owner is null ? name : $"{owner}.{name}";

    internal void Attach(SharedMemory memory)
    {
        if (_memory is null)
        {
            _memory = memory;
            Location = memory.NewLocation();
            _stores = [(_newest, null)];
        }
    }

    internal T ValueAt(int store) => _stores![store - _dropped].Value;

    internal View? MessageAt(int store) => _stores![store - _dropped].Message;

    internal string TextAt(int store) =>
        ValueAt(store) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : "NULL";

    internal int Append(T value, View? message)
    {
        _newest = value;
        _stores!.Add((value, message));
        int old = _memory!.OldestSeen(Location) - _dropped;
        if (old > 0)
        {
            _stores.RemoveRange(0, old);
            _dropped += old;
        }

        return NewestStore;
    }
}
