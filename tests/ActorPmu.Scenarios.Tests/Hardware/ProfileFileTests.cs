using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Tests;

public sealed class ProfileFileTests
{
    private const string Sound = """
        pmus:
          - name: cpu
            assignment: x86
            general: 4
            events: { cycles: 0x3c }
        """;

    [Fact]
    public void A_profile_file_says_everything_about_a_PMU()
    {
        PmuProfile pmu = Profiles.Parse("mine", """
            # A PMU for this test. It has one of each.
            pmus:
              - name: cpu
                assignment: x86
                cpus: [0, 3]
                general: 4
                width: 40
                period-min: 2
                fixed:
                  - { name: cycles, code: 0x3c, general-too: true }
                  - { name: slots, code: 0x400, width: 48 }
                constraints:
                  - { event: 0xd0-0xd2, general: 0x6, overlap: true }
                  - { code: 0x01c0, fixed: 0x2 }
                events: { cycles: 0x3c, slots: 0x400 }
            """, "mine.yaml").Pmus.Single();

        Assert.Equal(("cpu", CounterAssignment.X86Solver, 4, 40, 2), (pmu.Name, pmu.Assignment, pmu.GeneralCounters, pmu.WidthBits, pmu.PeriodMin));
        Assert.Equal([0, 3], pmu.Cpus);
        Assert.Equal([new FixedCounter("cycles", 0x3c, true, 40), new FixedCounter("slots", 0x400, false, 48)], pmu.Fixed);
        Assert.Equal(
            [
                new EventConstraint(0xd0, 0xd2, EventConstraint.EventOnly, 0x6, Overlap: true),
                new EventConstraint(0x1c0, 0x1c0, EventConstraint.EventAndUnit, 0x2UL << 32, Overlap: false),
            ],
            pmu.Constraints);
        Assert.Equal([new("cycles", 0x3cu), new("slots", 0x400u)], pmu.Codes);
    }

    [Fact]
    public void The_first_sentence_of_the_comment_says_what_machine_it_is() =>
        Assert.Equal("A PMU", Profiles.Parse("mine", "# A PMU. With more words.\n" + Sound, "mine.yaml").About);

    [Theory]
    [InlineData("general: 4", "general: 33", "mine.yaml:4:14: error: general is out of range: 33; write a number from 0 to 32")]
    [InlineData("assignment: x86", "assignment: x68", "mine.yaml:3:17: error: assignment cannot be \"x68\"; did you mean \"x86\"?")]
    [InlineData("events:", "evnets:", "mine.yaml:5:5: error: a PMU has no \"evnets\"; did you mean \"events\"?")]
    [InlineData("0x3c }", "0x13c000000 }", "mine.yaml:5:23: error: cycles has more than 32 bits; write a code like 0x3c")]
    [InlineData("{ cycles: 0x3c }", "[]", "mine.yaml:5:13: error: events is a map of names and codes, not a list; write events: { cycles: 0x3c }")]
    [InlineData("general: 4", "general: 4\n    constraints: [ { event: 0xd2-0xd0, general: 1 } ]",
        "mine.yaml:5:29: error: event is a code or a range of codes, within 0xff, not \"0xd2-0xd0\"; write it like 0xd0, or 0xd0-0xd2")]
    [InlineData("general: 4", "general: 4\n    constraints: [ { event: 0xd0 } ]",
        "mine.yaml:5:20: error: the constraint leaves no counter; write general: 0xf, or fixed: 0x1")]
    [InlineData("general: 4", "general: 4\n    constraints: [ { general: 1 } ]",
        "mine.yaml:5:20: error: a constraint is on event (the select byte), code (with the unit mask) or raw (with edge, invert and counter mask); "
        + "write one of the three, like { event: 0xd0-0xd2, general: 0xf }")]
    [InlineData("general: 4", "general: 4\n    width: 8\n    period-min: 128",
        "mine.yaml:2:5: error: PMU cpu has a shortest period of 128: give at least 1, and less than half a counter's range; correct the PMU")]
    public void A_mistake_in_a_profile_is_pointed_at(string right, string wrong, string message)
    {
        InputError error = Assert.Throws<InputError>(() => Profiles.Parse("mine", Sound.Replace(right, wrong, StringComparison.Ordinal), "mine.yaml"));
        Assert.Equal(message, error.Message.Split('\n')[0]);
    }

    [Fact]
    public void A_scenario_may_write_its_own_profile_and_then_its_replay_needs_no_other_file()
    {
        Scenario scenario = Scenario.Parse("""
            machine:
              cpus: 1
              profile:
                pmus:
                  - { name: cpu, assignment: arm, general: 1, events: { cycles: 7 } }
            tasks:
              - name: tool
                script: [ { open: { fd: A, event: cycles } }, { close: A } ]
            """, "own.yaml");

        Assert.Equal(1, scenario.Spec.Profile.Pmus.Single().GeneralCounters);
        Assert.Equal(7u, scenario.Spec.Profile.Pmus.Single().Codes["cycles"]);
    }
}
