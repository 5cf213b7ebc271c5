using System.Globalization;

namespace ActorPmu.Scenarios.Traces;

/// <summary>Reads the small parts of a trace line; none allocates.</summary>
internal static class TraceText
{
    /// <summary>Seconds with 1 to 9 decimal places, or whole or broken microseconds; to nanoseconds.</summary>
    public static bool TryTime(ReadOnlySpan<char> s, bool isMicroseconds, out long timeNs)
    {
        timeNs = 0;
        var point = s.IndexOf('.');
        if (point < 0 && !isMicroseconds) return false;
        var whole = point < 0 ? s : s[..point];
        var fraction = point < 0 ? [] : s[(point + 1)..];
        var digitsMax = isMicroseconds ? 3 : 9;
        if (point >= 0 && (fraction.IsEmpty || fraction.Length > digitsMax)) return false;
        var unitNs = isMicroseconds ? 1_000 : 1_000_000_000L;
        if (!TryNumber(whole, out var wholeNumber) || wholeNumber >= long.MaxValue / unitNs) return false;
        var part = 0L;
        if (!fraction.IsEmpty && !TryNumber(fraction, out part)) return false;
        for (var digits = fraction.Length; digits < digitsMax; digits++) part *= 10;
        timeNs = (wholeNumber * unitNs) + part;
        return true;
    }

    public static bool TryCpu(ReadOnlySpan<char> s, out TraceCpu cpu)
    {
        var ok = TryNumber(s, out var n) && n <= TraceCpu.NumberMax;
        cpu = new TraceCpu(ok ? (int)n : 0);
        return ok;
    }

    public static bool TryPid(ReadOnlySpan<char> s, out TracePid pid)
    {
        var ok = TryNumber(s, out var n) && n <= int.MaxValue;
        pid = new TracePid(ok ? (int)n : 0);
        return ok;
    }

    /// <summary>The letters of any tool, or the number of an old kernel.</summary>
    public static bool TryState(ReadOnlySpan<char> s, out TaskState state)
    {
        state = TaskState.Other;
        if (s.IsEmpty || s.Contains(' ')) return false;
        if (char.IsAsciiDigit(s[0]))
        {
            var isHex = s.StartsWith("0x");
            if (!int.TryParse(isHex ? s[2..] : s, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var bits)) return false;
            state = FromBits(bits);
            return true;
        }
        state = s[0] switch
        {
            'R' => s.Contains('+') ? TaskState.Preempted : TaskState.Runnable,
            'p' => TaskState.Preempted,
            'S' => TaskState.Sleeping,
            'D' => TaskState.Blocked,
            'T' or 't' => TaskState.Stopped,
            // Older libtraceevent takes the letters of kernels before 4.14: its x is the bit that is TASK_PARKED now, its W that of TASK_IDLE.
            'X' or 'Z' or 'x' => TaskState.Dead,
            'I' or 'W' => TaskState.Idle,
            'P' => TaskState.Parked,
            _ => TaskState.Other,
        };
        return char.IsAsciiLetter(s[0]);
    }

    // include/linux/sched.h. Bits 0 to 5 are the same in all kernels; 0x40 is TASK_DEAD before 4.14 and TASK_PARKED since, 0x200
    // TASK_PARKED before; the preemption mark
    // is 0x100 since 4.14 and the first bit above all states before (1024, 2048 or 4096), always without a bit below 0x80.
    private static TaskState FromBits(int bits) => bits switch
    {
        0 => TaskState.Runnable,
        0x80 => TaskState.Idle,
        0x402 => TaskState.Idle,
        _ when (bits & 0x01) != 0 => TaskState.Sleeping,
        _ when (bits & 0x02) != 0 => TaskState.Blocked,
        _ when (bits & 0x0c) != 0 => TaskState.Stopped,
        _ when (bits & 0x30) != 0 => TaskState.Dead,
        0x40 => TaskState.Dead,
        0x200 => TaskState.Parked,
        0x100 or 0x400 or 0x800 or 0x1000 => TaskState.Preempted,
        _ => TaskState.Other,
    };

    /// <summary>Decimal digits only, at most 18 of them.</summary>
    public static bool TryNumber(ReadOnlySpan<char> s, out long number)
    {
        number = 0;
        if (s.IsEmpty || s.Length > 18) return false;
        foreach (var c in s)
        {
            if (!char.IsAsciiDigit(c)) return false;
            number = (number * 10) + (c - '0');
        }
        return true;
    }

    /// <summary>The word after the last <paramref name="key"/> (such as <c>" pid="</c>): up to the next blank, or to the end.</summary>
    public static bool TryWordAfterLast(ReadOnlySpan<char> s, ReadOnlySpan<char> key, out ReadOnlySpan<char> word)
    {
        var at = s.LastIndexOf(key);
        word = default;
        if (at < 0) return false;
        word = s[(at + key.Length)..];
        var end = word.IndexOf(' ');
        if (end >= 0) word = word[..end];
        return true;
    }
}
