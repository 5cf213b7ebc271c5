namespace ActorPmu.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with every offender in full, one a line: xunit's own message shows five, cut to 50 characters.</summary>
    public static void HasNoOffender(IEnumerable<string> offenders)
    {
        var found = offenders.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found.Prepend("broken by:")));
    }
}
