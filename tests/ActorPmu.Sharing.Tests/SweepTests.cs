using System.Globalization;
using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Sharing;

namespace ActorPmu.Sharing.Tests;

/// <summary>Every scenario on every profile and both kernels, coarse and fine-grained: the rows of config/sweep.yaml with few schedules.</summary>
public sealed class SweepTests
{
    private const ulong SchedulesEach = 1;
    private const long StepsMax = 20_000;

    private static readonly Lazy<Matrix> Sweep = new(() => Matrix.Load(ActorPmu.Tests.Repository.Of("config/sweep.yaml")));

    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (Claim claim in Sweep.Value.Claims)
            {
                rows.Add("none", claim.Id);
                rows.Add("handover", claim.Id);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_of_the_sweep_holds(string design, string row)
    {
        HoldsClaim claim = (HoldsClaim)Sweep.Value.Claims.Single(c => c.Id == row);
        Func<ISharingDesign> make = Designs.All.Single(d => d().Name == design);
        List<string> broken = [];
        foreach (Scenario scenario in claim.Scenarios.Select(s => NarrowedScenario.Of(s, claim.Properties)))
        {
            foreach (bool? rt in claim.PreemptRt)
            {
                for (ulong seed = 0; seed < SchedulesEach; seed++)
                {
                    Machine machine = scenario.Build(make(), rt);
                    RunEnd end = machine.World.Run(new SeededChooser(seed), StepsMax);
                    machine.CheckEnd(end);
                    broken.AddRange(machine.Violations.Select(v => string.Create(
                        CultureInfo.InvariantCulture, $"{scenario.Name}, rt {rt}, seed {seed}: {Properties.Name(v.Property)}: {v.What}")));
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void It_has_every_profile_of_the_facts_with_both_grains()
    {
        string[] profiles = ["tiny", "skl-ht", "icl", "zen", "n1", "a57+a53"];

        Assert.Equal(
            profiles.SelectMany(p => new[] { (p, false), (p, true) }),
            Sweep.Value.Claims.Cast<HoldsClaim>().Select(c => (c.Profile!, c.Scenarios.All(s => s.Spec.FineGrained))));
    }

    [Fact]
    public void Only_what_names_an_event_that_the_profile_has_not_is_left_out() =>
        Assert.All(
            Sweep.Value.Claims.Cast<HoldsClaim>().SelectMany(c => c.LeftOut),
            error => Assert.StartsWith("profile ", error.Problem, StringComparison.Ordinal));

    [Fact]
    public void A_row_that_leaves_scenarios_out_says_so() =>
        Assert.All(
            Sweep.Value.Claims.Cast<HoldsClaim>().Where(c => !c.Text.StartsWith('…')),
            c => Assert.Equal($"every scenario {(c.LeftOut.Count > 0 ? "that can be run there " : "")}holds on {c.Profile}", c.Text));
}
