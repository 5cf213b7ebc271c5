using System.Text.RegularExpressions;

namespace ActorPmu.Architecture.Tests;

public partial class ReadmeTests
{
    [FactOnceFileExists("README.md")]
    public void The_readme_and_the_continuous_integration_run_the_same_test_command()
    {
        var inReadme = FencedBlock().Matches(RepositoryTree.Text("README.md"))
            .SelectMany(block => block.Groups["body"].Value.Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("dotnet test", StringComparison.Ordinal));
        var inScript = CommandInScript().Match(RepositoryTree.Text(".ci/run")).Groups["command"].Value;

        Assert.Equal([inScript], inReadme.Distinct());
    }

    [GeneratedRegex(@"^```[^\n]*\n(?<body>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex FencedBlock();

    [GeneratedRegex(@"^test_command='(?<command>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex CommandInScript();
}
