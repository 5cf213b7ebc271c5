using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

public sealed class ProfileTests
{
    [Fact]
    public void Every_built_in_profile_is_sound_and_found_by_its_name()
    {
        Assert.Equal(["a57+a53", "icl", "n1", "qemu-virt", "skl-ht", "tiny", "wide", "zen"], Profiles.All.Select(profile => profile.Name));
        Assert.All(Profiles.All, profile => Assert.Same(profile, Profiles.Find(profile.Name)));
        Assert.All(Profiles.All.SelectMany(profile => profile.Pmus).Append(PmuProfile.Software), pmu => Assert.Null(pmu.Problem()));
        Assert.Null(Profiles.Find("skylake"));
    }

    [Fact]
    public void Every_generic_event_of_a_profile_can_be_added()
    {
        foreach (var pmu in Profiles.All.SelectMany(profile => profile.Pmus))
        {
            Assert.All(pmu.Codes, code =>
                Assert.Equal(PmuStatus.Ok, new PmuHardware(pmu).Add(new PmuEvent(new EventId(0), new HwSelector(code.Value, Privilege.User, 0), 0, false))));
        }
    }

    [Theory]
    [InlineData(33, 48, 1, "PMU cpu has 33 general counters: give 0 to 32.")]
    [InlineData(-1, 48, 1, "PMU cpu has -1 general counters: give 0 to 32.")]
    [InlineData(4, 1, 1, "PMU cpu has counters of 1 bits: give 2 to 64.")]
    [InlineData(4, 65, 1, "PMU cpu has counters of 65 bits: give 2 to 64.")]
    [InlineData(4, 8, 0, "PMU cpu has a shortest period of 0: give at least 1, and less than half a counter's range.")]
    [InlineData(4, 8, 128, "PMU cpu has a shortest period of 128: give at least 1, and less than half a counter's range.")]
    public void An_unsound_profile_says_what_is_wrong_with_it(int general, int widthBits, int periodMin, string problem)
    {
        var pmu = Profiles.Find("zen")!.Pmus[0] with { GeneralCounters = general, WidthBits = widthBits, PeriodMin = periodMin };
        Assert.Equal(problem, pmu.Problem());
        Assert.Equal("profile", Assert.Throws<ArgumentException>(() => new PmuHardware(pmu)).ParamName);
    }

    [Fact]
    public void An_overlap_constraint_on_a_fixed_counter_is_refused()
    {
        var pmu = Profiles.Find("skl-ht")!.Pmus[0];
        pmu = pmu with { Constraints = [new EventConstraint(0x10, 0x10, EventConstraint.EventOnly, 1UL << 32 | 1, Overlap: true)] };
        Assert.Equal("PMU cpu has a constraint on 0x10 that overlaps and allows a fixed counter: leave out one of the two.", pmu.Problem());
    }

    [Fact]
    public void A_step_of_work_with_fewer_than_0_occurrences_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Work(new Occurrences(1, -1)));
}
