using ActorPmu.Actors;

namespace ActorPmu.Kernel.Tests;

/// <summary>Circles in the wait-for graph.</summary>
public sealed class EndChecksTests
{
    [Fact]
    public void Two_who_wait_for_each_other_are_a_circle_and_a_third_who_waits_for_them_is_not_in_it()
    {
        WaitEdge third = new("c", "a", "lock");
        WaitEdge there = new("a", "b", "lock");
        WaitEdge back = new("b", "a", "held");
        Assert.Equal([there, back], EndChecks.FindCycle([third, there, back]));
    }

    [Fact]
    public void A_circle_is_found_behind_an_edge_that_leads_nowhere()
    {
        WaitEdge nowhere = new("a", "x", "lock");
        WaitEdge there = new("a", "b", "IPI");
        WaitEdge back = new("b", "a", "interrupts off");
        Assert.Equal([there, back], EndChecks.FindCycle([nowhere, there, back]));
    }

    [Fact]
    public void A_chain_has_no_circle() =>
        Assert.Empty(EndChecks.FindCycle([new WaitEdge("a", "b", "lock"), new WaitEdge("b", "c", "lock"), new WaitEdge("d", "b", "lock")]));
}
