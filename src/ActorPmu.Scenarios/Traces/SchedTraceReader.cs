using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace ActorPmu.Scenarios.Traces;

/// <summary>
/// Reads the text of <c>trace-cmd report</c>, of tracefs' <c>trace</c> file and of <c>perf script</c> or <c>perf sched script</c>, event by
/// event, in one pass. The three are told apart line by line, so a file may mix them.
/// </summary>
/// <remarks>A line that cannot be read is counted and passed over. Holds one line, the tasks' names and the tallies, never the events.</remarks>
public sealed class SchedTraceReader
{
    /// <summary>How many lines that cannot be read are kept with their text; further ones are counted only.</summary>
    public const int ProblemsKept = 1000;

    private const string KnownFormats =
        "trace-cmd ('bash-12 [000] 1.000001: sched_switch: bash:12 [120] S ==> ...'), "
        + "tracefs ('bash-12 [000] d..2. 1.000001: sched_switch: prev_comm=bash prev_pid=12 ...'), "
        + "perf script ('bash 12 [000] 1.000001: sched:sched_switch: prev_comm=bash prev_pid=12 ...')";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly TextReader text;
    private readonly string file;
    private readonly TaskTable tasks = new();
    private readonly NameCounts counts = new();
    private readonly NameCounts unread = new();
    private readonly List<TraceProblem> problems = [];
    private readonly SortedSet<TraceCpu> cpus = new(TraceCpu.ByNumber);
    private readonly TracePid?[] running = new TracePid?[TraceCpu.NumberMax + 1];
    private readonly bool[] seen = new bool[TraceCpu.NumberMax + 1];
    private int line;
    private int problemCount;
    private int switchesFromAnotherTask;
    private int stepsBackInTime;
    private int? cpusInHeader;
    private long? previousNs;
    private long firstNs = long.MaxValue;
    private long lastNs = long.MinValue;
    private bool anyEvent;

    /// <summary>Begins at the reader's place.</summary>
    /// <param name="text">The trace; stays open.</param>
    /// <param name="file">The name to use in errors.</param>
    public SchedTraceReader(TextReader text, string file)
    {
        this.text = text;
        this.file = file;
    }

    /// <summary>The next event, or null at the end of the trace.</summary>
    /// <exception cref="TraceInputException">The trace ended without one scheduler event, or is a recording that a tool has yet to print.</exception>
    public SchedEvent? Next()
    {
        while (text.ReadLine() is { } s)
        {
            line++;
            if (line == 1) RefuseRecording(s);
            if (Read(s) is not { } e) continue;
            anyEvent = true;
            return e;
        }
        if (!anyEvent) throw NothingRead();
        return null;
    }

    /// <summary>What was tallied of the lines read so far, with the events that the caller kept of them: all, some, or none.</summary>
    /// <param name="events">The events kept.</param>
    public SchedTrace Finish(ImmutableArray<SchedEvent> events) => new()
    {
        Events = events,
        FirstNs = counts.Any ? firstNs : 0,
        LastNs = counts.Any ? lastNs : 0,
        Cpus = cpus.ToImmutableArray(),
        CpusInHeader = cpusInHeader,
        Tasks = tasks.ToTasks(),
        Problems = problems.ToImmutableArray(),
        ProblemCount = problemCount,
        EventCounts = counts.ToCounts(),
        UnreadEvents = unread.ToCounts(),
        SwitchesFromAnotherTask = switchesFromAnotherTask,
        StepsBackInTime = stepsBackInTime,
    };

    private SchedEvent? Read(string s)
    {
        if (IsHeader(s)) return null;
        var reason = TraceLine.Split(s, out var parts);
        if (reason is not null)
        {
            if (!IsCallChain(s)) Report(s, reason);
            return null;
        }
        var kind = EventText.KindOf(parts.Event);
        if (kind == EventKind.Unknown)
        {
            Count(parts);
            unread.Add(parts.Event);
            return null;
        }
        reason = EventText.Read(kind, parts, tasks, out var e);
        if (reason is not null)
        {
            Report(s, reason);
            return null;
        }
        Count(parts);
        if (e is null)
        {
            unread.Add(parts.Event);
            return null;
        }
        Follow(e);
        return e;
    }

    private void Count(in TraceLine parts)
    {
        counts.Add(parts.Event);
        Saw(parts.Cpu);
        if (parts.Pid is { } pid) tasks.MeetIfNameless(pid, parts.Comm);
        if (parts.TimeNs < previousNs) stepsBackInTime++;
        previousNs = parts.TimeNs;
        firstNs = Math.Min(firstNs, parts.TimeNs);
        lastNs = Math.Max(lastNs, parts.TimeNs);
    }

    private void Follow(SchedEvent e)
    {
        switch (e)
        {
            case SchedEvent.Switch s:
                // The kernel leaves some functions untraced, and a switch in them is missing: the trace is still good.
                if (running[s.Cpu.Value] is { } last && last != s.Prev) switchesFromAnotherTask++;
                running[s.Cpu.Value] = s.Next;
                break;
            case SchedEvent.Wakeup w:
                Saw(w.TargetCpu);
                break;
            case SchedEvent.Migrate m:
                Saw(m.From);
                Saw(m.To);
                break;
        }
    }

    private void Saw(TraceCpu cpu)
    {
        if (seen[cpu.Value]) return;
        seen[cpu.Value] = true;
        cpus.Add(cpu);
    }

    private void Report(string s, string reason)
    {
        problemCount++;
        if (problems.Count == ProblemsKept) return;
        problems.Add(new TraceProblem(line, s.Length > TraceProblem.TextMax ? s[..TraceProblem.TextMax] : s, reason));
    }

    // Comments, empty lines, and what trace-cmd prints before the first event.
    private bool IsHeader(ReadOnlySpan<char> s)
    {
        s = s.Trim();
        if (s.IsEmpty) return true;
        if (s[0] == '#')
        {
            var at = s.IndexOf("#P:");
            if (at > 0) TakeCpusInHeader(s[(at + 3)..]);
            return true;
        }
        if (s.StartsWith("cpus="))
        {
            TakeCpusInHeader(s[5..]);
            return true;
        }
        return s.StartsWith("version =") || (s.StartsWith("CPU ") && s.EndsWith(" is empty"));
    }

    private void TakeCpusInHeader(ReadOnlySpan<char> s)
    {
        if (int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var n)) cpusInHeader = n;
    }

    // perf script -g prints each frame below its event, as an address and a symbol.
    private static bool IsCallChain(ReadOnlySpan<char> s)
    {
        if (!char.IsWhiteSpace(s[0])) return false;
        s = s.TrimStart();
        var digits = s.IndexOfAnyExcept(HexDigits);
        return digits >= 6 && s[digits] == ' ';
    }

    private void RefuseRecording(ReadOnlySpan<char> first)
    {
        if (first.Length >= 10 && first[3..].StartsWith("tracing"))
            throw new TraceInputException(file, 1, "a recording of trace-cmd, not its text: run 'trace-cmd report FILE > trace.txt' and give trace.txt");
        if (first.StartsWith("PERFILE"))
            throw new TraceInputException(file, 1, "a recording of perf, not its text: run 'perf script --ns -i FILE > trace.txt' and give trace.txt");
    }

    private TraceInputException NothingRead()
    {
        if (counts.Any && problemCount == 0)
            return new TraceInputException(file, line, "the trace has events, but none of the scheduler: record with 'trace-cmd record -e sched' or 'perf sched record'");
        return problems is [var first, ..]
            ? new TraceInputException(file, first.Line, string.Create(CultureInfo.InvariantCulture, $"no scheduler event could be read; the first of {problemCount} lines at fault: {first.Reason}. Known are the texts of {KnownFormats}"))
            : new TraceInputException(file, 1, $"the trace has no events. Known are the texts of {KnownFormats}");
    }
}
