using System.Text.RegularExpressions;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli.Tests;

public sealed class ShrinkScenarioTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_small_scenario_is_written_and_breaks_the_same()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "v6", "--shrink-scenario");

        Assert.Equal(ExitCode.Violation, code);
        Match told = Regex.Match(output, @"\nscenario: (?<file>\S+\.yaml), (?<small>\d+) operations \(shrunk from 8\)\n");
        Assert.True(told.Success, output);
        Scenario small = Scenario.Load(told.Groups["file"].Value);
        Assert.Equal(told.Groups["small"].Value, $"{small.Tasks.Sum(t => Regex.Count(small.Text, @"^      - ", RegexOptions.Multiline))}");
        Assert.StartsWith("v6 breaks ", small.Summary, StringComparison.Ordinal);
        (int again, string found, _) = await Cli.Run("explore", small.File, "-d", "v6", "-s", "random", "-n", "300", "-o", _cli.OutDir, "--no-shrink");
        Assert.Equal(ExitCode.Violation, again);
        string property = Regex.Match(output, @"VIOLATION (\S+)").Groups[1].Value;
        Assert.Contains($"VIOLATION {property} ", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_violation_there_is_nothing_to_make_small()
    {
        (int code, string output, _) = await _cli.Explore("user-beside-kernel", "none", "--shrink-scenario", "-s", "random", "-n", "5");

        Assert.Equal(ExitCode.Ok, code);
        Assert.DoesNotContain("\nscenario: ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cli.OutDir));
    }
}
