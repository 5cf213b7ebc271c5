namespace ActorPmu.Actors;

/// <summary>What an actor stands for. Decides the first half of its name and of the canonical order.</summary>
public enum ActorKind : byte
{
    /// <summary>Whatever is outside the machine: timers that fire, interrupts that a scenario injects.</summary>
    Environment,

    /// <summary>A processor: execution contexts, run queue, interrupts.</summary>
    Cpu,

    /// <summary>A <c>perf_event_context</c>: its raw spinlock, its mutex and what they protect.</summary>
    Context,

    /// <summary>The performance monitoring unit of one processor.</summary>
    Pmu,

    /// <summary>A user process with a script.</summary>
    Task,

    /// <summary>The kernel's allocator.</summary>
    Allocator,

    /// <summary>A mutex that protects something other than a context.</summary>
    Mutex,

    /// <summary>An actor of a program that is not a perf machine.</summary>
    Node,
}

/// <summary>The name of an actor: kind and index, printed as <c>cpu/0</c>.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Index">Which of its kind, 0 or more.</param>
public readonly record struct ActorId(ActorKind Kind, int Index) : IComparable<ActorId>
{
    private static readonly string[] Names = ["env", "cpu", "ctx", "pmu", "task", "allocator", "mutex", "node"];

    /// <inheritdoc/>
    public int CompareTo(ActorId other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : Index.CompareTo(other.Index);

    /// <summary>The name as reports print it.</summary>
    public override string ToString() => $"{Names[(int)Kind]}/{Index}";

    /// <summary>Whether <paramref name="left"/> comes first in the canonical order.</summary>
    public static bool operator <(ActorId left, ActorId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes last in the canonical order.</summary>
    public static bool operator >(ActorId left, ActorId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(ActorId left, ActorId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(ActorId left, ActorId right) => left.CompareTo(right) >= 0;
}
