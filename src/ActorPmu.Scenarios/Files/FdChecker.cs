using ActorPmu.Kernel;
using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios;

/// <summary>Finds descriptors that a script uses although nobody opened them, or that it closed before.</summary>
/// <remarks>
/// A script is checked in its own order. What threads open, and what a parent hands to a child that keeps its files, is there at any time:
/// who comes first is for the run to say. A step that may fail may name what it likes.
/// </remarks>
internal sealed class FdChecker(YamlSource source, IReadOnlyList<ScriptTask> scripts)
{
    /// <summary>Checks all scripts.</summary>
    /// <exception cref="InputError">A step uses a descriptor that cannot be there.</exception>
    public void Check()
    {
        foreach (ScriptTask task in scripts)
        {
            List<string> foreign = Foreign(task);
            List<string> open = [];
            foreach (ScriptStep step in task.Steps)
            {
                Check(task, step, open, foreign);
            }
        }
    }

    /// <summary>A descriptor that a task may have at some time.</summary>
    public string Opened(string task, YamlItem item, string what)
    {
        string fd = Fields.Text(source, item, what);
        ScriptTask script = scripts.First(s => s.Name == task);
        List<string> known = [.. OpenedBy(script), .. Foreign(script)];
        return known.Contains(fd)
            ? fd
            : throw source.Error(item, $"task {task} has no descriptor \"{fd}\"", KnownNames.Advice(fd, known));
    }

    private void Check(ScriptTask task, ScriptStep step, List<string> open, List<string> foreign)
    {
        if (step.Expect.MustWork && Used(step.Op) is { } fd && !open.Contains(fd) && !foreign.Contains(fd))
        {
            List<string> own = OpenedBy(task);
            string problem = own.Contains(fd)
                ? $"{task.Name} uses descriptor {fd} when it is not open"
                : $"{task.Name} has no descriptor \"{fd}\"";
            string advice = own.Contains(fd) ? "open it before, or say expect: EBADF" : KnownNames.Advice(fd, [.. own, .. foreign]);
            throw source.Error((step.GroupAt ?? step.FdAt)!, problem, advice);
        }

        switch (step.Op)
        {
            case OpenOp { Name: var name } when open.Contains(name):
                throw source.Error(step.FdAt!, $"{task.Name} has a descriptor {name} already", "close it before, or choose another name");
            case OpenOp { Name: var name } when step.Expect.Errors.Count == 0 || step.Expect.Errors.Contains(Errno.Ok):
                open.Add(name);
                break;
            case CloseOp { Name: var name }:
                open.Remove(name);
                break;
        }
    }

    private static string? Used(TaskOp op) => op switch
    {
        OpenOp o => o.Group is { IsPerfFd: true } group ? group.Fd : null,
        CloseOp o => o.Name,
        ReadOp o => o.Name,
        ReadLocalOp o => o.Name,
        IoctlOp o => o.Name,
        PollOp o => o.Name,
        SignalOp o => o.Name,
        MmapOp o => o.Name,
        MunmapOp o => o.Name,
        SelfReadOp o => o.Name,
        _ => null,
    };

    private static List<string> OpenedBy(ScriptTask task) => [.. task.Steps.Select(s => s.Op).OfType<OpenOp>().Select(o => o.Name)];

    // Everything that those from whom the task may have descriptors can open.
    private List<string> Foreign(ScriptTask task)
    {
        List<ScriptTask> givers = [task];
        for (int i = 0; i < givers.Count; i++)
        {
            foreach (ScriptTask other in scripts)
            {
                if (!givers.Contains(other) && (Gives(other, givers[i]) || SharesAsThread(givers[i], other)))
                {
                    givers.Add(other);
                }
            }
        }

        return [.. givers.Where(g => !ReferenceEquals(g, task)).SelectMany(OpenedBy)];
    }

    private static bool Gives(ScriptTask parent, ScriptTask child) =>
        parent.Steps.Any(s => s.Op is ForkOp f && f.Child == child.Name && (f.Thread || f.KeepFiles));

    private static bool SharesAsThread(ScriptTask parent, ScriptTask child) =>
        parent.Steps.Any(s => s.Op is ForkOp { Thread: true } f && f.Child == child.Name);
}
