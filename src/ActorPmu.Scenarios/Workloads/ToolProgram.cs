using System.Globalization;
using ActorPmu.Kernel;

namespace ActorPmu.Scenarios.Workloads;

/// <summary>One descriptor of a tool: one event on one CPU or task.</summary>
/// <param name="Name">The descriptor's name.</param>
/// <param name="Event">Which of the tool's events.</param>
/// <param name="Open">How it is opened.</param>
internal sealed record ToolFd(string Name, int Event, OpenOp Open);

/// <summary>What one run of a tool has read through one descriptor.</summary>
internal sealed class ToolReading
{
    public Errno OpenError { get; set; }

    public ReadRecord? Read { get; set; }

    public long TrueCount { get; set; }

    public long Samples { get; set; }
}

/// <summary>A tool at work: opens, enables, waits for the end of the recording, reads, closes.</summary>
internal sealed class ToolProgram : ITaskProgram
{
    private readonly List<TaskOp> _ops = [];
    private readonly IReadOnlyList<ToolFd> _fds;
    private int _next;

    public ToolProgram(WorkloadTool tool, int cpuCount)
    {
        _fds = Fds(tool, cpuCount);
        Readings = [.. _fds.Select(_ => new ToolReading())];
        foreach (ToolFd fd in _fds)
        {
            _ops.Add(fd.Open);
        }

        // A signal for each sample: that is what is counted of them.
        _ops.AddRange(_fds.Where(fd => fd.Open.Attr!.IsSampling).Select(fd => new SignalOp(fd.Name)));
        foreach (ToolFd fd in _fds.Where(fd => fd.Open.Attr!.Disabled && fd.Open.Group is null))
        {
            _ops.Add(new IoctlOp(fd.Name, IoctlCommand.Enable, Group: tool.Group));
        }

        _ops.Add(new AwaitRecordingOp());
        _ops.AddRange(_fds.Select(fd => new ReadOp(fd.Name)));
        _ops.AddRange(_fds.Select(fd => new CloseOp(fd.Name)));
    }

    public IReadOnlyList<ToolFd> Opened => _fds;

    /// <summary>One for each descriptor.</summary>
    public IReadOnlyList<ToolReading> Readings { get; }

    public TaskOp? Next(OpResult? last) => _next < _ops.Count ? _ops[_next++] : null;

    /// <summary>Takes down how an operation ended, while the event's truth still stands.</summary>
    public void Took(Machine machine, TaskStruct task, TaskOp op, OpResult result)
    {
        switch (op)
        {
            case OpenOp open:
                Readings[IndexOf(open.Name)].OpenError = result.Error;
                break;
            case ReadOp read when result.Error == Errno.Ok:
                ToolReading reading = Readings[IndexOf(read.Name)];
                reading.Read = result.Read;
                PerfEvent e = task.Files.Find(read.Name)!;
                reading.TrueCount = machine.TrueCountWhileEnabled(e);
                reading.Samples = e.SignalCounts.In + e.SignalCounts.Hup;
                break;
        }
    }

    private int IndexOf(string fd)
    {
        for (int i = 0; i < _fds.Count; i++)
        {
            if (_fds[i].Name == fd)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"no descriptor is called {fd}");
    }

    // Event by event, and within one CPU by CPU, as perf stat opens them.
    private static List<ToolFd> Fds(WorkloadTool tool, int cpuCount)
    {
        List<ToolFd> fds = [];
        int targets = tool.Target == ToolTarget.Task ? tool.TargetNames.Count : cpuCount;
        for (int e = 0; e < tool.Events.Count; e++)
        {
            for (int t = 0; t < targets; t++)
            {
                string name = FdName(tool, e, t);
                bool sibling = tool.Group && e > 0;
                PerfEventAttr attr = tool.Events[e].Attr with
                {
                    Inherit = tool.Inherit,
                    Disabled = !sibling,
                };
                OpenOp open = new(name, attr)
                {
                    TargetTask = tool.Target == ToolTarget.Task ? tool.TargetNames[t] : null,
                    Cpu = tool.Target == ToolTarget.Task ? -1 : t,
                    PidCgroup = tool.Target == ToolTarget.Cgroup,
                    Cgroup = tool.Target == ToolTarget.Cgroup ? tool.TargetNames[0] : null,
                    Group = sibling ? new GroupArgument(FdName(tool, 0, t)) : null,
                };
                fds.Add(new ToolFd(name, e, open));
            }
        }

        return fds;
    }

    // A tool may count one event twice.
    private static string FdName(WorkloadTool tool, int e, int target) =>
        string.Create(CultureInfo.InvariantCulture, $"{tool.Name}/{e}-{tool.Events[e].Name}/{target}");
}
