using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>A processor that goes in order: its tasks leave before it does.</content>
public sealed partial class Cpu
{
    /// <summary>Why a task sleeps that waits until somebody wakes it.</summary>
    internal const string Pausing = "pause()";

    private bool _isGhost;

    /// <summary>Takes no task any more and sends away those that are here.</summary>
    /// <param name="leaving">The processors that go together.</param>
    /// <returns>How many tasks have not gone yet.</returns>
    /// <remarks>
    /// Kernel: <c>sched_cpu_deactivate()</c> and <c>migrate_tasks()</c>, kernel/sched/core.c, v5.3. There a task's kernel stack goes with it; here a
    /// task that is inside the kernel goes when it leaves it, and one that waits in pause() begins that again elsewhere.
    /// </remarks>
    internal int Evacuate(IReadOnlyList<int> leaving)
    {
        if (_isGhost)
        {
            // Its tasks are to exit here.
            return 0;
        }

        Active = false;
        foreach (TaskStruct task in _machine.Tasks)
        {
            if (task.Cpu == Index && task.State is not (TaskState.Zombie or TaskState.Dead) && MayGo(task)
                && Fallback(task, leaving) is var target and >= 0)
            {
                SendAway(task, target);
            }
        }

        return _machine.Tasks.Count(t => t.Cpu == Index && t.State is TaskState.Runnable or TaskState.Sleeping);
    }

    /// <summary>The running task goes to another processor and does there what it was about to do.</summary>
    internal void Restart(TaskStruct task, TaskOp op) =>
        Host.Send(Id, Id, Lane.Request, Accept.User(task.Index), new UserOp(task.Index, op));

    /// <summary>Nothing runs here and nobody waits for an answer of it: another node may take it over.</summary>
    internal bool IsVacant => !Busy && Current is null && _queue.Count == 0;

    /// <summary>Takes over a processor that is offline and has no task.</summary>
    internal void Vacate()
    {
        _queue.Clear();
        (_isGhost, _needResched) = (false, false);
        foreach (TaskStruct task in _machine.Tasks)
        {
            // What a task that was here asks goes after it.
            _departed |= Accept.Bit(Accept.User(task.Index));
        }

        UpdateMask();
    }

    /// <summary>The stand-in for a lost processor is offline: it is one that has left from now on.</summary>
    internal void LayToRest()
    {
        Active = false;
        Vacate();
    }

    // Threads share a table of descriptors, and nodes share none.
    private bool MayGo(TaskStruct task) => task.Files.Users == 1 || _machine.Distribution is null;

    private void SendAway(TaskStruct task, int target)
    {
        if (task.MigrateTo < 0 || !_machine.Cpus[task.MigrateTo].Active)
        {
            Push(task, target);
        }

        if (task is { State: TaskState.Sleeping, SleepsOnMutex: false, MigrateTo: >= 0, PendingAnswer: null } && task.Exec.WaitsFor == Pausing)
        {
            task.PendingAnswer = new Woken(task.Exec.Path) { ToMove = true };
            MakeRunnable(task);
        }
    }

    // It was on its way here when the processor went.
    private void SendOn(TaskStruct task)
    {
        if (Fallback(task, []) is not (var target and >= 0))
        {
            throw new InvalidOperationException($"there is no processor for {task}");
        }

        TellTask(task);
        (task.Cpu, task.Migrated, task.MigrateTo) = (target, true, -1);
        _departed |= Accept.Bit(Accept.User(task.Index));
        Host.Send(Id, new ActorId(ActorKind.Cpu, target), Lane.Irq, Accept.Wake, new WakeTask(task.Index));
    }

    // select_fallback_rq(): no task has an affinity mask here, so any processor will do; one after the other, so that not all go to one.
    private int Fallback(TaskStruct task, IReadOnlyList<int> leaving)
    {
        int[] others = [.. _machine.Cpus.Where(c => c.Index != Index && c.Online && c.Active && !leaving.Contains(c.Index)).Select(c => c.Index)];
        return others.Length == 0 ? -1 : others[task.Index % others.Length];
    }
}
