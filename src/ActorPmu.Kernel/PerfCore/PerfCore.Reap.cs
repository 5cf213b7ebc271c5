using ActorPmu.Actors;

namespace ActorPmu.Kernel;

/// <content>What a lost node leaves behind once its tasks have exited.</content>
public sealed partial class PerfCore
{
    /// <summary>Process context of a kernel thread.</summary>
    private async KernelTask Reap(IReadOnlyList<int> tasks)
    {
        foreach (PerfEvent e in _machine.Events.ToArray())
        {
            // An open that had no descriptor yet, or a close that had none left.
            if (!e.Freed && !e.IsHidden && e.Parent is null && e.Attr is not null && tasks.Contains(e.Id.Value / EventIdsPerTask) && !HasDescriptor(e))
            {
                e.RefCount = 1 + e.Children.Count;
                await PerfEventReleaseKernel(e);
            }
        }
    }

    private bool HasDescriptor(PerfEvent e)
    {
        foreach (TaskStruct task in _machine.Tasks)
        {
            for (int i = 0; i < task.Files.Files.Count; i++)
            {
                if (ReferenceEquals(task.Files.Files[i].Event, e))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
