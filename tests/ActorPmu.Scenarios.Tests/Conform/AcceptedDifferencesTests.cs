using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

public sealed class AcceptedDifferencesTests
{
    [Fact]
    public void A_list_is_read_in_order()
    {
        AcceptedDifferences read = Load(
            """
            [
             {"case": "cases/x", "design": "v6", "step": 3, "field": "ret", "reason": "why not"},
             {"case": "y", "reason": "because"}
            ]
            """);

        Assert.Equal(
            [new AcceptedDifference("cases/x", "v6", 3, "ret", "why not", 2), new AcceptedDifference("y", null, null, null, "because", 3)],
            read.Entries);
    }

    [Theory]
    [InlineData("""{"case": "x", "reason": "r"}""", 1, "accepted differences are an object")]
    [InlineData("""[{"case": "x"}]""", 2, "field of an accepted difference \"reason\" is missing")]
    [InlineData("""[{"case": "x", "reason": " "}]""", 26, "\"reason\" is empty")]
    [InlineData("""[{"case": "", "reason": "r"}]""", 11, "\"case\" is empty")]
    [InlineData("""[{"csae": "x", "reason": "r"}]""", 3, "unknown field of an accepted difference \"csae\"")]
    [InlineData("""[{"case": "x", "field": "cuont", "reason": "r"}]""", 25, "unknown expect field \"cuont\"")]
    [InlineData("""[{"case": "x", "step": -1, "reason": "r"}]""", 24, "\"step\" is -1")]
    [InlineData("""[{"case": "x", "reason": "r"}, {"case": "x", "reason": "s"}]""", 32, "x is accepted twice")]
    public void What_is_wrong_with_a_list_is_said_at_its_place(string text, int column, string problem)
    {
        ConformInputException error = Assert.Throws<ConformInputException>(() => Load(text));

        Assert.Equal((1, column, problem), (error.Line, error.Column, error.Problem));
    }

    private static AcceptedDifferences Load(string text)
    {
        using var files = new CaseFile();
        return AcceptedDifferences.Load(files.Write("accepted.json", text));
    }
}
