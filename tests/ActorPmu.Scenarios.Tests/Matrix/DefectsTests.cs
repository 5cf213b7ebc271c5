using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests;

/// <summary>The catalogue of what is wrong in the postings: each row is a defect of one of them, and neither of Linux nor of the model.</summary>
public sealed class DefectsTests
{
    private static readonly Matrix Defects = Matrix.Load(Repository.Of("config/defects.yaml"));

    public static TheoryData<string> Rows => new(Defects.Claims.Select(c => c.Id));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_is_broken_by_some_posting_and_by_neither_none_nor_handover(string id)
    {
        ExploredClaim claim = Assert.IsAssignableFrom<ExploredClaim>(Defects.Claims.Single(c => c.Id == id));

        Assert.Contains(Postings(id), design => Breaks(claim, design));
        Assert.False(Breaks(claim, () => new Handover()));

        // Who shares nothing cannot share what is to be shared.
        Assert.Equal(claim is SharesClaim and not { Sharing: SharingExpectation.Never }, Breaks(claim, () => new NoSharing()));
    }

    [Fact]
    public void Each_row_says_what_in_the_patch_is_wrong()
    {
        Assert.All(Defects.Claims, c => Assert.InRange(c.Note?.Length ?? 0, 40, 600));
        Assert.All(Defects.Claims, c => Assert.InRange(c.Text.Length, 10, 90));
    }

    // All but the two that must hold; the number of the posting is in the row's id, so that it comes first: D7-2.
    private static IEnumerable<Func<ISharingDesign>> Postings(string id)
    {
        string first = "v" + id[1..id.IndexOf('-', StringComparison.Ordinal)];
        return Designs.All.Where(d => d() is not NoSharing and not Handover).OrderBy(d => d().Name != first);
    }

    private static bool Breaks(ExploredClaim claim, Func<ISharingDesign> design) =>
        claim.Scenarios.Any(scenario => claim.PreemptRt.Any(rt => Breaks(claim, scenario, rt, design)));

    private static bool Breaks(ExploredClaim claim, Scenario scenario, bool? rt, Func<ISharingDesign> design)
    {
        IReadOnlySet<Property> properties = claim switch
        {
            HoldsClaim holds => holds.Properties,
            FreeClaim => new SortedSet<Property> { Property.NoLeak },
            _ => new SortedSet<Property>(),
        };
        Scenario narrowed = NarrowedScenario.Of(scenario, properties);
        Func<ulong, IStrategy> strategy = Strategies.Find(claim.Strategy ?? "random")!;
        ExploreOptions options = new()
        {
            Strategy = () => strategy(Defects.Bounds.Seed), SchedulesMax = claim.SchedulesMax, StepsMax = Defects.Bounds.StepsMax,
        };
        int counters = 0;
        ExplorationResult result = new Exploration(Build, options).Run();
        return result.Violations.Count > 0 || claim is SharesClaim shares && IsWrong(shares, result.SharedSchedules, counters);

        Subject Build() => Subject.Of(narrowed.Build(design(), rt), (machine, _) => counters = Math.Max(counters, machine.Costs.CountersMax));
    }

    private static bool IsWrong(SharesClaim claim, long sharedSchedules, int counters) =>
        (claim.Sharing == SharingExpectation.Sometimes && sharedSchedules == 0)
        || (claim.Sharing == SharingExpectation.Never && sharedSchedules > 0)
        || claim.Counters is { } range && !range.Has(counters);
}
