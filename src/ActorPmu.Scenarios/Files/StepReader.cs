using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;
using IoctlCommand = ActorPmu.Kernel.IoctlCommand;

namespace ActorPmu.Scenarios;

/// <summary>Reads one step of a script: an operation by its name, with its arguments.</summary>
/// <remarks>
/// <c>- yield</c>, <c>- read: A</c> and <c>- read: { fd: A, expect: 10 }</c>: what stands alone after the colon is the first argument.
/// </remarks>
internal sealed class StepReader
{
    private static readonly Operation[] Operations =
    [
        new("open", OpenReader.Keys, (f, n, e) => OpenReader.Read(f, n, e)),
        new("close", ["fd"], (f, _, _) => new CloseOp(Fd(f))),
        new("read", ["fd", "buffer"], (f, _, _) => new ReadOp(Fd(f), (int)f.Number("buffer", int.MaxValue, 0, int.MaxValue))),
        new("read-local", ["fd"], (f, _, _) => new ReadLocalOp(Fd(f))),
        new("poll", ["fd"], (f, _, _) => new PollOp(Fd(f))),
        new("mmap", ["fd"], (f, _, _) => new MmapOp(Fd(f))),
        new("munmap", ["fd"], (f, _, _) => new MunmapOp(Fd(f))),
        new("self-read", ["fd", "page-alone"], (f, _, _) => new SelfReadOp(Fd(f), f.Flag("page-alone"))),
        new("signal", ["fd"], (f, _, _) => new SignalOp(Fd(f))),
        new("ioctl", ["fd", "cmd", "arg", "group"], Ioctl),
        new("enable", ["fd", "group"], (f, _, _) => new IoctlOp(Fd(f), IoctlCommand.Enable, 0, f.Flag("group"))),
        new("disable", ["fd", "group"], (f, _, _) => new IoctlOp(Fd(f), IoctlCommand.Disable, 0, f.Flag("group"))),
        new("reset", ["fd", "group"], (f, _, _) => new IoctlOp(Fd(f), IoctlCommand.Reset, 0, f.Flag("group"))),
        new("refresh", ["fd", "count"], (f, _, _) => new IoctlOp(Fd(f), IoctlCommand.Refresh, f.Unsigned("count", 1))),
        new("period", ["fd", "period"], (f, n, _) => new IoctlOp(Fd(f), IoctlCommand.Period, Period(f, n))),
        new("work", ["units", "mode"], Work),
        new("prctl", ["events"], (f, n, _) => new PrctlOp(Word(f, n, "events", ["enable", "disable"]) == "enable")),
        new("fork", ["child", "thread", "keep-files"], Fork),
        new("exec", [], (_, _, _) => new ExecOp()),
        new("exit", ["zombie"], (f, _, _) => new ExitOp(Reaped: !f.Flag("zombie"))),
        new("yield", [], (_, _, _) => new YieldOp()),
        new("block", [], (_, _, _) => new BlockOp()),
        new("sleep", ["time"], (f, n, _) => new SleepOp(Fields.TimeNs(n.Source, f.Required("time", "1ms"), "time"))),
        new("wake", ["task"], (f, n, _) => new WakeOp(n.Task(f.Required("task", "…"), "task"))),
        new("migrate", ["cpu", "task"], (f, n, _) => new MigrateOp(TaskOrSelf(f, n), Cpu(f, n, "cpu"))),
        new("move-cgroup", ["to", "task"], (f, n, _) => new MoveCgroupOp(TaskOrSelf(f, n), n.Cgroup(f.Required("to", "root"), "to"))),
        new("remove-cgroup", ["cgroup"], (f, n, _) => new RemoveCgroupOp(n.Cgroup(f.Required("cgroup", "…"), "cgroup"))),
        new("offline", ["cpu"], (f, n, _) => new OfflineOp(Cpu(f, n, "cpu"))),
        new("online", ["cpu"], (f, n, _) => new OnlineOp(Cpu(f, n, "cpu"))),
        new("migrate-context", ["from", "to"], MigrateContext),
    ];

    private static readonly string[] IoctlCommands = ["enable", "disable", "reset", "refresh", "period", "id", "unknown"];

    private readonly ScenarioNames _names;
    private readonly YamlSource _source;

    public StepReader(ScenarioNames names)
    {
        _names = names;
        _source = names.Source;
    }

    /// <summary>The names of all operations.</summary>
    public static IReadOnlyList<string> OperationNames { get; } = [.. Operations.Select(o => o.Name)];

    /// <summary>The argument of an operation that may stand alone after the colon, or null for no such operation.</summary>
    /// <param name="operation">The operation's name.</param>
    public static string? FirstKey(string operation) => Array.Find(Operations, o => o.Name == operation) is { Keys: [var first, ..] } ? first : null;

    public ScriptStep Read(YamlItem item)
    {
        (YamlScalar name, YamlItem? arguments) = item switch
        {
            YamlScalar { IsEmpty: false } scalar => (scalar, (YamlItem?)null),
            YamlMap { Entries: [(YamlScalar key, YamlItem value)] } => (key, value),
            YamlMap { Entries: [_, (YamlScalar second, _), ..] } => throw _source.Error(
                second, $"a step is one operation, and \"{second.Text}\" is a second key", "begin a new line with \"- \", or put it into { … }"),
            _ => throw _source.Error(item, $"a step is an operation, not {item.Kind}", "write one like \"- read: A\""),
        };
        int index = Array.FindIndex(Operations, o => o.Name == name.Text);
        if (index < 0)
        {
            throw _source.Error(name, $"no operation is called \"{name.Text}\"", KnownNames.Advice(name.Text, OperationNames));
        }

        Operation operation = Operations[index];
        string[] keys = operation.Name == "open" ? operation.Keys : [.. operation.Keys, "expect"];
        Fields fields = new(_source, AsMap(name, arguments, keys), $"{Article(operation.Name)} {operation.Name}", keys);
        StepExpectation expect = fields.Optional("expect") is { } e
            ? new ExpectReader(_source).Read(e, operation.Name)
            : StepExpectation.Works;
        return new ScriptStep(operation.Read(fields, _names, expect), expect, name.Line)
        {
            FdAt = fields.Optional("fd") ?? name,
            GroupAt = operation.Name == "open" ? fields.Optional("group") : null,
        };
    }

    private YamlMap AsMap(YamlScalar name, YamlItem? arguments, string[] keys)
    {
        switch (arguments)
        {
            case YamlMap map:
                return map;
            case null or { IsEmpty: true }:
                return new YamlMap(name.Line, name.Column, []);
            case YamlScalar scalar when keys[0] is not ("expect" or "zombie" or "fd") || name.Text != "open" && keys[0] == "fd":
                return new YamlMap(
                    scalar.Line, scalar.Column, [(new YamlScalar(scalar.Line, scalar.Column, keys[0], true), scalar)]);
            default:
                string example = keys[0] is "expect" ? $"- {name.Text}" : $"- {name.Text}: {{ {keys[0]}: … }}";
                throw _source.Error(arguments, $"{name.Text} cannot read {arguments.Kind}", $"write {example}");
        }
    }

    private static string Article(string name) => name[0] is 'a' or 'e' or 'i' or 'o' ? "an" : "a";

    private static string Fd(Fields f) => f.Text("fd", "A");

    private static int Cpu(Fields f, ScenarioNames n, string key) => n.Cpu(f.Required(key, "0"), key);

    private static string TaskOrSelf(Fields f, ScenarioNames n) =>
        f.Optional("task") is { } item ? n.TaskOrSelf(item, "task") : "self";

    private static string Word(Fields f, ScenarioNames n, string key, string[] known) =>
        Fields.OneOf(n.Source, f.Required(key, known[0]), key, known);

    private static ulong Period(Fields f, ScenarioNames n) => Fields.Unsigned(n.Source, f.Required("period", "1000"), "period");

    private static IoctlOp Ioctl(Fields f, ScenarioNames n, StepExpectation e)
    {
        string command = Word(f, n, "cmd", IoctlCommands);
        return new IoctlOp(Fd(f), (IoctlCommand)Array.IndexOf(IoctlCommands, command), f.Unsigned("arg"), f.Flag("group"));
    }

    // perf_pmu_migrate_context() locks two mutexes: no driver calls it for one processor.
    private static MigrateContextOp MigrateContext(Fields f, ScenarioNames n, StepExpectation e)
    {
        MigrateContextOp op = new(Cpu(f, n, "from"), Cpu(f, n, "to"));
        return op.From != op.To
            ? op
            : throw n.Source.Error(f.Required("to", "1"), "events cannot move from a processor to itself", "name another processor");
    }

    private static WorkOp Work(Fields f, ScenarioNames n, StepExpectation e)
    {
        // With the most that a unit may hold, 1,000,000,000 of each event, thousands of these still fit a count of 64 bits.
        long units = Fields.Number(n.Source, f.Required("units", "10"), "units", 1, 1_000_000);
        Privilege mode = Privilege.None;
        foreach ((string word, _) in f.Words("mode", ["user", "kernel", "hv", "guest"]))
        {
            mode |= word switch
            {
                "user" => Privilege.User,
                "kernel" => Privilege.Kernel,
                "hv" => Privilege.Hypervisor,
                _ => Privilege.Guest,
            };
        }

        return new WorkOp(units, mode == Privilege.None ? Privilege.User : mode);
    }

    private static ForkOp Fork(Fields f, ScenarioNames n, StepExpectation e)
    {
        YamlItem item = f.Required("child", "…");
        string child = n.Task(item, "child");
        return n.ForkedTasks.Contains(child)
            ? new ForkOp(child, f.Flag("thread"), f.Flag("keep-files"))
            : throw n.Source.Error(item, $"task {child} is there from the start", $"give task {child} forked: true");
    }

    private sealed record Operation(string Name, string[] Keys, Func<Fields, ScenarioNames, StepExpectation, TaskOp> Read);
}
