using System.Xml.Linq;

namespace ActorPmu.Architecture.Tests;

/// <summary>What a project file under <c>src/</c> says about itself.</summary>
internal sealed record SourceProject(string Name, string File, bool IsPure, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    public static IReadOnlyList<SourceProject> All { get; } = RepositoryTree.Files
        .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(Read)
        .ToList();

    static SourceProject Read(string file)
    {
        var xml = RepositoryTree.Xml(file);
        return new SourceProject(
            Path.GetFileNameWithoutExtension(file),
            file,
            xml.Descendants("ActorPmuPure").Any(element => element.Value == "true"),
            Included(xml, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).ToList(),
            Included(xml, "PackageReference").ToList());
    }

    static IEnumerable<string> Included(XDocument xml, string item) =>
        xml.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
