using ActorPmu.Actors;

namespace ActorPmu.Kernel;

// Each message says its label in its record; what a label is, Message.Label says.
#pragma warning disable CS1591

/// <summary>The acceptance classes of the machine's messages: bits of <see cref="Actor.AcceptMask"/>.</summary>
public static class Accept
{
    /// <summary>A non-maskable interrupt.</summary>
    public const byte Nmi = 0;

    /// <summary>A maskable interrupt: refused while interrupts are off.</summary>
    public const byte Irq = 1;

    /// <summary>An answer to an NMI handler.</summary>
    public const byte ReplyNmi = 2;

    /// <summary>An answer to an interrupt handler.</summary>
    public const byte ReplyIrq = 3;

    /// <summary>An answer to a task, or to the scheduler.</summary>
    public const byte ReplyTask = 4;

    /// <summary>News for the run queue.</summary>
    public const byte Wake = 5;

    /// <summary>What nobody refuses.</summary>
    public const byte Always = 6;

    /// <summary>A raw spinlock is asked for: refused while it is held.</summary>
    public const byte LockAcquire = 7;

    /// <summary>A mutex is asked for.</summary>
    public const byte MutexAcquire = 8;

    private const byte FirstUser = 16;
    private const int UserSlots = 48;

    /// <summary>What a task asks its processor for.</summary>
    /// <param name="taskIndex">The task.</param>
    public static byte User(int taskIndex) => (byte)(FirstUser + (taskIndex % UserSlots));

    internal static ulong Bit(byte acceptClass) => 1UL << acceptClass;
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
    public Lane Lane => AcceptClass switch
    {
        Accept.ReplyIrq => Lane.ReplyIrq,
        Accept.ReplyNmi => Lane.ReplyNmi,
        _ => Lane.Reply,
    };

    /// <summary>Where answers to an execution context go.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="path">The execution context, as in <see cref="Answer.Path"/>.</param>
    public static ReplyTo Of(ActorId cpu, int path) => new(cpu, path, path switch
    {
        PathIds.Irq => Accept.ReplyIrq,
        PathIds.Nmi => Accept.ReplyNmi,
        _ => Accept.ReplyTask,
    });

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
public sealed record RawSpinLock(ReplyTo By) : Message
{
    public override string Label => $"raw_spin_lock by {By}";
}

/// <summary>The lock is held, and with it comes what it protects.</summary>
public sealed record RawSpinLocked(int Path, PerfContext Data) : Answer(Path)
{
    public override string Label => $"raw_spin_lock granted: {Data.Id}";
}

/// <summary>Gives the lock back, and what it protects.</summary>
public sealed record RawSpinUnlock(ReplyTo By) : Message
{
    public override string Label => $"raw_spin_unlock by {By}";
}

/// <summary>Asks for a mutex.</summary>
public sealed record MutexLock(ReplyTo By) : Message
{
    public override string Label => $"mutex_lock by {By}";
}

/// <summary>The mutex is held.</summary>
public sealed record MutexLocked(int Path) : Answer(Path)
{
    public override string Label => "mutex_lock granted";
}

/// <summary>Somebody else holds it: sleep until woken.</summary>
public sealed record MutexContended(int Path) : Answer(Path)
{
    public override string Label => "mutex_lock contended";
}

/// <summary>Gives a mutex back.</summary>
public sealed record MutexUnlock(ReplyTo By) : Message
{
    public override string Label => $"mutex_unlock by {By}";
}

// ---- reference counts of a machine on several nodes ----

/// <summary>A reference to an event, or to its file, has been put on this node: was it the last of all nodes?</summary>
internal sealed record RefPut(ReplyTo By, EventId Event, bool File) : Message
{
    public override string Label => $"put {(File ? "file" : "event")} {Event.Value} by {By}";
}

/// <summary>Whether the reference was the last.</summary>
internal sealed record RefPutDone(int Path, bool Last) : Answer(Path)
{
    public override string Label => Last ? "the last reference" : "not the last reference";
}

/// <summary>A reference to a task's context has been put on another node or here: if it was the last, the context goes.</summary>
internal sealed record ContextPut : Message
{
    public override string Label => "put_ctx";
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
public sealed record Kmalloc(ReplyTo By, string What, int Object, int Bytes, Gfp Flags) : Message
{
    public override string Label => $"kmalloc {What} GFP_{(Flags == Gfp.Kernel ? "KERNEL" : "ATOMIC")} by {By}";
}

/// <summary>The memory, or none.</summary>
public sealed record Kmalloced(int Path, bool Ok) : Answer(Path)
{
    public override string Label => Ok ? "kmalloc: ok" : "kmalloc: NULL";

    public override bool AddContent(ref StateHash content)
    {
        content.Add("kmalloced");
        content.Add(Path);
        content.Add(Ok ? 1 : 0);
        return true;
    }
}

/// <summary>Gives memory back.</summary>
public sealed record Kfree(string What, int Object) : Message
{
    public override string Label => $"kfree {What}";
}

// ---- PMU ----

/// <summary>A request to the PMU of this processor.</summary>
public abstract record PmuRequest : Message;

/// <summary><c>pmu-&gt;add(event, PERF_EF_START)</c>.</summary>
public sealed record PmuAdd(ReplyTo By, PmuEvent Event, HwEventState? State) : PmuRequest
{
    public override string Label => $"pmu->add {Event.Id.Value}";
}

/// <summary><c>pmu-&gt;del(event, 0)</c>.</summary>
public sealed record PmuDel(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"pmu->del {Event.Value}";
}

/// <summary><c>pmu-&gt;hand_over(from, to)</c>: an event goes on on the counter that another one leaves.</summary>
internal sealed record PmuHandOver(ReplyTo By, EventId From, PmuEvent To) : PmuRequest
{
    public override string Label => $"pmu->hand_over {From.Value} to {To.Id.Value}";
}

/// <summary><c>pmu-&gt;read(event)</c>.</summary>
public sealed record PmuRead(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"pmu->read {Event.Value}";
}

/// <summary><c>pmu-&gt;stop(event, flags)</c>.</summary>
public sealed record PmuStop(ReplyTo By, EventId Event, bool Update) : PmuRequest
{
    public override string Label => $"pmu->stop {Event.Value}{(Update ? " update" : "")}";
}

/// <summary><c>pmu-&gt;start(event, flags)</c>.</summary>
public sealed record PmuStart(ReplyTo By, EventId Event, bool Reload) : PmuRequest
{
    public override string Label => $"pmu->start {Event.Value}{(Reload ? " reload" : "")}";
}

/// <summary>What an interrupt handler does with a counter that overflowed: nothing, if it is gone, stopped or loaded anew by now.</summary>
public sealed record PmuHandleOverflow(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"handle overflow of {Event.Value}";
}

/// <summary>Begins a transaction.</summary>
public sealed record PmuStartTxn : PmuRequest
{
    public override string Label => "pmu->start_txn";
}

/// <summary>Ends a transaction, if it fits.</summary>
public sealed record PmuCommitTxn(ReplyTo By) : PmuRequest
{
    public override string Label => "pmu->commit_txn";
}

/// <summary>Takes a transaction back.</summary>
public sealed record PmuCancelTxn : PmuRequest
{
    public override string Label => "pmu->cancel_txn";
}

/// <summary><c>perf_pmu_disable()</c>, outermost.</summary>
public sealed record PmuDisable : PmuRequest
{
    public override string Label => "pmu->pmu_disable";
}

/// <summary><c>perf_pmu_enable()</c>, outermost.</summary>
public sealed record PmuEnable : PmuRequest
{
    public override string Label => "pmu->pmu_enable";
}

/// <summary>A new sample period (<c>hwc-&gt;sample_period</c>), and, to restart, nothing left of the old one (<c>hwc-&gt;period_left</c>).</summary>
public sealed record PmuSetPeriod(EventId Event, ulong Period, bool Restart) : PmuRequest
{
    public override string Label => $"period {Event.Value} = {Period}{(Restart ? " from now" : "")}";
}

/// <summary><c>pmu-&gt;copy_hw_config(old, new)</c>.</summary>
public sealed record PmuCopyHwConfig(EventId From, PmuEvent To) : PmuRequest
{
    public override string Label => $"pmu->copy_hw_config {From.Value} to {To.Id.Value}";
}

/// <summary>The event is gone for good.</summary>
public sealed record PmuForget(EventId Event) : PmuRequest
{
    public override string Label => $"forget {Event.Value}";
}

/// <summary>The instruction <c>rdpmc</c> of user space.</summary>
public sealed record PmuReadCounter(ReplyTo By, int Counter) : PmuRequest
{
    public override string Label => $"rdpmc {Counter}";
}

/// <summary>User space loads what is on the page of an event.</summary>
public sealed record UserPageLoad(ReplyTo By, EventId Event) : PmuRequest
{
    public override string Label => $"load page of {Event.Value}";
}

/// <summary>What was on the page.</summary>
public sealed record UserPageLoaded(int Path, UserPageSeen Page) : Answer(Path)
{
    public override string Label => $"page: lock {Page.Lock}, index {Page.Index}, offset {Page.Offset}";
}

/// <summary>The processor executes instructions.</summary>
public sealed record PmuRetire(ReplyTo By, Work Work, Privilege Mode, WorkPosition From, WorkPosition To) : PmuRequest
{
    public override string Label => $"retire {To.UnitsDone - From.UnitsDone} units in {Mode} mode";
}

/// <summary>The PMU's answer: a status, or the occurrences since the last look.</summary>
public sealed record PmuAnswer(int Path, PmuStatus Status, long Delta, HwEventState? State) : Answer(Path)
{
    public override string Label => Status == PmuStatus.Ok ? $"pmu: {Delta}" : $"pmu: {Status}";
}

/// <summary>How far execution got: short of all if a counter overflowed.</summary>
public sealed record PmuRetired(int Path, WorkPosition At, bool Overflow) : Answer(Path)
{
    public override string Label => Overflow ? $"retired {At.UnitsDone}, overflow" : $"retired {At.UnitsDone}";
}

/// <summary>A counter overflowed: the performance monitoring interrupt.</summary>
public sealed record Pmi(IReadOnlyList<EventId> Overflowed) : Message
{
    public override string Label => $"PMI {string.Join(",", Overflowed.Select(e => e.Value))}";
}

// ---- interrupts ----

/// <summary>An inter-processor interrupt: names a kernel function and its arguments.</summary>
public abstract record Ipi(ReplyTo? By) : Message
{
    /// <summary>The task that must be running where it lands (<c>remote_function()</c>), or −1 for any.</summary>
    public int OnTask { get; init; } = -1;

    /// <summary>What its sender makes known; null unless the machine is fine-grained.</summary>
    internal View? Known { get; init; }
}

/// <summary>The function has run there.</summary>
public sealed record IpiDone(int Path, int Result) : Answer(Path)
{
    /// <summary>What the other processor makes known; null unless the machine is fine-grained.</summary>
    internal View? Known { get; init; }

    public override string Label => $"csd_unlock: {(Result == 0 ? "0" : "-" + (Errno)(-Result))}";
}

/// <summary><c>__perf_install_in_context()</c>.</summary>
public sealed record IpiInstall(ReplyTo? By, EventId Event) : Ipi(By)
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
public sealed record IpiEventFunction(ReplyTo? By, EventId Event, EventFunction Function, ulong Value) : Ipi(By)
{
    public override string Label => $"IPI event_function({Event.Value}, {Function})";
}

/// <summary><c>__perf_event_read()</c>.</summary>
public sealed record IpiRead(ReplyTo? By, EventId Event, bool Group) : Ipi(By)
{
    public override string Label => $"IPI __perf_event_read({Event.Value}{(Group ? ", group" : "")})";
}

/// <summary><c>__perf_cgroup_move()</c>.</summary>
public sealed record IpiCgroupMove(ReplyTo? By, int Task) : Ipi(By)
{
    public override string Label => $"IPI __perf_cgroup_move(task/{Task})";
}

/// <summary><c>__perf_event_exit_context()</c>.</summary>
public sealed record IpiExitContext(ReplyTo? By, int Kind) : Ipi(By)
{
    public override string Label => $"IPI __perf_event_exit_context({Kind})";
}

/// <summary>Takes the processor from the scheduler and sends its tasks away: what the stopper thread does there (<c>stop_one_cpu()</c>).</summary>
internal sealed record IpiEvacuate(ReplyTo? By, IReadOnlyList<int> Leaving) : Ipi(By)
{
    public override string Label => "IPI sched_cpu_deactivate()";
}

/// <summary>The processor's irq_work: disables what an overflow left pending.</summary>
public sealed record IrqWork(EventId Event) : Message
{
    public override string Label => $"irq_work perf_pending_event({Event.Value})";
}

/// <summary>The multiplexing timer (<c>perf_mux_hrtimer_handler()</c>).</summary>
public sealed record MuxTimer(int Kind) : Message
{
    public override string Label => "hrtimer perf_mux_hrtimer_handler";
}

/// <summary>With a clock: the work of the running task has reached an overflow, if nothing has changed since this was sent.</summary>
public sealed record OverflowTimer(int Slot) : Message
{
    public override string Label => "work reaches an overflow";
}

/// <summary>The scheduler's tick.</summary>
public sealed record Tick : Message
{
    public override string Label => "tick";
}

/// <summary>A performance monitoring interrupt that a scenario injects; its handler reads one event.</summary>
public sealed record InjectedPmi(int Task, string EventName) : Message
{
    public override string Label => $"NMI reads {EventName}";
}

// ---- tasks ----

/// <summary>A task is to run.</summary>
public sealed record WakeTask(int Task) : Message
{
    public override string Label => $"wake task/{Task}";
}

/// <summary>Time slept is over, or work is done: a timer of a task on this processor.</summary>
public sealed record TaskTimer(int Task, int Generation) : Message
{
    public override string Label => $"timer of task/{Task}";
}

/// <summary>A task asks its processor to do something for it.</summary>
public sealed record UserOp(int Task, TaskOp Op) : Message
{
    public override string Label => $"task/{Task}: {Op}";
}

/// <summary>What a task is told when an operation is over; null at its start.</summary>
public sealed record UserReturn(OpResult? Result) : Message
{
    public override string Label => Result is null ? "begin" : $"returns {Result}";
}

/// <summary>A path goes on: what it waited for is only the moment.</summary>
public sealed record Continue(int Path) : Answer(Path)
{
    public override string Label => "continue";
}

/// <summary>A sleeping task is woken.</summary>
public sealed record Woken(int Path) : Answer(Path)
{
    /// <summary>Only to leave the kernel and begin again on another processor.</summary>
    internal bool ToMove { get; init; }

    public override string Label => "wake_up";
}

/// <summary>A runnable task has to move to another processor.</summary>
public sealed record PushTask(int Task, int Cpu) : Message
{
    public override string Label => $"push task/{Task} to cpu/{Cpu}";
}
