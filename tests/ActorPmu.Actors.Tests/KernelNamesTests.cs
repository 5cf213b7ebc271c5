namespace ActorPmu.Actors.Tests;

/// <summary>Suspended paths print like a kernel's stack trace.</summary>
public sealed class KernelNamesTests
{
    private readonly Waiter _waiter = new();

    [Theory]
    [InlineData("PerfInstallInContext", "perf_install_in_context")]
    [InlineData("Schedule", "schedule")]
    [InlineData("X86PmuAdd", "x86_pmu_add")]
    [InlineData("SendIPI", "send_ipi")]
    [InlineData("perf_event_read", "perf_event_read")]
    [InlineData("", "")]
    public void A_name_is_spelled_as_in_the_kernel(string name, string expected) => Assert.Equal(expected, KernelNames.Snake(name));

    [Fact]
    public void The_stack_names_functions_innermost_first_by_their_kernel_names()
    {
        PerfEventOpen().OnEnd(new End());

        Assert.Equal(["raw_spin_lock", "__perf_install_in_context", "perf_event_open"], KernelNames.Stack(_waiter.Innermost));
    }

    [Fact]
    public void A_stack_shrinks_as_functions_return()
    {
        PerfEventOpen().OnEnd(new End());
        _waiter.Complete(new Note("x"));
        Assert.Equal(["__perf_install_in_context", "perf_event_open"], KernelNames.Stack(_waiter.Innermost));
        _waiter.Complete(new Note("x"));

        Assert.Empty(KernelNames.Stack(_waiter.Innermost));
    }

    [Fact]
    public void A_generic_function_has_the_name_of_its_definition()
    {
        Ask<int>().OnEnd(new End());

        Assert.Equal(["smp_call_function"], KernelNames.Stack(_waiter.Innermost));
    }

    private async KernelTask PerfEventOpen() => await InstallIpi();

    [KernelName("__perf_install_in_context")]
    private async KernelTask<int> InstallIpi()
    {
        await RawSpinLock();
        await _waiter.Answer();
        return 0;
    }

    private async KernelTask RawSpinLock() => await _waiter.Answer();

    [KernelName("smp_call_function")]
    private async KernelTask Ask<T>()
    {
        await _waiter.Answer();
        Assert.NotNull(typeof(T));
    }

    private sealed class End : PathRoot
    {
        protected override void OnEnd()
        {
        }
    }
}
