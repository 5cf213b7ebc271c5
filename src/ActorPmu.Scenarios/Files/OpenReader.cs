using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Reads what an <c>open</c> asks for.</summary>
internal static class OpenReader
{
    public static readonly string[] Keys =
    [
        "fd", "event", "pmu", "cpu", "task", "cgroup", "group",
        "disabled", "inherit", "inherit-thread", "inherit-stat", "pinned", "exclusive", "exclude", "enable-on-exec", "remove-on-exec",
        "read-format", "sample-period", "freq", "sample-type", "branch-sample-type", "wakeup-events", "watermark", "sample-max-stack",
        "config1", "config2", "precise", "clock-id", "size", "non-zero-tail-at",
        "no-attr", "not-a-perf-fd", "bad-cgroup-fd", "pid-cgroup", "fd-no-group", "fd-output", "unknown-flag",
        "expect",
    ];

    private static readonly string[] Excludes = ["user", "kernel", "hv", "idle", "host", "guest"];

    private static readonly string[] Formats = ["enabled", "running", "id", "group", "lost"];

    private static readonly string[] Samples =
    [
        "ip", "tid", "time", "addr", "read", "callchain", "id", "cpu", "period", "stream-id", "raw", "branch-stack", "regs-user",
        "stack-user", "weight", "data-src", "identifier", "transaction", "regs-intr", "phys-addr",
    ];

    public static OpenOp Read(Fields fields, ScenarioNames names, StepExpectation expect)
    {
        string fd = fields.Text("fd", "A");
        (string? task, bool nobody) = Target(fields, names);
        string? cgroup = fields.Optional("cgroup") is { } item ? names.Cgroup(item, "cgroup") : null;
        string? pmu = fields.Optional("pmu") is { } p
            ? Fields.OneOf(names.Source, p, "pmu", [.. names.Profile.Pmus.Select(known => known.Name)], "PMU")
            : null;
        bool pidCgroup = cgroup is not null || fields.Flag("bad-cgroup-fd") || fields.Flag("pid-cgroup");
        return new OpenOp(fd, fields.Flag("no-attr") ? null : Attr(fields, names, pmu))
        {
            PmuName = pmu,
            TargetTask = pidCgroup && !fields.Has("task") ? null : task,
            NoSuchPid = nobody,
            Cpu = Cpu(fields, names, expect),
            Group = fields.Flag("not-a-perf-fd") ? new GroupArgument(null, IsPerfFd: false)
                : fields.OptionalText("group") is { } leader ? new GroupArgument(leader)
                : null,
            Cgroup = cgroup,
            PidCgroup = pidCgroup,
            BadCgroupFd = fields.Flag("bad-cgroup-fd"),
            FdNoGroup = fields.Flag("fd-no-group"),
            FdOutput = fields.Flag("fd-output"),
            UnknownFlag = fields.Flag("unknown-flag"),
        };
    }

    private static (string? Task, bool Nobody) Target(Fields fields, ScenarioNames names)
    {
        if (fields.Optional("task") is not { } item)
        {
            return ("self", false);
        }

        return item is YamlScalar { Text: "any" } ? (null, false)
            : item is YamlScalar { Text: "nobody" } ? ("self", true)
            : (names.TaskOrSelf(item, "task"), false);
    }

    // A processor that is not there is what an open that fails with EINVAL may be about.
    private static int Cpu(Fields fields, ScenarioNames names, StepExpectation expect)
    {
        if (fields.Optional("cpu") is not { } item)
        {
            return -1;
        }

        int cpu = (int)Fields.Number(names.Source, item, "cpu", int.MinValue, int.MaxValue);
        return names.HasCpu(cpu) || expect.Errors.Contains(Errno.EINVAL) ? cpu : throw names.NoCpu(item, cpu);
    }

    private static PerfEventAttr Attr(Fields fields, ScenarioNames names, string? pmu)
    {
        YamlItem item = fields.Required("event", "cycles");
        (string name, string modifiers) = Split(Fields.Text(names.Source, item, "event"));
        (PerfType type, ulong config) = names.Event(item, name, pmu);
        SortedSet<string> excluded = Modifiers(fields, names, item, modifiers, out int precise, out bool pinned, out bool exclusive);
        if (fields.Has("freq") && fields.Optional("sample-period") is { } period)
        {
            throw names.Source.Error(period, "sample-period and freq are the same field of the attr", "keep one of the two");
        }

        return new PerfEventAttr
        {
            Type = type,
            Config = config,
            Config1 = fields.Unsigned("config1"),
            Config2 = fields.Unsigned("config2"),
            SamplePeriod = fields.Unsigned("sample-period", fields.Unsigned("freq")),
            Freq = fields.Has("freq"),
            SampleType = Bits(fields, "sample-type", Samples),
            BranchSampleType = fields.Unsigned("branch-sample-type"),
            ReadFormat = (ReadFormat)Bits(fields, "read-format", Formats),
            Disabled = fields.Flag("disabled"),
            Inherit = fields.Flag("inherit"),
            InheritThread = fields.Flag("inherit-thread"),
            InheritStat = fields.Flag("inherit-stat"),
            Pinned = fields.Flag("pinned") || pinned,
            Exclusive = fields.Flag("exclusive") || exclusive,
            ExcludeUser = excluded.Contains("user"),
            ExcludeKernel = excluded.Contains("kernel"),
            ExcludeHv = excluded.Contains("hv"),
            ExcludeIdle = excluded.Contains("idle"),
            ExcludeHost = excluded.Contains("host"),
            ExcludeGuest = excluded.Contains("guest"),
            EnableOnExec = fields.Flag("enable-on-exec"),
            RemoveOnExec = fields.Flag("remove-on-exec"),
            Watermark = fields.Flag("watermark"),
            WakeupEvents = (uint)fields.Number("wakeup-events", 0, 0, uint.MaxValue),
            PreciseIp = (int)fields.Number("precise", precise, 0, 3),
            UseClockId = fields.Has("clock-id"),
            ClockId = (int)fields.Number("clock-id", 0, int.MinValue, int.MaxValue),
            SampleMaxStack = (int)fields.Number("sample-max-stack", 0, 0, ushort.MaxValue),
            Size = (int)fields.Number("size", 112, 0, int.MaxValue),
            NonZeroTailAt = (int)fields.Number("non-zero-tail-at", -1, 0, int.MaxValue),
        };
    }

    private static (string Name, string Modifiers) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    // perf's own letters: u, k, h keep these modes and exclude the others; G and H guest and host; p precise, D pinned, e exclusive.
    private static SortedSet<string> Modifiers(
        Fields fields, ScenarioNames names, YamlItem at, string letters, out int precise, out bool pinned, out bool exclusive)
    {
        SortedSet<string> excluded = new(fields.Words("exclude", Excludes).Select(w => w.Word), StringComparer.Ordinal);
        (precise, pinned, exclusive) = (0, false, false);
        foreach (char letter in letters)
        {
            switch (letter)
            {
                case 'u' or 'k' or 'h' or 'G' or 'H':
                    break;
                case 'p':
                    precise++;
                    break;
                case 'D':
                    pinned = true;
                    break;
                case 'e':
                    exclusive = true;
                    break;
                default:
                    throw names.Source.Error(at, $"no modifier of an event is called \"{letter}\"", "write some of u, k, h, G, H, p, D, e");
            }
        }

        ExcludeOthers(excluded, letters, ('u', "user"), ('k', "kernel"), ('h', "hv"));
        ExcludeOthers(excluded, letters, ('G', "guest"), ('H', "host"));
        return excluded;
    }

    private static void ExcludeOthers(SortedSet<string> excluded, string letters, params ReadOnlySpan<(char Letter, string Mode)> family)
    {
        bool some = false;
        foreach ((char letter, _) in family)
        {
            some |= letters.Contains(letter);
        }

        foreach ((char letter, string mode) in family)
        {
            if (some && !letters.Contains(letter))
            {
                excluded.Add(mode);
            }
        }
    }

    // Names, or the bits as a number: also those that no kernel knows.
    private static ulong Bits(Fields fields, string key, string[] known)
    {
        if (fields.Optional(key) is YamlScalar { Plain: true, Text: [>= '0' and <= '9', ..] })
        {
            return fields.Unsigned(key);
        }

        ulong bits = 0;
        foreach ((string word, _) in fields.Words(key, known))
        {
            bits |= 1UL << Array.IndexOf(known, word);
        }

        return bits;
    }
}
