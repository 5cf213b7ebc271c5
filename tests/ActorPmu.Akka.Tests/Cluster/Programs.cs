using System.Globalization;
using System.Text;

namespace ActorPmu.Akka.Tests.Cluster;

/// <summary>Scenarios that nobody would write by hand.</summary>
internal static class Programs
{
    private const string Own = "open: { fd: own, event: cycles }";
    private const string Work = "work: 3";
    private const string ReadFar = "read: { fd: far, expect: any }";
    private const string CloseFar = "close: { fd: far, expect: [ok, EBADF] }";

    /// <summary>A task on each processor, which opens, reads and closes events of its own, of a processor elsewhere, and of another task.</summary>
    public static string OpenReadClose(int cpus, int rounds) => Text(
        "Each processor's task opens, reads and closes, here and elsewhere.", cpus,
        cpu => [Own, .. Rounds(rounds, round => [OpenFar((cpu + 5) % cpus), Work, ReadFar, ReadOwn(round), CloseFar])]);

    /// <summary>The same, for longer than anybody waits.</summary>
    public static string WithoutEnd(int cpus) => Text(
        "Each processor's task opens, reads and closes, again and again.", cpus, cpu => [OpenFar((cpu + 1) % cpus), Work, ReadFar, CloseFar], repeat: 10_000);

    /// <summary>Everybody counts the same on processor 0.</summary>
    public static string OneForAll(int cpus, int rounds) => Text(
        "Each processor's task counts processor 0's cycles, as all others do.", cpus,
        _ => Rounds(rounds, _ =>
        [
            "open: { fd: all, event: cycles, cpu: 0, task: any }", Work, "read: { fd: all, expect: any }", "disable: all", "work: 2", "enable: all",
            "read: { fd: all, expect: any }", "close: all",
        ]));

    /// <summary>Tasks that count themselves and others while they go round all processors that are there.</summary>
    public static string Wanderers(int cpus, int rounds) => Text(
        "Tasks go round the processors and count themselves, and what is far away.", cpus,
        cpu =>
        [
            Own,
            .. Rounds(rounds, round =>
            [
                Line($"migrate: {{ cpu: {(cpu + (5 * round) + 1) % cpus}, expect: [ok, EINVAL] }}"), OpenFar((cpu + 3) % cpus), Work, ReadFar, ReadOwn(round), CloseFar,
            ]),
        ]);

    /// <summary>The same with more events than the processors have counters, so that some wait for theirs.</summary>
    public static string Crowded(int cpus, int rounds) => Text(
        "Each processor's task counts more than there are counters, here and elsewhere.", cpus,
        cpu =>
        [
            Own, "open: { fd: other, event: instructions }",
            .. Rounds(rounds, _ =>
            [
                OpenFar((cpu + 5) % cpus), "open: { fd: third, event: cycles }", Work,
                ReadFar, "read: { fd: own, expect: any }", "read: { fd: other, expect: any }", "read: { fd: third, expect: any }", CloseFar, "close: third",
            ]),
        ],
        profile: "tiny, mux-fires: 8", work: "cycles: 1, instructions: 2");

    private static string OpenFar(int cpu) => Line($"open: {{ fd: far, event: cycles, cpu: {cpu}, task: any, expect: [ok, ENODEV] }}");

    private static string ReadOwn(int round) => Line($"read: {{ fd: own, expect: {3 * (round + 1)} }}");

    private static IEnumerable<string> Rounds(int rounds, Func<int, string[]> steps) => Enumerable.Range(0, rounds).SelectMany(steps);

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static string Text(
        string story, int cpus, Func<int, IEnumerable<string>> script, int repeat = 1, string profile = "skl-ht", string work = "cycles: 1")
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {story}");
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {cpus}, profile: {profile} }}");
        text.AppendLine(CultureInfo.InvariantCulture, $"work: {{ {work} }}").AppendLine("tasks:");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            if (repeat > 1)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    repeat: {repeat}");
            }

            text.AppendLine("    script:");
            foreach (string step in script(cpu))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"      - {step}");
            }
        }

        return text.ToString();
    }
}
