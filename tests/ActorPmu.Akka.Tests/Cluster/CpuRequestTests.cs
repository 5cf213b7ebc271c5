using ActorPmu.Akka.Cluster;

namespace ActorPmu.Akka.Tests.Cluster;

public sealed class CpuRequestTests
{
    [Theory]
    [InlineData("4-7", "4-7")]
    [InlineData("0", "0")]
    [InlineData("9,0-2,4", "0-2,4,9")]
    public void A_list_of_processors_is_read_as_the_kernel_writes_it(string text, string canonical) =>
        Assert.Equal(canonical, CpuRequest.Parse(text)!.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("7-4")]
    [InlineData("1,1")]
    [InlineData("0-3,2")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("one")]
    [InlineData("0-99999")]
    [InlineData("1, 2")]
    public void What_is_no_such_list_is_none(string text) => Assert.Null(CpuRequest.Parse(text));

    [Theory]
    [InlineData("0 0 1 1", null, null)]
    [InlineData("1 0 0 1", "1-2", null)]
    [InlineData("2 2 0 1", "2", null, "0-1")]
    public void Who_asks_for_nothing_has_a_share_of_what_nobody_asks_for(string expected, params string?[] asked) =>
        Assert.Equal(expected, string.Join(' ', Place(4, asked)));

    [Theory]
    [InlineData("node b asks for --cpus 4, and the machine has 4 processors, 0 to 3", null, "4")]
    [InlineData("nodes a and b both ask for processor 2; give each node --cpus of its own", "0-2", "2-3")]
    [InlineData("no processor is left for node b; let the others ask for fewer --cpus, or use fewer --nodes", "0-3", null)]
    [InlineData("no node runs processors 1; let the --cpus of all nodes cover 0-3, or leave them out on one node", "0,2", "3")]
    public void What_cannot_be_is_refused_with_the_reason(string why, params string?[] asked) =>
        Assert.Equal(why, Assert.Throws<NodeException>(() => Place(4, asked)).Message);

    private static int[] Place(int cpus, string?[] asked) =>
        CpuRequest.Place(cpus, [.. asked.Select(a => a is null ? null : CpuRequest.Parse(a))], ["a", "b", "c"]);
}
