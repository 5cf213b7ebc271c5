using ActorPmu.Actors;
using ActorPmu.Explorer;
using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>The scenarios that come with the program.</summary>
public sealed class CatalogueTests
{
    private const long StepsMax = 50_000;

    public static TheoryData<string> Names => [.. Catalogue.List(CatalogueFiles.Folder).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_scenario_holds_without_sharing_in_100_random_schedules(string name)
    {
        Scenario scenario = CatalogueFiles.Load(name);
        for (int seed = 0; seed < 100; seed++)
        {
            Machine machine = Run(scenario, new NoSharing(), seed);
            Assert.True(machine.Violations.Count == 0, Describe(machine, seed));
            Assert.Equal(0, machine.Shared);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_scenario_has_a_story_whose_first_sentence_fits_a_line(string name) =>
        Assert.InRange(CatalogueFiles.Load(name).Summary.Length, 20, 160);

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_sharing_is_expected_v6_shares_in_some_schedule(string name)
    {
        Scenario scenario = CatalogueFiles.Load(name);
        if (scenario.Expectations.Sharing == SharingExpectation.Unsaid)
        {
            return;
        }

        bool shared = Enumerable.Range(0, 20).Any(seed => Run(scenario, new V6(), seed).Shared > 0);
        Assert.Equal(scenario.Expectations.Sharing == SharingExpectation.Sometimes, shared);
    }

    /// <summary>What is wrong with Linux itself: the property that it breaks, and its mend.</summary>
    public static TheoryData<string, Property, LinuxFaults> Faults => new()
    {
        { "cgroup-move-beside-switch", Property.TimesRight, LinuxFaults.CgroupMoveBesideSwitch },
        { "cgroup-of-the-reader", Property.TimesRight, LinuxFaults.CgroupOfTheReader },
        { "cgroup-time-begins-again", Property.TimesRight, LinuxFaults.CgroupTimeBeginsAgain },
        { "cgroup-time-from-nowhere", Property.TimesRight, LinuxFaults.CgroupTimeFromNowhere },
        { "close-beside-group-read", Property.NoLeak, LinuxFaults.CloseBesideGroupRead },
        { "closed-leader-was-off", Property.TimesRight, LinuxFaults.ClosedLeaderWasOff },
        { "count-behind-oncpu", Property.CountsExact, LinuxFaults.CountBehindOncpu },
        { "exit-read-counts-twice", Property.CountsExact, LinuxFaults.ExitReadCountsTwice },
        { "fork-beside-disable", Property.TimesRight, LinuxFaults.ForkBesideDisable },
        { "group-caps-after-migrate", Property.LockRules, LinuxFaults.TwoThreadsMoveOneGroup },
        { "reset-is-lost", Property.CountsExact, LinuxFaults.ResetIsLost },
        { "sibling-beside-migrate", Property.NoWarning, LinuxFaults.SiblingBesideMigrate },
        { "sibling-outlives-leader", Property.NoLeak, LinuxFaults.SiblingOutlivesLeader },
        { "swap-beside-inherited-read", Property.CountsExact, LinuxFaults.SwapBesideInheritedRead },
        { "swap-leaves-time-behind", Property.TimesRight, LinuxFaults.SwapLeavesTimeBehind },
        { "sync-stat-pairs-unlike", Property.CountsExact, LinuxFaults.SyncStatPairsUnlike },
        { "two-threads-move-one-group", Property.LockRules, LinuxFaults.TwoThreadsMoveOneGroup },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_with_Linux_itself_shows_without_sharing_and_goes_away_with_its_mend_and_with_no_other(
        string name, Property broken, LinuxFaults mend)
    {
        Scenario scenario = CatalogueFiles.LoadFinding(name);
        Assert.Contains(Enumerable.Range(0, 2_000), seed => FirstBroken(scenario, LinuxFaults.None, seed) == broken);
        Assert.DoesNotContain(Enumerable.Range(0, 2_000), seed => FirstBroken(scenario, mend, seed) is not null);
        Assert.Contains(Enumerable.Range(0, 2_000), seed => FirstBroken(scenario, LinuxFaults.All & ~mend, seed) == broken);
    }

    [Fact]
    public void A_swap_of_parent_and_child_waits_for_a_reader_too()
    {
        Scenario scenario = Scenario.Parse(
            """
            # A task and its child take turns while another reads what both have counted.
            machine: { cpus: 2, profile: skl-ht }
            work: { cycles: 1 }
            tasks:
              - name: parent
                script:
                  - open: { fd: A, event: cycles, inherit, inherit-stat }
                  - fork: { child: reader, thread }
                  - work: 1
                  - fork: child
                  - wake: reader
                  - work: 1
                  - yield
                  - yield
              - name: child
                forked: true
                script:
                  - yield
                  - yield
              - name: reader
                cpu: 1
                forked: true
                script:
                  - block
                  - read: A
                  - read: A
            """,
            "swap.yaml");
        Assert.Contains(Enumerable.Range(0, 500), seed => FirstBroken(scenario, LinuxFaults.All & ~LinuxFaults.SwapBesideInheritedRead, seed) == Property.CountsExact);
        Assert.DoesNotContain(Enumerable.Range(0, 500), seed => FirstBroken(scenario, LinuxFaults.All, seed) is not null);
    }

    /// <summary>What hunts have found wrong in the model, the truth or a mend.</summary>
    [Theory]
    [InlineData(
        """
        # Nobody runs on two processors: who is just switched out is moved after that.
        machine: { cpus: 3, profile: tiny }
        tasks:
          - name: tool
            cpu: 2
            script:
              - open: { fd: A, event: instructions }
              - block
          - name: other
            script:
              - migrate: { cpu: 0, task: tool }
              - wake: tool
        """)]
    [InlineData(
        """
        # A sibling whose leader is on its way to another processor may count as enabled, or not.
        machine: { cpus: 2, profile: tiny }
        tasks:
          - name: tool
            cpu: 1
            script:
              - work: 1
          - name: other
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - open: { fd: B, event: cycles, cpu: 0, task: any, group: A }
              - migrate-context: { from: 0, to: 1 }
        """)]
    [InlineData(
        """
        # A reader takes the count of an event that is off, and whose context was swapped before it began.
        machine: { cpus: 2, profile: skl-ht, fine-grained, mended: all }
        work: { instructions: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: instructions, inherit, inherit-stat }
              - fork: other
              - yield
              - fork: third
              - disable: A
              - migrate: 1
              - open: { fd: B, event: instructions, cpu: 0, task: any }
              - read: A
          - name: other
            forked: true
            script:
              - work: 8
              - yield
              - open: { fd: C, event: instructions, cpu: 0, task: any }
          - name: third
            forked: true
            script: []
        """)]
    public void What_a_hunt_of_none_has_told_of_ourselves_holds(string text)
    {
        Scenario scenario = Scenario.Parse(text, "told.yaml");
        foreach (Func<ulong, IStrategy> strategy in new Func<ulong, IStrategy>[] { seed => new RandomStrategy(seed), seed => new PosStrategy(seed) })
        {
            ExploreOptions options = new() { Strategy = () => strategy(1), SchedulesMax = 2_000 };
            Assert.Empty(new Exploration(() => Subject.Of(scenario.Build(new NoSharing())), options).Run().Violations);
        }
    }

    [Fact]
    public void An_NMI_finds_an_event_ACTIVE_after_its_del_and_no_count_is_wrong_by_it()
    {
        Scenario scenario = CatalogueFiles.LoadFinding("nmi-reads-what-leaves");
        Machine[] runs = [.. Enumerable.Range(0, 100).Select(seed => Run(scenario, new NoSharing(), new LateNmi(seed)))];
        Assert.Empty(runs.SelectMany(m => m.Violations));
        Assert.Contains(runs, m => m.Costs.ReadsUnscheduled > 0);
    }

    [Fact]
    public void Every_finding_has_a_test() => Assert.Equal(
        Faults.Select(row => (string)row[0]).Append("nmi-reads-what-leaves").Order(StringComparer.Ordinal),
        Catalogue.List(CatalogueFiles.Findings).Select(s => s.Name));

    [Fact]
    public void Every_mend_has_a_finding() => Assert.Equal(
        Enum.GetValues<LinuxFaults>().Where(fault => fault is not (LinuxFaults.None or LinuxFaults.All)),
        Faults.Select(row => (LinuxFaults)row[2]).Distinct().Order());

    [Fact]
    public void A_file_that_is_closed_under_a_reader_is_released_when_the_read_is_over()
    {
        // Whether the event was there after the close, and after the read: each of the three ways is taken by some schedule.
        Scenario scenario = CatalogueFiles.Load("read-beside-close-of-one-fd");
        SortedSet<string> ways = [];
        for (int seed = 0; seed < 100; seed++)
        {
            Machine machine = scenario.Build(new NoSharing());
            string way = "";
            machine.AfterOperation += (m, _, op, result) =>
            {
                if (op is CloseOp or ReadOp { Name: "A" })
                {
                    PerfEvent a = m.Events.Single(e => e.Name == "A");
                    way += $"{op} {result.Error}, {(a.Freed ? "freed" : "there")}; ";
                }
            };
            machine.CheckEnd(machine.World.Run(new RandomChooser(seed), StepsMax));
            Assert.True(machine.Violations.Count == 0, Describe(machine, seed));
            ways.Add(way);
        }

        Assert.Equal(
            [
                "close(A) Ok, there; read(A) Ok, freed; ",
                "read(A) EBADF, there; close(A) Ok, freed; ",
                "read(A) Ok, there; close(A) Ok, freed; ",
            ],
            ways);
    }

    private static string Describe(Machine machine, int seed) => string.Join(
        "\n", machine.Violations.Select(v => $"seed {seed}, step {v.Step}: {v.What}\n  {string.Join("\n  ", v.Evidence)}"));

    private static Property? FirstBroken(Scenario scenario, LinuxFaults mended, int seed)
    {
        Machine machine = new(scenario.Spec with { Mended = mended }, new NoSharing());
        machine.CheckEnd(machine.World.Run(new RandomChooser(seed), StepsMax));
        return machine.Violations is [{ Property: var first }, ..] ? first : null;
    }

    private static Machine Run(Scenario scenario, ISharingDesign design, int seed) => Run(scenario, design, new RandomChooser(seed));

    private static Machine Run(Scenario scenario, ISharingDesign design, IChooser chooser)
    {
        Machine machine = scenario.Build(design);
        RunEnd end = machine.World.Run(chooser, StepsMax);
        machine.CheckEnd(end);
        return machine;
    }

    // An even choice would have had the NMI before anything counts.
    private sealed class LateNmi(int seed) : IChooser
    {
        private readonly Random _random = new(seed);

        public int Pick(World world, ReadOnlySpan<int> enabled)
        {
            int picked = _random.Next(enabled.Length);
            bool isOutside = world.Head(enabled[picked]).From.Kind == ActorKind.Environment;
            return isOutside && enabled.Length > 1 && _random.Next(32) > 0 ? (picked + 1) % enabled.Length : picked;
        }

        public int Choose(ActorId by, int optionCount, string what) => _random.Next(optionCount);
    }
}
