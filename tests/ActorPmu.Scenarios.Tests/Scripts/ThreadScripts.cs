using ActorPmu.Kernel;
using static ActorPmu.TestKit.Explorations;

namespace ActorPmu.Scenarios.Tests.Scripts;

/// <summary>Arguments of the review, each as a search through schedules. Scripts to copy from.</summary>
public sealed class ThreadScripts
{
    /// <summary>T-02. Peter Zijlstra, 31 Oct 2019, on the array of four in v6: «Yuck!». The fifth class goes unshared, and nothing is lost by it.</summary>
    [Fact]
    public void The_array_of_four_shares_four_classes_and_loses_no_count() =>
        Explore("five-classes").Under("v6").With(schedules: 10).MustHold().MustShare();

    /// <summary>T-03. Peter Zijlstra, 31 Oct 2019: «why is is_sampling_event() not usable?». v6 takes a sampler with sample type 0 for an event that only counts.</summary>
    [Fact]
    public void A_sampler_loses_its_overflows_under_v6() =>
        Explore("sampling-shares").Under("v6").MustViolate(Property.SamplersAlone);

    /// <summary>T-04. Peter Zijlstra, 31 Oct 2019, on perf_event_compatible(): «Slightly scared by this one». It does not look at exclude_user and exclude_kernel.</summary>
    [Fact]
    public void V6_merges_user_and_kernel_mode() =>
        Explore("user-beside-kernel").Under("v6").MustViolate(Property.CountsExact).Within(steps: 96).Saying("U counts 15");

    /// <summary>T-05. Peter Zijlstra, 31 Oct 2019, on the cgroup check that v6 takes out of __perf_install_in_context(): with it an event for a cgroup that runs elsewhere still counts.</summary>
    [Fact]
    public void An_event_of_a_cgroup_that_runs_elsewhere_counts_when_it_comes_here() =>
        Explore("cgroup-install-elsewhere").Under("none").With(schedules: 50).MustHold();

    /// <summary>T-06. Peter Zijlstra, 31 Oct 2019, on the allocation in inherit_event(). It is slow; it leaks nothing.</summary>
    [Fact]
    public void A_fork_under_v6_frees_what_it_allocated() =>
        Explore("fork-inherits").Under("v6").With(schedules: 20).MustHold(Property.NoLeak);

    /// <summary>T-07. Song Liu, 5 Nov 2019 23:51 UTC: GFP_ATOMIC under ctx->lock. Legal where spinlocks spin.</summary>
    [Fact]
    public void An_allocation_under_ctx_lock_is_legal_without_RT() =>
        Explore("alloc-under-ctx-lock").Under("v6-atomic").OnRt(false).With(schedules: 50).MustHold(Property.LockRules);

    /// <summary>T-07. Peter Zijlstra, 6 Nov 2019 08:56 UTC: on PREEMPT_RT the allocator's locks sleep, and ctx->lock does not.</summary>
    [Fact]
    public void An_allocation_under_ctx_lock_is_illegal_on_RT() =>
        Explore("alloc-under-ctx-lock").Under("v6-atomic").OnRt().MustViolate(Property.LockRules).Saying("Invalid wait context");

    /// <summary>T-08. Song Liu, 6 Nov 2019 17:40 UTC: allocate between two lock sections of __perf_install_in_context(). That is an interrupt handler: no better on PREEMPT_RT.</summary>
    [Fact]
    public void An_allocation_in_the_IPI_is_illegal_on_RT() =>
        Explore("alloc-in-install-ipi").Under("v6-alloc-in-ipi").OnRt().MustViolate(Property.LockRules);

    /// <summary>T-13. Song Liu, 6 Nov 2019 22:23 UTC: look under the lock, allocate in process context. ctx->mutex keeps what was found.</summary>
    [Fact]
    public void An_allocation_in_process_context_is_legal_on_RT() =>
        Explore("alloc-in-install-race").Under("v6-alloc-in-install").OnRt().With(schedules: 50).MustHold(Property.LockRules, Property.NoLeak);

    /// <summary>T-09. Song Liu, 5 Nov 2019 23:06 UTC: a master whose cgroup does not run starves its slaves.</summary>
    [Fact]
    public void A_master_of_a_cgroup_that_does_not_run_starves_its_slaves() =>
        Explore("cgroup-master-not-running").Under("real-master").MustViolate(Property.ActiveCounts);

    /// <summary>T-09. Peter Zijlstra, 5 Nov 2019 20:16 UTC: the event with the largest scope is master.</summary>
    [Fact]
    public void The_largest_scope_starves_nobody() =>
        Explore("cgroup-master-not-running").Under("largest-scope").With(schedules: 50).MustHold();

    /// <summary>T-10. Song Liu, 5 Nov 2019 23:06 UTC: what if the master is in a group? Peter Zijlstra, 6 Nov 2019 09:14 UTC: a member of a group is a slave only.</summary>
    [Fact]
    public void A_member_of_a_group_is_only_ever_a_slave() =>
        Explore("group-master").Under("largest-scope").With(schedules: 50).MustHold().MustShare();

    /// <summary>T-11. Song Liu, 6 Nov 2019 17:40 UTC: whoever is added first owns the counter. Peter Zijlstra, 20:44 UTC: and may leave first.</summary>
    [Fact]
    public void The_first_that_was_added_leaves_and_takes_the_counter_along() =>
        Explore("first-active-leaves-first").Under("first-active").MustViolate(Property.ActiveCounts);

    /// <summary>T-11. The same course of events with an election whenever somebody leaves.</summary>
    [Fact]
    public void With_an_election_whoever_was_added_first_may_leave_first() =>
        Explore("first-active-leaves-first").Under("largest-scope").With(schedules: 50).MustHold();

    /// <summary>T-12. Peter Zijlstra, 6 Nov 2019 09:14 UTC: IOC_DISABLE of the master asks for another election. real-master has none.</summary>
    [Fact]
    public void Disabling_the_master_takes_the_counter_from_all() =>
        Explore("disable-master").Under("real-master").MustViolate(Property.ActiveCounts);

    /// <summary>v7. Alexander Shishkin, 19 Nov 2019: events with another hw.config must not share.</summary>
    [Fact]
    public void V7_still_merges_user_and_kernel_mode() =>
        Explore("user-beside-kernel").Under("v7").MustViolate(Property.CountsExact);

    /// <summary>v7. Jiri Olsa, 25 Nov 2019: enabling an event of the running task leaves its context scheduled out; v8 does it inside ctx_resched().</summary>
    [Fact]
    public void Enabling_an_event_of_a_running_task_schedules_its_context_out_in_v7() =>
        Explore("enable-in-running-task").Under("v7").With(schedules: 20).MustViolate(Property.NoWarning).Saying("task_ctx != ctx");

    /// <summary>v8. Song Liu, 6 Dec 2019: a master of a task that sleeps can be closed, which is an oops in v7.</summary>
    [Fact]
    public void Closing_a_sleeping_task_s_master_is_an_oops_in_v7() =>
        Explore("close-while-task-sleeps").Under("v7").MustViolate(Property.NoWarning).Saying("NULL pointer");

    /// <summary>v8. Song Liu, 6 Dec 2019: the same close under v8, which asks ctx->is_active first.</summary>
    [Fact]
    public void Closing_a_sleeping_task_s_master_is_none_in_v8() =>
        Explore("close-while-task-sleeps").Under("v8").With(schedules: 50).MustHold();

    /// <summary>kernel side, v6 as posted, 19 Sep 2019: a reset is per event, and leaves the sharers alone.</summary>
    [Fact]
    public void A_reset_of_one_of_two_leaves_the_other_alone() =>
        Explore("reset-one-of-two").Under("v6").With(schedules: 50).MustHold().MustShare();
}
