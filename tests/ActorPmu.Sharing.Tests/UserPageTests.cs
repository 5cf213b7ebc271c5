using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.Scenarios;
using ActorPmu.Tests;

namespace ActorPmu.Sharing.Tests;

/// <summary>Pages of mapped events, and a process that reads itself by them.</summary>
public sealed class UserPageTests
{
    private const long StepsMax = 20_000;

    private const string Head = "machine: { cpus: 1, profile: skl-ht }\nwork: { cycles: 1 }\ntasks:\n  - name: tool\n    script:\n";

    private static readonly string[] AboutPages =
        ["self-monitoring-read", "page-mapped-late", "counter-moves-under-sharers", "rdpmc-of-sharers", "rdpmc-beside-handover"];

    // ---- the page ----

    [Fact]
    public void Index_and_offset_are_those_of_the_counter_while_the_event_counts_and_the_count_when_it_does_not()
    {
        List<(int Index, long Offset)> seen = [];
        Machine machine = Scenario.Parse(
            Head + "      - open: { fd: A, event: cycles }\n      - mmap: A\n      - work: 7\n      - read: A\n      - disable: A\n", "a.yaml").Build(new NoSharing());
        machine.AfterOperation = (m, task, op, _) =>
        {
            if (op is not OpenOp)
            {
                UserPage page = task.Files.Find("A")!.Page!;
                seen.Add((page.Index, page.Offset));
            }
        };
        machine.CheckEnd(machine.World.Run(new FirstChooser(), StepsMax));

        // The first fixed counter for cycles is rdpmc's number 33 here; it is loaded with -(2^47 - 1). A read moves count and prev_count alike.
        const long Loaded = (1L << 47) - 1;
        Assert.Equal([(34, Loaded), (34, Loaded), (34, Loaded), (0, 7)], seen);
    }

    [Theory]
    [InlineData("open: { fd: A, event: cycles, inherit }", "mmap: { fd: A, expect: EINVAL }")]
    [InlineData("open: { fd: A, event: cycles }", "self-read: { fd: A, expect: EFAULT }")]
    [InlineData("open: { fd: A, event: cycles }", "munmap: { fd: A, expect: EINVAL }")]
    public void What_cannot_be_mapped_or_is_not_is_an_error(string open, string step) => Holds($"      - {open}\n      - {step}\n");

    [Fact]
    public void A_mapping_outlives_the_descriptor_and_ends_with_the_process() =>
        Holds("      - open: { fd: A, event: cycles }\n      - mmap: A\n      - close: A\n      - work: 3\n      - self-read: { fd: A, expect: any }\n");

    [Fact]
    public void Where_the_page_names_no_counter_a_closed_descriptor_cannot_be_read() =>
        Holds("      - open: { fd: A, event: cycles, disabled }\n      - mmap: A\n      - close: A\n      - self-read: { fd: A, expect: EBADF }\n");

    [Fact]
    public void A_second_mapping_leaves_the_page_as_it_is()
    {
        Machine machine = Scenario.Parse(Head + "      - open: { fd: A, event: cycles, disabled }\n      - mmap: A\n      - mmap: A\n", "a.yaml").Build(new NoSharing());
        List<uint> seen = [];
        machine.AfterOperation = (_, task, op, _) => seen.AddRange(op is MmapOp ? [task.Files.Find("A")!.Page!.Lock] : []);
        machine.CheckEnd(machine.World.Run(new FirstChooser(), StepsMax));
        Assert.Equal([2u, 2u], seen);
    }

    [Fact]
    public void Arm_tells_no_counter_and_the_reader_calls_read()
    {
        Machine machine = Run(PortedScenario.Of(Load("rdpmc-of-sharers"), Profiles.Choose("n1")), new NoSharing(), 0);
        Assert.Empty(machine.Violations);
    }

    [Fact]
    public void A_reader_that_was_interrupted_between_page_and_counter_loads_the_page_again()
    {
        // Twice for each of the five reads, and once more for each that was interrupted.
        Scenario scenario = Load("rdpmc-beside-handover");
        int most = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            LoadsOfPages loads = new();
            scenario.Build(new Handover()).World.Run(new SeededChooser(seed), StepsMax, loads);
            most = Math.Max(most, loads.Count);
        }

        Assert.InRange(most, 11, 20);
    }

    // ---- designs ----

    [Theory]
    [InlineData("none")]
    [InlineData("handover")]
    public void Reads_by_the_page_are_right(string design)
    {
        foreach (string name in AboutPages)
        {
            for (int seed = 0; seed < 40; seed++)
            {
                Assert.Empty(Run(Load(name), Make(design), seed).Violations);
            }
        }
    }

    [Theory]
    [InlineData("v12", "self-monitoring-read", "self-monitoring read of B gives 15, by rdpmc(33); the truth is 10")]
    [InlineData("v13", "page-mapped-late", "self-monitoring read of B gives 5, by rdpmc(33); the truth is 15")]
    [InlineData("v13", "counter-moves-under-sharers", "self-monitoring read of A gives 5, by rdpmc(2); the truth is 15")]
    [InlineData("v11", "self-monitoring-read", "self-monitoring read of A gives 20, by rdpmc(33); the truth is 18")]
    [InlineData("v11", "rdpmc-of-sharers", "self-monitoring read of B gives 0, its page names no counter; the truth is 10")]
    [InlineData("v6", "rdpmc-of-sharers", "self-monitoring read of A gives 4, its page names no counter; the truth is 14")]
    public void Pages_of_the_postings_are_wrong(string design, string name, string what)
    {
        Machine machine = Run(NarrowedScenario.Of(Load(name), new SortedSet<Property> { Property.CountsExact }), Make(design), 0);
        Assert.Equal(what, machine.Violations[0].What);
    }

    // ---- what would be found ----

    [Fact]
    public void A_followers_page_with_its_own_count_is_found() => Finds<OwnCountOnThePage>("page-mapped-late");

    [Fact]
    public void An_owner_whose_page_is_updated_alone_is_found() => Finds<UpdatesNoFollower>("rdpmc-of-sharers");

    [Fact]
    public void A_page_that_keeps_the_counter_of_who_has_left_is_found() => Finds<KeepsTheCounter>("self-monitoring-read");

    private sealed class LoadsOfPages : IStepObserver
    {
        public int Count { get; private set; }

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked)
        {
        }

        public void Chosen(ActorId by, int optionCount, int option, string what)
        {
        }

        public void Delivered(long step, in Envelope envelope) => Count += envelope.Message is UserPageLoad ? 1 : 0;
    }

    private sealed class OwnCountOnThePage : Handover
    {
        public override long PageCount(PerfEvent e, long inDriver) => Count(e) + inDriver;
    }

    private sealed class UpdatesNoFollower : Handover
    {
        public override IEnumerable<PerfEvent> PagesBeside(PerfEvent e) => [];
    }

    private sealed class KeepsTheCounter : Handover
    {
        private readonly Dictionary<int, PerfEvent> _last = [];

        public override PerfEvent PageCounter(PerfEvent e) =>
            ReferenceEquals(base.PageCounter(e), e) && e.State == EventState.Active && _last.TryGetValue(e.Id.Value, out PerfEvent? last)
                ? last
                : _last[e.Id.Value] = base.PageCounter(e);
    }

    private static void Finds<TDesign>(string name)
        where TDesign : ISharingDesign, new()
    {
        Scenario scenario = NarrowedScenario.Of(Load(name), new SortedSet<Property> { Property.CountsExact });
        Assert.Contains(Enumerable.Range(0, 50), seed => Run(scenario, new TDesign(), seed).Violations.Count > 0);
    }

    private static void Holds(string steps)
    {
        Machine machine = Run(Scenario.Parse(Head + steps, "a.yaml"), new Handover(), 0);
        Assert.Empty(machine.Violations);
    }

    private static Scenario Load(string name) => Scenario.Load(Repository.Of($"config/scenarios/{name}.yaml"));

    private static ISharingDesign Make(string design) => Designs.All.Single(d => d().Name == design)();

    private static Machine Run(Scenario scenario, ISharingDesign design, int seed)
    {
        Machine machine = scenario.Build(design);
        machine.CheckEnd(machine.World.Run(new SeededChooser((ulong)seed), StepsMax));
        return machine;
    }
}
