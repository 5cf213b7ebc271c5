using ActorPmu.Actors;
using ActorPmu.Kernel;
using KernelIoctl = ActorPmu.Kernel.IoctlCommand;

namespace ActorPmu.Scenarios.Conform;

/// <summary>The simulated kernel as a target of recorded cases: the world that oracle's README describes, on a machine with a clock.</summary>
/// <remarks>
/// The controlling task runs on CPU 0 and stands still in user mode between two steps; every other task waits in a pipe until a
/// step names it, does its part, wakes the controlling task and waits again.
/// </remarks>
public sealed class MachineTarget : IConformTarget
{
    private const uint CodeF = 0xf0;
    private const uint CodeA = 0xa0;
    private const uint CodeB = 0xb0;
    private const uint CodeC = 0xc0;
    private const uint CodeD = 0xd0;
    private const uint Instructions = 0x08;
    private const uint CycleCode = 0x11;
    private const long InstructionNs = 16;
    private const long StepsMax = 5_000_000;

    // What one cheap system call and one tick execute, as measured on the recording machine (cases_v6, user_then_kernel).
    private const int UserPerSyscall = 18;
    private const int KernelPerSyscall = 186;
    private const int KernelPerTick = 2_700;

    // The recording machine's loop of 100,000 instructions executes 1.2 % more. Handing a step over to another task takes it 4.5 ms:
    // the pipe, then the task reads what it is to do, waits for the go-ahead, and begins.
    private const long LoopPerMille = 1_012;
    private const long PipeNs = 1_200_000;
    private const long ReadNs = 300_000;
    private const long GoAheadNs = 3_000_000;
    private const long MoveNs = 9_600;
    private const long SpinInstructionsPerMs = 58_000;

    // What counts in cases without a PMU: counters are never short, and periods are the software's.
    private static readonly HardwareProfile TracePoints = new("trace-points", "the kernel's own events", [PmuProfile.Software]);

    private readonly long? _unit;
    private readonly Machine _machine;
    private readonly SortedDictionary<string, Puppet> _puppets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int In, int Hup)> _signalsSeen = new(StringComparer.Ordinal);
    private readonly List<string> _signalled = [];
    private readonly StepChooser _chooser;

    /// <summary>Builds the machine of a case.</summary>
    /// <param name="theCase">The case.</param>
    /// <param name="design">The sharing design.</param>
    public MachineTarget(ConformCase theCase, ISharingDesign design)
    {
        ArgumentNullException.ThrowIfNull(theCase);
        _unit = theCase.UnitInstructions;
        List<TaskSpec> tasks = [NewTask(ConformCase.SelfTask, 0, forked: false)];
        List<CgroupSpec> cgroups = [];
        foreach (RecordedStep step in theCase.Steps)
        {
            switch (step.Step)
            {
                case TaskStep t when !_puppets.ContainsKey(t.Name):
                    tasks.Add(NewTask(t.Name, 0, forked: true));
                    break;
                case CgroupCreateStep c:
                    cgroups.Add(new CgroupSpec(c.Name, c.Parent == "root" ? null : c.Parent));
                    break;
            }
        }

        MachineSpec spec = new()
        {
            CpuCount = 2,
            Profile = _unit is null ? TracePoints : Profiles.Find("qemu-virt")!,
            Tasks = tasks,
            Cgroups = cgroups,
            Work = _unit is null
                ? new Work(
                    new Occurrences(CodeF, 1), new Occurrences(CodeA, 1), new Occurrences(CodeB, 2), new Occurrences(CodeC, 3),
                    new Occurrences(CodeD, 4))
                : new Work(new Occurrences(Instructions, 1), new Occurrences(CycleCode, 1)),
            KernelWork = _unit is null ? default : new Work(new Occurrences(Instructions, 1), new Occurrences(CycleCode, 1)),
            UnitNs = _unit is null ? 1_000 : InstructionNs,
            MuxIntervalNs = (theCase.MuxIntervalMs ?? 4) * 1_000_000,
            TickNs = 4_000_000,
            MoveNs = _unit is null ? 0 : MoveNs,
            TickUnits = _unit is null ? 0 : KernelPerTick,
            KernelVersion = KernelOf(theCase),
        };
        _machine = new Machine(spec, design, hasClock: true) { HaltOnViolation = false };
        _machine.AfterOperation = (_, task, op, result) =>
        {
            if (op is not BlockOp and not WakeOp)
            {
                _puppets[task.Name].Results.Add(result);
            }
        };
        _chooser = new StepChooser(_puppets[ConformCase.SelfTask]);
    }

    /// <summary>The machine, for what it found wrong.</summary>
    public Machine Machine => _machine;

    /// <summary>Sees each step of the machine; null for nobody.</summary>
    public IStepObserver? Observer { get; set; }

    /// <inheritdoc/>
    public StepAnswer Execute(ConformStep operation)
    {
        switch (operation)
        {
            case TaskStep s:
                return Fork(s);
            case WorkStep s:
                return On(s.Task, new WorkOp(_unit is { } unit ? s.Units * unit * LoopPerMille / 1_000 : s.Units));
            case SyscallsStep s:
                return Syscalls(s);
            case SpinStep s:
                return ToAnswer(Do(s.Task, Spin(s.Ms)));
            case Spin2Step s:
                return SpinTogether(s);
            case SleepStep s:
                return On(ConformCase.SelfTask, new SleepOp(s.Ms * 1_000_000));
            case PinStep s:
                return On(ConformCase.SelfTask, new MigrateOp(s.Task, s.Cpu));
            case ExecStep s:
                return On(s.Task, new ExecOp());
            case ExitStep s:
                return Exit(s.Task, reaped: true);
            case ZombieStep s:
                return Exit(s.Task, reaped: false);
            case CgroupCreateStep:
                return StepAnswer.Ok;
            case CgroupRemoveStep s:
                return On(ConformCase.SelfTask, new RemoveCgroupOp(s.Name));
            case CgroupMoveStep s:
                return On(ConformCase.SelfTask, new MoveCgroupOp(s.Task, s.To));
            case OpenStep s:
                return Open(s.Ev, s.Call);
            case OpenManyStep s:
                return OpenMany(s);
            case ReadStep s:
                return Read(s);
            case IoctlStep s:
                return On(s.By, ToOp(s)) is var r && s.Command == IoctlCommand.Id ? r with { Ids = [s.Ev] } : r;
            case CloseStep s:
                return Close(s);
            case PrctlStep s:
                return On(s.Task, new PrctlOp(s.Enable));
            case PollStep s:
                return Poll(s);
            case MmapStep s:
                return On(ConformCase.SelfTask, new MmapOp(s.Ev));
            case SignalStep s:
                _signalled.Add(s.Ev);
                _signalsSeen[s.Ev] = (0, 0);
                return On(ConformCase.SelfTask, new SignalOp(s.Ev));
            case SignalsStep:
                return Signals();
            default:
                throw new ConformUnsupportedException($"the model has no {operation.GetType().Name}");
        }
    }

    // The folder's kernel: where versions differ, the model answers as that one.
    private static int KernelOf(ConformCase c) => c.Kernels.Count > 0 ? 503 : c.UnitInstructions is not null ? 612 : 618;

    private TaskSpec NewTask(string name, int cpu, bool forked)
    {
        Puppet puppet = new();
        _puppets.Add(name, puppet);
        return new TaskSpec(name, cpu, () => puppet) { Forked = forked };
    }

    // ---- steps ----

    private StepAnswer On(string task, TaskOp op) => ToAnswer(Do(task, op));

    /// <summary>Lets a task do something, and the controlling task wait for it.</summary>
    private OpResult Do(string task, params TaskOp[] ops)
    {
        Puppet self = _puppets[ConformCase.SelfTask];
        Puppet puppet = _puppets[task];
        puppet.Results.Clear();
        if (task == ConformCase.SelfTask)
        {
            self.Enqueue(ops);
        }
        else
        {
            if (_unit is not null)
            {
                self.Enqueue(new SleepOp(PipeNs));
                puppet.Enqueue(new WorkOp(ReadNs / InstructionNs, Privilege.User, default(Work)), new SleepOp(GoAheadNs));
            }

            puppet.Enqueue(ops);
            puppet.Enqueue(new WakeOp(ConformCase.SelfTask));

            self.Enqueue(new WakeOp(task), new BlockOp());
        }

        Run();
        return puppet.Results.Count >= ops.Length ? puppet.Results[^ops.Length] : OpResult.Ok;
    }

    private void Run()
    {
        RunEnd end = _machine.World.Run(_chooser, StepsMax, Observer);
        if (end is RunEnd.Deadlock or RunEnd.StepBound)
        {
            string waits = string.Join("; ", _machine.World.Waits().Select(w => $"{w.Waiter} waits for {w.WaitsFor}: {w.Why}"));
            throw new InvalidOperationException($"the machine stands still ({end}): {waits}");
        }
    }

    private StepAnswer Fork(TaskStep s)
    {
        Puppet child = _puppets[s.Name];
        if (s.Cpu is { } cpu)
        {
            child.Enqueue(new MigrateOp("self", cpu));
        }

        child.Enqueue(new WakeOp(s.Parent));
        OpResult result = Do(s.Parent, new ForkOp(s.Name, s.Thread, s.KeepFds), new BlockOp());
        return ToAnswer(result);
    }

    private StepAnswer Exit(string task, bool reaped)
    {
        Puppet self = _puppets[ConformCase.SelfTask];
        Puppet puppet = _puppets[task];

        // Whoever waits for a child sleeps until it is gone; here the child says so itself, and is gone before anybody else runs.
        puppet.Enqueue(new ExitOp(reaped));
        self.Enqueue(new WakeOp(task), new SleepOp(100_000));
        Run();
        return StepAnswer.Ok;
    }

    private StepAnswer Syscalls(SyscallsStep s)
    {
        if (_unit is null)
        {
            return StepAnswer.Ok;
        }

        OpResult result = Do(
            s.Task, new WorkOp(s.Calls * KernelPerSyscall, Privilege.Kernel), new WorkOp(s.Calls * UserPerSyscall));
        return ToAnswer(result);
    }

    // A spinning task looks at the clock all the time: on a machine that counts instructions it executes some.
    private TaskOp[] Spin(long ms)
    {
        long units = ms * 1_000_000 / _machine.Spec.UnitNs;
        long counted = _unit is null ? 0 : ms * SpinInstructionsPerMs;
        TaskOp quiet = new WorkOp(units - counted, Privilege.User, default(Work));
        return counted == 0 ? [quiet] : [new WorkOp(counted), quiet];
    }

    private StepAnswer SpinTogether(Spin2Step s)
    {
        Puppet self = _puppets[ConformCase.SelfTask];
        _puppets[s.Task].Enqueue([.. Spin(s.Ms), new WakeOp(ConformCase.SelfTask)]);
        _puppets[s.Task2].Enqueue([.. Spin(s.Ms), new WakeOp(ConformCase.SelfTask)]);
        self.Enqueue(new WakeOp(s.Task), new WakeOp(s.Task2), new BlockOp(), new BlockOp());
        Run();
        return StepAnswer.Ok;
    }

    private StepAnswer Open(string ev, OpenCall call)
    {
        if (call.Cgroup is CgroupRef.Named named && _machine.Cgroup(named.Name) is null)
        {
            // open(2) of the directory fails already.
            return StepAnswer.Refused(nameof(Errno.ENOENT));
        }

        StepAnswer answer = On(ConformCase.SelfTask, ToOp(ev, call));
        return answer.Ret == nameof(Errno.E2BIG) && call.Size is not null ? answer with { AttrSize = KnownSize } : answer;
    }

    // sizeof(struct perf_event_attr) of the kernel.
    private long KnownSize => _machine.Spec.KernelVersion >= 600 ? 136 : 112;

    // Where the events are trace points, destroying one waits for an RCU grace period: the caller leaves its CPU.
    private StepAnswer Close(CloseStep s) => _unit is null
        ? ToAnswer(Do(ConformCase.SelfTask, new CloseOp(s.Ev), new SleepOp(10_000)))
        : On(ConformCase.SelfTask, new CloseOp(s.Ev));

    private StepAnswer OpenMany(OpenManyStep s)
    {
        List<string> opened = [];
        StepAnswer answer = StepAnswer.Ok;
        while (opened.Count < s.Max && answer.Ret == "ok")
        {
            string name = $"{s.Ev}#{opened.Count}";
            answer = On(ConformCase.SelfTask, ToOp(name, s.Call));
            if (answer.Ret == "ok")
            {
                opened.Add(name);
            }
        }

        foreach (string name in opened)
        {
            On(ConformCase.SelfTask, new CloseOp(name));
        }

        return answer with { Opened = opened.Count };
    }

    private StepAnswer Read(ReadStep s)
    {
        PerfEvent? e = _machine.Task(s.By)!.Files.Find(s.Ev);
        OpResult result = Do(s.By, new ReadOp(s.Ev, (int)Math.Min(s.Size ?? int.MaxValue, int.MaxValue)));
        if (result.Read is not { } read)
        {
            return ToAnswer(result);
        }

        if (read.Bytes == 0)
        {
            return new StepAnswer { Bytes = 0 };
        }

        long[] values = [.. read.Entries.Select(entry => entry.Value)];
        ReadFormat format = e!.Attr.ReadFormat;
        bool inUnits = _unit is not null;
        return new StepAnswer
        {
            Bytes = read.Bytes,
            Raw = inUnits ? values : null,
            Values = inUnits ? [.. values.Select((v, i) => IsHardware(read.Entries[i]) ? (v + (_unit!.Value / 2)) / _unit.Value : v)] : values,
            Nr = (format & ReadFormat.Group) != 0 ? values.Length : null,
            Ids = (format & ReadFormat.Id) != 0 ? [.. read.Entries.Select(entry => entry.Name)] : null,
            Lost = (format & ReadFormat.Lost) != 0 ? [.. values.Select(_ => 0L)] : null,
            TimeEnabledNs = (format & ReadFormat.TotalTimeEnabled) != 0 ? read.TimeEnabledNs : null,
            TimeRunningNs = (format & ReadFormat.TotalTimeRunning) != 0 ? read.TimeRunningNs : null,
        };
    }

    private bool IsHardware(ReadEntry entry) =>
        _machine.Find(entry.Event) is { } e && !e.Pmu.IsSoftware && e.Attr.Config == Instructions;

    private StepAnswer Poll(PollStep s)
    {
        OpResult result = Do(ConformCase.SelfTask, new PollOp(s.Ev));
        return ToAnswer(result) with { Revents = result.Value switch { 0x10 => "HUP", 0x1 => "IN", _ => "" } };
    }

    private StepAnswer Signals()
    {
        long signalsIn = 0;
        long hup = 0;
        foreach (string name in _signalled)
        {
            if (_machine.Task(ConformCase.SelfTask)!.Files.Find(name) is { } e)
            {
                (int In, int Hup) seen = _signalsSeen[name];
                signalsIn += e.SignalCounts.In - seen.In;
                hup += e.SignalCounts.Hup - seen.Hup;
                _signalsSeen[name] = e.SignalCounts;
            }
        }

        return new StepAnswer { SignalsIn = signalsIn, SignalsHup = hup };
    }

    private static StepAnswer ToAnswer(OpResult result) =>
        result.Error == Errno.Ok ? StepAnswer.Ok : StepAnswer.Refused(result.Error.ToString());

    // ---- arguments ----

    private static IoctlOp ToOp(IoctlStep s) => new(
        s.Ev,
        s.Command switch
        {
            IoctlCommand.Enable => KernelIoctl.Enable,
            IoctlCommand.Disable => KernelIoctl.Disable,
            IoctlCommand.Reset => KernelIoctl.Reset,
            IoctlCommand.Refresh => KernelIoctl.Refresh,
            IoctlCommand.Period => KernelIoctl.Period,
            IoctlCommand.Id => KernelIoctl.Id,
            _ => KernelIoctl.Unknown,
        },
        s.Argument,
        s.WholeGroup && s.Command is IoctlCommand.Enable or IoctlCommand.Disable or IoctlCommand.Reset);

    private OpenOp ToOp(string ev, OpenCall call)
    {
        const ulong KnownFlags = OpenCall.FdNoGroup | OpenCall.FdOutput | OpenCall.PidCgroup | OpenCall.FdCloexec;
        return new OpenOp(ev, call.NullAttr ? null : ToAttr(call))
        {
            TargetTask = call.Task is TaskRef.Named named ? named.Name : null,
            NoSuchPid = call.Task is TaskRef.Pid,
            Cpu = call.Cpu,
            Group = call.Group switch
            {
                GroupRef.Named g => new GroupArgument(g.Ev),
                GroupRef.None => null,
                GroupRef.NotPerf => new GroupArgument("/dev/null", IsPerfFd: false),
                _ => new GroupArgument(null),
            },
            PidCgroup = call.Cgroup is not null || (call.Flags & OpenCall.PidCgroup) != 0,
            Cgroup = call.Cgroup is CgroupRef.Named c ? c.Name : null,
            BadCgroupFd = call.Cgroup is CgroupRef.BadFd or CgroupRef.NotCgroup,
            FdNoGroup = (call.Flags & OpenCall.FdNoGroup) != 0,
            FdOutput = (call.Flags & OpenCall.FdOutput) != 0,
            UnknownFlag = (call.Flags & ~KnownFlags) != 0,
        };
    }

    private PerfEventAttr ToAttr(OpenCall call)
    {
        EventAttr a = call.Attr;
        (PerfType type, ulong config) = call.Type switch
        {
            ConformEventType.A => (PerfType.Raw, _unit is null ? CodeA : Instructions),
            ConformEventType.B => (PerfType.Raw, _unit is null ? CodeB : Instructions),
            ConformEventType.C => (PerfType.Raw, _unit is null ? CodeC : Instructions),
            ConformEventType.D => (PerfType.Raw, _unit is null ? CodeD : Instructions),
            ConformEventType.F => (PerfType.Raw, CodeF),
            ConformEventType.Cycles => (PerfType.Raw, CycleCode),
            ConformEventType.TaskClock => (PerfType.Software, (ulong)SoftwareEvent.TaskClock),
            ConformEventType.CpuClock => (PerfType.Software, (ulong)SoftwareEvent.CpuClock),
            ConformEventType.ContextSwitches => (PerfType.Software, (ulong)SoftwareEvent.ContextSwitches),
            ConformEventType.CpuMigrations => (PerfType.Software, (ulong)SoftwareEvent.CpuMigrations),
            ConformEventType.Dummy => (PerfType.Software, (ulong)SoftwareEvent.Dummy),
            ConformEventType.Breakpoint => (PerfType.Breakpoint, 0UL),
            _ => (call.RawType is <= 5 ? (PerfType)call.RawType : PerfType.Unknown, call.RawConfig ?? 0),
        };
        return new PerfEventAttr
        {
            Type = type,
            Config = config,
            Config1 = a.Config1,
            Config2 = a.Config2,
            SamplePeriod = a.SamplePeriod,
            Freq = a.Freq,
            SampleType = a.SampleType,
            BranchSampleType = a.BranchSampleType,
            ReadFormat = (ReadFormat)call.ReadFormat,
            Disabled = a.Disabled,
            Inherit = a.Inherit,
            InheritThread = a.InheritThread,
            InheritStat = a.InheritStat,
            Pinned = a.Pinned,
            Exclusive = a.Exclusive,
            ExcludeUser = a.ExcludeUser,
            ExcludeKernel = a.ExcludeKernel,
            ExcludeHv = a.ExcludeHv,
            EnableOnExec = a.EnableOnExec,
            RemoveOnExec = a.RemoveOnExec,
            Watermark = a.Watermark,
            WakeupEvents = a.WakeupEvents,
            UseClockId = a.UseClockid,
            ClockId = a.Clockid,
            SampleMaxStack = a.SampleMaxStack,
            Size = call.Size is { } size ? (int)Math.Min(size, int.MaxValue) : (int)KnownSize,
            NonZeroTailAt = call.TailAt ?? -1,
        };
    }

    /// <summary>A task that does what it is told, and waits when there is nothing to do.</summary>
    private sealed class Puppet : ITaskProgram
    {
        private readonly Queue<TaskOp> _todo = new();

        public List<OpResult> Results { get; } = [];

        public bool HasWork => _todo.Count > 0;

        public void Enqueue(params TaskOp[] ops)
        {
            foreach (TaskOp op in ops)
            {
                _todo.Enqueue(op);
            }
        }

        public TaskOp? Next(OpResult? last) => _todo.TryDequeue(out TaskOp? op) ? op : new BlockOp();
    }

    /// <summary>Virtual time, until the controlling task has nothing left to do: then the machine stands still between two steps.</summary>
    private sealed class StepChooser(Puppet self) : IChooser
    {
        private readonly VirtualTimeChooser _time = new();

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            int picked = _time.Pick(world, enabled);
            return !self.HasWork && world.Head(enabled[picked]) is { To: { Kind: ActorKind.Task, Index: 0 } } ? -1 : picked;
        }

        public int Choose(ActorId by, int optionCount, string what) => 0;
    }
}
