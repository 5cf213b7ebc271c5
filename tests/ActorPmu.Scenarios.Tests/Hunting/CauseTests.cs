using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Tests.Hunting;

public sealed class CauseTests
{
    private const string Text = """
        machine: { cpus: 2, profile: tiny }
        cgroups: [a]
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles }
              - open: { fd: B, event: cycles, cpu: 1, cgroup: a }
          - name: guest
            script: []
        """;

    [Theory]
    [InlineData("A counts 3 when read on cpu/1; the truth is 5", "B counts 17 when read on cpu/0; the truth is -2")]
    [InlineData("A follows A', which has been freed", "B follows A', which has been freed")]
    [InlineData("tool/0 is trying to lock", "guest/0 is trying to lock")]
    [InlineData("A@tool counts 3 in a", "B counts 4 in a")]
    [InlineData("A counts 3c in User, Kernel and follows B, which counts 3c in User", "B counts c0 in User and follows A, which counts c0 in Kernel, Guest")]
    public void Names_and_numbers_make_no_other_cause(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("A counts 3 when read on cpu/1", "A counts 3 when scheduled out on cpu/1")]
    [InlineData("A follows A', which has been freed", "A follows B, which has been freed")]
    public void Other_words_do(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void It_begins_with_the_property() =>
        Assert.Equal("counts-exact: event counts when read on cpu/; the truth is ", Of("A counts 3 when read on cpu/1; the truth is 5").Replace("  ", " ", StringComparison.Ordinal));

    private static string Of(string what) =>
        HuntCause.Of(new Violation(Property.CountsExact, 7, what, []), Scenario.Parse(Text, "x.yaml"));
}
