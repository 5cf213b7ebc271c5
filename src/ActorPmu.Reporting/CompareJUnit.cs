using System.Globalization;
using System.Text;
using System.Xml;
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
        using MemoryStream stream = new();
        using (XmlWriter xml = XmlWriter.Create(stream, new XmlWriterSettings
        {
            Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "actorpmu compare");
            WriteCounts(xml, report.Cells);
            for (int c = 0; c < report.Claims.Count; c++)
            {
                int row = c;
                WriteSuite(xml, report.Claims[c], [.. report.Designs.Select((_, d) => report.Cell(row, d))]);
            }

            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void WriteSuite(XmlWriter xml, Claim claim, IReadOnlyList<CompareCell> cells)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", $"{claim.Id} {claim.Text}");
        WriteCounts(xml, cells);
        foreach (CompareCell cell in cells)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", claim.Id);
            xml.WriteAttributeString("name", cell.Design);
            string? element = ElementOf(cell);
            if (element is not null)
            {
                xml.WriteStartElement(element);
                xml.WriteAttributeString("message", cell.Why);
                xml.WriteString(cell.ReplayPath is { } path ? $"actorpmu replay {path}" : "");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string? ElementOf(CompareCell cell) => cell.Verdict switch
    {
        Verdict.Broken => "failure",
        Verdict.Failed => "error",
        _ => cell.IsVacuous ? "skipped" : null,
    };

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<CompareCell> cells)
    {
        Count("tests", _ => true);
        Count("failures", c => ElementOf(c) == "failure");
        Count("errors", c => ElementOf(c) == "error");
        Count("skipped", c => ElementOf(c) == "skipped");

        void Count(string name, Func<CompareCell, bool> which) =>
            xml.WriteAttributeString(name, cells.Count(which).ToString(CultureInfo.InvariantCulture));
    }
}
