namespace ActorPmu.Architecture.Tests;

public class LayerTests
{
    static readonly string[] pure = ["ActorPmu.Actors", "ActorPmu.Explorer", "ActorPmu.Kernel", "ActorPmu.Sharing"];

    // For each project, all it may see. The explorer judges designs without knowing any, so Sharing is not in its row.
    static readonly Dictionary<string, string[]> mayReference = new(StringComparer.Ordinal)
    {
        ["ActorPmu.Actors"] = [],
        ["ActorPmu.Kernel"] = ["Actors"],
        ["ActorPmu.Sharing"] = ["Actors", "Kernel"],
        ["ActorPmu.Explorer"] = ["Actors", "Kernel"],
        ["ActorPmu.Scenarios"] = ["Actors", "Kernel", "Sharing", "Explorer"],
        ["ActorPmu.Reporting"] = ["Actors", "Kernel", "Sharing", "Explorer", "Scenarios"],
        ["ActorPmu.Akka"] = ["Actors", "Kernel", "Sharing", "Explorer", "Scenarios"],
        ["ActorPmu.TestKit"] = ["Actors", "Kernel", "Sharing", "Explorer", "Scenarios", "Reporting", "Akka"],
        ["ActorPmu.Cli"] = ["Actors", "Kernel", "Sharing", "Explorer", "Scenarios", "Reporting", "Akka"],
    };

    [Fact]
    public void Every_source_project_has_its_row_in_the_table_of_layers() =>
        Rule.HasNoOffender(SourceProject.All.Select(project => project.Name).Except(mayReference.Keys));

    [Fact]
    public void Project_references_point_down_only() =>
        Rule.HasNoOffender(
            from project in SourceProject.All
            from reference in project.References
            where !mayReference[project.Name].Contains(reference["ActorPmu.".Length..])
            select $"{project.Name} -> {reference}");

    [Fact]
    public void Exactly_the_four_lower_projects_are_pure() =>
        Assert.Equal(pure, SourceProject.All.Where(project => project.IsPure).Select(project => project.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Pure_projects_reference_no_package() =>
        Rule.HasNoOffender(
            from project in SourceProject.All
            where project.IsPure
            from package in project.Packages
            select $"{project.Name} -> {package}");

    [Fact]
    public void All_that_the_build_adds_to_a_pure_project_is_the_analyzer_of_banned_symbols() =>
        Assert.Equal(
            ["Microsoft.CodeAnalysis.BannedApiAnalyzers"],
            from file in new[] { "Directory.Build.props", "Directory.Build.targets", "src/Directory.Build.props" }
            from package in RepositoryTree.Xml(file).Descendants("PackageReference")
            select (string?)package.Attribute("Include"));

    [Fact]
    public void Only_the_live_host_sees_Akka_and_scripts_its_TestKit() =>
        Rule.HasNoOffender(
            from project in SourceProject.All
            where project.Name != "ActorPmu.Akka"
            from package in project.Packages
            where (project.Name, package) != ("ActorPmu.TestKit", "Akka.TestKit.Xunit2")
            where package == "Akka" || package.StartsWith("Akka.", StringComparison.Ordinal)
            select $"{project.Name} -> {package}");

    [Fact]
    public void Every_project_on_disk_is_in_the_solution()
    {
        var solution = RepositoryTree.Text("ActorPmu.sln").Replace('\\', '/');
        Rule.HasNoOffender(RepositoryTree.Files.Where(file =>
            file.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains($"\"{file}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_source_project_turns_its_documentation_file_off()
    {
        Assert.Equal("true", RepositoryTree.Xml("Directory.Build.props").Descendants("GenerateDocumentationFile").Single().Value);
        Rule.HasNoOffender(
            from file in SourceProject.All.Select(project => project.File).Append("src/Directory.Build.props")
            let xml = RepositoryTree.Xml(file)
            where xml.Descendants("GenerateDocumentationFile").Any()
                || xml.Descendants("NoWarn").Any(element => element.Value.Contains("CS1591", StringComparison.Ordinal))
            select file);
    }

    [Fact]
    public void Package_versions_stand_in_the_central_file_only() =>
        Rule.HasNoOffender(
            from file in RepositoryTree.Files
            where file.EndsWith(".csproj", StringComparison.Ordinal)
            from package in RepositoryTree.Xml(file).Descendants("PackageReference")
            where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
            select $"{file}: {(string?)package.Attribute("Include")}");
}
