using System.Globalization;
using System.Text;
using System.Xml;

namespace ActorPmu.Reporting;

/// <summary>The frame of a JUnit document.</summary>
internal static class JUnitXml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    };

    /// <summary>Writes a document.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="elements">What became of each case: failure, error, skipped, or null.</param>
    /// <param name="suites">Writes the suites.</param>
    public static string Document(string name, IReadOnlyList<string?> elements, Action<XmlWriter> suites)
    {
        using MemoryStream stream = new();
        using (XmlWriter xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", name);
            WriteCounts(xml, elements);
            suites(xml);
            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    /// <summary>Writes one case.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="className">The class's name.</param>
    /// <param name="name">The case's name.</param>
    /// <param name="element">What became of it; null if all is well.</param>
    /// <param name="message">Why.</param>
    /// <param name="detail">More of that, and how to run it again.</param>
    public static void WriteCase(XmlWriter xml, string className, string name, string? element, string message, string detail)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", className);
        xml.WriteAttributeString("name", name);
        if (element is not null)
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", message);
            xml.WriteString(detail);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Writes how many cases became what.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="elements">What became of each.</param>
    public static void WriteCounts(XmlWriter xml, IReadOnlyList<string?> elements)
    {
        Count("tests", _ => true);
        Count("failures", e => e == "failure");
        Count("errors", e => e == "error");
        Count("skipped", e => e == "skipped");

        void Count(string name, Func<string?, bool> which) =>
            xml.WriteAttributeString(name, elements.Count(which).ToString(CultureInfo.InvariantCulture));
    }
}
