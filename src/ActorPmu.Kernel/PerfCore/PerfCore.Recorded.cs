using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>What a recorded task did on its processor. Process context of that task.</content>
public sealed partial class PerfCore
{
    [KernelName("copy_process")]
    internal async KernelTask PlayFork(TaskStruct parent, TaskStruct child)
    {
        await AccountWorkInPath();
        child.Cgroup = parent.Cgroup;
        child.Cpu = _cpu.Index;
        Errno error = await PerfEventInitTask(parent, child);
        _machine.WarnOnOnce(error != Errno.Ok, "perf_event_init_task()");
        child.State = TaskState.Sleeping;
    }

    [KernelName("do_exit")]
    internal async KernelTask PlayExit(TaskStruct task)
    {
        await AccountWorkInPath();
        await PerfEventExitTask(task);
    }

    [KernelName("begin_new_exec")]
    internal async KernelTask PlayExec(TaskStruct task)
    {
        await AccountWorkInPath();
        await PerfEventExec(task);
    }

    [KernelName("cgroup_attach_task")]
    internal async KernelTask PlayCgroupMove(TaskStruct task, Cgroup to)
    {
        await AccountWorkInPath();
        await PerfCgroupAttach(task, to);
    }

    // An interrupt in between would account the same stretch once more.
    internal async KernelTask AccountWorkInPath()
    {
        LocalIrqDisable();
        await AccountWork();
        LocalIrqEnable();
    }
}
