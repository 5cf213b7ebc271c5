using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Smoke()
    {
        List<string> found = [];
        foreach (var d in Designs.All)
        foreach ((string n, MachineSpec s) in new[] { ("two", TwoTools.Spec()), ("across", TwoTools.AcrossProcessors()) })
        {
            var b = Runs.FirstBroken(s, d, 300);
            found.Add($"{d().Name} {n}: {b?.Seed} {b?.Violation.What}");
        }

        Assert.Fail(string.Join("\n", found));
    }
}
