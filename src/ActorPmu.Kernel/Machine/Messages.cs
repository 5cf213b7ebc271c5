using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>The acceptance classes of the machine's messages.</summary>
internal static class Accept
{
    public const byte Nmi = 0;
    public const byte Irq = 1;
    public const byte ReplyNmi = 2;
    public const byte ReplyIrq = 3;
    public const byte ReplyTask = 4;
    public const byte Wake = 5;
    public const byte Always = 6;
    public const byte LockAcquire = 7;
    public const byte MutexAcquire = 8;
    private const byte FirstUser = 16;
    private const int UserSlots = 48;

    public static byte User(int taskIndex) => (byte)(FirstUser + (taskIndex % UserSlots));

    public static ulong Bit(byte acceptClass) => 1UL << acceptClass;
}

/// <summary>Which execution context of a processor an answer is for.</summary>
internal static class PathIds
{
    public const int Irq = 0;
    public const int Nmi = 1;
    public const int Scheduler = 2;
    private const int FirstTask = 3;

    public static int OfTask(int taskIndex) => FirstTask + taskIndex;

    public static int TaskOf(int path) => path - FirstTask;
}

/// <summary>Where an answer goes.</summary>
/// <param name="Cpu">The processor.</param>
/// <param name="Path">The execution context on it.</param>
/// <param name="AcceptClass">The class of the answer.</param>
public readonly record struct ReplyTo(ActorId Cpu, int Path, byte AcceptClass)
{
    /// <summary>The lane of the answer: one for each level, so that an interrupt's answer overtakes that of what it interrupted.</summary>
    internal Lane Lane => AcceptClass switch
    {
        Accept.ReplyIrq => Lane.ReplyIrq,
        Accept.ReplyNmi => Lane.ReplyNmi,
        _ => Lane.Reply,
    };

    /// <inheritdoc/>
    public override string ToString() => Path switch
    {
        PathIds.Irq => $"{Cpu}:irq",
        PathIds.Nmi => $"{Cpu}:nmi",
        PathIds.Scheduler => $"{Cpu}:sched",
        _ => $"{Cpu}:task/{PathIds.TaskOf(Path)}",
    };
}

/// <summary>An answer to an execution context of a processor.</summary>
/// <param name="Path">Which execution context.</param>
public abstract record Answer(int Path) : Message;

// ---- locks ----

/// <summary>Asks for a raw spinlock; accepted when it is free.</summary>
internal sealed record RawSpinLock(ReplyTo By) : Message
{
    public override string Label => $"raw_spin_lock by {By}";
}

/// <summary>The lock is held, and with it comes what it protects.</summary>
internal sealed record RawSpinLocked(int Path, PerfContext Data) : Answer(Path)
{
    public override string Label => $"raw_spin_lock granted: {Data.Id}";
}

/// <summary>Gives the lock back, and what it protects.</summary>
internal sealed record RawSpinUnlock(ReplyTo By) : Message
{
    public override string Label => $"raw_spin_unlock by {By}";
}

/// <summary>Asks for a mutex.</summary>
internal sealed record MutexLock(ReplyTo By) : Message
{
    public override string Label => $"mutex_lock by {By}";
}

/// <summary>The mutex is held.</summary>
internal sealed record MutexLocked(int Path) : Answer(Path)
{
    public override string Label => "mutex_lock granted";
}

/// <summary>Somebody else holds it: sleep until woken.</summary>
internal sealed record MutexContended(int Path) : Answer(Path)
{
    public override string Label => "mutex_lock contended";
}

/// <summary>Gives a mutex back.</summary>
internal sealed record MutexUnlock(ReplyTo By) : Message
{
    public override string Label => $"mutex_unlock by {By}";
}

// ---- allocator ----

/// <summary>Allocation context (<c>gfp_t</c>).</summary>
public enum Gfp
{
    /// <summary>May sleep.</summary>
    Kernel,

    /// <summary>May not sleep.</summary>
    Atomic,
}

/// <summary>Asks for memory.</summary>
internal sealed record Kmalloc(ReplyTo By, string What, int Object, int Bytes, Gfp Flags) : Message
{
    public override string Label => $"kmalloc {What} GFP_{(Flags == Gfp.Kernel ? "KERNEL" : "ATOMIC")} by {By}";
}

/// <summary>The memory, or none.</summary>
internal sealed record Kmalloced(int Path, bool Ok) : Answer(Path)
{
    public override string Label => Ok ? "kmalloc: ok" : "kmalloc: NULL";
}

/// <summary>Gives memory back.</summary>
internal sealed record Kfree(string What, int Object) : Message
{
    public override string Label => $"kfree {What}";
}

// ---- PMU ----

/// <summary>A request to the PMU of this processor.</summary>
internal abstract record PmuRequest : Message;

/// <summary><c>pmu-&gt;add(event, PERF_EF_START)</c>.</summary>
internal sealed record PmuAdd(ReplyTo By, PmuEvent Event, HwEventState? State) : PmuRequest
{
    public override string Label => $"pmu->add {Event.Id.Value}";
}

/// <summary><c>pmu-&gt;del(event, 0)</c>.</summary>
internal sealed record PmuDel(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"pmu->del {Event.Value}";
}

/// <summary><c>pmu-&gt;hand_over(from, to)</c>: an event goes on on the counter that another one leaves.</summary>
internal sealed record PmuHandOver(ReplyTo By, EventId From, PmuEvent To) : PmuRequest
{
    public override string Label => $"pmu->hand_over {From.Value} to {To.Id.Value}";
}

/// <summary><c>pmu-&gt;read(event)</c>.</summary>
internal sealed record PmuRead(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"pmu->read {Event.Value}";
}

/// <summary><c>pmu-&gt;stop(event, flags)</c>.</summary>
internal sealed record PmuStop(ReplyTo By, EventId Event, bool Update) : PmuRequest
{
    public override string Label => $"pmu->stop {Event.Value}{(Update ? " update" : "")}";
}

/// <summary><c>pmu-&gt;start(event, flags)</c>.</summary>
internal sealed record PmuStart(ReplyTo By, EventId Event, bool Reload) : PmuRequest
{
    public override string Label => $"pmu->start {Event.Value}{(Reload ? " reload" : "")}";
}

/// <summary>What an interrupt handler does with a counter that overflowed: nothing, if it is gone, stopped or loaded anew by now.</summary>
internal sealed record PmuHandleOverflow(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"handle overflow of {Event.Value}";
}

/// <summary>Begins a transaction.</summary>
internal sealed record PmuStartTxn : PmuRequest
{
    public override string Label => "pmu->start_txn";
}

/// <summary>Ends a transaction, if it fits.</summary>
internal sealed record PmuCommitTxn(ReplyTo By) : PmuRequest
{
    public override string Label => "pmu->commit_txn";
}

/// <summary>Takes a transaction back.</summary>
internal sealed record PmuCancelTxn : PmuRequest
{
    public override string Label => "pmu->cancel_txn";
}

/// <summary><c>perf_pmu_disable()</c>, outermost.</summary>
internal sealed record PmuDisable : PmuRequest
{
    public override string Label => "pmu->pmu_disable";
}

/// <summary><c>perf_pmu_enable()</c>, outermost.</summary>
internal sealed record PmuEnable : PmuRequest
{
    public override string Label => "pmu->pmu_enable";
}

/// <summary>A new sample period (<c>hwc-&gt;sample_period</c>), and, to restart, nothing left of the old one (<c>hwc-&gt;period_left</c>).</summary>
internal sealed record PmuSetPeriod(EventId Event, ulong Period, bool Restart) : PmuRequest
{
    public override string Label => $"period {Event.Value} = {Period}{(Restart ? " from now" : "")}";
}

/// <summary><c>pmu-&gt;copy_hw_config(old, new)</c>.</summary>
internal sealed record PmuCopyHwConfig(EventId From, PmuEvent To) : PmuRequest
{
    public override string Label => $"pmu->copy_hw_config {From.Value} to {To.Id.Value}";
}

/// <summary>The event is gone for good.</summary>
internal sealed record PmuForget(EventId Event) : PmuRequest
{
    public override string Label => $"forget {Event.Value}";
}

/// <summary>The processor executes instructions.</summary>
internal sealed record PmuRetire(ReplyTo By, Work Work, Privilege Mode, WorkPosition From, WorkPosition To) : PmuRequest
{
    public override string Label => $"retire {To.UnitsDone - From.UnitsDone} units in {Mode} mode";
}

/// <summary>The PMU's answer: a status, or the occurrences since the last look.</summary>
internal sealed record PmuAnswer(int Path, PmuStatus Status, long Delta, HwEventState? State) : Answer(Path)
{
    public override string Label => Status == PmuStatus.Ok ? $"pmu: {Delta}" : $"pmu: {Status}";
}

/// <summary>How far execution got: short of all if a counter overflowed.</summary>
internal sealed record PmuRetired(int Path, WorkPosition At, bool Overflow) : Answer(Path)
{
    public override string Label => Overflow ? $"retired {At.UnitsDone}, overflow" : $"retired {At.UnitsDone}";
}

/// <summary>A counter overflowed: the performance monitoring interrupt.</summary>
internal sealed record Pmi(IReadOnlyList<EventId> Overflowed) : Message
{
    public override string Label => $"PMI {string.Join(",", Overflowed.Select(e => e.Value))}";
}

// ---- interrupts ----

/// <summary>An inter-processor interrupt: names a kernel function and its arguments.</summary>
internal abstract record Ipi(ReplyTo? By) : Message
{
    /// <summary>The task that must be running where it lands (<c>remote_function()</c>), or −1 for any.</summary>
    public int OnTask { get; init; } = -1;

    /// <summary>What its sender makes known; null unless the machine is fine-grained.</summary>
    internal View? Known { get; init; }
}

/// <summary>The function has run there.</summary>
internal sealed record IpiDone(int Path, int Result) : Answer(Path)
{
    /// <summary>What the other processor makes known; null unless the machine is fine-grained.</summary>
    internal View? Known { get; init; }

    public override string Label => $"csd_unlock: {(Result == 0 ? "0" : "-" + (Errno)(-Result))}";
}

/// <summary><c>__perf_install_in_context()</c>.</summary>
internal sealed record IpiInstall(ReplyTo? By, EventId Event) : Ipi(By)
{
    public override string Label => $"IPI __perf_install_in_context({Event.Value})";
}

/// <summary>What <c>event_function()</c> is to do with an event.</summary>
public enum EventFunction
{
    /// <summary><c>__perf_event_disable()</c>.</summary>
    Disable,

    /// <summary><c>__perf_event_enable()</c>.</summary>
    Enable,

    /// <summary><c>__perf_remove_from_context()</c>, with the group taken apart.</summary>
    RemoveAndDetach,

    /// <summary><c>__perf_remove_from_context()</c>, group links kept.</summary>
    Remove,

    /// <summary><c>__perf_event_period()</c>.</summary>
    Period,
}

/// <summary><c>event_function()</c>.</summary>
internal sealed record IpiEventFunction(ReplyTo? By, EventId Event, EventFunction Function, ulong Value) : Ipi(By)
{
    public override string Label => $"IPI event_function({Event.Value}, {Function})";
}

/// <summary><c>__perf_event_read()</c>.</summary>
internal sealed record IpiRead(ReplyTo? By, EventId Event, bool Group) : Ipi(By)
{
    public override string Label => $"IPI __perf_event_read({Event.Value}{(Group ? ", group" : "")})";
}

/// <summary><c>__perf_cgroup_move()</c>.</summary>
internal sealed record IpiCgroupMove(ReplyTo? By, int Task) : Ipi(By)
{
    public override string Label => $"IPI __perf_cgroup_move(task/{Task})";
}

/// <summary><c>__perf_event_exit_context()</c>.</summary>
internal sealed record IpiExitContext(ReplyTo? By, int Kind) : Ipi(By)
{
    public override string Label => $"IPI __perf_event_exit_context({Kind})";
}

/// <summary>The processor's irq_work: disables what an overflow left pending.</summary>
internal sealed record IrqWork(EventId Event) : Message
{
    public override string Label => $"irq_work perf_pending_event({Event.Value})";
}

/// <summary>The multiplexing timer (<c>perf_mux_hrtimer_handler()</c>).</summary>
internal sealed record MuxTimer(int Kind) : Message
{
    public override string Label => "hrtimer perf_mux_hrtimer_handler";
}

/// <summary>With a clock: the work of the running task has reached an overflow, if nothing has changed since this was sent.</summary>
internal sealed record OverflowTimer(int Slot) : Message
{
    public override string Label => "work reaches an overflow";
}

/// <summary>The scheduler's tick.</summary>
internal sealed record Tick : Message
{
    public override string Label => "tick";
}

/// <summary>A performance monitoring interrupt that a scenario injects; its handler reads one event.</summary>
internal sealed record InjectedPmi(int Task, string EventName) : Message
{
    public override string Label => $"NMI reads {EventName}";
}

// ---- tasks ----

/// <summary>A task is to run.</summary>
internal sealed record WakeTask(int Task) : Message
{
    public override string Label => $"wake task/{Task}";
}

/// <summary>Time slept is over, or work is done: a timer of a task on this processor.</summary>
internal sealed record TaskTimer(int Task, int Generation) : Message
{
    public override string Label => $"timer of task/{Task}";
}

/// <summary>A task asks its processor to do something for it.</summary>
internal sealed record UserOp(int Task, TaskOp Op) : Message
{
    public override string Label => $"task/{Task}: {Op}";
}

/// <summary>What a task is told when an operation is over; null at its start.</summary>
internal sealed record UserReturn(OpResult? Result) : Message
{
    public override string Label => Result is null ? "begin" : $"returns {Result}";
}

/// <summary>A path goes on: what it waited for is only the moment.</summary>
internal sealed record Continue(int Path) : Answer(Path)
{
    public override string Label => "continue";
}

/// <summary>A sleeping task is woken.</summary>
internal sealed record Woken(int Path) : Answer(Path)
{
    public override string Label => "wake_up";
}

/// <summary>A runnable task has to move to another processor.</summary>
internal sealed record PushTask(int Task, int Cpu) : Message
{
    public override string Label => $"push task/{Task} to cpu/{Cpu}";
}
