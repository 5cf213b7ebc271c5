using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ActorPmu.Actors;

/// <summary>Gives the kernel's name of a function whose C# name differs in more than its spelling.</summary>
/// <param name="name">The name in the kernel, such as <c>__perf_install_in_context</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelNameAttribute(string name) : Attribute
{
    /// <summary>The name in the kernel.</summary>
    public string Name { get; } = name;
}

/// <summary>A suspended <c>async</c> method: one line of a kernel stack trace.</summary>
public abstract class PathFrame
{
    private PathFrame? _caller;

    /// <summary>Who waits for this path: the next line of the stack trace.</summary>
    public PathFrame? Caller => _caller;

    /// <summary>The function's name as the kernel spells it.</summary>
    public abstract string FunctionName { get; }

    internal bool Completed { get; private protected set; }

    internal static InvalidOperationException OnlyPathsMayAwait() =>
        new("only a kernel path (an async method that returns KernelTask) may await this, and it awaits nothing that goes by a thread or a clock");

    internal void SetCaller(PathFrame caller) => _caller = caller;

    /// <summary>Goes on where the path was suspended.</summary>
    internal abstract void Resume();

    private protected void End()
    {
        Completed = true;
        PathFrame? caller = _caller;
        _caller = null;
        caller?.Resume();
    }
}

/// <summary>The outermost end of a path: an actor that is told when it is over.</summary>
public abstract class PathRoot : PathFrame
{
    private IResultFrame? _top;

    /// <inheritdoc/>
    public override string FunctionName => "";

    /// <summary>The path has ended.</summary>
    protected abstract void OnEnd();

    internal void Attach(PathFrame<Nothing>? frame)
    {
        if (frame is null)
        {
            OnEnd();
            return;
        }

        _top = frame;
        if (frame.Completed)
        {
            Resume();
        }
        else
        {
            frame.SetCaller(this);
        }
    }

    internal sealed override void Resume()
    {
        IResultFrame? top = _top;
        _top = null;
        top?.Rethrow();
        OnEnd();
    }
}

internal interface IResultFrame
{
    void Rethrow();
}

internal abstract class PathFrame<T> : PathFrame, IResultFrame
{
    private T _result = default!;
    private ExceptionDispatchInfo? _error;

    public void Rethrow() => TakeResult();

    internal T TakeResult()
    {
        ExceptionDispatchInfo? error = _error;
        T result = _result;
        _result = default!;
        _error = null;
        Completed = false;
        Return();
        error?.Throw();
        return result;
    }

    internal void SetResult(T result)
    {
        _result = result;
        End();
    }

    internal void SetError(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        End();
    }

    private protected abstract void Return();
}

internal sealed class PathFrame<TMachine, T> : PathFrame<T>
    where TMachine : IAsyncStateMachine
{
    // One pool a thread: workers of an exploration share nothing. A path of a live host may end on another thread than it began on;
    // its frame then goes to the pool of that one.
    [ThreadStatic]
    private static PathFrame<TMachine, T>? _spare;

    private PathFrame<TMachine, T>? _nextSpare;
    private TMachine _machine = default!;

    public override string FunctionName => KernelNames.Of(typeof(TMachine));

    internal static PathFrame<TMachine, T> Rent()
    {
        PathFrame<TMachine, T>? frame = _spare;
        if (frame is null)
        {
            return new PathFrame<TMachine, T>();
        }

        _spare = frame._nextSpare;
        frame._nextSpare = null;
        return frame;
    }

    internal void SetMachine(in TMachine machine) => _machine = machine;

    internal override void Resume() => _machine.MoveNext();

    private protected override void Return()
    {
        _machine = default!;
        _nextSpare = _spare;
        _spare = this;
    }
}

internal sealed class FailedFrame<T> : PathFrame<T>
{
    public override string FunctionName => "";

    internal override void Resume()
    {
    }

    private protected override void Return()
    {
    }
}

/// <summary>The kernel's spelling of the names of paths.</summary>
public static class KernelNames
{
    /// <summary>The name of the function behind a compiler-made state machine.</summary>
    /// <param name="stateMachine">The state machine's type.</param>
    public static string Of(Type stateMachine)
    {
        ArgumentNullException.ThrowIfNull(stateMachine);
        string compilerName = stateMachine.Name;
        int open = compilerName.IndexOf('<', StringComparison.Ordinal);
        int close = compilerName.IndexOf('>', StringComparison.Ordinal);
        string method = open >= 0 && close > open ? compilerName[(open + 1)..close] : compilerName;
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        Type definition = stateMachine.IsGenericType ? stateMachine.GetGenericTypeDefinition() : stateMachine;
        MethodInfo? info = stateMachine.DeclaringType?.GetMethods(All)
            .FirstOrDefault(m => m.GetCustomAttribute<AsyncStateMachineAttribute>()?.StateMachineType is { } t
                && (t.IsGenericType ? t.GetGenericTypeDefinition() : t) == definition);
        return info?.GetCustomAttribute<KernelNameAttribute>()?.Name ?? Snake(method);
    }

    /// <summary><c>PerfInstallInContext</c> → <c>perf_install_in_context</c>.</summary>
    /// <param name="name">A C# name.</param>
    public static string Snake(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        System.Text.StringBuilder text = new(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]) && name[i - 1] != '_')
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>The functions of a suspended path, innermost first.</summary>
    /// <param name="innermost">The innermost frame, or null for none.</param>
    public static IReadOnlyList<string> Stack(PathFrame? innermost)
    {
        List<string> names = [];
        for (PathFrame? frame = innermost; frame is not null; frame = frame.Caller)
        {
            if (frame.FunctionName.Length > 0)
            {
                names.Add(frame.FunctionName);
            }
        }

        return names;
    }
}
