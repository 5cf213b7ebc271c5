namespace ActorPmu.Cli.Tests;

public sealed class ListTests
{
    [Theory]
    [InlineData("designs", "v6 ")]
    [InlineData("profiles", "tiny ")]
    [InlineData("properties", "counts-exact ")]
    [InlineData("strategies", "dfs ")]
    public async Task Each_list_has_a_line_for_each_name(string what, string name)
    {
        (int code, string output, _) = await Cli.Run("list", what);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scenarios_are_listed_with_their_first_sentence()
    {
        (int code, string output, _) = await Cli.Run("list", "scenarios", "--directory", Cli.Scenarios);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains(
            output.Split('\n'),
            line => line.StartsWith("two-tools-one-counter ", StringComparison.Ordinal) && line.EndsWith("more events than counters rotate there.", StringComparison.Ordinal));
    }
}
