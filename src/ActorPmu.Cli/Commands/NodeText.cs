using System.Globalization;
using System.Text;
using ActorPmu.Akka.Cluster;
using ActorPmu.Kernel;
using ActorPmu.Reporting;

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
            $"{job.Scenario.Name}, design {job.Design}: {Plural.Of(job.Scenario.Spec.CpuCount, "processor")} on {Plural.Of(result.Nodes, "node")}");
        foreach (string line in result.News)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  {result.End.ToString().ToLowerInvariant()} after {Plural.Of(result.Operations, "operation")} and {Plural.Of(result.Steps, "delivery", "deliveries")}; {Plural.Of(result.Messages, "message")} between nodes; shared {Plural.Of(result.Shared, "time")}");
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
