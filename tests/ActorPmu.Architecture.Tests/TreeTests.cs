using System.Text.RegularExpressions;

namespace ActorPmu.Architecture.Tests;

public partial class TreeTests
{
    const int SourceLinesMax = 900;

    // Put together here, so that this file is no hit itself.
    static readonly string[] machinePaths = ["/work" + "/main", "/work" + "/shared", "/work" + "/.", "/tmp" + "/wt"];

    [Fact]
    public void The_top_level_holds_sources_tests_configuration_and_build_files_only() =>
        Rule.HasNoOffender(RepositoryTree.TopLevel.Where(name => !TopLevelName().IsMatch(name)));

    [Fact]
    public void No_source_file_has_more_than_900_lines() =>
        Rule.HasNoOffender(
            from file in RepositoryTree.Files
            where file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            let lines = File.ReadLines(RepositoryTree.Absolute(file)).Count()
            where lines > SourceLinesMax
            select $"{file}: {lines} lines");

    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        Rule.HasNoOffender(
            from file in RepositoryTree.Files
            let text = RepositoryTree.Text(file)
            from path in machinePaths
            where text.Contains(path, StringComparison.Ordinal)
            select $"{file}: {path}");

    [Fact]
    public void No_package_source_is_named_in_the_tree() =>
        Assert.DoesNotContain(RepositoryTree.Files, file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^(src|tests|config|hocon|ActorPmu\.sln|README\.md|global\.json|Directory\..+\.(props|targets)|\..+)$")]
    private static partial Regex TopLevelName();
}
