namespace ActorPmu.Scenarios.Conform;

/// <summary>Reads the arguments of open and open_many.</summary>
/// <param name="names">The names given so far.</param>
/// <param name="countsInstructions">Whether a..d are instructions in user mode.</param>
internal sealed class OpenReader(CaseNames names, bool countsInstructions)
{
    private static readonly Dictionary<string, ConformEventType> Types = new(StringComparer.Ordinal)
    {
        ["a"] = ConformEventType.A,
        ["b"] = ConformEventType.B,
        ["c"] = ConformEventType.C,
        ["d"] = ConformEventType.D,
        ["f"] = ConformEventType.F,
        ["task-clock"] = ConformEventType.TaskClock,
        ["cpu-clock"] = ConformEventType.CpuClock,
        ["context-switches"] = ConformEventType.ContextSwitches,
        ["cpu-migrations"] = ConformEventType.CpuMigrations,
        ["dummy"] = ConformEventType.Dummy,
        ["cycles"] = ConformEventType.Cycles,
        ["breakpoint"] = ConformEventType.Breakpoint,
        ["raw"] = ConformEventType.Raw,
    };

    private static readonly Dictionary<string, ulong> FlagBits = new(StringComparer.Ordinal)
    {
        ["FD_NO_GROUP"] = OpenCall.FdNoGroup,
        ["FD_OUTPUT"] = OpenCall.FdOutput,
        ["PID_CGROUP"] = OpenCall.PidCgroup,
        ["FD_CLOEXEC"] = OpenCall.FdCloexec,
    };

    private static readonly Dictionary<string, ulong> FormatBits = new(StringComparer.Ordinal)
    {
        ["ENABLED"] = OpenCall.FormatEnabled,
        ["RUNNING"] = OpenCall.FormatRunning,
        ["ID"] = OpenCall.FormatId,
        ["GROUP"] = OpenCall.FormatGroup,
        ["LOST"] = OpenCall.FormatLost,
    };

    /// <summary>All arguments but the event's name.</summary>
    public static IReadOnlyList<string> Args { get; } =
    [
        "type", "task", "cpu", "group", "cgroup", "flags", "read_format", "size", "tail_at", "nullattr", "rtype", "rconfig",
        .. AttrReader.Args,
    ];

    public OpenCall Read(JsonFields args)
    {
        ConformEventType type = Type(args);
        bool raw = type == ConformEventType.Raw;
        bool userOnly = countsInstructions && type is (ConformEventType.A or ConformEventType.B or ConformEventType.C or ConformEventType.D);
        RejectRawNumbersElsewhere(args, raw);
        return new OpenCall(
            type,
            Task(args),
            (int)(args.OptionalNumber("cpu", int.MinValue, int.MaxValue) ?? -1),
            Group(args),
            Cgroup(args),
            args.Mask("flags", FlagBits),
            args.Mask("read_format", FormatBits),
            AttrReader.Read(args, userOnly))
        {
            RawType = raw ? (uint)(args.OptionalNumber("rtype", 0, uint.MaxValue) ?? 0) : null,
            RawConfig = raw ? RawConfig(args) : null,
            Size = (uint?)args.OptionalNumber("size", 0, uint.MaxValue),
            TailAt = (int?)args.OptionalNumber("tail_at", 0, int.MaxValue),
            NullAttr = args.Bit("nullattr"),
        };
    }

    private static ConformEventType Type(JsonFields args)
    {
        string name = args.Text("type", "a");
        return Types.TryGetValue(name, out ConformEventType type)
            ? type
            : throw args.Error(args.Required("type").At, $"unknown event type \"{name}\"", KnownNames.Advice(name, Types.Keys));
    }

    private static ulong RawConfig(JsonFields args) => args.Optional("rconfig") is { } value ? args.BitsOf(value, "rconfig") : 0;

    private static void RejectRawNumbersElsewhere(JsonFields args, bool raw)
    {
        foreach (string arg in new[] { "rtype", "rconfig" })
        {
            if (!raw && args.Optional(arg) is { } value)
            {
                throw args.Error(value.At, $"\"{arg}\" on an event that is not of type raw", "write \"type\": \"raw\" or leave it out");
            }
        }
    }

    private TaskRef Task(JsonFields args)
    {
        string name = args.Text("task", ConformCase.SelfTask);
        return name switch
        {
            "any" => new TaskRef.Any(),
            _ when NumberAfter(args, "task", name, "pid:") is { } pid => new TaskRef.Pid(pid),
            ConformCase.SelfTask => new TaskRef.Named(name),
            _ => new TaskRef.Named(names.Task(args, args.Required("task"), name)),
        };
    }

    private GroupRef Group(JsonFields args)
    {
        string name = args.Text("group", "none");
        return name switch
        {
            "none" => new GroupRef.None(),
            "notperf" => new GroupRef.NotPerf(),
            _ when NumberAfter(args, "group", name, "fd:") is { } fd => new GroupRef.Fd(fd),
            _ when name.StartsWith("closed:", StringComparison.Ordinal) => new GroupRef.Closed(names.Event(args, args.Required("group"), name["closed:".Length..])),
            _ => new GroupRef.Named(names.Event(args, args.Required("group"), name)),
        };
    }

    private CgroupRef? Cgroup(JsonFields args)
    {
        if (!args.Has("cgroup"))
        {
            return null;
        }

        string name = args.Text("cgroup");
        return name switch
        {
            "none" => new CgroupRef.None(),
            "badfd" => new CgroupRef.BadFd(),
            "notcgroup" => new CgroupRef.NotCgroup(),
            _ => new CgroupRef.Named(names.Cgroup(args, args.Required("cgroup"), name)),
        };
    }

    private static int? NumberAfter(JsonFields args, string arg, string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        JsonItem value = args.Required(arg);
        return (int)args.WholeOf(new JsonTextItem(value.At, text[prefix.Length..]), arg, int.MinValue, int.MaxValue);
    }
}
