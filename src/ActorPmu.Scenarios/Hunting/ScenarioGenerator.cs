using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios;

/// <summary>Makes up scenarios: scenario <em>n</em> of a seed is always the same.</summary>
/// <remarks>
/// Each has a subset of the features (Groce et al., Swarm testing, ISSTA 2012) and a size, the small ones first. What is made can be read: descriptors
/// are opened before they are used, whoever blocks is woken. Operations may still fail, as the run decides; that they do is not looked at.
/// </remarks>
public sealed class ScenarioGenerator
{
    private static readonly string[] TaskNames = ["tool", "guest", "helper", "worker"];

    private static readonly HuntFeature[] Features = Enum.GetValues<HuntFeature>();

    // Breaking one of these is seen in nearly every run of some designs, which then never get to anything else.
    private static readonly Property[] Maskable =
    [
        Property.CountsExact, Property.TimesRight, Property.ActiveCounts, Property.OneMaster, Property.CountersOwned,
        Property.SlaveInScope, Property.SamplersAlone,
    ];

    // These are drawn apart, so that the scenarios that do not use them are those of earlier versions.
    private static readonly HuntFeature[] Later = [HuntFeature.TakingTurns, HuntFeature.ManyPmis, HuntFeature.PmiStorms, HuntFeature.StrongMemory, HuntFeature.OffAndOn];

    private readonly SeededRandom _random;
    private readonly SeededRandom _later;
    private readonly bool[] _has = new bool[Features.Length];
    private readonly int _size;
    private readonly List<Making> _tasks = [];
    private readonly List<string> _classes = [];
    private readonly string[] _cgroups;
    private readonly string _profile;
    private readonly int _cpus;
    private int _fds;
    private bool _lastCpuIsFree;

    private ScenarioGenerator(ulong seed, long number, IReadOnlyList<string> without)
    {
        _random = new SeededRandom(seed, (ulong)number);
        _size = number < HuntWeights.SmallUntil ? 0
            : number < HuntWeights.MiddleUntil ? 1
            : HuntWeights.Pick(_random, [.. HuntWeights.Sizes.Select((w, i) => (i, w))]);
        _later = new SeededRandom(seed ^ 0x7475726E73, (ulong)number);
        foreach (HuntFeature feature in Features)
        {
            _has[(int)feature] = (Later.Contains(feature) ? _later : _random).Next(100) < HuntWeights.Chance(feature);
        }

        foreach (string name in without)
        {
            _has[(int)(HuntFeatures.Find(name) ?? throw new ArgumentException($"no feature is called {name}", nameof(without)))] = false;
        }

        _profile = HuntWeights.Pick(_random, HuntWeights.Profiles);
        _cpus = _profile == "a57+a53" ? 4 : 1 + _random.Next(_size + 2);
        _cgroups = Has(HuntFeature.CgroupEvents) || Has(HuntFeature.MoveCgroup) ? HuntWeights.Pick(_random, HuntWeights.Cgroups) : [];
    }

    /// <summary>Makes a scenario up.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="number">Which scenario of that seed, from 0.</param>
    /// <param name="without">Names of features that it does not use (<see cref="HuntFeatures.Names"/>); null for none.</param>
    /// <exception cref="ArgumentException">There is no such feature.</exception>
    public static ScenarioDraft Make(ulong seed, long number, IReadOnlyList<string>? without = null) =>
        new ScenarioGenerator(seed, number, without ?? []).Make();

    private ScenarioDraft Make()
    {
        MakeClasses();
        (int tasksMin, int tasksMax, int stepsMin, int stepsMax) = HuntWeights.Bounds[_size];
        int count = tasksMin + _random.Next(tasksMax - tasksMin + 1);
        count = Has(HuntFeature.TakingTurns) ? Math.Max(2, count) : count;
        _lastCpuIsFree = Has(HuntFeature.Hotplug) && _cpus > 1;
        for (int i = 0; i < count; i++)
        {
            bool forked = i > 0 && ((Has(HuntFeature.TakingTurns) && i == 1) || ((Has(HuntFeature.Fork) || Has(HuntFeature.Threads)) && Chance(60)));
            _tasks.Add(new Making(TaskNames[i], i, TaskCpu(), _cgroups.Length > 0 && Chance(50) ? OneOf(_cgroups) : null, forked));
        }

        if (Has(HuntFeature.TakingTurns))
        {
            TakeTurns(_tasks[0], _tasks[1]);
        }

        // Parents come first: a child knows what its parent has opened by then.
        foreach (Making task in _tasks)
        {
            MakeScript(task, stepsMin + _random.Next(stepsMax - stepsMin + 1));
        }

        Wake();
        return new ScenarioDraft(
            Machine(), _cgroups, Work(), [], [.. _tasks.Select(t => new DraftTask(t.Name, t.Forked ? 0 : t.Cpu, t.Cgroup, t.Forked, [], t.Steps))],
            Injections(), [], Ignored());
    }

    private void MakeClasses()
    {
        string[] all = _profile == "zen"
            ? ["cycles", "instructions", "cache-references", "branch-misses"]
            : ["cycles", "instructions", "cache-misses", "branch-misses", "cache-references"];
        _classes.Add(Chance(70) ? "cycles" : "instructions");
        int others = Has(HuntFeature.OtherClasses) ? 1 + _random.Next(_profile == "tiny" ? 4 : 2) : 0;
        _classes.AddRange(all.Where(c => c != _classes[0]).Take(others));
    }

    private List<DraftField> Work() => [.. _classes.Select(c => new DraftField(c, Number(1 + _random.Next(3))))];

    private List<DraftField> Machine()
    {
        List<DraftField> fields = [new("cpus", Number(_cpus)), new("profile", _profile)];
        AddIf(fields, HuntFeature.PreemptRt, new DraftField("rt"));
        AddIf(fields, HuntFeature.Watchdog, new DraftField("watchdog"));
        if (Has(HuntFeature.FineGrained) || Has(HuntFeature.PmiStorms))
        {
            fields.Add(new DraftField("fine-grained"));
            AddIf(fields, HuntFeature.StrongMemory, new DraftField("memory", "tso"));
        }

        AddIf(fields, HuntFeature.AllocationFailures, new DraftField("alloc-failures", Number(1 + _random.Next(2))));
        if (Has(HuntFeature.Mux))
        {
            fields.Add(new DraftField("mux-fires", Number(1 + _random.Next(3))));
        }

        if (Has(HuntFeature.Ticks) && (Has(HuntFeature.Sampling) || Has(HuntFeature.Frequency)))
        {
            fields.Add(new DraftField("max-sample-rate", Chance(50) ? "500" : "1000"));
        }

        return fields;
    }

    private void AddIf(List<DraftField> fields, HuntFeature feature, DraftField field)
    {
        if (Has(feature))
        {
            fields.Add(field);
        }
    }

    private List<DraftStep> Injections()
    {
        List<DraftStep> list = [];
        if (Has(HuntFeature.Ticks))
        {
            list.Add(new DraftStep("tick", [new("cpu", Number(_random.Next(_cpus))), new DraftField("times", Number(1 + _random.Next(2)))]));
        }

        if (Has(HuntFeature.Mux) && Chance(30))
        {
            list.Add(new DraftStep("mux", [new("cpu", Number(_random.Next(_cpus)))]));
        }

        Making[] openers = [.. _tasks.Where(t => t.Opened.Count > 0)];
        if ((Has(HuntFeature.Pmis) || Has(HuntFeature.FineGrained)) && openers.Length > 0)
        {
            Making task = OneOf(openers);
            list.Add(new DraftStep("pmi", [new("cpu", Number(task.Cpu)), new DraftField("task", task.Name), new DraftField("reads", OneOf(task.Opened).Name), .. Times()]));
        }

        return Has(HuntFeature.PmiStorms) ? [.. list, .. Storm()] : list;
    }

    // Reads at all moments of some events' lives, on the processor where they count: what is wrong for an instant only is seen by one of them.
    private IEnumerable<DraftStep> Storm()
    {
        List<(Making Task, Opened Event)> all = [.. _tasks.SelectMany(t => t.Opened.Select(o => (t, o)))];
        if (all.FindAll(o => o.Task.Steps.Exists(s => s.Name == "enable" && s.Value("fd") == o.Event.Name)) is { Count: > 0 } comingBack)
        {
            all = comingBack;
        }

        for (int left = 1 + _later.Next(HuntWeights.StormEventsMax); left > 0 && all.Count > 0; left--)
        {
            int at = _later.Next(all.Count);
            (Making task, Opened read) = all[at];
            all.RemoveAt(at);
            string cpu = read.Target.FirstOrDefault(f => f.Key == "cpu")?.Value ?? Number(task.Cpu);
            int times = HuntWeights.StormTimesMin + _later.Next(HuntWeights.StormTimesMax - HuntWeights.StormTimesMin + 1);
            yield return new DraftStep("pmi", [new("cpu", cpu), new("task", task.Name), new("reads", read.Name), new("times", Number(times))]);
        }
    }

    private DraftField[] Times() => Has(HuntFeature.ManyPmis) ? [new DraftField("times", Number(2 + _random.Next(9)))] : [];

    private List<string> Ignored() =>
        [.. Properties.All.Where(p => p.Property == Property.Expectations
            || (Has(HuntFeature.BlindEye) && Maskable.Contains(p.Property) && Chance(40))).Select(p => p.Name)];

    private int TaskCpu() => _random.Next(_lastCpuIsFree ? _cpus - 1 : _cpus);

    private void MakeScript(Making task, int length)
    {
        length += Has(HuntFeature.TakingTurns) && _size > 0 ? task.Steps.Count : 0;
        if (task.Forked && !_tasks.Any(t => t.Forks.Contains(task.Name)))
        {
            Fork(_tasks[0], task);
        }

        // Without events there is nothing to see.
        if (task.Opened.Count == 0)
        {
            Open(task);
        }

        for (int tries = 0; task.Steps.Count < length && tries < 5 * length && !task.Ended; tries++)
        {
            Step(task);
        }

        if (!task.Ended && task.Visible is [var last, ..])
        {
            task.Steps.Add(new DraftStep("read", [new("fd", last.Name)]));
        }
    }

    // A child has a clone of its parent's context for as long as nobody opens more: where one follows the other, contexts are swapped.
    private void TakeTurns(Making parent, Making child)
    {
        for (int events = 1 + _random.Next(_size + 1); events > 0; events--)
        {
            Open(parent, inheritedByAll: true);
            Add(parent, "work", new DraftField("units", Number(1 + _random.Next(4))));
        }

        Add(parent, "fork", new DraftField("child", child.Name));
        parent.Forks.Add(child.Name);
        int turns = 1 + _random.Next(_size + 1);
        foreach (Making task in new[] { parent, child })
        {
            for (int i = 0; i < turns; i++)
            {
                Add(task, "work", new DraftField("units", Number(1 + _random.Next(8))));
                Add(task, "yield");
            }
        }

        Add(parent, "read", Fd(parent));
    }

    private void Step(Making task)
    {
        List<(Action<Making> Do, int Weight)> possible = [];
        void Offer(HuntFeature? feature, string operation, Action<Making> make)
        {
            if (feature is not { } needed || Has(needed))
            {
                possible.Add((make, HuntWeights.Operation(operation)));
            }
        }

        Offer(null, "open", Open);
        Offer(null, "work", t => Add(t, "work", new DraftField("units", Number(1 + _random.Next(8))), Has(HuntFeature.KernelMode) && Chance(40) ? new DraftField("mode", "kernel") : null));
        if (task.Visible.Count > 0)
        {
            OfferFdSteps(Offer);
        }

        Offer(HuntFeature.Yield, "yield", t => Add(t, "yield"));
        Offer(HuntFeature.Exec, "exec", t => Add(t, "exec"));
        Offer(HuntFeature.Prctl, "prctl", t => Add(t, "prctl", new DraftField("events", Chance(50) ? "enable" : "disable")));
        Offer(HuntFeature.Exit, "exit", t => t.Ended = t.Steps.Count > 2 && Exit(t));
        Offer(HuntFeature.Block, "block", t => t.Blocks |= !t.Blocks && CanBeWoken(t) && Block(t));
        if (_cpus > 1)
        {
            Offer(HuntFeature.Migrate, "migrate", Migrate);
            Offer(HuntFeature.MigrateContext, "migrate-context", MigrateContext);
            Offer(HuntFeature.Hotplug, "offline", t => Add(t, Chance(60) ? "offline" : "online", new DraftField("cpu", Number(_cpus - 1))));
        }

        if (_cgroups.Length > 0)
        {
            Offer(HuntFeature.MoveCgroup, "move-cgroup", t => Add(t, "move-cgroup", new DraftField("to", Chance(25) ? "root" : OneOf(_cgroups))));
            Offer(HuntFeature.RemoveCgroup, "remove-cgroup", t => Add(t, "remove-cgroup", new DraftField("cgroup", _cgroups[^1])));
        }

        if (_tasks.Find(t => t.Forked && t.Index > task.Index && !_tasks.Any(p => p.Forks.Contains(t.Name))) is { } child)
        {
            Offer(null, "fork", t => Fork(t, child));
        }

        HuntWeights.Pick(_random, possible)(task);
    }

    private void OfferFdSteps(Action<HuntFeature?, string, Action<Making>> offer)
    {
        offer(null, "read", t => Add(t, "read", Fd(t)));
        offer(HuntFeature.Close, "close", Close);
        offer(HuntFeature.EnableDisable, "enable", t => Add(t, "enable", Fd(t), GroupFlag()));
        offer(HuntFeature.EnableDisable, "disable", t => Add(t, "disable", Fd(t), GroupFlag()));
        offer(HuntFeature.Disabled, "enable", t => Add(t, "enable", Fd(t), GroupFlag()));
        if (Has(HuntFeature.OffAndOn) || Has(HuntFeature.PmiStorms))
        {
            offer(null, "off-and-on", OffAndOn);
        }

        offer(HuntFeature.Reset, "reset", t => Add(t, "reset", Fd(t), GroupFlag()));
        offer(HuntFeature.Refresh, "refresh", t => AddToSampler(t, "refresh", new("count", Number(1 + _random.Next(2)))));
        offer(HuntFeature.Period, "period", t => AddToSampler(t, "period", new("period", Number(2 + _random.Next(6)))));
        offer(HuntFeature.ReadLocal, "read-local", t => Add(t, "read-local", Fd(t)));
    }

    // An event comes back to what went on without it.
    private void OffAndOn(Making task)
    {
        DraftField fd = Fd(task);
        Add(task, "disable", fd);
        Add(task, "work", new DraftField("units", Number(1 + _random.Next(4))));
        Add(task, "enable", fd);
    }

    private void AddToSampler(Making task, string operation, DraftField argument)
    {
        if (task.Visible.FindAll(o => o.Samples) is { Count: > 0 } samplers)
        {
            Add(task, operation, new DraftField("fd", OneOf(samplers).Name), argument);
        }
    }

    private DraftField Fd(Making task) => new("fd", OneOf(task.Visible).Name);

    private DraftField? GroupFlag() => Has(HuntFeature.GroupIoctls) && Chance(40) ? new DraftField("group") : null;

    private static void Add(Making task, string operation, params ReadOnlySpan<DraftField?> fields)
    {
        List<DraftField> given = [];
        foreach (DraftField? field in fields)
        {
            if (field is not null)
            {
                given.Add(field);
            }
        }

        task.Steps.Add(new DraftStep(operation, given));
    }

    private void Open(Making task) => Open(task, inheritedByAll: false);

    private void Open(Making task, bool inheritedByAll)
    {
        if (_fds >= 26)
        {
            return;
        }

        string name = ((char)('A' + _fds++)).ToString();
        OpenMaker maker = new(_random, feature => _has[(int)feature], _classes, _cgroups, _cpus, [.. _tasks.Where(t => !t.Forked && t.Index != task.Index).Select(t => t.Name)]);
        (DraftStep step, Opened opened) = inheritedByAll
            ? maker.MakeInherited(name)
            : maker.Make(name, task.Opened.FindAll(o => o.CanLead));
        task.Steps.Add(step);
        task.Opened.Add(opened);
    }

    // Whoever shares the file does not use it any more, if it can be helped.
    private void Close(Making task)
    {
        if (task.Opened.Count > 0)
        {
            Opened closed = OneOf(task.Opened);
            task.Steps.Add(new DraftStep("close", [new("fd", closed.Name)]));
            task.Opened.Remove(closed);
        }
    }

    private void Fork(Making parent, Making child)
    {
        bool thread = Has(HuntFeature.Threads) && Chance(Has(HuntFeature.Fork) ? 40 : 100);
        bool keep = !thread && Chance(40);
        Add(parent, "fork", new DraftField("child", child.Name), thread ? new DraftField("thread") : null, keep ? new DraftField("keep-files") : null);
        parent.Forks.Add(child.Name);
        child.Given.AddRange(thread || keep ? parent.Opened : []);
        if (_cpus > 1 && child.Steps.Count == 0 && Chance(60))
        {
            Add(child, "migrate", new DraftField("cpu", Number(child.Cpu)));
        }
    }

    private void Migrate(Making task) => Add(
        task, "migrate", new("cpu", Number(TaskCpu())),
        Chance(30) && _tasks.Find(t => !t.Forked && t.Index != task.Index) is { } other ? new DraftField("task", other.Name) : null);

    private void MigrateContext(Making task)
    {
        int from = _random.Next(_cpus);
        Add(task, "migrate-context", new DraftField("from", Number(from)), new DraftField("to", Number((from + 1) % _cpus)));
    }

    private static bool Exit(Making task)
    {
        task.Steps.Add(new DraftStep("exit", []));
        return true;
    }

    private static bool Block(Making task)
    {
        task.Steps.Add(new DraftStep("block", []));
        return true;
    }

    // Somebody who is there from the start and stands behind wakes whoever blocks, so that nobody waits in a circle.
    private bool CanBeWoken(Making task) => !task.Forked && _tasks.Exists(t => t.Index > task.Index && !t.Forked);

    private void Wake()
    {
        foreach (Making task in _tasks.Where(t => t.Blocks))
        {
            Making waker = _tasks.Last(t => !t.Forked && t.Index > task.Index);
            int at = waker.Ended ? waker.Steps.Count - 1 : waker.Steps.Count;
            waker.Steps.Insert(at, new DraftStep("wake", [new("task", task.Name)]));
        }
    }

    private bool Has(HuntFeature feature) => _has[(int)feature];

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T OneOf<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>An event that a task of the scenario under way has opened.</summary>
    internal sealed record Opened(string Name, IReadOnlyList<DraftField> Target, bool CanLead, bool Samples, bool Inherits);

    private sealed class Making(string name, int index, int cpu, string? cgroup, bool forked)
    {
        public string Name => name;

        public int Index => index;

        public int Cpu => cpu;

        public string? Cgroup => cgroup;

        public bool Forked => forked;

        public List<DraftStep> Steps { get; } = [];

        public List<Opened> Opened { get; } = [];

        public List<Opened> Given { get; } = [];

        public List<string> Forks { get; } = [];

        public bool Blocks { get; set; }

        public bool Ended { get; set; }

        public List<Opened> Visible => [.. Opened, .. Given];
    }
}
