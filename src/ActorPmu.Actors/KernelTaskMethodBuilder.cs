using System.Runtime.CompilerServices;

namespace ActorPmu.Actors;

/// <summary>How the compiler builds a <see cref="KernelTask"/>.</summary>
public struct KernelTaskMethodBuilder
{
    private KernelTaskMethodBuilder<Nothing> _inner;

    /// <summary>The path.</summary>
    public readonly KernelTask Task => new(_inner.Frame);

    /// <summary>A builder for one call.</summary>
    public static KernelTaskMethodBuilder Create() => default;

    /// <summary>Runs the method up to its first wait.</summary>
    public readonly void Start<TMachine>(ref TMachine stateMachine)
        where TMachine : IAsyncStateMachine
    {
        if (PathProbe.IsOn)
        {
            PathProbe.Note(typeof(TMachine));
        }

        stateMachine.MoveNext();
    }

    /// <summary>Not used: frames hold their machine by value.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method has returned.</summary>
    public void SetResult() => _inner.SetResult(default);

    /// <summary>The method has thrown.</summary>
    public void SetException(Exception exception) => _inner.SetException(exception);

    /// <summary>Not supported: see <see cref="IPathAwaiter"/>.</summary>
    public readonly void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => throw PathFrame.OnlyPathsMayAwait();

    /// <summary>Suspends the method.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => _inner.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

/// <summary>How the compiler builds a <see cref="KernelTask{T}"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public struct KernelTaskMethodBuilder<T>
{
    private T _result;

    /// <summary>The path.</summary>
    public readonly KernelTask<T> Task => Frame is null ? new KernelTask<T>(_result) : new KernelTask<T>(Frame);

    internal PathFrame<T>? Frame { get; private set; }

    /// <summary>A builder for one call.</summary>
    public static KernelTaskMethodBuilder<T> Create() => default;

    /// <summary>Runs the method up to its first wait.</summary>
    public readonly void Start<TMachine>(ref TMachine stateMachine)
        where TMachine : IAsyncStateMachine
    {
        if (PathProbe.IsOn)
        {
            PathProbe.Note(typeof(TMachine));
        }

        stateMachine.MoveNext();
    }

    /// <summary>Not used: frames hold their machine by value.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method has returned a value.</summary>
    public void SetResult(T result)
    {
        if (Frame is null)
        {
            _result = result;
        }
        else
        {
            Frame.SetResult(result);
        }
    }

    /// <summary>The method has thrown.</summary>
    public void SetException(Exception exception)
    {
        Frame ??= new FailedFrame<T>();
        Frame.SetError(exception);
    }

    /// <summary>Not supported: see <see cref="IPathAwaiter"/>.</summary>
    public readonly void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => throw PathFrame.OnlyPathsMayAwait();

    /// <summary>Suspends the method.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine
    {
        // The builder is a field of the machine: it must know its frame before the machine is copied into it.
        if (Frame is null)
        {
            PathFrame<TMachine, T> rented = PathFrame<TMachine, T>.Rent();
            Frame = rented;
            rented.SetMachine(stateMachine);
        }

        if (awaiter is not IPathAwaiter)
        {
            throw PathFrame.OnlyPathsMayAwait();
        }

        // Cast and call in one expression: the JIT then calls the struct without boxing it.
        ((IPathAwaiter)awaiter).ContinueWith(Frame);
    }
}
