using System.Runtime.CompilerServices;

namespace ActorPmu.Actors.Tests;

/// <summary>Kernel paths: async methods that wait for deliveries.</summary>
public sealed class KernelTaskTests
{
    private readonly Waiter _waiter = new();
    private readonly List<string> _log = [];

    [Fact]
    public void A_path_goes_on_inline_with_the_answer()
    {
        End end = new(_log);
        Once().OnEnd(end);
        _log.Add("suspended");
        _waiter.Complete(new Note("answer"));
        _log.Add("back");

        Assert.Equal(["asked", "suspended", "answer", "end", "back"], _log);

        async KernelTask Once()
        {
            _log.Add("asked");
            _log.Add((await _waiter.Answer()).Label);
        }
    }

    [Fact]
    public void A_path_that_waits_for_nothing_ends_before_its_call_returns()
    {
        Straight().OnEnd(new End(_log));
        _log.Add("back");

        Assert.Equal(["end", "back"], _log);
        Assert.True(Straight().IsCompleted);

        static async KernelTask Straight() => await KernelTask.Done;
    }

    [Fact]
    public void Nested_paths_hand_results_outwards()
    {
        Outer().OnEnd(new End(_log));
        _waiter.Complete(new Note("3"));
        _waiter.Complete(new Note("4"));

        Assert.Equal(["7", "end"], _log);

        async KernelTask Outer() => _log.Add($"{await Sum()}");

        async KernelTask<int> Sum() => await Number() + await Number();

        async KernelTask<int> Number() => int.Parse((await _waiter.Answer()).Label, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_result_that_is_there_at_once_needs_no_wait()
    {
        Outer().OnEnd(new End(_log));

        Assert.Equal(["5", "6", "end"], _log);

        async KernelTask Outer()
        {
            _log.Add($"{await new KernelTask<int>(5)}");
            _log.Add($"{await Six()}");
        }

        static async KernelTask<int> Six() => 1 + await new KernelTask<int>(5);
    }

    [Fact]
    public void A_path_in_a_loop_waits_as_often_as_it_asks()
    {
        Loop().OnEnd(new End(_log));
        for (int i = 0; _waiter.IsWaiting; i++)
        {
            _waiter.Complete(new Note($"{i}"));
        }

        Assert.Equal(["0", "1", "2", "end"], _log);

        async KernelTask Loop()
        {
            for (int i = 0; i < 3; i++)
            {
                _log.Add((await _waiter.Answer()).Label);
            }
        }
    }

    [Fact]
    public void An_exception_after_a_wait_passes_through_each_waiting_path()
    {
        Outer().OnEnd(new End(_log));
        _waiter.Complete(new Note("now"));

        Assert.Equal(["middle cleans up", "caught: broken by now", "end"], _log);

        async KernelTask Outer()
        {
            try
            {
                await Middle();
            }
            catch (FormatException e)
            {
                _log.Add($"caught: {e.Message}");
            }
        }

        async KernelTask Middle()
        {
            try
            {
                await Inner();
            }
            finally
            {
                _log.Add("middle cleans up");
            }
        }

        async KernelTask<int> Inner() => throw new FormatException($"broken by {(await _waiter.Answer()).Label}");
    }

    [Fact]
    public void An_exception_before_any_wait_reaches_the_caller()
    {
        Outer().OnEnd(new End(_log));

        Assert.Equal(["caught: at once", "end"], _log);

        async KernelTask Outer()
        {
            try
            {
                await AtOnce();
            }
            catch (FormatException e)
            {
                _log.Add($"caught: {e.Message}");
            }
        }

        static async KernelTask AtOnce()
        {
            await KernelTask.Done;
            throw new FormatException("at once");
        }
    }

    [Fact]
    public void An_exception_that_no_path_catches_comes_out_where_the_answer_was_given()
    {
        Outer().OnEnd(new End(_log));

        FormatException e = Assert.Throws<FormatException>(() => _waiter.Complete(new Note("x")));

        Assert.Equal("nobody catches x", e.Message);
        Assert.Empty(_log);

        async KernelTask Outer() => await Inner();

        async KernelTask Inner() => throw new FormatException($"nobody catches {(await _waiter.Answer()).Label}");
    }

    [Fact]
    public void After_an_exception_the_same_functions_run_again()
    {
        for (int i = 0; i < 3; i++)
        {
            Fails().OnEnd(new End(_log));
            Assert.Throws<FormatException>(() => _waiter.Complete(new Note("x")));
        }

        Succeeds().OnEnd(new End(_log));
        _waiter.Complete(new Note("y"));

        Assert.Equal(["y", "end"], _log);

        async KernelTask Fails() => await Number(true);

        async KernelTask Succeeds() => await Number(false);

        async KernelTask Number(bool fail)
        {
            string text = (await _waiter.Answer()).Label;
            if (fail)
            {
                throw new FormatException(text);
            }

            _log.Add(text);
        }
    }

    [Fact]
    public void Two_instances_of_one_function_keep_their_own_locals()
    {
        Waiter other = new();
        Add(_waiter, 10).OnEnd(new End(_log));
        Add(other, 20).OnEnd(new End(_log));
        other.Complete(new Note("b"));
        _waiter.Complete(new Note("a"));

        Assert.Equal(["b 20", "end", "a 10", "end"], _log);

        async KernelTask Add(Waiter waiter, int local) => _log.Add($"{(await waiter.Answer()).Label} {local}");
    }

    [Fact]
    public void A_thousand_functions_deep_is_not_too_deep()
    {
        Descend(1_000).OnEnd(new End(_log));
        Assert.Equal(1_001, KernelNames.Stack(_waiter.Innermost).Count);
        _waiter.Complete(new Note("bottom"));

        Assert.Equal(["bottom", "end"], _log);

        async KernelTask Descend(int levels)
        {
            if (levels > 0)
            {
                await Descend(levels - 1);
            }
            else
            {
                _log.Add((await _waiter.Answer()).Label);
            }
        }
    }

    [Fact]
    public void A_warm_loop_of_nested_paths_allocates_nothing()
    {
        Note answer = new("x");
        Silent end = new();
        Run(2_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(12_000, end.Ends);

        void Run(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Top(this).OnEnd(end);
                _waiter.Complete(answer);
                _waiter.Complete(answer);
            }
        }

        static async KernelTask Top(KernelTaskTests t)
        {
            await Middle(t);
            await Middle(t);
        }

        static async KernelTask<int> Middle(KernelTaskTests t) => await Bottom(t) ? 1 : 0;

        static async KernelTask<bool> Bottom(KernelTaskTests t) => await t._waiter.Answer() is Note;
    }

    [Fact]
    public void An_abandoned_path_leaves_nothing_to_the_next_run()
    {
        Work("first run").OnEnd(new End(_log));
        _waiter.Abandon();
        Assert.False(_waiter.IsWaiting);
        Assert.Empty(KernelNames.Stack(_waiter.Innermost));

        Work("second run").OnEnd(new End(_log));
        Assert.Equal(2, KernelNames.Stack(_waiter.Innermost).Count);
        _waiter.Complete(new Note("x"));

        Assert.Equal(["x of second run", "end"], _log);

        async KernelTask Work(string run) => await Step(run);

        async KernelTask Step(string run) => _log.Add($"{(await _waiter.Answer()).Label} of {run}");
    }

    [Fact]
    public void A_path_may_end_on_another_thread_than_it_began_on()
    {
        Outer().OnEnd(new End(_log));
        Thread other = new(() => _waiter.Complete(new Note("from afar")));
        other.Start();
        other.Join();

        Assert.Equal(["from afar", "end"], _log);

        async KernelTask Outer() => _log.Add(await Inner());

        async KernelTask<string> Inner() => (await _waiter.Answer()).Label;
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_a_mistake()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => _waiter.Complete(new Note("lost")));

        Assert.Equal("nobody waits for Note { Text = lost }", e.Message);
    }

    [Fact]
    public void An_execution_context_waits_for_one_thing_at_a_time()
    {
        One().OnEnd(new End(_log));

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => One().OnEnd(new End(_log)));

        Assert.Equal("an execution context waits for one thing at a time", e.Message);

        async KernelTask One() => await _waiter.Answer();
    }

    [Fact]
    public void An_ordinary_async_method_may_not_await_a_path()
    {
        // What the compiler calls for one.
        ICriticalNotifyCompletion[] awaiters = [_waiter.Answer(), KernelTask.Done.GetAwaiter(), new KernelTask<int>(1).GetAwaiter()];

        foreach (ICriticalNotifyCompletion awaiter in awaiters)
        {
            Assert.Equal(
                "only a kernel path (an async method that returns KernelTask) may await this, and it awaits nothing that goes by a thread or a clock",
                Assert.Throws<InvalidOperationException>(() => awaiter.UnsafeOnCompleted(() => { })).Message);
        }
    }

    [Fact]
    public void A_path_may_not_await_an_ordinary_task()
    {
        TaskCompletionSource never = new();

        Assert.Throws<InvalidOperationException>(() => Path().OnEnd(new End(_log)));

        async KernelTask Path() => await never.Task;
    }

    private sealed class End(List<string> log) : PathRoot
    {
        protected override void OnEnd() => log.Add("end");
    }

    private sealed class Silent : PathRoot
    {
        public int Ends { get; private set; }

        protected override void OnEnd() => Ends++;
    }
}
