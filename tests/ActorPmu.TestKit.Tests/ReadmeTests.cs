using static ActorPmu.TestKit.Explorations;

namespace ActorPmu.TestKit.Tests;

/// <summary>What the README says of scripts is so.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void What_the_README_shows_is_a_compiled_test() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Root(), "tests", "ActorPmu.TestKit.Tests", "Examples", "UserBesideKernel.cs")), Block("```csharp // example: scripts"));

    [Fact]
    public void What_the_README_shows_of_a_failing_script_is_what_it_prints()
    {
        string message = Assert.Throws<ScenarioFailedException>(() => Explore("user-beside-kernel").Under("v6").MustHold()).Message;

        Assert.Equal(message.Replace(AppContext.BaseDirectory.Replace('\\', '/'), "…/", StringComparison.Ordinal), Block("```text // a failing script"));
    }

    private static string Block(string fence)
    {
        string text = File.ReadAllText(Path.Combine(Root(), "README.md")).ReplaceLineEndings("\n");
        int at = text.IndexOf(fence, StringComparison.Ordinal);
        Assert.True(at >= 0, $"README.md has no block {fence}");
        int start = text.IndexOf('\n', at) + 1;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Root()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ActorPmu.sln")))
        {
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("the tests run outside the repository");
        }

        return at;
    }
}
