using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>A fixed list of operations; remembers how each ended.</summary>
internal sealed class Script(params TaskOp[] ops) : ITaskProgram
{
    private int _next;

    public List<OpResult> Results { get; } = [];

    public TaskOp? Next(OpResult? last)
    {
        if (last is not null)
        {
            Results.Add(last);
        }

        return _next < ops.Length ? ops[_next++] : null;
    }
}
