using System.Globalization;
using System.Text;
using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;

namespace ActorPmu.Cli.Commands;

/// <summary>The result of a run on several nodes as text.</summary>
internal static class NodeText
{
    private const int ViolationsShown = 10;

    /// <summary>Writes it.</summary>
    /// <param name="job">What was to be done.</param>
    /// <param name="result">What came of it.</param>
    public static string Write(NodeJob job, NodeResult result)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(result);
        StringBuilder text = new();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{job.Scenario.Name}, design {job.Design}: {job.Scenario.Spec.CpuCount} processors on {result.Nodes} nodes");
        foreach (string line in result.News)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  {result.End.ToString().ToLowerInvariant()} after {result.Operations:N0} operations and {result.Steps:N0} deliveries; {result.Messages:N0} messages between nodes; shared {result.Shared:N0} times");
        foreach (LastRead read in result.Reads.Where(r => r.Task < job.Scenario.Tasks.Count))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {job.Scenario.Tasks[read.Task].Name}: {read.Fd} = {read.Value}");
        }

        if (result.Violations.Count == 0)
        {
            text.AppendLine("no violations");
        }

        foreach (Violation v in result.Violations.Take(ViolationsShown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"violation: {Properties.Name(v.Property)}: {v.What}");
            foreach (string line in v.Evidence)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {line}");
            }
        }

        if (result.Violations.Count > ViolationsShown)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"and {result.Violations.Count - ViolationsShown:N0} more");
        }

        return text.ToString();
    }
}
