using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <content>
/// A node is lost. Its actors come up on the first node as they were last heard of: what was under way in them is gone, what they held is
/// free, and their tasks exit there, after which their processors go offline.
/// </content>
internal sealed partial class ClusterNode
{
    private readonly SortedDictionary<(int Cpu, int Path), Outgoing> _asked = [];
    private readonly List<Outgoing> _askAgain = [];

    /// <summary>The task that takes processors offline and online, or −1.</summary>
    public int HotplugIndex { get; }

    /// <summary>What a path on a node holds of a lock or a mutex.</summary>
    public readonly record struct Holding(ActorId Lock, ReplyTo By, bool Spin, bool Sleeps);

    /// <summary>Forgets a node; all that was under way between the others has arrived before.</summary>
    /// <param name="lost">The node.</param>
    /// <returns>What paths here hold of the locks that lived there.</returns>
    public IReadOnlyList<Holding> Bury(int lost)
    {
        HashSet<int> cpus = [.. _placement.CpusOf(lost)];
        HashSet<int> tasks = [.. Machine.Tasks.Where(t => _placement.NodeOfTask(t.Index) == lost).Select(t => t.Index)];
        Func<ReplyTo, bool> isGone = by => cpus.Contains(by.Cpu.Index);
        List<Holding> holdings = [];
        foreach (int cpu in _placement.CpusOf(Node))
        {
            holdings.AddRange(Machine.Cpus[cpu].Holdings()
                .Where(h => _placement.NodeOf(h.Lock) == lost)
                .Select(h => new Holding(h.Lock, h.By, h.Spin, h.Sleeps)));
            Machine.Cpus[cpu].ForgetCaller(isGone);
        }

        AddGranted(lost, holdings);
        World.Forget((from, to, message) => from.Kind == ActorKind.Cpu && cpus.Contains(from.Index) && IsCall(to, message));
        foreach (Actor actor in World.Actors)
        {
            if (_placement.NodeOf(actor.Id) == Node)
            {
                (actor as Context)?.Revoke(isGone);
                (actor as MutexActor)?.Revoke(isGone);
            }
        }

        _askAgain.AddRange(_asked.Values.Where(o => _placement.NodeOf(o.To) == lost));
        foreach (Outgoing o in _askAgain)
        {
            _asked.Remove(KeyOf(o)!.Value);
        }

        _out[lost].Clear();
        KillTasks(tasks);
        if (Node != 0)
        {
            // The first node says so, too, with all that comes after; here a read may end before that is heard.
            foreach ((PerfEvent e, long occurrences) in cpus.SelectMany(cpu => Machine.Cpus[cpu].Unfolded()).ToArray())
            {
                _replica.Lose(e, occurrences);
            }
        }

        ForgetTraffic();
        _placement.Rehome(lost, 0);
        _buried.Add(lost);
        return holdings;
    }

    /// <summary>On the first node: the locks of the lost node are held by whom the others say, and its processors come up once more.</summary>
    public void TakeOver(IReadOnlyList<int> cpus, IReadOnlyList<int> tasks, IReadOnlyList<Holding> holdings)
    {
        foreach (Holding h in holdings)
        {
            Actor actor = World.Find(h.Lock) ?? SpawnMutex(h.Lock);
            (actor as Context)?.Restore(h.By, h.Spin, h.Sleeps);
            (actor as MutexActor)?.Restore(h.By, h.Sleeps);
        }

        foreach (ActorId id in holdings.Select(h => h.Lock).Distinct())
        {
            (World.Find(id) as Context)?.Settle();
            (World.Find(id) as MutexActor)?.Settle();
        }

        foreach (int task in tasks)
        {
            (World.Find(TaskActor.IdOf(task)) as TaskActor)?.Kill();
        }

        RecountDescriptors(tasks);
        RecountContexts(tasks);
        DropMemory(tasks);
        foreach (int cpu in cpus)
        {
            _replica.Adopt(cpu);
            Machine.Cpus[cpu].Haunt();
        }
    }

    /// <summary>On the first node: there are processors to be taken offline or online.</summary>
    public void WakeHotplug() =>
        World.Send(
            new ActorId(ActorKind.Environment, 10), new ActorId(ActorKind.Cpu, Machine.Tasks[HotplugIndex].Cpu), Lane.Irq, Accept.Wake,
            new WakeTask(HotplugIndex));

    /// <summary>Asks the new home what had been asked of the lost node. After <see cref="TakeOver"/>.</summary>
    public void AskAgain()
    {
        foreach (Outgoing o in _askAgain)
        {
            // The function had run there, and the news of it came by another way: the interrupt is answered here.
            if (o.Message is IpiInstall install && Machine.Find(install.Event) is { } e && (e.Attach & AttachState.Context) != 0)
            {
                ReplyTo by = install.By!.Value;
                World.Send(o.To, by.Cpu, by.Lane, by.AcceptClass, new IpiDone(by.Path, 0));
            }
            else
            {
                World.Send(o.From, o.To, o.Lane, o.AcceptClass, o.Message);
            }
        }

        _askAgain.Clear();
    }

    // What a lock there had granted, or refused, and the path here has not seen yet.
    private void AddGranted(int lost, List<Holding> holdings)
    {
        List<Holding> granted = [];
        World.Forget((from, to, message) =>
        {
            if (to.Kind == ActorKind.Cpu && message is RawSpinLocked or MutexLocked or MutexContended && _placement.NodeOf(from) == lost)
            {
                granted.Add(new Holding(from, Cpu.ReplyToPath(to, ((Answer)message).Path), message is RawSpinLocked, message is MutexContended));
            }

            return false;
        });
        // Both may be under way: that it has to sleep, and that it sleeps no longer.
        holdings.AddRange(granted);
        holdings.RemoveAll(h => h.Sleeps && granted.Exists(g => !g.Sleeps && !g.Spin && h.Lock == g.Lock && h.By.Path == g.By.Path));
    }

    private static bool IsCall(ActorId to, Message message) =>
        to.Kind is ActorKind.Context or ActorKind.Mutex ? message is not ContextPut : message is Ipi or Kmalloc or RefPut;

    // Tasks on processors here whose program was there: they exit as soon as they leave the kernel.
    private void KillTasks(HashSet<int> tasks)
    {
        foreach (TaskStruct task in Machine.Tasks)
        {
            ActorId cpu = new(ActorKind.Cpu, task.Cpu);
            if (!tasks.Contains(task.Index) || Has(cpu) || task.State is not (TaskState.Runnable or TaskState.Sleeping))
            {
                continue;
            }

            if (!task.Exec.Running)
            {
                World.Forget((_, _, message) => message is UserOp op && op.Task == task.Index);
                World.Send(TaskActor.IdOf(task.Index), cpu, Lane.Request, Accept.User(task.Index), new UserOp(task.Index, new ExitOp()));
            }
            else if (task.State == TaskState.Sleeping && !task.SleepsOnMutex)
            {
                World.Send(TaskActor.IdOf(task.Index), cpu, Lane.Irq, Accept.Wake, new WakeTask(task.Index));
            }
        }
    }

    // What a system call that is gone had taken of a descriptor, nobody gives back.
    private void RecountDescriptors(IReadOnlyList<int> tasks)
    {
        foreach (PerfEvent e in Machine.Events)
        {
            if (!e.Freed && tasks.Contains(e.Id.Value / PerfCore.EventIdsPerTask))
            {
                e.FileRefs = Machine.Tasks.Sum(t => t.Files.Files.Count(f => ReferenceEquals(f.Event, e)));
                e.RefCount = 1 + e.Children.Count;
            }
        }
    }

    // Likewise references and pins of the contexts of lost tasks.
    private void RecountContexts(IReadOnlyList<int> tasks)
    {
        foreach (PerfContext ctx in Machine.Contexts)
        {
            if (ctx.IsCpuContext || !tasks.Contains(Placement.TaskOfContext(ctx.Id)))
            {
                continue;
            }

            ctx.PinCount = 0;
            ctx.RefCount = Machine.Tasks.Count(t => ReferenceEquals(t.CtxP[0], ctx) || ReferenceEquals(t.CtxP[1], ctx)) + Machine.Events.Count(e => !e.Freed && ReferenceEquals(e.Ctx, ctx))
                + Machine.Contexts.Count(c => ReferenceEquals(c.ParentCtx, ctx));
        }
    }

    // Memory that was asked for and never named, or was about to be given back.
    private void DropMemory(IReadOnlyList<int> tasks)
    {
        SortedSet<int> underWay = [];
        World.Forget((_, to, message) =>
        {
            underWay.Add(message is Kfree free ? free.Object : message is ContextPut ? -to.Index : 0);
            return false;
        });
        foreach ((int number, _, _) in Machine.Allocator.Live.ToArray())
        {
            bool isNamed = number > 0
                ? !tasks.Contains(number / PerfCore.EventIdsPerTask) || Machine.Find(new EventId(number)) is { Freed: false }
                : !tasks.Contains(Placement.TaskOfContext(new ActorId(ActorKind.Context, -number)))
                    || Machine.Contexts.Any(c => c.Id.Index == -number && c.RefCount > 0);
            if (!isNamed && !underWay.Contains(number))
            {
                Machine.Allocator.Drop(number);
            }
        }
    }

    private MutexActor SpawnMutex(ActorId id)
    {
        MutexActor made = new(id);
        World.Spawn(made);
        return made;
    }

    private void NoteRequest(ActorId from, ActorId to, Lane lane, byte acceptClass, Message message)
    {
        Outgoing o = new(from, to, lane, acceptClass, message);
        if (KeyOf(o) is { } key)
        {
            _asked[key] = o;
        }
    }

    private static (int Cpu, int Path)? KeyOf(Outgoing o) => o.Message switch
    {
        RawSpinLock m => (m.By.Cpu.Index, m.By.Path),
        MutexLock m => (m.By.Cpu.Index, m.By.Path),
        RefPut m => (m.By.Cpu.Index, m.By.Path),
        Kmalloc m => (m.By.Cpu.Index, m.By.Path),
        Ipi { By: { } by } => (by.Cpu.Index, by.Path),
        _ => null,
    };
}
