using System.Globalization;
using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>Checks each lock and each allocation against the execution context, under the chosen kernel.</summary>
/// <remarks>
/// Rules: facts of Documentation/locking/locktypes.rst and lockdep's wait types (commit de8f5e4f2dc1, v5.7). It only looks:
/// nothing that it finds changes the run. Splats use the kernel's words.
/// </remarks>
public sealed class LockChecker(Machine machine)
{
    private readonly bool[,] _order = new bool[LockClasses.Count, LockClasses.Count];

    /// <summary>A lock is about to be taken.</summary>
    internal void Acquire(Cpu cpu, LockClass c, ActorId id)
    {
        ExecContext context = cpu.Running;
        WaitType wait = LockClasses.Wait(c);
        if (wait == WaitType.Sleep)
        {
            MightSleep(cpu, LockClasses.MutexLock(c));
        }

        if (Effective(wait) > InnerLimit(context, cpu))
        {
            Report(cpu, InvalidWaitContext(cpu, LockClasses.Name(c), wait));
        }

        if (context.Level == ContextLevel.Nmi)
        {
            Report(cpu, $"a lock is taken in NMI context: {LockClasses.Name(c)}");
        }

        for (int i = 0; i < context.Held.Count; i++)
        {
            HeldLock held = context.Held[i];
            if (held.Class == c && held.Id == id)
            {
                Report(cpu, $"WARNING: possible recursive locking detected: {LockClasses.Name(c)}");
            }

            if (held.Class != c && !_order[(int)held.Class, (int)c])
            {
                _order[(int)held.Class, (int)c] = true;
                if (Reaches(c, held.Class, 0))
                {
                    Report(
                        cpu,
                        "WARNING: possible circular locking dependency detected: "
                        + $"{LockClasses.Name(held.Class)} → {LockClasses.Name(c)} and back");
                }
            }
        }
    }

    /// <summary>Memory is asked for.</summary>
    internal void Allocate(Cpu cpu, Gfp flags, string what)
    {
        if (flags == Gfp.Kernel && IsAtomic(cpu.Running))
        {
            MightSleep(cpu, $"kmalloc({what}, GFP_KERNEL)");
        }

        Slab(cpu);
    }

    /// <summary>Memory is given back: takes the same lock.</summary>
    internal void Free(Cpu cpu) => Slab(cpu);

    /// <summary><c>might_sleep()</c>.</summary>
    internal void MightSleep(Cpu cpu, string at)
    {
        ExecContext context = cpu.Running;
        if (IsAtomic(context))
        {
            string facts = string.Create(
                CultureInfo.InvariantCulture,
                $"in_atomic(): {(context.Level != ContextLevel.Task || context.HoldsSpinlock || context.PreemptOff > 0 ? 1 : 0)}, irqs_disabled(): {(cpu.IrqsDisabled ? 1 : 0)}");
            Report(cpu, $"BUG: sleeping function called from invalid context: {at}; {facts}");
        }
    }

    /// <summary><c>smp_call_function_single()</c> is about to send.</summary>
    internal void SendIpi(Cpu cpu)
    {
        if (cpu.IrqsDisabled || cpu.Running.Level != ContextLevel.Task)
        {
            Report(cpu, "WARN_ON_ONCE(cpu_online(this_cpu) && irqs_disabled()): smp_call_function_single() with interrupts off");
        }
    }

    /// <summary><c>lockdep_assert_held()</c>.</summary>
    internal void AssertHeld(Cpu cpu, PerfContext ctx, bool spin)
    {
        if (!cpu.Running.Holds(ctx.Id, spin))
        {
            Report(cpu, $"lockdep_assert_held({(spin ? "&ctx->lock" : "&ctx->mutex")}) of {ctx.Id}");
        }
    }

    private static bool IsAtomic(ExecContext context) =>
        context.Level != ContextLevel.Task || context.HoldsSpinlock || context.PreemptOff > 0 || context.IrqsOff > 0;

    private void Slab(Cpu cpu)
    {
        if (Effective(WaitType.Config) > InnerLimit(cpu.Running, cpu))
        {
            Report(cpu, InvalidWaitContext(cpu, LockClasses.Name(LockClass.SlabLock), WaitType.Config));
        }
    }

    // Without PREEMPT_RT a spinlock_t spins like a raw one.
    private int Effective(WaitType wait) => wait == WaitType.Config && !machine.Spec.PreemptRt ? (int)WaitType.Spin : (int)wait;

    private int InnerLimit(ExecContext context, Cpu cpu)
    {
        int limit = context.Level == ContextLevel.Task && !cpu.IrqsDisabled ? int.MaxValue : (int)WaitType.Spin;
        for (int i = 0; i < context.Held.Count; i++)
        {
            limit = Math.Min(limit, Effective(LockClasses.Wait(context.Held[i].Class)));
        }

        return limit;
    }

    private bool Reaches(LockClass from, LockClass to, int depth)
    {
        if (from == to)
        {
            return true;
        }

        for (int next = 0; depth < 16 && next < _order.GetLength(1); next++)
        {
            if (_order[(int)from, next] && Reaches((LockClass)next, to, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private string InvalidWaitContext(Cpu cpu, string name, WaitType wait)
    {
        int context = cpu.Running.Level == ContextLevel.Task ? 5 : 2;
        int type = wait == WaitType.Sleep ? 4 : wait == WaitType.Config ? 3 : 2;
        return $"[ BUG: Invalid wait context ] {cpu.CurrentName}/{cpu.Index} is trying to lock: ({name})"
            + $"{{....}}-{{{type}:{type}}}; context-{{{context}:{context}}}";
    }

    private void Report(Cpu cpu, string what)
    {
        List<string> lines = [];
        IReadOnlyList<HeldLock> held = cpu.Running.Held;
        lines.Add($"{held.Count} lock{(held.Count == 1 ? "" : "s")} held by {cpu.CurrentName}:");
        for (int i = 0; i < held.Count; i++)
        {
            int type = (int)LockClasses.Wait(held[i].Class);
            lines.Add($" #{i}: ({LockClasses.Name(held[i].Class)}){{....}}-{{{type}:{type}}}, {held[i].Id}");
        }

        lines.Add("stack backtrace:");
        lines.AddRange(cpu.StackTrace().Select(f => $" {f}"));
        machine.Report(Property.LockRules, what, lines);
    }
}
