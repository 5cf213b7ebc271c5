using System.Globalization;
using System.Text;

namespace ActorPmu.Akka.Tests.Cluster;

/// <summary>Scenarios that nobody would write by hand.</summary>
internal static class Programs
{
    /// <summary>A task on each processor, which opens, reads and closes events of its own, of a processor elsewhere, and of another task.</summary>
    public static string OpenReadClose(int cpus, int rounds)
    {
        StringBuilder text = new();
        text.AppendLine("# Each processor's task opens, reads and closes, here and elsewhere.");
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {cpus}, profile: skl-ht }}");
        text.AppendLine("work: { cycles: 1 }").AppendLine("tasks:");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            text.AppendLine("    script:").AppendLine("      - open: { fd: own, event: cycles }");
            for (int round = 0; round < rounds; round++)
            {
                int elsewhere = (cpu + 5) % cpus;
                text.AppendLine(CultureInfo.InvariantCulture, $"      - open: {{ fd: far, event: cycles, cpu: {elsewhere}, task: any, expect: [ok, ENODEV] }}");
                text.AppendLine("      - work: 3");
                text.AppendLine("      - read: { fd: far, expect: any }");
                text.AppendLine(CultureInfo.InvariantCulture, $"      - read: {{ fd: own, expect: {3 * (round + 1)} }}");
                text.AppendLine("      - close: { fd: far, expect: [ok, EBADF] }");
            }
        }

        return text.ToString();
    }

    /// <summary>Everybody counts the same on processor 0.</summary>
    public static string OneForAll(int cpus, int rounds)
    {
        StringBuilder text = new();
        text.AppendLine("# Each processor's task counts processor 0's cycles, as all others do.");
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {cpus}, profile: skl-ht }}");
        text.AppendLine("work: { cycles: 1 }").AppendLine("tasks:");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            text.AppendLine("    script:");
            for (int round = 0; round < rounds; round++)
            {
                text.AppendLine("      - open: { fd: all, event: cycles, cpu: 0, task: any }");
                text.AppendLine("      - work: 3");
                text.AppendLine("      - read: { fd: all, expect: any }");
                text.AppendLine("      - disable: all").AppendLine("      - work: 2").AppendLine("      - enable: all");
                text.AppendLine("      - read: { fd: all, expect: any }");
                text.AppendLine("      - close: all");
            }
        }

        return text.ToString();
    }

    /// <summary>Tasks that count themselves and others while they go round all processors that are there.</summary>
    public static string Wanderers(int cpus, int rounds)
    {
        StringBuilder text = new();
        text.AppendLine("# Tasks go round the processors and count themselves, and what is far away.");
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {cpus}, profile: skl-ht }}");
        text.AppendLine("work: { cycles: 1 }").AppendLine("tasks:");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            text.AppendLine("    script:").AppendLine("      - open: { fd: own, event: cycles }");
            for (int round = 0; round < rounds; round++)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"      - migrate: {{ cpu: {(cpu + (5 * round) + 1) % cpus}, expect: [ok, EINVAL] }}");
                text.AppendLine(CultureInfo.InvariantCulture, $"      - open: {{ fd: far, event: cycles, cpu: {(cpu + 3) % cpus}, task: any, expect: [ok, ENODEV] }}");
                text.AppendLine("      - work: 3");
                text.AppendLine("      - read: { fd: far, expect: any }");
                text.AppendLine(CultureInfo.InvariantCulture, $"      - read: {{ fd: own, expect: {3 * (round + 1)} }}");
                text.AppendLine("      - close: { fd: far, expect: [ok, EBADF] }");
            }
        }

        return text.ToString();
    }

    /// <summary>The same with more events than the processors have counters, so that some wait for theirs.</summary>
    public static string Crowded(int cpus, int rounds)
    {
        StringBuilder text = new();
        text.AppendLine("# Each processor's task counts more than there are counters, here and elsewhere.");
        text.AppendLine(CultureInfo.InvariantCulture, $"machine: {{ cpus: {cpus}, profile: tiny, mux-fires: 8 }}");
        text.AppendLine("work: { cycles: 1, instructions: 2 }").AppendLine("tasks:");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            int elsewhere = (cpu + 5) % cpus;
            text.AppendLine(CultureInfo.InvariantCulture, $"  - name: t{cpu}").AppendLine(CultureInfo.InvariantCulture, $"    cpu: {cpu}");
            text.AppendLine("    script:").AppendLine("      - open: { fd: own, event: cycles }").AppendLine("      - open: { fd: other, event: instructions }");
            for (int round = 0; round < rounds; round++)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"      - open: {{ fd: far, event: cycles, cpu: {elsewhere}, task: any, expect: [ok, ENODEV] }}");
                text.AppendLine("      - open: { fd: third, event: cycles }");
                text.AppendLine("      - work: 3");
                foreach (string fd in (string[])["far", "own", "other", "third"])
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"      - read: {{ fd: {fd}, expect: any }}");
                }

                text.AppendLine("      - close: { fd: far, expect: [ok, EBADF] }").AppendLine("      - close: third");
            }
        }

        return text.ToString();
    }
}
