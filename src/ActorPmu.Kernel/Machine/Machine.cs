using System.Collections.Frozen;
using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <summary>One run's machine: its actors, its events, and what was found wrong with it.</summary>
public sealed class Machine
{
    private bool _hasPages;
    private readonly List<TaskStruct> _tasks = [];
    private readonly List<Cgroup> _cgroups = [];
    private readonly List<Cpu> _cpus = [];
    private readonly List<PerfContext> _contexts = [];
    private readonly List<PmuType> _pmus = [];
    private readonly SortedDictionary<int, PerfEvent> _events = [];
    private readonly List<Violation> _violations = [];
    private readonly LiveTasks _scripted = new();

    /// <summary>Builds a machine.</summary>
    /// <param name="spec">What it is made of.</param>
    /// <param name="design">The sharing design that its kernel has.</param>
    /// <param name="hasClock">Whether it has a clock (simulate, conform) or not (explore).</param>
    public Machine(MachineSpec spec, ISharingDesign design, bool hasClock = false)
        : this(spec, design, new World(hasClock))
    {
    }

    /// <summary>Builds a machine in a host of the caller's.</summary>
    /// <param name="spec">What it is made of.</param>
    /// <param name="design">The sharing design that its kernel has.</param>
    /// <param name="host">Where its actors are to live; empty yet.</param>
    public Machine(MachineSpec spec, ISharingDesign design, IActorHost host)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(host);
        Spec = spec;
        Design = design;
        Host = host;
        // Steps are atomic in every host, so what one processor sees of another's stores is the model's to choose, live or not.
        Memory = spec.FineGrained ? new SharedMemory(spec.Memory, spec.Mended.HasFlag(LinuxFaults.ResetIsLost)) : null;
        Footprint = (host as World)?.Footprint ?? new Footprint();
        LockChecker = new LockChecker(this);
        AllocationFailuresLeft = spec.AllocationFailures;
        MuxFiresLeft = new int[spec.CpuCount];
        Array.Fill(MuxFiresLeft, spec.MuxFires);
        BuildCgroups();
        BuildCpus();
        BuildTasks();
        BuildRecording();
        Allocator = new Allocator(this);
        Host.Add(Allocator);
        Host.Add(new MutexActor(MutexIds.PmusLock));
        Host.Add(new MutexActor(MutexIds.CpuAddRemoveLock));
        Host.Finished = IsFinished;
        Inject();
        if (Player is not null)
        {
            Player.Boot();
        }
    }

    /// <summary>What it is made of.</summary>
    public MachineSpec Spec { get; }

    /// <summary>Its kernel's sharing design.</summary>
    public ISharingDesign Design { get; }

    /// <summary>Where its actors live.</summary>
    public IActorHost Host { get; }

    /// <summary>The deterministic world where its actors live.</summary>
    /// <exception cref="InvalidOperationException">They live in another host.</exception>
    public World World => Host as World ?? throw new InvalidOperationException("the machine is not in a deterministic world");

    /// <summary>Told what steps share; a live host's is never asked.</summary>
    internal Footprint Footprint { get; }

    /// <summary>Tasks by index.</summary>
    public IReadOnlyList<TaskStruct> Tasks => _tasks;

    /// <summary>Cgroups, the root first.</summary>
    public IReadOnlyList<Cgroup> Cgroups
    {
        get
        {
            Footprint.Read(Books.FilesAndCgroups);
            return _cgroups;
        }
    }

    /// <summary>Processors.</summary>
    public IReadOnlyList<Cpu> Cpus => _cpus;

    /// <summary>Kinds of PMU; hardware first, software last.</summary>
    public IReadOnlyList<PmuType> PmuTypes => _pmus;

    /// <summary>Contexts, those of the processors first.</summary>
    public IReadOnlyList<PerfContext> Contexts => _contexts;

    /// <summary>Every event that was ever opened, by id.</summary>
    public IEnumerable<PerfEvent> Events => _events.Values;

    /// <summary>The allocator and its accounts.</summary>
    public Allocator Allocator { get; }

    /// <summary>The lock checker.</summary>
    public LockChecker LockChecker { get; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Whether a violation ends the run; a measuring run goes on.</summary>
    public bool HaltOnViolation { get; set; } = true;

    /// <summary>Whether events are held against counters each time a processor lets go of its contexts. It costs time, and adds no step.</summary>
    public bool ChecksInvariants { get; init; } = true;

    /// <summary>Properties that are not looked at.</summary>
    public IReadOnlySet<Property> Ignored { get; init; } = FrozenSet<Property>.Empty;

    /// <summary>How often two events shared a counter in this run.</summary>
    public int Shared { get; internal set; }

    /// <summary>Counts per design-neutral cost: PMU calls, IPIs, events rescheduled, rotations.</summary>
    public MachineCosts Costs { get; } = new();

    /// <summary>What the scenario expects of reads; may be null.</summary>
    public Action<Machine, TaskStruct, TaskOp, OpResult>? AfterOperation { get; set; }

    /// <summary>Told where the task's program is, when that learns how an operation ended; null for nobody.</summary>
    internal Action<TaskStruct, TaskOp, OpResult>? Returned { get; set; }

    /// <summary>Moves of the recording that have been carried out.</summary>
    public int MovesPlayed => Player?.Played ?? 0;

    /// <summary>What an event would have counted had it been on the PMU whenever it was enabled, inherited copies included.</summary>
    /// <param name="e">An event with a descriptor; right after a read of it.</param>
    /// <returns>Occurrences; 0 for a software event. Known only in a recorded run.</returns>
    public long TrueCountWhileEnabled(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        long sum = e.Truth.WhileEnabled + e.Truth.ChildrenWhileEnabled;
        for (int i = 0; i < e.Children.Count; i++)
        {
            sum += e.Children[i].Truth.WhileEnabled + e.Children[i].Truth.ChildrenWhileEnabled;
        }

        return sum;
    }

    internal RecordingPlayer? Player { get; private set; }

    /// <summary>The events counted in a recorded run; null in another one, which needs no measure of estimates.</summary>
    internal CountedSelectors? Selectors { get; private set; }

    internal int RecordedEventSequence { get; set; }

    /// <summary>What the scenario expects at the end of a run; may be null.</summary>
    public Action<Machine, RunEnd>? AtEnd { get; set; }

    internal int AllocationFailuresLeft { get; set; }

    /// <summary>Whether an event has ever been mapped.</summary>
    internal bool HasPages
    {
        get
        {
            Footprint.Read(Books.Pages);
            return _hasPages;
        }
    }

    internal void MapsPages()
    {
        Footprint.Write(Books.Pages);
        _hasPages = true;
    }

    internal int[] MuxFiresLeft { get; }

    /// <summary>Whether some bound of the scenario cut the run (the timer would have fired again).</summary>
    public bool MuxBoundHit { get; internal set; }

    /// <summary>The nodes that it is spread over; null when it lives in one process.</summary>
    internal Distribution? Distribution { get; set; }

    /// <summary>Reports a broken property.</summary>
    /// <param name="property">Which.</param>
    /// <param name="what">What is wrong, with the values.</param>
    /// <param name="evidence">More lines.</param>
    public void Report(Property property, string what, IReadOnlyList<string>? evidence = null)
    {
        if (Ignored.Contains(property))
        {
            return;
        }

        Violation violation = new(property, Host.Steps, what, evidence ?? []);
        if (Properties.IsCause(property))
        {
            // The run goes on, so that what it leads to is seen; once is enough to say it.
            if (!_violations.Exists(v => v.Signature == violation.Signature))
            {
                _violations.Add(violation);
            }

            return;
        }

        // What a user would see comes before what leads to it.
        int at = _violations.FindIndex(v => Properties.IsCause(v.Property));
        _violations.Insert(at < 0 ? _violations.Count : at, violation);
        if (HaltOnViolation)
        {
            Host.Halt();
        }
    }

    /// <summary>Objects that nobody freed and nobody needs: number, what it is, bytes.</summary>
    public IEnumerable<(int Object, string What, int Bytes)> Leaked => EndChecks.Leaked(this);

    /// <summary>Looks at what a run left behind: objects that nobody freed, tasks that cannot go on. Call it once, after the run.</summary>
    /// <param name="end">How the run ended.</param>
    public void CheckEnd(RunEnd end)
    {
        EndChecks.Check(this, end);
        AtEnd?.Invoke(this, end);
    }

    /// <summary>The kernel's <c>WARN_ON_ONCE()</c>.</summary>
    /// <param name="condition">What must not be.</param>
    /// <param name="what">The condition in kernel words.</param>
    public bool WarnOnOnce(bool condition, string what)
    {
        if (condition)
        {
            Report(Property.NoWarning, $"WARN_ON_ONCE({what})");
        }

        return condition;
    }

    /// <summary>The kernel follows a null pointer; the run goes on as if the function had returned.</summary>
    /// <param name="what">Which, and where.</param>
    internal void Oops(string what) => Report(Property.NoWarning, $"BUG: kernel NULL pointer dereference: {what}");

    /// <summary>The event of that id, or null.</summary>
    /// <param name="id">The id.</param>
    public PerfEvent? Find(EventId id) => _events.GetValueOrDefault(id.Value);

    /// <summary>The event of that id.</summary>
    /// <param name="id">The id.</param>
    public PerfEvent Event(EventId id) => _events[id.Value];

    /// <summary>The task of that name, or null.</summary>
    /// <param name="name">The name.</param>
    public TaskStruct? Task(string name)
    {
        for (int i = 0; i < _tasks.Count; i++)
        {
            if (_tasks[i].Name == name)
            {
                return _tasks[i];
            }
        }

        return null;
    }

    internal TaskStruct RecordedTask(int index) => _tasks[Spec.Tasks.Count + index];

    /// <summary>The cgroup of that name that has not been removed, or null.</summary>
    /// <param name="name">The name; <c>root</c> for the root.</param>
    public Cgroup? Cgroup(string name) => ((List<Cgroup>)Cgroups).Find(c => c.Name == name && !c.Removed);

    /// <summary>The processor's own context.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="kind">Hardware (0) or software (1).</param>
    public PerfContext CpuContext(int cpu, int kind) => _contexts[(cpu * 2) + kind];

    /// <summary>The PMU of a processor.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="type">Which kind.</param>
    public Pmu Pmu(int cpu, PmuType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _cpus[cpu].Pmus[type.Index]!;
    }

    /// <summary>Makes the task context that stands ready for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="kind">Hardware (0) or software (1).</param>
    internal PerfContext NewTaskContext(TaskStruct task, int kind)
    {
        Footprint.Write(Books.OfTask(task.Index));
        int generation = Distribution?.Node ?? 0;
        ActorId id;
        do
        {
            // Nodes number the contexts that they make apart from one another.
            id = new ActorId(ActorKind.Context, 1_000 + (task.Index * 2) + kind + (generation * 100_000));
            generation += Distribution?.Nodes ?? 1;
        }
        while (Host.Find(id) is not null);

        return AdoptContext(id, kind);
    }

    /// <summary>Takes a task context in that was made here or on another node.</summary>
    internal PerfContext AdoptContext(ActorId id, int kind)
    {
        PerfContext ctx = new(id, kind, -1) { Book = Footprint };
        _contexts.Add(ctx);
        Host.Spawn(new Context(ctx, this));
        Distribution?.ContextMade(ctx);
        return ctx;
    }

    // A recorded task's mutexes are made when they are first asked for: most of its kind never are.
    internal void NeedMutex(LockClass c, ActorId id)
    {
        if (Player is not null && c is LockClass.PerfEventMutex or LockClass.CredGuardMutex && Host.Find(id) is null)
        {
            Host.Spawn(new MutexActor(id));
        }
    }

    /// <summary>What processors publish to each other; null unless the machine is fine-grained.</summary>
    internal SharedMemory? Memory { get; }

    internal void AddEvent(PerfEvent e)
    {
        e.Meter = Costs.Design;
        _events.Add(e.Id.Value, e);
        if (Memory is not null)
        {
            e.StateField.Attach(Memory);
            e.OnCpuField.Attach(Memory);
            e.Truth.ResetMark.Attach(Memory);
            e.CtxField.Attach(Memory);
            e.CountField.Attach(Memory);
        }

        Distribution?.EventMade(e);
    }

    internal Cgroup AddCgroup(string name, Cgroup parent)
    {
        Cgroup made = new(name, parent, Spec.CpuCount);
        Footprint.Write(Books.FilesAndCgroups);
        _cgroups.Add(made);
        return made;
    }

    private void BuildCgroups()
    {
        _cgroups.Add(new Cgroup("root", null, Spec.CpuCount));
        foreach (CgroupSpec c in Spec.Cgroups)
        {
            Cgroup parent = c.Parent is null ? _cgroups[0] : Cgroup(c.Parent)
                ?? throw new ArgumentException($"cgroup {c.Name} is below {c.Parent}, which is not there");
            AddCgroup(c.Name, parent);
        }
    }

    private void BuildCpus()
    {
        for (int i = 0; i < Spec.Profile.Pmus.Count; i++)
        {
            _pmus.Add(new PmuType(Spec.Profile.Pmus[i].Name, i, PmuType.HardwareKind, Spec.Profile.Pmus[i]));
        }

        _pmus.Add(new PmuType("software", -1, PmuType.SoftwareKind, null));
        for (int i = 0; i < Spec.CpuCount; i++)
        {
            for (int kind = 0; kind < 2; kind++)
            {
                PerfContext ctx = new(new ActorId(ActorKind.Context, (i * 2) + kind), kind, i) { Book = Footprint };
                _contexts.Add(ctx);
                Host.Add(new Context(ctx, this));
            }
        }

        for (int i = 0; i < Spec.CpuCount; i++)
        {
            Pmu?[] pmus = new Pmu?[Spec.Profile.Pmus.Count];
            for (int p = 0; p < pmus.Length; p++)
            {
                if (_pmus[p].IsOn(i))
                {
                    pmus[p] = new Pmu(this, i, p, Spec.Profile.Pmus[p]);
                    Host.Add(pmus[p]!);
                }
            }

            Cpu cpu = new(this, i, pmus);
            _cpus.Add(cpu);
            Host.Add(cpu);
        }
    }

    private void BuildTasks()
    {
        for (int i = 0; i < Spec.Tasks.Count; i++)
        {
            TaskSpec t = Spec.Tasks[i];
            Cgroup cgroup = t.Cgroup is null ? _cgroups[0] : Cgroup(t.Cgroup)
                ?? throw new ArgumentException($"task {t.Name} is in cgroup {t.Cgroup}, which is not there");
            TaskStruct task = new(i, t.Name, t.Cpu, cgroup) { Work = t.Work ?? Spec.Work, CountedIn = _scripted, Book = Footprint, IsStopper = t.IsStopper };
            _tasks.Add(task);
            Host.Add(new TaskActor(this, task, t.Program()));
            Host.Add(new MutexActor(MutexIds.PerfEvent(i)));
            Host.Add(new MutexActor(MutexIds.CredGuard(i)));
            if (!t.Forked)
            {
                _cpus[t.Cpu].Enlist(task);
            }
        }
    }

    private void BuildRecording()
    {
        if (Spec.Recording is not { } recording)
        {
            return;
        }

        if (!Host.HasClock)
        {
            throw new ArgumentException("a recording is played in virtual time: the machine needs a clock");
        }

        Player = new RecordingPlayer(this, recording);
        Selectors = new CountedSelectors();
        for (int i = 0; i < recording.Tasks.Count; i++)
        {
            RecordedTask t = recording.Tasks[i];
            Cgroup cgroup = t.Cgroup is null ? _cgroups[0] : Cgroup(t.Cgroup)
                ?? throw new ArgumentException($"task {t.Name} is in cgroup {t.Cgroup}, which is not there");
            _tasks.Add(new TaskStruct(Spec.Tasks.Count + i, t.Name, 0, cgroup)
            {
                IsRecorded = true,
                Book = Footprint,
                Work = t.Work,
                State = t.Forked ? TaskState.Unborn : TaskState.Sleeping,
                Doing = WorkInProgress.Endless(t.Work, Spec.UnitNs),
            });
        }
    }

    private void Inject()
    {
        int sender = 100;
        foreach (Injection injection in Spec.Injections)
        {
            for (int n = 0; n < injection.Times; n++)
            {
                (Lane lane, byte accept, Message message) = injection.Kind switch
                {
                    InjectionKind.Tick => (Lane.Irq, Accept.Irq, new Tick()),
                    InjectionKind.MuxTimer => (Lane.Irq, Accept.Irq, new MuxTimer(PmuType.HardwareKind)),
                    _ => (Lane.Nmi, Accept.Nmi, (Message)new InjectedPmi(Task(injection.Task!)!.Index, injection.Event!)),
                };
                ActorId to = new(ActorKind.Cpu, injection.Cpu);
                Host.Send(new ActorId(ActorKind.Environment, sender), to, lane, accept, message);
            }

            sender++;
        }
    }

    // Interrupts that nobody has to wait for may be left over.
    private bool IsFinished()
    {
        if (_scripted.Count > 0 || Player is { Ended: false })
        {
            return false;
        }

        for (int i = 0; i < _cpus.Count; i++)
        {
            if (_cpus[i].Busy)
            {
                return false;
            }
        }

        return Host.HasMessagesOnlyFrom(ActorKind.Environment);
    }
}

/// <summary>Names of the mutex actors that stand for mutexes other than <c>ctx->mutex</c>.</summary>
internal static class MutexIds
{
    public static readonly ActorId PmusLock = new(ActorKind.Mutex, 0);

    public static readonly ActorId CpuAddRemoveLock = new(ActorKind.Mutex, 999_999);

    public static ActorId PerfEvent(int task) => new(ActorKind.Mutex, 1 + (task * 2));

    public static ActorId CredGuard(int task) => new(ActorKind.Mutex, 2 + (task * 2));

    public static ActorId Child(EventId e) => new(ActorKind.Mutex, 1_000_000 + e.Value);
}
