using ActorPmu.Mutation.Tests.Faults;
using ActorPmu.Mutation.Tests.Planting;
using ActorPmu.Mutation.Tests.Searching;

namespace ActorPmu.Mutation.Tests;

/// <summary>Faults of one line, planted on purpose: the general search finds them, knowing nothing of them.</summary>
public sealed class FaultTests
{
    private static readonly PlantedFaults Planted = new();

    public static TheoryData<string> Names => [.. AllFaults.List.Select(f => f.Name)];

    [Fact]
    public void Every_fault_has_a_name_of_its_own_and_says_what_goes_wrong()
    {
        Assert.Equal(AllFaults.List.Count, AllFaults.List.Select(f => f.Name).Distinct().Count());
        Assert.All(AllFaults.List, f => Assert.EndsWith(".", f.Wrong, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_fault_is_found(string name)
    {
        Fault fault = AllFaults.List.Single(f => f.Name == name);
        Assert.NotNull(Planted.Find(fault, Planted.Plant(fault), seed: 1));
    }
}
