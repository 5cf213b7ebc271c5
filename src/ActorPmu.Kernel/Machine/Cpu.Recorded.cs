using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>A recorded schedule in place of the run queue. A task with a script goes before a recorded one.</content>
public sealed partial class Cpu
{
    private TaskStruct? _recorded;
    private ExecContext? _movePath;

    private TaskStruct? NextTask()
    {
        if (_queue.Count > 0)
        {
            TaskStruct next = _queue[0];
            _queue.RemoveAt(0);
            return next;
        }

        return _recorded is { State: TaskState.Runnable } ? _recorded : null;
    }

    private void ReceiveMove(RecordedMove move)
    {
        switch (move)
        {
            case RecordedSwitch m:
                SwitchRecorded(m.Task < 0 ? null : _machine.RecordedTask(m.Task));
                break;
            case RecordedFork m:
                LaunchMove(m, (current, core) => core.PlayFork(current, core.Machine.RecordedTask(m.Child)));
                break;
            case RecordedExit m:
                LaunchMove(m, static (current, core) => core.PlayExit(current));
                break;
            case RecordedExec m:
                LaunchMove(m, static (current, core) => core.PlayExec(current));
                break;
            case RecordedCgroupMove m:
                MoveCgroupRecorded(m);
                break;
            default:
                throw new InvalidOperationException($"{Id} cannot play {move}");
        }
    }

    private void SwitchRecorded(TaskStruct? next)
    {
        Promise(
            next is null || next.State == TaskState.Sleeping || ReferenceEquals(next, _recorded),
            "a recorded task runs on one processor at a time, and after its fork", next);
        if (_recorded is { } prev && !ReferenceEquals(prev, next))
        {
            prev.State = TaskState.Sleeping;
        }

        if (next is not null)
        {
            next.Migrated |= next.HasRun && next.Cpu != Index;
            next.HasRun = true;
            next.Cpu = Index;
            next.State = TaskState.Runnable;
        }

        _recorded = next;
        _movePath = _scheduler;
        _needResched = true;
    }

    private void MoveCgroupRecorded(RecordedCgroupMove m)
    {
        TaskStruct task = _machine.RecordedTask(m.Task);
        Cgroup to = _machine.Cgroup(m.Cgroup) ?? throw new InvalidOperationException($"{m}: there is no such cgroup");
        if (Current is not null)
        {
            LaunchMove(m, (_, core) => core.PlayCgroupMove(task, to));
            return;
        }

        // Nobody is here to move it, and nobody elsewhere has to notice.
        Promise(task.State != TaskState.Runnable, "a running task is moved by a task", task);
        task.Cgroup = to;
        _movePath = _scheduler;
    }

    private void LaunchMove(RecordedMove move, Func<TaskStruct, PerfCore, KernelTask> path)
    {
        Promise(Current is { IsRecorded: true, Exec.Running: false }, "what a recorded task does it does on its processor", Current);
        TaskStruct current = Current!;
        _movePath = Enter(current.Exec, current.Exec);
        Launch(current.Exec, path(current, Core));
    }

    // A move is over when its path has ended and the processor has switched where it had to.
    private void SettleMove()
    {
        if (_movePath is { Running: false } && !_needResched)
        {
            _movePath = null;
            _machine.Player!.Next();
        }
    }

    private void Promise(bool kept, string what, TaskStruct? task)
    {
        if (!kept)
        {
            throw new InvalidOperationException($"broken promise on {Id}: {what} ({task?.Name ?? "idle"})");
        }
    }
}
