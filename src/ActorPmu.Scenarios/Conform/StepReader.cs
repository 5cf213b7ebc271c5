namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads the operations of one case in order; a name must have been given by an earlier step.</summary>
/// <param name="countsInstructions">Whether a..d are instructions in user mode, in units: the case has a unit.</param>
internal sealed class StepReader(bool countsInstructions)
{
    private static readonly Dictionary<string, string[]> ArgsOf = new(StringComparer.Ordinal)
    {
        ["task"] = ["name", "parent", "thread", "keepfds", "cpu"],
        ["work"] = ["task", "n"],
        ["syscalls"] = ["task", "n"],
        ["spin"] = ["task", "ms"],
        ["spin2"] = ["task", "task2", "ms"],
        ["sleep"] = ["ms"],
        ["pin"] = ["task", "cpu"],
        ["exec"] = ["task"],
        ["exit"] = ["task"],
        ["zombie"] = ["task"],
        ["cgroup_create"] = ["name", "parent"],
        ["cgroup_remove"] = ["name"],
        ["cgroup_move"] = ["task", "to"],
        ["open"] = ["ev", .. OpenReader.Args],
        ["open_many"] = ["ev", "max", .. OpenReader.Args],
        ["read"] = ["ev", "size", "by", "ratio", "ms"],
        ["ioctl"] = ["ev", "cmd", "arg", "by"],
        ["close"] = ["ev"],
        ["prctl"] = ["task", "cmd"],
        ["poll"] = ["ev"],
        ["mmap"] = ["ev"],
        ["signal"] = ["ev"],
        ["signals"] = [],
        ["slab"] = ["name"],
    };

    private static readonly Dictionary<string, IoctlCommand> Commands = new(StringComparer.Ordinal)
    {
        ["ENABLE"] = IoctlCommand.Enable,
        ["DISABLE"] = IoctlCommand.Disable,
        ["RESET"] = IoctlCommand.Reset,
        ["REFRESH"] = IoctlCommand.Refresh,
        ["PERIOD"] = IoctlCommand.Period,
        ["ID"] = IoctlCommand.Id,
    };

    private readonly CaseNames names = new();

    public ConformStep Read(string op, JsonSpot opAt, JsonFields args)
    {
        if (!ArgsOf.TryGetValue(op, out string[]? known))
        {
            throw args.Error(opAt, $"unknown op \"{op}\"", KnownNames.Advice(op, ArgsOf.Keys));
        }

        args.RejectUnknown(known);
        return op switch
        {
            "task" => Task(args),
            "work" => new WorkStep(names.Task(args, "task"), args.Number("n", 0)),
            "syscalls" => new SyscallsStep(names.Task(args, "task"), args.Number("n", 0)),
            "spin" => new SpinStep(names.Task(args, "task"), args.Number("ms", 0)),
            "spin2" => new Spin2Step(names.Task(args, "task"), names.RequiredTask(args, "task2"), args.Number("ms", 0)),
            "sleep" => new SleepStep(args.Number("ms", 0)),
            "pin" => new PinStep(names.Task(args, "task"), (int)args.Number("cpu", 0, int.MaxValue)),
            "exec" => new ExecStep(names.Task(args, "task")),
            "exit" => new ExitStep(names.RequiredTask(args, "task")),
            "zombie" => new ZombieStep(names.RequiredTask(args, "task")),
            "cgroup_create" => CgroupCreate(args),
            "cgroup_remove" => new CgroupRemoveStep(names.Cgroup(args, "name")),
            "cgroup_move" => new CgroupMoveStep(names.Task(args, "task"), names.Cgroup(args, "to")),
            "open" => Open(args),
            "open_many" => OpenMany(args),
            "read" => Read(args),
            "ioctl" => Ioctl(args),
            "close" => new CloseStep(names.Event(args)),
            "prctl" => Prctl(args),
            "poll" => new PollStep(names.Event(args)),
            "mmap" => new MmapStep(names.Event(args)),
            "signal" => new SignalStep(names.Event(args)),
            "signals" => new SignalsStep(),
            "slab" => new SlabStep(args.Text("name")),
            _ => throw new InvalidOperationException($"op {op} has args but no reader"),
        };
    }

    private TaskStep Task(JsonFields args)
    {
        string parent = names.Task(args, "parent");
        int? cpu = (int?)args.OptionalNumber("cpu", 0, int.MaxValue);
        return new TaskStep(names.NewTask(args), parent, args.Bit("thread"), args.Bit("keepfds"), cpu);
    }

    private CgroupCreateStep CgroupCreate(JsonFields args)
    {
        string parent = args.Has("parent") ? names.Cgroup(args, "parent") : ConformCase.RootCgroup;
        return new CgroupCreateStep(names.NewCgroup(args), parent);
    }

    private OpenStep Open(JsonFields args)
    {
        OpenCall call = new OpenReader(names, countsInstructions).Read(args);
        return new OpenStep(names.NewEvent(args), call);
    }

    private OpenManyStep OpenMany(JsonFields args)
    {
        OpenCall call = new OpenReader(names, countsInstructions).Read(args);
        return new OpenManyStep(args.Has("ev") ? args.Text("ev") : null, call, args.Number("max", 0));
    }

    private ReadStep Read(JsonFields args)
    {
        // "ms" asked the recorder to note te_ms and tr_ms; what was noted stands in expect.
        args.Bit("ms");
        return new ReadStep(names.Event(args), args.OptionalNumber("size", 0), names.Task(args, "by"), Ratio(args));
    }

    private static RatioSpan Ratio(JsonFields args)
    {
        if (args.Optional("ratio") is not { } value)
        {
            return RatioSpan.All;
        }

        return value switch
        {
            JsonTextItem { Value: "1" } or JsonNumberItem { Digits: "1" } => RatioSpan.All,
            JsonTextItem { Value: "delta" } => RatioSpan.SinceLastRead,
            _ => throw args.Error(value.At, $"\"ratio\" is {JsonFields.Shown(value)}", "write \"1\" (over all) or \"delta\" (since the last read)"),
        };
    }

    private IoctlStep Ioctl(JsonFields args)
    {
        string ev = names.Event(args);
        JsonItem cmd = args.Required("cmd");
        ulong argument = args.Optional("arg") switch
        {
            null => 0,
            JsonTextItem { Value: "GROUP" } => 1,
            { } value => args.BitsOf(value, "arg"),
        };
        string by = names.Task(args, "by");
        if (cmd is JsonTextItem text && Commands.TryGetValue(text.Value, out IoctlCommand command))
        {
            return new IoctlStep(ev, command, 0, argument, by);
        }

        if (cmd is JsonTextItem { Value: [var first, ..] } name && !char.IsAsciiDigit(first))
        {
            throw args.Error(cmd.At, $"unknown ioctl cmd \"{name.Value}\"", KnownNames.Advice(name.Value, Commands.Keys));
        }

        return new IoctlStep(ev, IoctlCommand.Other, args.BitsOf(cmd, "cmd"), argument, by);
    }

    private PrctlStep Prctl(JsonFields args)
    {
        string cmd = args.Text("cmd");
        return cmd is "ENABLE" or "DISABLE"
            ? new PrctlStep(names.Task(args, "task"), cmd == "ENABLE")
            : throw args.Error(args.Required("cmd").At, $"unknown prctl cmd \"{cmd}\"", KnownNames.Advice(cmd, ["ENABLE", "DISABLE"]));
    }
}
