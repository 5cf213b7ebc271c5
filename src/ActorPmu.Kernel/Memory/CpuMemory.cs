using System.Text;
using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>How a store is written.</summary>
internal enum StoreKind
{
    /// <summary>A plain assignment: the compiler may move it across others up to the next <c>barrier()</c>.</summary>
    Plain,

    /// <summary><c>WRITE_ONCE()</c>, <c>local64_set()</c>, <c>local64_add()</c>.</summary>
    Once,

    /// <summary><c>smp_store_release()</c>.</summary>
    Release,
}

/// <summary>Where a processor's accesses wait, and whom it asks.</summary>
internal interface IMemoryUser
{
    /// <summary>Its name in choices.</summary>
    ActorId Id { get; }

    /// <summary>Whether an NMI handler is executing.</summary>
    bool InNmi { get; }

    /// <summary>Lets an NMI or another processor come in between.</summary>
    KernelTask Pause();

    /// <summary>The one door for chance.</summary>
    int Choose(int optionCount, string what);
}

/// <summary>The published fields as one processor of a fine-grained machine sees them.</summary>
/// <remarks>
/// A view-based model (after Kang and others, POPL 2017, without promises): stores to a field have one order; a load may return any store that is not
/// older than what the processor has seen or been told of. Locks, IPIs and wake-ups tell everything; barriers tell by way of a store.
/// </remarks>
internal sealed class CpuMemory
{
    private readonly SharedMemory _shared;
    private readonly IMemoryUser _user;
    private readonly View _seen = new();
    private readonly View _unordered = new();
    private readonly StoreWindow _window = new();
    private View? _wmb;

    public CpuMemory(SharedMemory shared, IMemoryUser user)
    {
        _shared = shared;
        _user = user;
        shared.Add(this);
    }

    /// <summary>A reader without the lock is executing a function that does not wait: its plain looks at values are loads.</summary>
    public bool Lockless { get; set; }

    /// <summary>Loads find the newest stores.</summary>
    public bool IsStrong => _shared.Model == MemoryModel.SequentiallyConsistent;

    private bool IsTso => _shared.Model == MemoryModel.TotalStoreOrder;

    // ---- accesses that wait ----

    public async KernelTask<T> Read<T>(Published<T> at, bool acquire)
    {
        await _user.Pause();
        return Load(at, acquire);
    }

    public async KernelTask Write<T>(Published<T> at, T value, StoreKind kind)
    {
        await _user.Pause();
        Put(at, value, kind);
        if (!_user.InNmi && _window.HasPlain)
        {
            // Who comes now may find it done and a store before it not.
            await _user.Pause();
        }
    }

    public async KernelTask Add(Published<long> at, long delta)
    {
        await _user.Pause();
        Put(at, LoadToModify(at) + delta, StoreKind.Once);
    }

    public async KernelTask<T> Cmpxchg<T>(Published<T> at, T old, T value)
    {
        await _user.Pause();
        Barrier();
        T found = LoadToModify(at);
        if (EqualityComparer<T>.Default.Equals(found, old))
        {
            Put(at, value, StoreKind.Once);
        }

        Barrier();
        return found;
    }

    // ---- accesses ----

    public T Load<T>(Published<T> at, bool acquire)
    {
        at.Attach(_shared);
        int oldest = Math.Max(_seen[at.Location], at.OldestStore);
        int store = _user.InNmi && _window.FirstTo(at.Location) is { } first
            ? LoadInNmi(at, first)
            : IsStrong ? at.NewestStore : Ask(at, oldest, at.NewestStore);
        _seen.Raise(at.Location, store);
        if (at.MessageAt(store) is { } message)
        {
            (acquire || IsTso ? _seen : _unordered).Join(message);
        }

        if (acquire)
        {
            Barrier();
        }

        return at.ValueAt(store);
    }

    public void Put<T>(Published<T> at, T value, StoreKind kind)
    {
        at.Attach(_shared);
        if (kind == StoreKind.Release)
        {
            Barrier();
        }

        bool tells = kind == StoreKind.Release || (IsTso && kind == StoreKind.Once);
        int store = at.Append(value, tells ? _seen.Copy() : _wmb);
        _seen.Raise(at.Location, store);
        if (IsStrong)
        {
            return;
        }

        if (!_user.InNmi)
        {
            _window.Add(at.Location, store, kind == StoreKind.Plain);
        }
        else
        {
            _window.SeeAll(at.Location);
        }
    }

    /// <summary>Whether the processor can load nothing older any more.</summary>
    public bool Knows<T>(Published<T> at)
    {
        at.Attach(_shared);
        return IsStrong || _seen[at.Location] >= at.NewestStore;
    }

    // ---- barriers ----

    public void Barrier()
    {
        if (!_user.InNmi)
        {
            _window.Clear();
        }

        if (IsTso)
        {
            OrderStores();
            _seen.Join(_unordered);
        }
    }

    public void SmpWmb()
    {
        Barrier();
        OrderStores();
    }

    public void SmpRmb()
    {
        Barrier();
        _seen.Join(_unordered);
    }

    public void SmpMb()
    {
        SmpRmb();
        _seen.Join(_shared.Fences);
        _shared.Fences.Join(_seen);
        OrderStores();
    }

    // ---- what goes with locks, interrupts and tasks ----

    /// <summary>What the processor has seen and done so far, to be handed on.</summary>
    public View Tell()
    {
        _window.Clear();
        return _seen.Copy();
    }

    /// <summary>Something was handed on to this processor.</summary>
    public void Learn(View? told)
    {
        _window.Clear();
        _seen.Join(told);
    }

    public void TellMutex(ActorId mutex) => _shared.UnlockMutex(mutex, Tell());

    public void LearnFromMutex(ActorId mutex) => Learn(_shared.KnownOf(mutex));

    public void PathBegins()
    {
        if (_user.InNmi)
        {
            _window.NmiBegins();
        }

        _seen.Join(_unordered);
        _seen.Join(_shared.Drained);
    }

    public void PathEnds()
    {
        if (!_user.InNmi)
        {
            _window.Clear();
            _shared.Drained.Join(_seen);
        }
    }

    public void StepBegins() => _shared.Executing = this;

    public void StepEnds() => _shared.Executing = null;

    internal int OldestOf(int location) =>
        _window.FirstTo(location) is { } first ? Math.Min(first - 1, _seen[location]) : _seen[location];

    private void OrderStores() => _wmb = _seen.Copy();

    // What a handler changes, it finds as the path under it has written it.
    private T LoadToModify<T>(Published<T> at)
    {
        at.Attach(_shared);
        if (_user.InNmi)
        {
            _window.SeeAll(at.Location);
        }

        if (_shared.AddsAtOnce)
        {
            _seen.Raise(at.Location, at.NewestStore);
        }

        return Load(at, acquire: false);
    }

    // The interrupted path's stores since its last compiler barrier, in any order that its compiler may have chosen.
    private int LoadInNmi<T>(Published<T> at, int first)
    {
        Span<int> options = stackalloc int[StoreWindow.StoresMax + 1];
        int count = _window.Options(at.Location, first - 1, options);
        int store = options[count == 1 ? 0 : _user.Choose(count, What(at, options[..count]))];
        _window.Saw(at.Location, store);
        return Math.Max(store, at.OldestStore);
    }

    private int Ask<T>(Published<T> at, int oldest, int newest)
    {
        int count = newest - oldest + 1;
        if (count <= 1)
        {
            return newest;
        }

        int[] options = new int[count];
        for (int i = 0; i < count; i++)
        {
            options[i] = newest - i;
        }

        return options[_user.Choose(count, What(at, options))];
    }

    private string What<T>(Published<T> at, ReadOnlySpan<int> options)
    {
        StringBuilder text = new($"{_user.Id} loads {at}: {at.TextAt(options[0])}");
        for (int i = 1; i < options.Length; i++)
        {
            text.Append(i == options.Length - 1 ? " or " : ", ").Append(at.TextAt(options[i]));
        }

        return text.ToString();
    }
}
