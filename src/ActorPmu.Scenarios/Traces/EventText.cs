namespace ActorPmu.Scenarios.Traces;

/// <summary>
/// Reads an event's body, in the kernel's own words (<c>prev_comm=a prev_pid=1 ...</c>) or those of libtraceevent's sched_switch plugin
/// (<c>a:1 [120] S ==> b:2 [120]</c>), whichever tool printed it.
/// </summary>
internal static class EventText
{
    private const string SwitchShape = "sched_switch: expected 'prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N' or 'A:N [N] S ==> B:N [N]'";
    private const string WakeupShape = "expected 'comm=A pid=N prio=N target_cpu=N' or 'A:N [N] CPU:N'";
    private const string MigrateShape = "sched_migrate_task: expected 'comm=A pid=N prio=N orig_cpu=N dest_cpu=N'";
    private const string ForkShape = "sched_process_fork: expected 'comm=A pid=N child_comm=B child_pid=N'";
    private const string ExecShape = "sched_process_exec: expected 'filename=F pid=N old_pid=N'";
    private const string ExitShape = "sched_process_exit: expected 'comm=A pid=N prio=N'";
    private const string AttachShape = "cgroup_attach_task: expected 'dst_root=N dst_id=N dst_level=N dst_path=/P pid=N comm=A'";
    private const string DirectoryShape = "expected 'root=N id=N level=N path=/P'";

    public static EventKind KindOf(ReadOnlySpan<char> name) => name switch
    {
        "sched_switch" => EventKind.Switch,
        "sched_waking" => EventKind.Waking,
        "sched_wakeup" => EventKind.Woken,
        "sched_wakeup_new" => EventKind.WokenAfterFork,
        "sched_migrate_task" => EventKind.Migrate,
        "sched_process_fork" => EventKind.Fork,
        "sched_process_exec" => EventKind.Exec,
        "sched_process_exit" => EventKind.Exit,
        "cgroup_attach_task" => EventKind.CgroupAttach,
        "cgroup_mkdir" => EventKind.CgroupMake,
        "cgroup_rmdir" => EventKind.CgroupRemove,
        _ => EventKind.Unknown,
    };

    /// <summary>Reads the event, null for a wakeup that woke nobody. Returns null, or why it could not.</summary>
    public static string? Read(EventKind kind, in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        var ok = kind switch
        {
            EventKind.Switch => TrySwitch(line, tasks, out e),
            EventKind.Waking => TryWakeup(line, WakeupKind.Waking, tasks, out e),
            EventKind.Woken => TryWakeup(line, WakeupKind.Woken, tasks, out e),
            EventKind.WokenAfterFork => TryWakeup(line, WakeupKind.WokenAfterFork, tasks, out e),
            EventKind.Migrate => TryMigrate(line, tasks, out e),
            EventKind.Fork => TryFork(line, tasks, out e),
            EventKind.Exec => TryExec(line, tasks, out e),
            EventKind.Exit => TryExit(line, tasks, out e),
            EventKind.CgroupAttach => TryAttach(line, tasks, out e),
            EventKind.CgroupMake => TryDirectory(line, isMake: true, out e),
            EventKind.CgroupRemove => TryDirectory(line, isMake: false, out e),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a kind without a reader"),
        };
        return ok ? null : ShapeOf(kind);
    }

    private static string ShapeOf(EventKind kind) => kind switch
    {
        EventKind.Switch => SwitchShape,
        EventKind.Waking => "sched_waking: " + WakeupShape,
        EventKind.Woken => "sched_wakeup: " + WakeupShape,
        EventKind.WokenAfterFork => "sched_wakeup_new: " + WakeupShape,
        EventKind.Migrate => MigrateShape,
        EventKind.Fork => ForkShape,
        EventKind.Exec => ExecShape,
        EventKind.Exit => ExitShape,
        EventKind.CgroupAttach => AttachShape,
        EventKind.CgroupMake => "cgroup_mkdir: " + DirectoryShape,
        _ => "cgroup_rmdir: " + DirectoryShape,
    };

    private static bool TrySwitch(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        if (!TrySwitchKeys(line.Body, out var sides) && !TrySwitchPlugin(line.Body.TrimEnd(), out sides)) return false;
        var prevComm = tasks.Meet(sides.Prev, sides.PrevComm);
        var nextComm = tasks.Meet(sides.Next, sides.NextComm);
        e = new SchedEvent.Switch(line.TimeNs, line.Cpu, sides.Prev, prevComm, sides.State, StateText(sides.StateText), sides.Next, nextComm);
        return true;
    }

    private static bool TrySwitchKeys(ReadOnlySpan<char> s, out SwitchSides sides)
    {
        const string prevKey = "prev_comm=", nextKey = " next_comm=", prevPidKey = " prev_pid=", nextPidKey = " next_pid=";
        sides = default;
        // trace-cmd may put the raw event's address before the first key.
        var start = s.IndexOf(prevKey);
        if (start < 0) return false;
        s = s[(start + prevKey.Length)..];
        var middle = s.IndexOf(nextKey);
        if (middle < 0) return false;
        var prev = s[..middle];
        var next = s[(middle + nextKey.Length)..];
        var prevPidAt = prev.LastIndexOf(prevPidKey);
        var nextPidAt = next.LastIndexOf(nextPidKey);
        if (prevPidAt < 0 || nextPidAt < 0) return false;
        if (!TryPidAfterLast(prev, prevPidKey, out var prevPid) || !TryPidAfterLast(next, nextPidKey, out var nextPid)) return false;
        if (!TraceText.TryWordAfterLast(prev, " prev_state=", out var stateText) || !TraceText.TryState(stateText, out var state)) return false;
        sides = new SwitchSides(prevPid, prev[..prevPidAt], state, stateText, nextPid, next[..nextPidAt]);
        return true;
    }

    private static bool TrySwitchPlugin(ReadOnlySpan<char> s, out SwitchSides sides)
    {
        const string arrow = " ==> ";
        sides = default;
        // A name may hold the arrow: the right one has a task on both sides.
        var from = 0;
        while (s[from..].IndexOf(arrow) is >= 0 and var offset)
        {
            var left = s[..(from + offset)];
            var right = s[(from + offset + arrow.Length)..];
            from += offset + 1;
            var blank = left.LastIndexOf(' ');
            if (blank < 0 || !TraceText.TryState(left[(blank + 1)..], out var state)) continue;
            if (!TryPluginTask(left[..blank], out var prev, out var prevComm) || !TryPluginTask(right, out var next, out var nextComm)) continue;
            sides = new SwitchSides(prev, prevComm, state, left[(blank + 1)..], next, nextComm);
            return true;
        }
        return false;
    }

    // "comm:12 [120]"
    private static bool TryPluginTask(ReadOnlySpan<char> s, out TracePid pid, out ReadOnlySpan<char> comm)
    {
        pid = default;
        comm = default;
        var priority = s.LastIndexOf(" [");
        if (priority < 0 || !s.EndsWith("]")) return false;
        s = s[..priority];
        var colon = s.LastIndexOf(':');
        if (colon < 0 || !TraceText.TryPid(s[(colon + 1)..], out pid)) return false;
        comm = s[..colon];
        return true;
    }

    private static bool TryWakeup(in TraceLine line, WakeupKind kind, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        var s = line.Body.TrimEnd();
        TracePid pid;
        TraceCpu target;
        ReadOnlySpan<char> comm;
        if (s.StartsWith("comm="))
        {
            var pidAt = s.LastIndexOf(" pid=");
            if (pidAt < 0 || !TryPidAfterLast(s, " pid=", out pid) || !TryCpuAfterLast(s, " target_cpu=", out target)) return false;
            comm = s[5..pidAt];
            s = s[pidAt..];
        }
        else
        {
            var cpuAt = s.LastIndexOf(" CPU:");
            if (cpuAt < 0 || !TraceText.TryCpu(s[(cpuAt + 5)..], out target)) return false;
            var task = s[..cpuAt];
            var priorityEnd = task.LastIndexOf(']') + 1;
            if (!TryPluginTask(task[..priorityEnd], out pid, out comm)) return false;
            s = task[priorityEnd..];
        }
        tasks.Meet(pid, comm);
        // Old kernels also trace a wakeup of a task that was awake.
        var wokeNobody = TraceText.TryWordAfterLast(s, " success=", out var success) && success is "0";
        if (!wokeNobody) e = new SchedEvent.Wakeup(line.TimeNs, line.Cpu, kind, pid, target);
        return true;
    }

    private static bool TryMigrate(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        var s = line.Body;
        var pidAt = s.LastIndexOf(" pid=");
        if (pidAt < 0 || !s.StartsWith("comm=") || !TryPidAfterLast(s, " pid=", out var pid)) return false;
        if (!TryCpuAfterLast(s, " orig_cpu=", out var from) || !TryCpuAfterLast(s, " dest_cpu=", out var to)) return false;
        tasks.Meet(pid, s[5..pidAt]);
        e = new SchedEvent.Migrate(line.TimeNs, line.Cpu, pid, from, to);
        return true;
    }

    private static bool TryFork(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        const string childCommKey = " child_comm=", childPidKey = " child_pid=";
        e = null;
        var s = line.Body;
        var middle = s.IndexOf(childCommKey);
        if (middle < 0 || !s.StartsWith("comm=")) return false;
        var left = s[..middle];
        var right = s[(middle + childCommKey.Length)..];
        var parentAt = left.LastIndexOf(" pid=");
        var childAt = right.LastIndexOf(childPidKey);
        if (parentAt < 0 || childAt < 0) return false;
        if (!TryPidAfterLast(left, " pid=", out var parent) || !TryPidAfterLast(right, childPidKey, out var child)) return false;
        tasks.Meet(parent, left[5..parentAt]);
        tasks.Meet(child, right[..childAt]);
        tasks.Forked(parent, child);
        e = new SchedEvent.Fork(line.TimeNs, line.Cpu, parent, child);
        return true;
    }

    private static bool TryExec(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        var s = line.Body;
        var pidAt = s.LastIndexOf(" pid=");
        if (pidAt < 0 || !s.StartsWith("filename=") || !TryPidAfterLast(s, " pid=", out var pid)) return false;
        if (!TryPidAfterLast(s, " old_pid=", out var old)) return false;
        tasks.Meet(pid);
        e = new SchedEvent.Exec(line.TimeNs, line.Cpu, pid, old, s["filename=".Length..pidAt].ToString());
        return true;
    }

    private static bool TryExit(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        e = null;
        var s = line.Body;
        var pidAt = s.LastIndexOf(" pid=");
        if (pidAt < 0 || !s.StartsWith("comm=") || !TryPidAfterLast(s, " pid=", out var pid)) return false;
        tasks.Meet(pid, s[5..pidAt]);
        e = new SchedEvent.ProcessExit(line.TimeNs, line.Cpu, pid);
        return true;
    }

    private static bool TryAttach(in TraceLine line, TaskTable tasks, out SchedEvent? e)
    {
        const string rootKey = "dst_root=", pathKey = " dst_path=", pidKey = " pid=", commKey = " comm=";
        e = null;
        var s = line.Body;
        var pathAt = s.IndexOf(pathKey);
        if (pathAt < 0 || !s.StartsWith(rootKey) || !TryHierarchy(s[rootKey.Length..], out var hierarchy)) return false;
        var rest = s[(pathAt + pathKey.Length)..];
        if (!rest.StartsWith("/")) return false;
        // Path and name may both hold " pid=": the right one is the last that is a number and has the name behind it.
        for (var at = rest.LastIndexOf(pidKey); at >= 0; at = rest[..at].LastIndexOf(pidKey))
        {
            var tail = rest[(at + pidKey.Length)..];
            var end = tail.IndexOf(' ');
            if (end < 0 || !tail[end..].StartsWith(commKey) || !TraceText.TryPid(tail[..end], out var pid)) continue;
            tasks.Meet(pid, tail[(end + commKey.Length)..]);
            e = new SchedEvent.CgroupAttach(line.TimeNs, line.Cpu, pid, hierarchy, rest[..at].ToString());
            return true;
        }
        return false;
    }

    private static bool TryDirectory(in TraceLine line, bool isMake, out SchedEvent? e)
    {
        const string rootKey = "root=", pathKey = " path=";
        e = null;
        var s = line.Body;
        var pathAt = s.IndexOf(pathKey);
        if (pathAt < 0 || !s.StartsWith(rootKey) || !TryHierarchy(s[rootKey.Length..], out var hierarchy)) return false;
        var path = s[(pathAt + pathKey.Length)..];
        if (!path.StartsWith("/")) return false;
        e = isMake
            ? new SchedEvent.CgroupMake(line.TimeNs, line.Cpu, hierarchy, path.ToString())
            : new SchedEvent.CgroupRemove(line.TimeNs, line.Cpu, hierarchy, path.ToString());
        return true;
    }

    private static bool TryHierarchy(ReadOnlySpan<char> s, out int hierarchy)
    {
        var end = s.IndexOf(' ');
        var ok = TraceText.TryNumber(end < 0 ? s : s[..end], out var n) && n <= int.MaxValue;
        hierarchy = ok ? (int)n : 0;
        return ok;
    }

    private static bool TryPidAfterLast(ReadOnlySpan<char> s, ReadOnlySpan<char> key, out TracePid pid)
    {
        pid = default;
        return TraceText.TryWordAfterLast(s, key, out var word) && TraceText.TryPid(word, out pid);
    }

    private static bool TryCpuAfterLast(ReadOnlySpan<char> s, ReadOnlySpan<char> key, out TraceCpu cpu)
    {
        cpu = default;
        return TraceText.TryWordAfterLast(s, key, out var word) && TraceText.TryCpu(word, out cpu);
    }

    // The common states, so that a switch allocates no string for its state.
    private static string StateText(ReadOnlySpan<char> s) => s switch
    {
        "R" => "R",
        "R+" => "R+",
        "S" => "S",
        "D" => "D",
        "I" => "I",
        "W" => "W",
        "X" => "X",
        "Z" => "Z",
        "0" => "0",
        "1" => "1",
        "2" => "2",
        _ => s.ToString(),
    };

    private readonly ref struct SwitchSides(
        TracePid prev, ReadOnlySpan<char> prevComm, TaskState state, ReadOnlySpan<char> stateText, TracePid next, ReadOnlySpan<char> nextComm)
    {
        public TracePid Prev { get; } = prev;

        public ReadOnlySpan<char> PrevComm { get; } = prevComm;

        public TaskState State { get; } = state;

        public ReadOnlySpan<char> StateText { get; } = stateText;

        public TracePid Next { get; } = next;

        public ReadOnlySpan<char> NextComm { get; } = nextComm;
    }
}
