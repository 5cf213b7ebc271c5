using static ActorPmu.TestKit.Explorations;

namespace ActorPmu.TestKit.Tests;

/// <summary>What the README says of scripts is so.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void What_the_README_shows_is_a_compiled_test() =>
        Assert.Equal(File.ReadAllText(Repository.Of("tests/ActorPmu.TestKit.Tests/Examples/UserBesideKernel.cs")), Block("```csharp // example: scripts"));

    [Fact]
    public void What_the_README_shows_of_a_failing_script_is_what_it_prints()
    {
        string message = Assert.Throws<ScenarioFailedException>(() => Explore("user-beside-kernel").Under("v6").MustHold()).Message
            .Replace(AppContext.BaseDirectory.Replace('\\', '/'), "…/", StringComparison.Ordinal);
        string[] parts = Block("```text // a failing script").TrimEnd('\n').Split("\n…\n");

        int at = 0;
        foreach (string part in parts)
        {
            int found = message.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= at, $"the README shows what no script prints:\n{part}\nwhere this is printed:\n{message}");
            at = found + part.Length;
        }

        Assert.Equal(5, parts.Length);
        Assert.StartsWith(parts[0], message, StringComparison.Ordinal);
        Assert.EndsWith(parts[^1] + "\n", message, StringComparison.Ordinal);
    }

    private static string Block(string fence)
    {
        string text = File.ReadAllText(Repository.Of("README.md")).ReplaceLineEndings("\n");
        int at = text.IndexOf(fence, StringComparison.Ordinal);
        Assert.True(at >= 0, $"README.md has no block {fence}");
        int start = text.IndexOf('\n', at) + 1;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
