using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>A comparison as JUnit XML: a suite for each claim, a case for each design.</summary>
public static class CompareJUnit
{
    /// <summary>Writes the document. Broken is a failure, failed an error, vacuous skipped; no times.</summary>
    /// <param name="report">What to tell.</param>
    public static string Write(CompareReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JUnitXml.Document("actorpmu compare", [.. report.Cells.Select(ElementOf)], xml =>
        {
            for (int c = 0; c < report.Claims.Count; c++)
            {
                Claim claim = report.Claims[c];
                CompareCell[] cells = [.. report.Designs.Select((_, d) => report.Cell(c, d))];
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", $"{claim.Id} {claim.Text}");
                JUnitXml.WriteCounts(xml, [.. cells.Select(ElementOf)]);
                foreach (CompareCell cell in cells)
                {
                    JUnitXml.WriteCase(
                        xml, claim.Id, cell.Design, ElementOf(cell), cell.Why, cell.ReplayPath is { } path ? $"actorpmu replay {path}" : "");
                }

                xml.WriteEndElement();
            }
        });
    }

    private static string? ElementOf(CompareCell cell) => cell.Verdict switch
    {
        Verdict.Broken => "failure",
        Verdict.Failed => "error",
        Verdict.NotReached => "skipped",
        _ => cell.IsVacuous ? "skipped" : null,
    };
}
