using System.Globalization;

namespace ActorPmu.Akka.Cluster;

/// <summary>Processors that a node asks for.</summary>
/// <param name="cpus">Their numbers; one or more, none twice.</param>
public sealed class CpuRequest(IEnumerable<int> cpus)
{
    private const int CpusMax = 4_096;

    /// <summary>Their numbers, in order.</summary>
    public IReadOnlyList<int> Cpus { get; } = [.. cpus.Order()];

    /// <summary>Reads a list as the kernel writes it, like <c>0-3,8</c>.</summary>
    /// <param name="text">The list.</param>
    /// <returns>Null when it is none.</returns>
    public static CpuRequest? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        SortedSet<int> cpus = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || last < first)
            {
                return null;
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                if (!cpus.Add(cpu))
                {
                    return null;
                }
            }
        }

        return new CpuRequest(cpus);
    }

    /// <summary>Says on which node each processor is: where a node asks for it, or, in runs of equal length, where a node asks for nothing.</summary>
    /// <param name="cpuCount">How many processors there are.</param>
    /// <param name="asked">What each node asks for; null for nothing.</param>
    /// <param name="names">The nodes, for messages.</param>
    /// <returns>The node of each processor.</returns>
    /// <exception cref="NodeException">That cannot be; the text says why.</exception>
    internal static int[] Place(int cpuCount, IReadOnlyList<CpuRequest?> asked, IReadOnlyList<string> names)
    {
        int[] nodeOfCpu = new int[cpuCount];
        Array.Fill(nodeOfCpu, -1);
        for (int node = 0; node < asked.Count; node++)
        {
            foreach (int cpu in asked[node]?.Cpus ?? [])
            {
                if (cpu >= cpuCount)
                {
                    throw new NodeException($"node {names[node]} asks for --cpus {asked[node]}, and the machine has {cpuCount} processors, 0 to {cpuCount - 1}");
                }

                if (nodeOfCpu[cpu] >= 0)
                {
                    throw new NodeException($"nodes {names[nodeOfCpu[cpu]]} and {names[node]} both ask for processor {cpu}; give each node --cpus of its own");
                }

                nodeOfCpu[cpu] = node;
            }
        }

        int[] left = [.. Enumerable.Range(0, cpuCount).Where(cpu => nodeOfCpu[cpu] < 0)];
        int[] others = [.. Enumerable.Range(0, asked.Count).Where(node => asked[node] is null)];
        if (others.Length > left.Length)
        {
            throw new NodeException($"no processor is left for node {names[others[left.Length]]}; let the others ask for fewer --cpus, or use fewer --nodes");
        }

        if (left.Length > 0 && others.Length == 0)
        {
            throw new NodeException($"no node runs processors {new CpuRequest(left)}; let the --cpus of all nodes cover 0-{cpuCount - 1}, or leave them out on one node");
        }

        int[] even = Placement.Even(left.Length, others.Length);
        for (int i = 0; i < left.Length; i++)
        {
            nodeOfCpu[left[i]] = others[even[i]];
        }

        return nodeOfCpu;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> parts = [];
        for (int i = 0; i < Cpus.Count; i++)
        {
            int first = i;
            while (i + 1 < Cpus.Count && Cpus[i + 1] == Cpus[i] + 1)
            {
                i++;
            }

            parts.Add(first == i ? $"{Cpus[i]}" : $"{Cpus[first]}-{Cpus[i]}");
        }

        return string.Join(",", parts);
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < CpusMax;
}
