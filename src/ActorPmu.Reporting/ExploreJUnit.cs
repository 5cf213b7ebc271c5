using System.Xml;
using ActorPmu.Explorer;
using ActorPmu.Kernel;

namespace ActorPmu.Reporting;

/// <summary>Explorations as JUnit XML: a suite for each scenario, a case for its design.</summary>
public static class ExploreJUnit
{
    /// <summary>Writes the document. A violation is a failure, a result that is empty is skipped; no times.</summary>
    /// <param name="reports">What to tell.</param>
    public static string Write(IReadOnlyList<ExploreReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        return JUnitXml.Document("actorpmu explore", [.. reports.Select(ElementOf)], xml =>
        {
            foreach (ExploreReport report in reports)
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", report.Scenario.Name);
                JUnitXml.WriteCounts(xml, [ElementOf(report)]);
                JUnitXml.WriteCase(xml, report.Scenario.Name, report.Design, ElementOf(report), Message(report), Detail(report));
                xml.WriteEndElement();
            }
        });
    }

    private static string? ElementOf(ExploreReport report) =>
        report.Result.Violations.Count > 0 ? "failure" : Emptiness.Never(report).Count > 0 ? "skipped" : null;

    private static string Message(ExploreReport report) =>
        report.Result.Violations.Count > 0
            ? string.Join("; ", report.Result.Violations.Select(v => $"{Properties.Name(v.Violation.Property)}: {v.Violation.What}"))
            : $"empty: never {string.Join(", ", Emptiness.Never(report))}";

    private static string Detail(ExploreReport report) => string.Join(
        '\n',
        report.Violations.SelectMany(v => (string[])[.. WhyText.Lines(v.Recording, report.Scenario), .. v.ReplayPath is { } path ? [$"actorpmu replay {path}"] : (string[])[]]));
}
