using System.Buffers;

namespace ActorPmu.Scenarios.Traces;

/// <summary>The parts that a line has in all formats: <c>task [cpu] flags seconds.fraction: event: body</c>.</summary>
internal readonly ref struct TraceLine
{
    private const string NoTime = "expected 'task [cpu] seconds.fraction: event: ...', found no time stamp";
    private const string NoCpu = "found no CPU number, such as [000], before the time stamp";
    private const string NoEvent = "found no event name after the time stamp";
    private const string Lost = "events were lost here; record with a larger buffer";

    // trace_print_lat_fmt(), kernel/trace/trace_output.c: interrupts, resched, context, preemption depth, migration depth.
    private static readonly SearchValues<char> LatencyFlags = SearchValues.Create("0123456789.abdhnpsABDHNPSzZlLX#");

    /// <summary>The CPU that recorded the line.</summary>
    public TraceCpu Cpu { get; private init; }

    /// <summary>Nanoseconds on the trace's clock.</summary>
    public long TimeNs { get; private init; }

    /// <summary>The task that the line begins with; null when it has none or perf did not know it (<c>:-1</c>).</summary>
    public TracePid? Pid { get; private init; }

    /// <summary>That task's name.</summary>
    public ReadOnlySpan<char> Comm { get; private init; }

    /// <summary>The event's name without its subsystem.</summary>
    public ReadOnlySpan<char> Event { get; private init; }

    /// <summary>What follows the event's name.</summary>
    public ReadOnlySpan<char> Body { get; private init; }

    /// <summary>Takes a line apart. Returns null, or why it could not.</summary>
    public static string? Split(ReadOnlySpan<char> s, out TraceLine parts)
    {
        parts = default;
        var reason = NoTime;
        // Names and bodies may hold colons; the time stamp is the first one with a CPU before it and an event after it.
        for (var colon = s.IndexOf(':'); colon >= 0; colon = NextColon(s, colon))
        {
            if (colon + 1 < s.Length && s[colon + 1] != ' ') continue;
            if (!TryTimeBefore(s[..colon], out var start, out var timeNs)) continue;
            if (!TryCpu(s[..start], out var cpu, out var task))
            {
                if (reason == NoTime) reason = NoCpu;
                continue;
            }
            if (!TryEvent(s[(colon + 1)..], out var name, out var body))
            {
                reason = NoEvent;
                continue;
            }
            TryTask(task, out var pid, out var comm);
            parts = new TraceLine { Cpu = cpu, TimeNs = timeNs, Pid = pid, Comm = comm, Event = name, Body = body };
            return null;
        }
        return s.StartsWith("CPU:") && s.Contains("EVENTS", StringComparison.Ordinal) ? Lost : reason;
    }

    private static int NextColon(ReadOnlySpan<char> s, int colon)
    {
        var next = s[(colon + 1)..].IndexOf(':');
        return next < 0 ? -1 : colon + 1 + next;
    }

    // "1234.567890", "1234.567890123", and the latency format's "12us", "12us+", "12us!" with a blank or none before the colon.
    private static bool TryTimeBefore(ReadOnlySpan<char> s, out int start, out long timeNs)
    {
        start = 0;
        timeNs = 0;
        var end = s.Length;
        if (end > 0 && s[end - 1] is ' ') end--;
        if (end > 0 && s[end - 1] is '+' or '!' or '#' or '*' or '@' or '$') end--;
        var isMicroseconds = s[..end].EndsWith("us");
        if (isMicroseconds) end -= 2;
        else if (end != s.Length) return false;

        start = end;
        while (start > 0 && (char.IsAsciiDigit(s[start - 1]) || s[start - 1] == '.')) start--;
        if (start == end || (start > 0 && !char.IsWhiteSpace(s[start - 1]))) return false;
        return TraceText.TryTime(s[start..end], isMicroseconds, out timeNs);
    }

    private static bool TryCpu(ReadOnlySpan<char> s, out TraceCpu cpu, out ReadOnlySpan<char> task)
    {
        for (var open = s.LastIndexOf('['); open >= 0; open = s[..open].LastIndexOf('['))
        {
            var length = s[open..].IndexOf(']') - 1;
            if (length <= 0 || (open > 0 && !char.IsWhiteSpace(s[open - 1]))) continue;
            var after = open + length + 2;
            if (after < s.Length && !char.IsWhiteSpace(s[after])) continue;
            if (!TraceText.TryCpu(s.Slice(open + 1, length), out cpu)) continue;
            task = s[..open];
            return true;
        }
        return TryCpuWithFlags(s.TrimEnd(), out cpu, out task);
    }

    // The latency format joins CPU and flags: "bash-12  1d..2.".
    private static bool TryCpuWithFlags(ReadOnlySpan<char> s, out TraceCpu cpu, out ReadOnlySpan<char> task)
    {
        var start = s.LastIndexOf(' ') + 1;
        var word = s[start..];
        task = s[..start];
        cpu = default;
        var digits = word.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && word.Length - digits >= 4
            && !word[digits..].ContainsAnyExcept(LatencyFlags)
            && TraceText.TryCpu(word[..digits], out cpu);
    }

    // "comm-12", "comm-12 (    12)", "comm 12", "comm 12/13"; a comm may hold any of blank, colon, dash, slash, bracket.
    private static void TryTask(ReadOnlySpan<char> s, out TracePid? pid, out ReadOnlySpan<char> comm)
    {
        pid = null;
        comm = default;
        s = s.Trim();
        if (s.EndsWith(")") && s.LastIndexOf('(') is > 0 and var tgid) s = s[..tgid].TrimEnd();
        var digits = s.Length - (s.LastIndexOfAnyExceptInRange('0', '9') + 1);
        var before = s.Length - digits - 1;
        if (digits == 0 || before < 1 || !TraceText.TryPid(s[^digits..], out var last)) return;
        if (s[before] == '/')
        {
            var blank = s.LastIndexOf(' ');
            if (blank < 1 || s[(blank + 1)..before].ContainsAnyExceptInRange('0', '9')) return;
            before = blank;
        }
        else if (s[before] == '-' ? s[before - 1] == ' ' : s[before] != ' ')
        {
            return;
        }
        pid = last;
        comm = s[..before].TrimEnd();
    }

    private static bool TryEvent(ReadOnlySpan<char> s, out ReadOnlySpan<char> name, out ReadOnlySpan<char> body)
    {
        body = default;
        s = s.TrimStart();
        var end = WordEnd(s);
        // perf script prints the event's period, unless told not to.
        if (end > 0 && end < s.Length && !s[..end].ContainsAnyExceptInRange('0', '9'))
        {
            s = s[end..].TrimStart();
            end = WordEnd(s);
        }
        name = s[..end];
        if (!name.EndsWith(":"))
        {
            var isFunction = s[end..].StartsWith(" <-");
            name = "function";
            return isFunction;
        }
        name = WithoutSubsystem(name[..^1]);
        body = s[end..].TrimStart(' ');
        return name.Length > 0;
    }

    private static int WordEnd(ReadOnlySpan<char> s)
    {
        var end = s.IndexOf(' ');
        return end < 0 ? s.Length : end;
    }

    // "sched:sched_switch" is a tracepoint with its subsystem; "cycles:ppp" is a hardware event with modifiers.
    private static ReadOnlySpan<char> WithoutSubsystem(ReadOnlySpan<char> name)
    {
        var colon = name.IndexOf(':');
        if (colon < 0) return name;
        var rest = name[(colon + 1)..];
        return rest.Length >= 5 || rest.Contains('_') ? rest : name;
    }
}
