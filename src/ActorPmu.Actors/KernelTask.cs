using System.Runtime.CompilerServices;

namespace ActorPmu.Actors;

/// <summary>A kernel path under way: what an <c>async</c> method of the model returns.</summary>
/// <remarks>
/// Resumes inline, on the delivery that it waited for, on the same thread; there is no scheduler and no context in between.
/// Awaited once, by one caller. Frames are pooled, so a path that suspends allocates nothing in a warm run.
/// </remarks>
[AsyncMethodBuilder(typeof(KernelTaskMethodBuilder))]
public readonly struct KernelTask
{
    private readonly PathFrame<Nothing>? _frame;

    internal KernelTask(PathFrame<Nothing>? frame) => _frame = frame;

    /// <summary>A path that has ended already.</summary>
    public static KernelTask Done => default;

    /// <summary>Whether the path has ended.</summary>
    public bool IsCompleted => _frame is null || _frame.Completed;

    /// <summary>The awaiter that the compiler asks for.</summary>
    public Awaiter GetAwaiter() => new(_frame);

    /// <summary>Calls back when the path has ended; at once if it has.</summary>
    /// <param name="root">Who is told.</param>
    public void OnEnd(PathRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        root.Attach(_frame);
    }

    /// <summary>Awaits a <see cref="KernelTask"/>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IPathAwaiter
    {
        private readonly PathFrame<Nothing>? _frame;

        internal Awaiter(PathFrame<Nothing>? frame) => _frame = frame;

        /// <summary>Whether there is nothing to wait for.</summary>
        public bool IsCompleted => _frame is null || _frame.Completed;

        /// <summary>Ends the wait; throws what the path threw.</summary>
        public void GetResult() => _frame?.TakeResult();

        void IPathAwaiter.ContinueWith(PathFrame frame) => _frame!.SetCaller(frame);

        void INotifyCompletion.OnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();

        void ICriticalNotifyCompletion.UnsafeOnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();
    }
}

/// <summary>A kernel path under way that ends with a value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
[AsyncMethodBuilder(typeof(KernelTaskMethodBuilder<>))]
public readonly struct KernelTask<T>
{
    private readonly PathFrame<T>? _frame;
    private readonly T _result;

    internal KernelTask(PathFrame<T> frame)
    {
        _frame = frame;
        _result = default!;
    }

    /// <summary>A path that has ended already.</summary>
    /// <param name="result">Its value.</param>
    public KernelTask(T result)
    {
        _frame = null;
        _result = result;
    }

    /// <summary>The awaiter that the compiler asks for.</summary>
    public Awaiter GetAwaiter() => new(_frame, _result);

    /// <summary>Awaits a <see cref="KernelTask{T}"/>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IPathAwaiter
    {
        private readonly PathFrame<T>? _frame;
        private readonly T _result;

        internal Awaiter(PathFrame<T>? frame, T result)
        {
            _frame = frame;
            _result = result;
        }

        /// <summary>Whether there is nothing to wait for.</summary>
        public bool IsCompleted => _frame is null || _frame.Completed;

        /// <summary>The path's value; throws what the path threw.</summary>
        public T GetResult() => _frame is null ? _result : _frame.TakeResult();

        void IPathAwaiter.ContinueWith(PathFrame frame) => _frame!.SetCaller(frame);

        void INotifyCompletion.OnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();

        void ICriticalNotifyCompletion.UnsafeOnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();
    }
}

/// <summary>What a path may await: another path, or a <see cref="Waiter"/>.</summary>
public interface IPathAwaiter
{
    /// <summary>Remembers who goes on when the wait is over.</summary>
    /// <param name="frame">The waiting path.</param>
    void ContinueWith(PathFrame frame);
}

/// <summary>The value of a path without one.</summary>
public readonly record struct Nothing;

/// <summary>The innermost wait of a path: for one answer.</summary>
/// <remarks>Each execution context has one; it is used again for every wait.</remarks>
public sealed class Waiter
{
    private PathFrame? _frame;
    private Message? _answer;

    /// <summary>Whether a path waits here.</summary>
    public bool IsWaiting => _frame is not null;

    /// <summary>The waiting path's innermost frame, or null.</summary>
    public PathFrame? Innermost => _frame;

    /// <summary>Waits for an answer.</summary>
    public Awaitable Answer() => new(this);

    /// <summary>Hands the answer over; the path goes on inline.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="InvalidOperationException">Nobody waits.</exception>
    public void Complete(Message answer)
    {
        PathFrame frame = _frame ?? throw new InvalidOperationException($"nobody waits for {answer}");
        _frame = null;
        _answer = answer;
        frame.Resume();
    }

    /// <summary>Forgets a suspended path: its run is over.</summary>
    public void Abandon() => _frame = null;

    /// <summary>The awaitable of a <see cref="Waiter"/>.</summary>
    public readonly struct Awaitable : ICriticalNotifyCompletion, IPathAwaiter
    {
        private readonly Waiter _waiter;

        internal Awaitable(Waiter waiter) => _waiter = waiter;

        /// <summary>Never: an answer is always a delivery of its own.</summary>
        public bool IsCompleted => false;

        /// <summary>The awaitable is its own awaiter.</summary>
        public Awaitable GetAwaiter() => this;

        /// <summary>The answer.</summary>
        public Message GetResult()
        {
            Message answer = _waiter._answer ?? throw new InvalidOperationException("the path went on without an answer");
            _waiter._answer = null;
            return answer;
        }

        void IPathAwaiter.ContinueWith(PathFrame frame)
        {
            if (_waiter._frame is not null)
            {
                throw new InvalidOperationException("an execution context waits for one thing at a time");
            }

            _waiter._frame = frame;
        }

        void INotifyCompletion.OnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();

        void ICriticalNotifyCompletion.UnsafeOnCompleted(Action continuation) => throw PathFrame.OnlyPathsMayAwait();
    }
}
