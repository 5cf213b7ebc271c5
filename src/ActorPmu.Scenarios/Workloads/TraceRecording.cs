using System.Collections.Immutable;
using System.Globalization;
using ActorPmu.Kernel;
using ActorPmu.Scenarios.Traces;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>Makes a schedule that fits itself of a recorded trace, which may not: kernels hide some switches, tools lose lines.</summary>
/// <remarks>
/// The trace is followed: where two claims contradict one another, the earlier task is taken to have left the CPU at that moment, and
/// it is counted. Each CPU begins with the task that its first switch leaves, and ends idle.
/// </remarks>
public sealed class TraceRecording
{
    private const int Idle = -1;
    private const int DefaultHierarchy = 0;

    private const string SwitchFromAnother =
        "switches left a task other than the one last switched in; that one was taken to have left at the same moment";

    private const string StillElsewhere = "tasks were switched in while they were on another CPU; they were taken to have left it";
    private const string NotOnCpu = "forks, exits or execs of a task that was not on the CPU; it was switched in for them";
    private const string NoParent = "forks by a task that had exited or is idle; the child was there from the start";
    private const string ForkedTwice = "forks of a task that was there already; a new task took its number";
    private const string OtherHierarchy = "moves between cgroups of another hierarchy than the default one; they were left out";
    private const string NobodyMoved = "moves between cgroups of an idle or exited task; they were left out";
    private const string StepsBack = "lines with a time before that of an earlier line; they were taken to have happened then";

    private readonly Func<TraceTask, TaskBehaviour> _behaviour;
    private readonly SchedTrace _trace;
    private readonly List<RecordedTask> _tasks = [];
    private readonly List<bool> _exited = [];
    private readonly List<int> _onCpu = [];
    private readonly List<RecordedMove> _moves = [];
    private readonly Dictionary<int, int> _byPid = [];
    private readonly Dictionary<int, int> _generations = [];
    private readonly CgroupTree _cgroups = new();
    private readonly SortedDictionary<string, int> _misfits = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _byComm = new(StringComparer.Ordinal);
    private readonly int[] _current;
    private long _nowNs;

    private TraceRecording(SchedTrace trace, Func<TraceTask, TaskBehaviour> behaviour)
    {
        _trace = trace;
        _behaviour = behaviour;
        int cpus = 1;
        foreach (TraceCpu cpu in trace.Cpus)
        {
            cpus = Math.Max(cpus, cpu.Value + 1);
        }

        _current = new int[cpus];
        Array.Fill(_current, Idle);
    }

    /// <summary>Makes the schedule.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="behaviour">What a task's user time does to the counters, or that it is idle.</param>
    /// <param name="cgroups">Paths of cgroups that are there whatever the trace says.</param>
    public static RecordedWorkload Make(SchedTrace trace, Func<TraceTask, TaskBehaviour> behaviour, IReadOnlyList<string> cgroups)
    {
        ArgumentNullException.ThrowIfNull(cgroups);
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(behaviour);
        TraceRecording making = new(trace, behaviour);
        foreach (string path in cgroups)
        {
            making._cgroups.Add(path);
        }

        return making.Make();
    }

    private RecordedWorkload Make()
    {
        BeginWithFirstSwitches();
        foreach (SchedEvent e in _trace.Events)
        {
            long timeNs = e.TimeNs - _trace.FirstNs;
            if (timeNs < _nowNs)
            {
                Count(StepsBack);
            }

            _nowNs = Math.Max(_nowNs, timeNs);
            Follow(e);
        }

        _nowNs = Math.Max(_nowNs, _trace.LastNs - _trace.FirstNs);
        for (int cpu = 0; cpu < _current.Length; cpu++)
        {
            _moves.Add(new RecordedSwitch(_nowNs, cpu, Idle));
        }

        return new RecordedWorkload
        {
            Recording = new Recording { Tasks = [.. _tasks], Moves = [.. _moves] },
            Cgroups = _cgroups.Specs,
            CpuCount = _current.Length,
            LengthNs = _nowNs,
            Misfits = [.. _misfits.Select(m => new Misfit(m.Key, m.Value))],
            TasksByComm = _byComm.ToImmutableSortedDictionary(c => c.Key, c => c.Value.ToImmutableArray(), StringComparer.Ordinal),
        };
    }

    // Whom a CPU's first switch leaves was on it from the start, if nothing before says otherwise.
    private void BeginWithFirstSwitches()
    {
        bool[] begun = new bool[_current.Length];
        HashSet<int> seen = [];
        foreach (SchedEvent e in _trace.Events)
        {
            switch (e)
            {
                case SchedEvent.Switch s:
                    if (!begun[s.Cpu.Value] && !seen.Contains(s.Prev.Value))
                    {
                        SwitchTo(s.Cpu.Value, TaskOf(s.Prev));
                    }

                    begun[s.Cpu.Value] = true;
                    seen.Add(s.Prev.Value);
                    seen.Add(s.Next.Value);
                    break;
                case SchedEvent.Fork f:
                    seen.Add(f.Child.Value);
                    break;
            }
        }
    }

    private void Follow(SchedEvent e)
    {
        switch (e)
        {
            case SchedEvent.Switch s:
                FollowSwitch(s);
                break;
            case SchedEvent.Fork f:
                FollowFork(f);
                break;
            case SchedEvent.ProcessExit x:
                if (TaskOf(x.Pid) is >= 0 and var exiting && !_exited[exiting])
                {
                    _moves.Add(new RecordedExit(_nowNs, PutOnCpu(exiting, x.Cpu.Value)));
                    _exited[exiting] = true;
                }

                break;
            case SchedEvent.Exec x:
                FollowExec(x);
                break;
            case SchedEvent.CgroupMake m when m.Hierarchy == DefaultHierarchy:
                _cgroups.Add(m.Path);
                break;
            case SchedEvent.CgroupAttach a:
                FollowCgroupMove(a);
                break;
        }
    }

    private void FollowSwitch(SchedEvent.Switch s)
    {
        int cpu = s.Cpu.Value;
        int prev = TaskOf(s.Prev);
        if (_current[cpu] != prev)
        {
            Count(SwitchFromAnother);
            if (prev >= 0 && _onCpu[prev] >= 0)
            {
                SwitchTo(_onCpu[prev], Idle);
            }
        }

        int next = TaskOf(s.Next);
        if (next >= 0 && _onCpu[next] >= 0 && _onCpu[next] != cpu)
        {
            Count(StillElsewhere);
            SwitchTo(_onCpu[next], Idle);
        }

        SwitchTo(cpu, next);
    }

    private void FollowFork(SchedEvent.Fork f)
    {
        int parent = TaskOf(f.Parent);
        if (_byPid.TryGetValue(f.Child.Value, out int old))
        {
            if (!_exited[old])
            {
                Count(ForkedTwice);
            }

            if (_onCpu[old] >= 0)
            {
                SwitchTo(_onCpu[old], Idle);
            }
        }

        if (parent < 0 || _exited[parent])
        {
            Count(NoParent);
            NewTask(f.Child, forked: false);
            return;
        }

        int cpu = PutOnCpu(parent, f.Cpu.Value);
        if (NewTask(f.Child, forked: true) is >= 0 and var child)
        {
            _moves.Add(new RecordedFork(_nowNs, cpu, child));
        }
    }

    // A thread that executes a program takes its process's number.
    private void FollowExec(SchedEvent.Exec x)
    {
        int task = TaskOf(x.OldPid);
        if (task < 0 || _exited[task])
        {
            return;
        }

        _byPid[x.Pid.Value] = task;
        _moves.Add(new RecordedExec(_nowNs, PutOnCpu(task, x.Cpu.Value)));
    }

    private void FollowCgroupMove(SchedEvent.CgroupAttach a)
    {
        if (a.Hierarchy != DefaultHierarchy)
        {
            Count(OtherHierarchy);
            return;
        }

        string cgroup = _cgroups.Add(a.Path);
        int task = TaskOf(a.Pid);
        if (task < 0 || _exited[task])
        {
            Count(NobodyMoved);
            return;
        }

        // Without a task on the CPU there, the moved one notices by itself.
        int by = _current[a.Cpu.Value] >= 0 || _onCpu[task] < 0 ? a.Cpu.Value : _onCpu[task];
        _moves.Add(new RecordedCgroupMove(_nowNs, by, task, cgroup));
    }

    private int PutOnCpu(int task, int cpu)
    {
        if (_onCpu[task] >= 0)
        {
            return _onCpu[task];
        }

        Count(NotOnCpu);
        SwitchTo(cpu, task);
        return cpu;
    }

    private void SwitchTo(int cpu, int task)
    {
        if (_current[cpu] == task)
        {
            return;
        }

        if (_current[cpu] >= 0)
        {
            _onCpu[_current[cpu]] = -1;
        }

        _current[cpu] = task;
        if (task >= 0)
        {
            _onCpu[task] = cpu;
        }

        _moves.Add(new RecordedSwitch(_nowNs, cpu, task));
    }

    private int TaskOf(TracePid pid) =>
        pid == TracePid.Idle ? Idle : _byPid.TryGetValue(pid.Value, out int task) ? task : NewTask(pid, forked: false);

    private int NewTask(TracePid pid, bool forked)
    {
        TraceTask known = _trace.Tasks[pid];
        TaskBehaviour behaviour = _behaviour(known);
        if (behaviour.IsIdle)
        {
            return _byPid[pid.Value] = Idle;
        }

        int generation = _generations[pid.Value] = _generations.GetValueOrDefault(pid.Value) + 1;
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{known.Comm}:{pid.Value}{(generation == 1 ? "" : $"#{generation}")}");
        _tasks.Add(new RecordedTask(name, forked) { Work = behaviour.Work, Cgroup = behaviour.Cgroup });
        _exited.Add(false);
        _onCpu.Add(-1);
        if (!_byComm.TryGetValue(known.Comm, out List<string>? names))
        {
            _byComm.Add(known.Comm, names = []);
        }

        names.Add(name);
        return _byPid[pid.Value] = _tasks.Count - 1;
    }

    private void Count(string what) => _misfits[what] = _misfits.GetValueOrDefault(what) + 1;
}

/// <summary>What a task does with its time.</summary>
/// <param name="IsIdle">It stands for the idle task.</param>
/// <param name="Work">What a microsecond of its user time does to the counters.</param>
public readonly record struct TaskBehaviour(bool IsIdle, Work Work)
{
    /// <summary>The path of its cgroup at the start; null for the root. Children follow their parents.</summary>
    public string? Cgroup { get; init; }
}
