using ActorPmu.Mutation.Tests.Faults;
using ActorPmu.Mutation.Tests.Planting;
using ActorPmu.Mutation.Tests.Searching;

namespace ActorPmu.Mutation.Tests;

/// <summary>Faults of one line, planted on purpose: the general search finds them, knowing nothing of them.</summary>
/// <remarks>A sample, for its time; <c>dotnet run --project tests/ActorPmu.Benchmarks -c Release -- mutants</c> does them all.</remarks>
public sealed class FaultTests
{
    private static readonly PlantedFaults Planted = new();

    private static readonly string[] Late = ["ho-no-rmb-at-count", "ho-no-wmb-at-del", "ls-read-while-changing"];

    // Every fourth but for those that only the last rounds find, and one of perf core: that builds and loads more.
    public static TheoryData<string> Sample =>
        [.. AllFaults.List.Except(InPerfCore.All).Where(f => !Late.Contains(f.Name)).Where((_, i) => i % 4 == 0).Append(InPerfCore.All[0]).Select(f => f.Name)];

    // Of each design some that a small scenario shows; of perf core some that only the truth about times and turns shows.
    public static TheoryData<string> Hunted =>
    [
        "ho-new-head-knows-nobody", "ho-linked-after-del", "ho-heir-not-synced", "ho-swap-of-one", "vm-unlock-forgotten", "vm-base-zero",
        "vm-partner-forgotten", "ls-share-twice", "ls-count-not-decremented", "nc-state-after-sched-out", "nc-swap-of-nothing", "nc-let-go-forgotten",
        "pc-enabled-only-on-pmu", "pc-read-leaves-children-out", "pc-no-rotation",
    ];

    [Fact]
    public void Every_fault_has_a_name_of_its_own_and_says_what_goes_wrong()
    {
        Fault[] all = [.. AllFaults.List, .. Survivors.All.Select(e => e.Fault)];
        Assert.Equal(all.Length, all.Select(f => f.Name).Distinct().Count());
        Assert.All(all, f => Assert.EndsWith(".", f.Wrong, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_still_has_its_line_and_compiles() =>
        Assert.All(AllFaults.List.Concat(Survivors.All.Select(e => e.Fault)), f => Assert.Null(Planted.ErrorOf(f)));

    [Theory]
    [MemberData(nameof(Sample))]
    public void The_fault_is_found(string name)
    {
        Fault fault = AllFaults.List.Single(f => f.Name == name);
        Assert.NotNull(Planted.Find(fault, Planted.Plant(fault), seed: 1));
    }

    [Theory]
    [MemberData(nameof(Hunted))]
    public void The_fault_is_found_by_the_hunt(string name)
    {
        Fault fault = AllFaults.List.Single(f => f.Name == name);
        Assert.NotNull(Planted.Hunt(fault, Planted.Plant(fault), seed: 1, scenariosMax: 40));
    }

    [Fact]
    public void An_NMI_that_has_to_come_in_one_of_a_few_moments_is_made_up_too()
    {
        Fault fault = AllFaults.List.Single(f => f.Name == "ho-read-when-off");
        Assert.NotNull(Planted.Hunt(fault, Planted.Plant(fault), seed: 1, scenariosMax: 60));
    }

    [Fact]
    public void Without_a_fault_the_hunt_finds_nothing_that_is_laid_to_one()
    {
        Fault none = InHandover.All[0] with { Becomes = InHandover.All[0].Line };
        Assert.Null(Planted.Hunt(none, Planted.Plant(none), seed: 1, scenariosMax: 16));
    }

    [Fact]
    public void Without_a_fault_nothing_is_found_that_is_laid_to_one()
    {
        Fault none = InHandover.All[0] with { Becomes = InHandover.All[0].Line };
        Assert.Null(Planted.Find(none, Planted.Plant(none), seed: 1, rounds: 3));
    }
}
