using ActorPmu.Actors;
using ActorPmu.Kernel;
using ActorPmu.TestKit;

namespace ActorPmu.Scenarios.Tests.Scripts;

/// <summary>Arguments of the review, each as one course of events with a hand on the messages. Scripts to copy from.</summary>
public sealed class ThreadLiveScripts : ScenarioScript
{
    private const string OneOpen = """
        machine: { cpus: 1, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - work: 3
              - read: { fd: A, expect: 3 }
        """;

    private const string TwoOpens = """
        machine: { cpus: 1, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - open: { fd: B, event: cycles, cpu: 0, task: any }
              - work: 3
              - read: { fd: A, expect: 3 }
              - read: { fd: B, expect: 3 }
        """;

    /// <summary>T-01. Peter Zijlstra, 31 Oct 2019: v6 allocates a second event for each, even if nobody ever shares.</summary>
    [Fact]
    public void An_open_under_v6_asks_for_two_events()
    {
        ScriptProbe allocator = Probe.ForAllocator();
        Start(OneOpen, "v6");

        Kmalloc first = allocator.ExpectMsg<Kmalloc>(from: "cpu/0");
        allocator.PassOn();
        Kmalloc second = allocator.ExpectMsg<Kmalloc>(from: "cpu/0");
        allocator.PassOnAll();

        Assert.Equal((first.What, first.Bytes), (second.What, second.Bytes));
        Machine.MustHold();
    }

    /// <summary>T-01, the other side: the kernel without sharing asks once, and next gives back.</summary>
    [Fact]
    public void An_open_without_sharing_asks_for_one_event()
    {
        ScriptProbe allocator = Probe.ForAllocator();
        Start(OneOpen, "none");

        allocator.ExpectMsg<Kmalloc>();
        allocator.PassOn();
        allocator.ExpectMsg<Kfree>();
        allocator.PassOnAll();

        Machine.MustHold();
    }

    /// <summary>T-07. Song Liu, 5 Nov 2019 23:51 UTC: with GFP_ATOMIC an object is asked for while the asker holds ctx->lock.</summary>
    [Fact]
    public void V6_atomic_allocates_with_ctx_lock_in_hand()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        ScriptProbe allocator = Probe.ForAllocator();
        Start(TwoOpens, "v6-atomic");
        ctx.PassOnAll();

        Kmalloc request = allocator.PassOnUntil<Kmalloc>(m => m.Flags == Gfp.Atomic);

        Assert.Contains(Machine.Kernel.Host.Waits(), w => w.Waiter == "ctx/0" && w.WaitsFor == request.By.ToString() && w.Why == "raw_spin_lock held");
        allocator.PassOnAll();
        Machine.MustHold();
        Machine.MustShare();
    }

    /// <summary>T-07. Without that object there is no master, and nobody shares: no count is lost by it.</summary>
    [Fact]
    public void V6_atomic_counts_without_a_master_when_the_atomic_allocation_fails()
    {
        ScriptProbe allocator = Probe.ForAllocator();
        Start(TwoOpens, "v6-atomic");

        Kmalloc request = allocator.PassOnUntil<Kmalloc>(m => m.Flags == Gfp.Atomic);
        allocator.Reply(new Kmalloced(request.By.Path, Ok: false));
        allocator.PassOnAll();

        Machine.MustHold(Property.CountsExact, Property.ActiveCounts, Property.NoDeadlock);
    }

    /// <summary>T-13. Song Liu, 6 Nov 2019 22:23 UTC: the allocation may sleep, and ctx->mutex keeps others out meanwhile.</summary>
    [Fact]
    public void V6_alloc_in_install_allocates_with_ctx_mutex_in_hand()
    {
        Start("alloc-in-install-race", "v6-alloc-in-install");
        Interception late = Hold<Kmalloc>(where: m => Machine.Kernel.Host.Waits().Any(
            w => w.Waiter.StartsWith("ctx/", StringComparison.Ordinal) && w.WaitsFor == m.By.ToString() && w.Why == "mutex held"));

        Machine.RunUntil(() => Machine.End is not null);
        Assert.Single(late.Messages);
        late.Release();

        Machine.MustHold();
    }

    /// <summary>T-12. Peter Zijlstra, 6 Nov 2019 09:14 UTC: disabling the master takes its event off the PMU, and the counter of all with it.</summary>
    [Fact]
    public void Disabling_a_real_master_empties_the_PMU_under_its_slaves()
    {
        ScriptProbe pmu = Probe.ForPmu("cpu/0");
        Start("disable-master", "real-master");

        PmuDel first = pmu.PassOnUntil<PmuDel>();
        pmu.PassOnAll();

        Assert.Equal("A", Machine.Kernel.Event(first.Event).ToString());
        Machine.MustViolate(Property.ActiveCounts);
    }

    /// <summary>T-14. Song Liu, 19 Sep 2019: a read of an event that shares is one pmu->read, that of the counter that all have.</summary>
    [Fact]
    public void A_read_under_v6_asks_the_PMU_for_the_one_counter_of_both()
    {
        ScriptProbe pmu = Probe.ForPmu("cpu/0");
        Start(TwoOpens, "v6");

        pmu.PassOnUntil<PmuRetire>();
        Machine.MustShare();
        pmu.PassOn();
        PmuRead a = pmu.PassOnUntil<PmuRead>();
        pmu.PassOn();
        PmuRead b = pmu.PassOnUntil<PmuRead>();
        pmu.PassOnAll();

        Assert.Equal(a.Event, b.Event);
        Machine.MustHold();
    }

    /// <summary>Right in v6, 19 Sep 2019: an install whose IPI is late finds its task gone or running, and tries again.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("v6")]
    [InlineData("largest-scope")]
    public void An_install_whose_IPI_is_late_tries_again(string design)
    {
        Start("task-not-running", design);
        Interception late = Delay<IpiInstall>(deliveries: 30);

        Machine.MustHold();

        Assert.NotEqual(0, late.Count);
    }
}
