using ActorPmu.Kernel;
using ActorPmu.TestKit;
using Xunit;
using static ActorPmu.TestKit.Explorations;

namespace MyScripts;

public sealed class UserBesideKernel : ScenarioScript
{
    [Fact]
    public void Largest_scope_keeps_user_and_kernel_mode_apart() =>
        Explore("user-beside-kernel").Under("largest-scope").With("random", schedules: 200).MustHold();

    [Fact]
    public void V6_does_not() =>
        Explore("user-beside-kernel").Under("v6").MustViolate(Property.CountsExact).Within(steps: 96).Saying("U counts 15");

    [Fact]
    public void An_unlock_that_is_lost_stops_everybody()
    {
        Start("user-beside-kernel", "none");
        Drop<RawSpinUnlock>(to: "ctx/0");

        Violation deadlock = Machine.MustViolate(Property.NoDeadlock);

        Assert.Equal("deadlock: ctx/0 → cpu/0:task/0 → ctx/0", deadlock.What);
    }

    [Fact]
    public void An_open_that_gets_its_lock_by_hand_counts_all_the_same()
    {
        ScriptProbe ctx = Probe.ForContext("cpu/0");
        Start("user-beside-kernel", "none");

        RawSpinLock request = ctx.PassOnUntil<RawSpinLock>();
        ctx.Reply(new RawSpinLocked(request.By.Path, ctx.Data));
        ctx.ExpectMsg<RawSpinUnlock>(from: "cpu/0");
        ctx.Ignore(); // the real lock never knew of it
        ctx.PassOnAll();

        Machine.MustHold();
    }
}
