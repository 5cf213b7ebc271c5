using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>How deep a processor is in interrupts.</summary>
public enum ContextLevel : byte
{
    /// <summary>A task, or the scheduler on its behalf.</summary>
    Task,

    /// <summary>A hard interrupt.</summary>
    HardIrq,

    /// <summary>A non-maskable interrupt.</summary>
    Nmi,
}

/// <summary>The class of a lock: what lockdep keys its graph by.</summary>
public enum LockClass
{
    /// <summary><c>cpu_add_remove_lock</c>: processors come and go one at a time.</summary>
    CpuAddRemoveLock,

    /// <summary><c>task->signal->cred_guard_mutex</c>.</summary>
    CredGuardMutex,

    /// <summary><c>task->perf_event_mutex</c>.</summary>
    PerfEventMutex,

    /// <summary><c>pmus_lock</c>.</summary>
    PmusLock,

    /// <summary><c>ctx->mutex</c> of a processor.</summary>
    CpuCtxMutex,

    /// <summary><c>ctx->mutex</c> of a task.</summary>
    CtxMutex,

    /// <summary><c>event->child_mutex</c>.</summary>
    ChildMutex,

    /// <summary><c>rq->lock</c>.</summary>
    RqLock,

    /// <summary><c>cpuctx->ctx.lock</c>.</summary>
    CpuCtxLock,

    /// <summary><c>ctx->lock</c> of a task.</summary>
    CtxLock,

    /// <summary>The slab allocator's list lock, <c>spinlock_t</c> in v5.3.</summary>
    SlabLock,
}

/// <summary>What may happen while a lock is waited for (<c>enum lockdep_wait_type</c>, v5.7).</summary>
public enum WaitType
{
    /// <summary>Spins: <c>raw_spinlock_t</c>.</summary>
    Spin = 2,

    /// <summary>Spins, or sleeps on PREEMPT_RT: <c>spinlock_t</c>.</summary>
    Config = 3,

    /// <summary>Sleeps: <c>mutex</c>.</summary>
    Sleep = 4,
}

/// <summary>A lock that is held.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Id">Which of its class.</param>
public readonly record struct HeldLock(LockClass Class, ActorId Id);

/// <summary>Names and wait types of the lock classes.</summary>
public static class LockClasses
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)LockClass.SlabLock + 1;

    private static readonly string[] MutexLocks = [.. Enum.GetValues<LockClass>().Select(c => $"mutex_lock({Name(c)})")];

    /// <summary>The call that takes a mutex of that class, as stacks print it.</summary>
    public static string MutexLock(LockClass c) => MutexLocks[(int)c];

    /// <summary>The name that lockdep prints.</summary>
    public static string Name(LockClass c) => c switch
    {
        LockClass.CpuAddRemoveLock => "cpu_add_remove_lock",
        LockClass.CredGuardMutex => "&sig->cred_guard_mutex",
        LockClass.PerfEventMutex => "&p->perf_event_mutex",
        LockClass.PmusLock => "pmus_lock",
        LockClass.CpuCtxMutex => "&cpuctx_mutex",
        LockClass.CtxMutex => "&ctx->mutex",
        LockClass.ChildMutex => "&event->child_mutex",
        LockClass.RqLock => "&rq->lock",
        LockClass.CpuCtxLock => "&cpuctx_lock",
        LockClass.CtxLock => "&ctx->lock",
        _ => "&(&n->list_lock)->rlock",
    };

    /// <summary>What may happen while it is waited for.</summary>
    public static WaitType Wait(LockClass c) => c switch
    {
        LockClass.RqLock or LockClass.CpuCtxLock or LockClass.CtxLock => WaitType.Spin,
        LockClass.SlabLock => WaitType.Config,
        _ => WaitType.Sleep,
    };
}

/// <summary>An execution context of a processor: the kernel stack of a task, of an interrupt, of the scheduler.</summary>
public sealed class ExecContext(ContextLevel level, int path)
{
    private readonly List<HeldLock> _held = [];
    private ContextRoot? _root;

    /// <summary>How deep in interrupts it is.</summary>
    public ContextLevel Level { get; } = level;

    /// <summary>The locks held, in the order in which they were taken.</summary>
    public IReadOnlyList<HeldLock> Held => _held;

    /// <summary>How often interrupts were switched off in it.</summary>
    public int IrqsOff { get; internal set; }

    /// <summary>How often preemption was switched off, apart from spinlocks.</summary>
    public int PreemptOff { get; internal set; }

    /// <summary>A path is under way in it, running or suspended.</summary>
    public bool Running { get; internal set; }

    /// <summary>It waits for something that takes the processor off it.</summary>
    public bool Sleeping { get; internal set; }

    internal int Path { get; } = path;

    internal ContextRoot Root => _root ??= new ContextRoot(this);

    internal Waiter Waiter { get; } = new();

    internal string WaitsFor { get; set; } = "";

    internal ActorId WaitsForActor { get; set; }

    /// <summary>Whether a spinlock is held.</summary>
    public bool HoldsSpinlock
    {
        get
        {
            for (int i = 0; i < _held.Count; i++)
            {
                if (LockClasses.Wait(_held[i].Class) != WaitType.Sleep)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a lock is held.</summary>
    /// <param name="id">The actor behind the lock.</param>
    /// <param name="spin">Its spinlock rather than its mutex.</param>
    public bool Holds(ActorId id, bool spin)
    {
        for (int i = 0; i < _held.Count; i++)
        {
            if (_held[i].Id == id && (LockClasses.Wait(_held[i].Class) == WaitType.Sleep) != spin)
            {
                return true;
            }
        }

        return false;
    }

    internal void Push(HeldLock held) => _held.Add(held);

    internal void Pop(LockClass c, ActorId id)
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (_held[i].Class == c && _held[i].Id == id)
            {
                _held.RemoveAt(i);
                return;
            }
        }

        throw new InvalidOperationException($"{LockClasses.Name(c)} of {id} is released and not held");
    }
}

/// <summary>Tells the processor that an execution context has ended its path.</summary>
internal sealed class ContextRoot(ExecContext context) : PathRoot
{
    public Cpu Cpu { get; set; } = null!;

    protected override void OnEnd() => Cpu.PathEnded(context);
}
