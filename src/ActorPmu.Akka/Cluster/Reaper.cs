using ActorPmu.Kernel;

namespace ActorPmu.Akka.Cluster;

/// <summary>The kernel thread that takes the processors of a lost node offline once the tasks there have exited.</summary>
internal sealed class Reaper : ITaskProgram
{
    private readonly Queue<(IReadOnlyList<int> Cpus, IReadOnlyList<int> Tasks)> _lost = new();
    private Queue<TaskOp> _ops = new();
    private (IReadOnlyList<int> Cpus, IReadOnlyList<int> Tasks)? _waitsFor;

    public const string Name = "kthread/reaper";

    public Machine? Machine { get; set; }

    public TaskSpec Spec => new(Name, 0, () => this) { Forked = true };

    public void Add(IReadOnlyList<int> cpus, IReadOnlyList<int> tasks) => _lost.Enqueue((cpus, tasks));

    public TaskOp? Next(OpResult? last)
    {
        if (_ops.TryDequeue(out TaskOp? op))
        {
            return op;
        }

        if (_waitsFor is null && _lost.TryDequeue(out (IReadOnlyList<int> Cpus, IReadOnlyList<int> Tasks) next))
        {
            _waitsFor = next;
        }

        if (_waitsFor is not { } lost)
        {
            return new BlockOp();
        }

        if (Machine!.Tasks.Any(t => lost.Cpus.Contains(t.Cpu) && t.State is TaskState.Runnable or TaskState.Sleeping))
        {
            return new YieldOp();
        }

        _waitsFor = null;
        _ops = new Queue<TaskOp>([.. lost.Cpus.Select(c => new OfflineOp(c)), new ReapOp(lost.Tasks)]);
        return _ops.Dequeue();
    }
}
