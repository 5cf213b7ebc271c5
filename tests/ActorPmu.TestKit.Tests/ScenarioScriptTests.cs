using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.TestKit.Tests;

public sealed class ScenarioScriptTests : ScenarioScript
{
    private const string TwoCpus = """
        machine: { cpus: 2, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: a
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - read: A
          - name: b
            cpu: 1
            script:
              - open: { fd: B, event: cycles, cpu: 0, task: any }
              - read: B
        """;

    [Fact]
    public void A_machine_goes_on_to_its_end_and_holds()
    {
        Start("reset-one-of-two", "largest-scope");
        Machine.MustHold();
        Machine.MustShare();
        Assert.Equal(RunEnd.Finished, Machine.End);
    }

    [Fact]
    public void A_machine_that_breaks_a_property_does_not_hold()
    {
        Start("user-beside-kernel", "v6");

        string message = Fails(() => Machine.MustHold());

        Assert.StartsWith("user-beside-kernel under v6 must hold, and does not\n\nVIOLATION counts-exact  step 97\n  U counts 15 when read on cpu/0; the truth is 20\n", message, StringComparison.Ordinal);
        Assert.Equal(Property.CountsExact, Machine.MustViolate(Property.CountsExact).Property);
        Machine.MustHold(Property.NoDeadlock);
        Assert.Contains("must violate no-deadlock, and does not", Fails(() => Machine.MustViolate(Property.NoDeadlock)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_lays_hands_on_messages_of_nobody_fails()
    {
        Start("user-beside-kernel", "none");
        Drop<RawSpinUnlock>(to: "ctx/99");

        Assert.StartsWith("user-beside-kernel under none has no actor ctx/99, which the script names\n", Fails(() => Machine.MustHold()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_for_a_processor_that_is_not_there_fails()
    {
        Probe.ForCpu("cpu/7");
        Start("user-beside-kernel", "none");

        Assert.StartsWith("user-beside-kernel under none has no actor cpu/7, which the script names\n", Fails(() => Machine.MustViolate(Property.NoDeadlock)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_does_not_share_fails_where_it_must()
    {
        Start("two-tools-one-counter", "none");
        Machine.MustHold();
        Assert.Contains("must share a counter, and does not", Fails(() => Machine.MustShare()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_for_a_context_gets_the_lock_s_messages_with_sender_and_lane()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");

        ctx.ExpectMsg<MutexLock>(from: "cpu/0", lane: Lane.Request);
        Assert.NotEqual(Sys.DeadLetters, ctx.Sender);
        ctx.PassOn();
        RawSpinLock acquire = ctx.PassOnUntil<RawSpinLock>();
        Assert.Equal("cpu/0", acquire.By.Cpu.ToString());
        ctx.PassOnAll();

        Machine.MustHold();
    }

    [Fact]
    public void Another_message_than_the_expected_one_fails()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");

        string message = Fails(() => ctx.ExpectMsg<RawSpinUnlock>());

        Assert.StartsWith("user-beside-kernel under none ctx/0 must get RawSpinUnlock, and gets cpu/0→ctx/0 request: mutex_lock by cpu/0:task/0\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_sender_or_lane_than_the_expected_one_fails()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");

        Assert.Contains(
            "ctx/0 must get MutexLock from cpu/1 on lane Irq, and gets cpu/0→ctx/0 request: mutex_lock",
            Fails(() => ctx.ExpectMsg<MutexLock>(from: "cpu/1", lane: Lane.Irq)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_does_not_come_fails_without_waiting()
    {
        ScriptProbe other = Probe.ForPmu("cpu/1");
        Start(TwoCpus, "none");

        other.ExpectNoMsg();
        Assert.Contains("pmu/4 must get PmuAdd, and gets nothing, and nobody can go on", Fails(() => other.ExpectMsg<PmuAdd>()), StringComparison.Ordinal);
        Machine.MustHold();
    }

    [Fact]
    public void A_message_where_none_is_expected_fails()
    {
        ScriptProbe allocator = Probe.ForAllocator();
        Start("user-beside-kernel", "none");

        Assert.Contains("allocator/0 must get nothing, and gets cpu/0→allocator/0 request: kmalloc", Fails(() => allocator.ExpectNoMsg()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_allocation_that_is_refused_by_hand_fails_the_open()
    {
        ScriptProbe allocator = Probe.ForAllocator();
        Start(TwoCpus.Replace("task: any }\n      - read: A", "task: any, expect: ENOMEM }", StringComparison.Ordinal), "none");

        Kmalloc request = allocator.PassOnUntil<Kmalloc>(m => m.By.Cpu.Index == 0);
        allocator.Reply(new Kmalloced(request.By.Path, Ok: false));
        allocator.PassOnAll();

        Machine.MustHold();
    }

    [Fact]
    public void A_lock_that_is_granted_by_hand_is_held()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");

        RawSpinLock acquire = ctx.PassOnUntil<RawSpinLock>();
        ctx.Reply(new RawSpinLocked(acquire.By.Path, ctx.Data));

        // The next word of the holder is the unlock: nobody else can get in.
        ctx.ExpectMsg<RawSpinUnlock>(from: "cpu/0");
        ctx.Ignore();
        ctx.PassOnAll();
        Machine.MustHold();
    }

    [Fact]
    public void A_message_that_nobody_answers_is_named_by_the_deadlock()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");
        ctx.ExpectMsg<MutexLock>();

        Violation deadlock = Machine.MustViolate(Property.NoDeadlock);

        Assert.Contains("ctx/0 waits for the script: mutex_lock by cpu/0:task/0 is not answered", deadlock.Evidence);
    }

    [Fact]
    public void An_unlock_that_is_dropped_is_a_deadlock_with_its_circle()
    {
        Start("user-beside-kernel", "none");
        Interception lost = Drop<RawSpinUnlock>(to: "ctx/0");

        Violation deadlock = Machine.MustViolate(Property.NoDeadlock);

        Assert.Equal(1, lost.Count);
        Assert.Equal("deadlock: ctx/0 → cpu/0:task/0 → ctx/0", deadlock.What);
        Assert.Contains("dropped: cpu/0→ctx/0 request: raw_spin_unlock by cpu/0:task/0", Machine.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_so_many_messages_are_dropped_as_was_said()
    {
        Start(TwoCpus, "none");
        Interception lost = Drop<Tick>(times: 2);
        Machine.Inject("cpu/0", new Tick());
        Machine.Inject("cpu/0", new Tick());
        Machine.Inject("cpu/0", new Tick());

        Assert.Equal(2, lost.Count);
        Machine.Deliver<Tick>(to: "cpu/0");
        Machine.MustHold();
    }

    [Fact]
    public void A_lock_that_is_held_up_lets_the_other_processor_go_first()
    {
        Start(TwoCpus, "none");
        Interception held = Hold<MutexLock>(from: "cpu/0", to: "ctx/0");
        Machine.RunUntilPossible<MutexLock>(from: "cpu/1", to: "ctx/0");
        Assert.Single(held.Messages);

        Machine.Deliver<MutexLock>(from: "cpu/1");
        held.Release();

        Machine.MustHold();
        Assert.Empty(held.Messages);
        Assert.True(Machine.Story.IndexOf("cpu/1→ctx/0 request: mutex_lock by", StringComparison.Ordinal)
            < Machine.Story.IndexOf("released: cpu/0→ctx/0 request: mutex_lock by", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_never_released_ends_in_a_deadlock()
    {
        Start("user-beside-kernel", "none");
        Hold<MutexLock>(from: "cpu/0", to: "ctx/0");

        Violation deadlock = Machine.MustViolate(Property.NoDeadlock);

        Assert.Contains("a wake-up is missing", deadlock.What, StringComparison.Ordinal);
        Assert.Contains(deadlock.Evidence, line => line.StartsWith("cpu/0:task/0 waits for ctx/0", StringComparison.Ordinal));
    }

    [Fact]
    public void What_follows_a_held_message_on_its_channel_waits_too()
    {
        Start(TwoCpus, "none");
        Interception held = Hold<Tick>(to: "cpu/0");
        Machine.Inject("cpu/0", new Tick());
        Machine.Inject("cpu/0", new MuxTimer(0));
        Assert.Equal(["tick", "hrtimer perf_mux_hrtimer_handler"], held.Messages.Select(m => m.Message.Label));

        held.Release();

        Machine.Deliver<Tick>(to: "cpu/0");
        Machine.MustHold();
    }

    [Fact]
    public void What_follows_a_reordered_message_on_its_channel_overtakes_it()
    {
        Start(TwoCpus, "none");
        Interception held = Reorder<Tick>(to: "cpu/0");
        Machine.Inject("cpu/0", new Tick());
        Machine.Inject("cpu/0", new Tick());
        Machine.Inject("cpu/0", new MuxTimer(0));

        Machine.Deliver<MuxTimer>(to: "cpu/0");
        held.Release(at: 1);
        Machine.Deliver<Tick>(to: "cpu/0");
        held.Drop();

        Assert.Equal((2, 0), (held.Count, held.Messages.Count));
        Machine.MustHold();
    }

    [Fact]
    public void A_delayed_message_comes_that_many_deliveries_later()
    {
        Start(TwoCpus, "none");
        Delay<Tick>(3, to: "cpu/0");
        Machine.Inject("cpu/0", new Tick());

        Machine.RunUntilPossible<Tick>();

        Assert.Equal(3, Machine.Steps);
        Machine.MustHold();
    }

    [Fact]
    public void A_delayed_message_comes_at_once_where_nobody_else_can_go_on()
    {
        Start("user-beside-kernel", "none");
        Delay<RawSpinLocked>(1_000);

        Machine.MustHold();
        Assert.True(Machine.Steps < 1_000);
    }

    [Fact]
    public void A_message_that_is_not_possible_cannot_be_delivered()
    {
        Start("user-beside-kernel", "none");

        Assert.Contains("RawSpinUnlock to ctx/0 must be possible now, and is not; possible are ", Fails(() => Machine.Deliver<RawSpinUnlock>(to: "ctx/0")), StringComparison.Ordinal);
        Assert.Contains("Tick must become possible, and does not", Fails(() => Machine.RunUntilPossible<Tick>()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_injected_nmi_comes_between_two_messages()
    {
        Start(TwoCpus, "none");
        Machine.RunUntilPossible<RawSpinUnlock>(from: "cpu/0");
        Machine.Inject("cpu/0", new InjectedPmi(0, "A"));
        Machine.Deliver<InjectedPmi>(to: "cpu/0");

        Machine.MustHold();
    }

    [Theory]
    [InlineData(1UL, 1UL, true)]
    [InlineData(1UL, 2UL, false)]
    public async Task Chance_from_a_seed_always_makes_the_same_story(ulong seed, ulong other, bool same)
    {
        Start(TwoCpus, "largest-scope", seed: seed);
        Machine.MustHold();

        Again again = new();
        await again.InitializeAsync();
        Assert.Equal(same, Machine.Story == again.StoryOf(TwoCpus, other));
        await again.DisposeAsync();
        again.Dispose();
    }

    [Fact]
    public void A_probe_must_be_made_before_the_machine_starts()
    {
        Start("user-beside-kernel", "none");
        Assert.Contains("before Start", Assert.Throws<InvalidOperationException>(() => Probe.ForAllocator()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_must_be_started_before_it_is_looked_at() =>
        Assert.Contains("call Start first", Assert.Throws<InvalidOperationException>(() => Machine).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cpu")]
    [InlineData("ctx/0")]
    [InlineData("processor/0")]
    public void A_context_is_named_by_its_processor(string name)
    {
        if (name == "cpu")
        {
            Assert.Equal("ctx/0", Probe.ForContext(name).Id.ToString());
        }
        else
        {
            Assert.Throws<ArgumentException>(() => Probe.ForContext(name));
        }
    }

    [Fact]
    public void A_lock_that_is_taken_is_not_passed_on_twice()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start(TwoCpus, "none");
        ctx.PassOnUntil<RawSpinLock>();
        ctx.PassOn();
        Machine.Inject("ctx/0", new RawSpinLock(ReplyTo.Of(new ActorId(ActorKind.Cpu, 1), 4)), "cpu/1", Lane.Request, Accept.LockAcquire);
        ctx.PassOnUntil<RawSpinLock>(m => m.By.Cpu.Index == 1);

        Assert.Contains("ctx/0 does not take raw_spin_lock by cpu/1:task/1 now", Assert.Throws<InvalidOperationException>(ctx.PassOn).Message, StringComparison.Ordinal);
    }

    private sealed class Again : ScenarioScript
    {
        public string StoryOf(string scenario, ulong seed)
        {
            Start(scenario, "largest-scope", seed: seed);
            Machine.MustHold();
            return Machine.Story;
        }
    }

    private static string Fails(Action script) => Assert.Throws<ScenarioFailedException>(script).Message;
}
