using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>A pointer and a count that are published without their barriers are caught, by who reads them from elsewhere and by an NMI.</summary>
public sealed class PublishedPairTests
{
    private const int Schedules = 400;

    // A machine on which less can go wrong needs more schedules until it does.
    private const int SchedulesUntilBroken = 6_000;

    [Theory]
    [InlineData("nothing", MemoryModel.Weak)]
    [InlineData("nothing", MemoryModel.TotalStoreOrder)]
    [InlineData("barrier", MemoryModel.Weak)]
    [InlineData("wmb", MemoryModel.Weak)]
    public void A_reader_elsewhere_takes_the_new_pointer_with_the_old_count_where_a_barrier_is_missing(string order, MemoryModel model)
    {
        Violation? found = Runs.FirstBroken(Property.CountsExact, Elsewhere(model), () => new PublishedPair(Order(order)), SchedulesUntilBroken);
        Assert.NotNull(found);
        Assert.StartsWith("read(A) returns 0; the truth is", found.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wmb and rmb", MemoryModel.Weak)]
    [InlineData("barrier", MemoryModel.TotalStoreOrder)]
    [InlineData("nothing", MemoryModel.SequentiallyConsistent)]
    public void A_reader_elsewhere_is_right_with_the_barriers_that_the_machine_needs(string order, MemoryModel model) =>
        Assert.Null(Runs.FirstBroken(Elsewhere(model), () => new PublishedPair(Order(order)), 2 * Schedules));

    [Fact]
    public void An_NMI_takes_the_new_pointer_with_the_old_count_where_the_compiler_may_swap_the_stores()
    {
        Violation? found = Runs.FirstBroken(
            Property.NoTornCount, Interrupted(), () => new PublishedPair(PairOrder.Nothing), Schedules);
        Assert.Equal("an NMI on cpu/0 sees A at 0; the truth is between 5 and 5", found?.What);
    }

    [Fact]
    public void An_NMI_needs_no_more_than_a_compiler_barrier() =>
        Assert.Null(Runs.FirstBroken(Interrupted(), () => new PublishedPair(PairOrder.Compiler), Schedules));

    [Fact]
    public void A_processor_that_may_know_older_values_is_a_choice_that_says_which()
    {
        ChoiceListener listener = new();
        for (ulong seed = 0; seed < 50; seed++)
        {
            Machine machine = new(Elsewhere(MemoryModel.Weak), new PublishedPair(PairOrder.Nothing)) { HaltOnViolation = false };
            machine.World.Run(new PatientChooser(seed), 20_000, listener);
        }

        Assert.Contains("cpu/1 loads A.parked: A or NULL", listener.Heard);
    }

    [Fact]
    public void On_a_weakly_ordered_machine_a_read_can_miss_what_was_counted_even_without_sharing()
    {
        // perf_event_read(), v5.3: who finds ACTIVE and then no ->oncpu returns, trusting that the count is up to date. No barrier orders
        // pmu->del() before ->oncpu in event_sched_out(), nor ->oncpu before the count in the reader.
        Violation? found = Runs.FirstBroken(
            Property.CountsExact, Elsewhere(MemoryModel.Weak), () => new NoSharing(), SchedulesUntilBroken);
        Assert.Equal("read(A) returns 0; the truth is 5", found?.What);
    }

    [Theory]
    [InlineData(MemoryModel.TotalStoreOrder)]
    [InlineData(MemoryModel.SequentiallyConsistent)]
    public void On_x86_it_does_not(MemoryModel model) =>
        Assert.Null(Runs.FirstBroken(Elsewhere(model), () => new NoSharing(), Schedules));

    private static PairOrder Order(string order) => order switch
    {
        "nothing" => PairOrder.Nothing,
        "barrier" => PairOrder.Compiler,
        "wmb" => PairOrder.WriterOnly,
        "wmb and rmb" => PairOrder.Both,
        _ => throw new ArgumentOutOfRangeException(nameof(order)),
    };

    // Two tasks take turns on one processor; a third reads, on another, what one of them counts.
    private static MachineSpec Elsewhere(MemoryModel model) => Scripts.Machine(
        "skl-ht", 2,
        Scripts.Task("worker", 0, new WorkOp(1), new YieldOp(), new WorkOp(1), new YieldOp(), new WorkOp(1)),
        Scripts.Task("other", 0, new YieldOp(), new YieldOp()),
        Scripts.Task(
            "reader", 1, new OpenOp("A", Scripts.CyclesAttr) { TargetTask = "worker" }, new ReadOp("A"), new ReadOp("A"))) with
    {
        FineGrained = true,
        Memory = model,
    };

    private static MachineSpec Interrupted() => Scripts.Machine(
        "skl-ht", 1,
        Scripts.Task(
            "tool", 0, Scripts.OnCpu("A", Scripts.CyclesAttr), new WorkOp(1), new ReadOp("A"), new IoctlOp("A", IoctlCommand.Disable))) with
    {
        FineGrained = true,
        Injections = [new Injection(InjectionKind.Pmi, 0, 2) { Task = "tool", Event = "A" }],
    };

    private sealed class ChoiceListener : Actors.IStepObserver
    {
        public HashSet<string> Heard { get; } = [];

        public void Delivering(long step, in Actors.Envelope envelope, int optionCount, int picked)
        {
        }

        public void Chosen(Actors.ActorId by, int optionCount, int option, string what) => Heard.Add(what);

        public void Delivered(long step, in Actors.Envelope envelope)
        {
        }
    }
}
