using System.Collections.Immutable;

namespace ActorPmu.Scenarios.Traces;

/// <summary>The tasks met so far: last name and parent. Each spelling of a name is one string.</summary>
internal sealed class TaskTable
{
    // What the kernel and trace-cmd print for a task whose name they did not keep.
    private const string NotKnown = "<...>";

    private readonly Dictionary<TracePid, string> comms = [];
    private readonly Dictionary<TracePid, TracePid> parents = [];
    private readonly Dictionary<string, string> spellings = new(StringComparer.Ordinal);

    /// <summary>An event names the task. Returns the name.</summary>
    public string Meet(TracePid pid, ReadOnlySpan<char> comm)
    {
        var name = Spelling(comm);
        if (pid == TracePid.Idle) return name;
        if (name == NotKnown) comms.TryAdd(pid, "");
        else comms[pid] = name;
        return name;
    }

    /// <summary>The start of a line names the task: recorders print the name known later or earlier there, so that an event's name goes first.</summary>
    public void MeetIfNameless(TracePid pid, ReadOnlySpan<char> comm)
    {
        if (pid == TracePid.Idle || comms.TryGetValue(pid, out var known) && known.Length > 0) return;
        comms[pid] = comm is NotKnown ? "" : Spelling(comm);
    }

    /// <summary>An event has the task without a name.</summary>
    public void Meet(TracePid pid)
    {
        if (pid != TracePid.Idle) comms.TryAdd(pid, "");
    }

    public void Forked(TracePid parent, TracePid child) => parents[child] = parent;

    public ImmutableSortedDictionary<TracePid, TraceTask> ToTasks() => comms.ToImmutableSortedDictionary(
        task => task.Key,
        task => new TraceTask(task.Key, task.Value, parents.TryGetValue(task.Key, out var parent) ? parent : null),
        TracePid.ByNumber);

    private string Spelling(ReadOnlySpan<char> comm)
    {
        var bySpan = spellings.GetAlternateLookup<ReadOnlySpan<char>>();
        if (bySpan.TryGetValue(comm, out var known)) return known;
        var name = comm.ToString();
        spellings.Add(name, name);
        return name;
    }
}
